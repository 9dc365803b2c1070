"""A .json file -> documents: a list of records, or one object as a text of its own.

A list of objects (also one under a single field, such as ``{"data": [...]}``) is read like JSON
Lines: texts, or questions and answers. Any other value becomes one document in which names are
headings and values paragraphs, so that settings, menus and reports can be asked about too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.assemble import plain_document, reading_document
from assistant.reading.jsonl import read_line
from assistant.reading.qafiles import entry_document, is_entry
from assistant.reading.writer import TextWriter, clean

_TITLES = ("title", "name", "headline", "label")
_TEXTS = ("text", "body", "content", "abstract", "description")
_FACTS = ("url", "publisher", "published", "licence", "license", "language", "lang", "kind")
_MAX_DEPTH = 40
_MAX_LEVEL = 6


def read_json(raw: str, doc_id: str, name: str) -> Iterator[Document | FileProblem]:
    """Yield the documents of a JSON file and the problems of its records.

    Raises:
        FileProblem: When it is not JSON.
    """
    try:
        value: Any = json.loads(raw)
    except ValueError as error:
        first = raw.lstrip().split("\n", 1)[0]
        if not _is_object(first):
            raise FileProblem(name, f"it is not valid JSON ({error}); mend it") from error
        for number, line in enumerate(raw.split("\n"), start=1):
            if line.strip():
                yield read_line(line.encode(), name, number)
        return
    except RecursionError as error:
        raise FileProblem(name, "its JSON is nested too deeply; flatten it") from error
    records = _records(value)
    if records is not None:
        for number, record in enumerate(records, start=1):
            yield _record(record, doc_id, name, number)
    else:
        yield _tree(value, doc_id, name)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _records(value: Any) -> list[dict[str, Any]] | None:
    """Return the records when the value is a list of texts or of entries, else None."""
    if isinstance(value, dict):
        lists = [v for v in value.values() if isinstance(v, list)]
        others = [v for v in value.values() if not isinstance(v, list)]
        # A count or a version beside the list is no text of its own.
        bare = all(v is None or isinstance(v, bool | int | float) for v in others)
        value = lists[0] if len(lists) == 1 and bare else value
    if not isinstance(value, list) or not value:
        return None
    records = [item for item in value if isinstance(item, dict)]
    fitting = [r for r in records if is_entry(r) or _text_of(r)]
    if len(records) < len(value) or len(fitting) < 0.5 * len(records):
        return None
    return records


def _text_of(record: dict[str, Any]) -> str:
    """Return the text of a record whose other fields are all plain values."""
    if any(isinstance(v, dict | list) for v in record.values()):
        return ""
    found = (record.get(key) for key in _TEXTS)
    return next((v for v in found if isinstance(v, str) and v.strip()), "")


def _record(record: dict[str, Any], doc_id: str, name: str, number: int) -> Document | FileProblem:
    try:
        if is_entry(record):
            return entry_document(record, name, number, "record")
    except FileProblem as problem:
        return problem
    text = _text_of(record)
    if not any(c.isalnum() for c in text):
        return FileProblem(name, f"record {number} has no 'text'; add it or remove the record")
    given = record.get("_id", record.get("id"))
    usable = isinstance(given, str | int) and not isinstance(given, bool) and str(given).strip()
    titles = (record.get(key) for key in _TITLES)
    return plain_document(
        text,
        doc_id=str(given) if usable else f"{doc_id}:{number}",
        source=f"{name}:{number}",
        title=next((t for t in titles if isinstance(t, str) and t.strip()), ""),
        known={key: str(record[key]) for key in _FACTS if record.get(key)},
    )


def _tree(value: Any, doc_id: str, name: str) -> Document:
    writer = TextWriter()
    fields = value if isinstance(value, dict) else {}
    title = next((str(fields[k]) for k in _TITLES if isinstance(fields.get(k), str)), "")
    try:
        _write(writer, value, 1, 0)
    except RecursionError as error:
        raise FileProblem(name, "its JSON is nested too deeply; flatten it") from error
    known = {key: str(fields[key]) for key in _FACTS if isinstance(fields.get(key), str)}
    return reading_document(writer.reading(clean(title), known), doc_id=doc_id, source=doc_id)


def _write(writer: TextWriter, value: Any, level: int, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        _write_object(writer, value, level, depth)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                _write(writer, item, level, depth + 1)
            else:
                _add_list(writer, clean(_plain(item)), "item")
    else:
        for line in _plain(value).split("\n"):
            writer.add(clean(line), "paragraph")


def _write_object(writer: TextWriter, value: dict[str, Any], level: int, depth: int) -> None:
    question, answer = value.get("question"), value.get("answer")
    if isinstance(question, str) and isinstance(answer, str) and answer.strip():
        writer.add(clean(question), "heading", level=min(level, _MAX_LEVEL))
        _write(writer, answer, level + 1, depth + 1)
        value = {k: v for k, v in value.items() if k not in ("question", "answer")}
    heading = next((k for k in _TITLES if isinstance(value.get(k), str)), "")
    if heading and clean(value[heading]):
        writer.add(clean(value[heading]), "heading", level=min(level, _MAX_LEVEL))
        level += 1
    for key, inner in value.items():
        if key == heading or inner in (None, "", [], {}):
            continue
        label = clean(str(key).replace("_", " "))
        if isinstance(inner, dict | list) or (isinstance(inner, str) and len(inner) > 200):
            if key not in _TEXTS:
                writer.add(label, "heading", level=min(level, _MAX_LEVEL))
            _write(writer, inner, level + 1, depth + 1)
        elif key in _TEXTS:
            _write(writer, inner, level, depth + 1)
        else:
            shown = clean(_plain(inner))
            _add_list(writer, clean(f"{label}: {shown}") if shown else "", "row")


def _add_list(writer: TextWriter, content: str, kind: Literal["item", "row"]) -> None:
    """Write an item or row just below the one before, or apart from what is neither."""
    follows = bool(writer.drafts) and writer.drafts[-1].block.kind == kind
    if kind == "item":
        writer.add(content, kind, level=1, marker="- ", tight=follows)
    else:
        writer.add(content, kind, tight=follows)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
