"""Tables of questions and answers (CSV, TSV, JSON Lines) -> one document for each entry.

A record has ``question`` and ``answer`` and may have ``id``, ``topic``, ``url``, ``publisher``,
``published`` and ``licence``; names are read without regard to case. The entry's id is the
document's id; without one it is the file's name and the row. The document is the question, a
blank line and the answer, in one section of kind 'faq'. A broken row is reported with its
number (the row of names is 1) and the rest is read.

It knows nothing of other shapes: a table without those two columns is a problem, not a guess.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.config import MAX_FILE_BYTES
from assistant.datatypes import Block, Document, Section
from assistant.errors import FileProblem
from assistant.reading.lines import bounded_lines, open_lines
from assistant.reading.plaintext import normalise, read_blocks

_DELIMITERS = ",\t;|"
_IDS = ("id", "_id", "faq_id")
_TOPICS = ("topic", "category", "section")


def is_entry(record: Mapping[str, Any]) -> bool:
    """Tell whether a JSON record is a question with its answer rather than a text."""
    names = {str(name).casefold() for name in record}
    return {"question", "answer"} <= names and "text" not in names


def entry_document(record: Mapping[str, Any], name: str, number: int, unit: str) -> Document:
    """Return the document of one entry.

    Args:
        record: The entry's fields.
        name: The file as named to the user.
        number: The row or line the record stands in.
        unit: 'row' or 'line'.

    Raises:
        FileProblem: When the question, the answer or the id cannot be used.
    """
    fields = {str(key).strip().casefold(): value for key, value in record.items()}
    where = f"{unit} {number}"
    question = " ".join(normalise(_text(fields, "question", name, where)).split())
    answer = normalise(_text(fields, "answer", name, where))
    for label, text in (("question", question), ("answer", answer)):
        if not any(c.isalnum() for c in text):
            raise FileProblem(name, f"{where} has no '{label}'; add it or remove the {unit}")
    found = [fields[key] for key in _IDS if str(fields.get(key) or "").strip()]
    if found and (not isinstance(found[0], str | int) or isinstance(found[0], bool)):
        raise FileProblem(name, f"{where}: the id must be a string or a number")
    doc_id = str(found[0]).strip() if found else f"{name}:{number}"
    topics = [" ".join(str(fields[key]).split()) for key in _TOPICS if fields.get(key)]
    text = f"{question}\n\n{answer}"
    return Document(
        doc_id=doc_id,
        title=question,
        text=text,
        sections=(_section(text, question, topics[:1]),),
        source=f"{name}:{number}",
        sha256=hashlib.sha256(f"{question}\0{text}".encode()).hexdigest(),
        kind="FAQ",
        url=str(fields.get("url") or ""),
        publisher=str(fields.get("publisher") or ""),
        published=str(fields.get("published") or ""),
        licence=str(fields.get("licence") or ""),
    )


def _text(fields: Mapping[str, Any], label: str, name: str, where: str) -> str:
    value = fields.get(label)
    if value is not None and not isinstance(value, str):
        raise FileProblem(name, f"{where}: '{label}' must be a string")
    return value or ""


def _section(text: str, question: str, topics: list[str]) -> Section:
    """Return the one section: the question as its heading, then the answer's own blocks.

    Nothing of an answer is taken for a heading or for page furniture, so none of it is lost.
    """
    start = len(question) + 2
    blocks = [Block(0, len(question), "heading", 1)]
    for block, _ in read_blocks(text[start:]):
        kind = block.kind if block.kind in ("item", "step") else "paragraph"
        at = start if len(blocks) == 1 else block.start + start
        blocks.append(Block(at, block.end + start, kind, block.level))
    if len(blocks) == 1:  # nothing but rules and marks that the block reader leaves out
        blocks.append(Block(start, len(text), "paragraph"))
    last = replace(blocks[-1], end=len(text.rstrip()))
    return Section((*topics, question), "faq", 1, 0, len(text), (*blocks[:-1], last))


def read_table(path: Path, name: str) -> Iterator[Document | FileProblem]:
    """Yield a document or a problem for each row of a table; ``name`` is used in messages."""
    csv.field_size_limit(MAX_FILE_BYTES)
    number = 1
    try:
        # Bytes that are not UTF-8 become surrogates, so that only their own row is lost.
        with (
            open_lines(path) as stream,
            io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="") as text,
        ):
            rows = bounded_lines(text, name)
            names, delimiter = _header(next(rows, ""), name)
            reader = csv.reader(rows, delimiter=delimiter, strict=True)
            while (row := _next(reader)) is not None:
                number += 1
                if isinstance(row, csv.Error) or any(cell.strip() for cell in row):
                    yield _read_row(row, names, name, number)
    except (OSError, EOFError, zlib.error) as error:
        yield FileProblem(name, f"reading stopped after row {number}: {error}; check the file")


def _header(line: str, name: str) -> tuple[list[str], str]:
    """Return the column names and the delimiter that tells 'question' and 'answer' apart."""
    for delimiter in _DELIMITERS:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        names = [cell.strip().casefold() for cell in cells]
        if {"question", "answer"} <= set(names):
            return names, delimiter
    if not line.strip():
        raise FileProblem(name, "it is empty or begins with an empty row; fill it or remove it")
    if "\0" in line or not _is_text(line):
        raise FileProblem(name, "it is not UTF-8 text; save it as CSV in UTF-8")
    raise FileProblem(
        name, "its first row does not name the columns 'question' and 'answer'; add them"
    )


def _next(reader: Any) -> list[str] | csv.Error | None:
    """Return the next row, the error in its place, or None at the end."""
    try:
        row: list[str] | None = next(reader, None)
    except csv.Error as error:
        return error
    return row


def _read_row(
    row: list[str] | csv.Error, names: list[str], name: str, number: int
) -> Document | FileProblem:
    where = f"row {number}"
    if isinstance(row, csv.Error):
        return FileProblem(name, f"{where} is not valid CSV ({row}); mend its quotes")
    if not all(_is_text(cell) for cell in row):
        return FileProblem(name, f"{where} is not UTF-8; save the file as UTF-8")
    if any(cell.strip() for cell in row[len(names) :]):
        return FileProblem(
            name, f"{where} has more cells than the row of names; put its texts in quotes"
        )
    try:
        return entry_document(dict(zip(names, row, strict=False)), name, number, "row")
    except FileProblem as problem:
        return problem


def _is_text(cell: str) -> bool:
    return not any("\udc80" <= c <= "\udcff" for c in cell)
