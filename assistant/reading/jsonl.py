"""JSON Lines in BEIR's form (``_id``, ``title``, ``text``; also gzipped) -> documents.

One line is one document and its ``_id`` is the document's id; a line with a ``question`` and
an ``answer`` in place of a text is an entry of a FAQ. A broken line is reported with its number
and the rest is read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.assemble import plain_document
from assistant.reading.lines import bounded_lines, open_lines
from assistant.reading.qafiles import entry_document, is_entry

_OPTIONAL = ("url", "publisher", "published", "licence", "kind")


def read_jsonl(path: Path, name: str) -> Iterator[Document | FileProblem]:
    """Yield a document or a problem for each line of the file; ``name`` is used in messages."""
    number = 0
    try:
        with open_lines(path) as stream:
            for number, line in enumerate(bounded_lines(stream, name), start=1):
                if line.strip():
                    yield read_line(line, name, number)
    except (OSError, EOFError, zlib.error) as error:
        yield FileProblem(name, f"reading stopped after line {number}: {error}; check the file")


def read_line(line: bytes, name: str, number: int) -> Document | FileProblem:
    """Return the document of one line, or the problem with it; lines count from 1."""
    where = f"line {number}"
    try:
        record: Any = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return FileProblem(name, f"{where} is not UTF-8; save the file as UTF-8")
    except ValueError as error:
        return FileProblem(name, f"{where} is not valid JSON ({error}); mend or remove it")
    except RecursionError:
        return FileProblem(name, f"{where} is nested too deeply; flatten it")
    if not isinstance(record, dict):
        return FileProblem(name, f"{where} is not a JSON object; write one object a line")
    if is_entry(record):
        return _read_entry(record, name, number)
    return _read_text(record, name, number)


def _read_entry(record: dict[str, Any], name: str, number: int) -> Document | FileProblem:
    try:
        return entry_document(record, name, number, "line")
    except FileProblem as problem:
        return problem


def _read_text(record: dict[str, Any], name: str, number: int) -> Document | FileProblem:
    where = f"line {number}"
    doc_id = record.get("_id", record.get("id"))
    if not isinstance(doc_id, str | int) or isinstance(doc_id, bool) or not str(doc_id).strip():
        return FileProblem(name, f"{where} has no '_id'; give each line an id")
    text, title = record.get("text", ""), record.get("title", "")
    if not isinstance(text, str) or not isinstance(title, str):
        return FileProblem(name, f"{where}: 'title' and 'text' must be strings")
    if not text.strip():
        return FileProblem(name, f"{where} has no 'text'; add it or remove the line")
    known = {key: str(record[key]) for key in _OPTIONAL if record.get(key)}
    return plain_document(
        text, doc_id=str(doc_id), source=f"{name}:{number}", title=title, known=known
    )
