"""One file -> documents, by the reader of its format.

What a file is, its first bytes say (``detect``). Readers and their libraries are imported when
such a file is met. Files are taken in as a whole, once, so that what changes meanwhile is
noticed; JSON Lines and tables alone are read as a stream.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.config import MAX_FILE_BYTES
from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.assemble import (
    make_document,
    plain_document,
    reading_document,
    title_from_name,
)
from assistant.reading.detect import HEAD_BYTES, Family, family_of, ole_problem
from assistant.reading.jsonl import read_jsonl
from assistant.reading.markdown import FrontMatterError, read_markdown, split_front_matter
from assistant.reading.plaintext import normalise
from assistant.reading.qafiles import read_table
from assistant.reading.writer import Reading

MAX_PACKED_BYTES = 256 * 1024 * 1024  # of a PDF or Office file, most of which is pictures
MAX_TEXT_CHARS = 32 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PACKED = frozenset(("pdf", "zip", "ole"))
Found = Iterator[Document | FileProblem]


@dataclass(frozen=True, slots=True)
class _File:
    """A file while it is read: its id, its name in messages and its bytes."""

    doc_id: str
    name: str
    data: bytes


def read_path(path: Path, doc_id: str, name: str) -> Found:
    """Yield the documents of one file and the problems of its parts.

    Args:
        path: Where the file is.
        doc_id: The id of its document, its name below the corpus folder.
        name: The same, fit for a message.

    Raises:
        FileProblem: When the file as a whole cannot be read.
        OSError: When it cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    family = family_of(name, head)
    if family == "jsonl":
        yield from read_jsonl(path, name)
    elif family == "table":
        yield from read_table(path, name)
    else:
        limit = MAX_PACKED_BYTES if family in _PACKED else MAX_FILE_BYTES
        file = _File(doc_id, name, _whole(path, name, limit))
        if family == "ole":
            raise ole_problem(name, file.data)
        yield from _read(family, file)


def _read(family: str, file: _File) -> Found:
    try:
        for found in _READERS[family](file):
            if isinstance(found, Document):
                _check_text(found, file.name)
            yield found
    except (FileProblem, OSError):
        raise
    except Exception as error:
        # Whatever a strange file makes a parser stumble over, the other files are read.
        reason = f"it could not be understood ({type(error).__name__}); save it in another format"
        raise FileProblem(file.name, reason) from error


def _whole(path: Path, name: str, limit: int) -> bytes:
    """Return a file's bytes as they were at one moment."""
    with path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        if before.st_size > limit:
            size = before.st_size // 2**20
            raise FileProblem(
                name, f"it is {size} MB, over the limit of {limit >> 20} MB; split it"
            )
        data = stream.read(limit + 1)
        after = os.fstat(stream.fileno())
    if len(data) != before.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise FileProblem(name, "it changed while it was read; index again when it is complete")
    return data


def _check_text(document: Document, name: str) -> None:
    if not any(c.isalnum() for c in document.text):
        raise FileProblem(name, "it has no text; fill it or remove it")
    if len(document.text) > MAX_TEXT_CHARS:
        raise FileProblem(
            name, f"its text is over the limit of {MAX_TEXT_CHARS >> 20} million letters; split it"
        )


def _document(reading: Reading, file: _File) -> Document:
    return reading_document(reading, doc_id=file.doc_id, source=file.doc_id)


def _read_plain(file: _File) -> Found:
    yield plain_document(_decode(file), doc_id=file.doc_id, source=file.doc_id)


def _read_markdown(file: _File) -> Found:
    try:
        known, body = split_front_matter(_decode(file).replace("\r\n", "\n"))
    except FrontMatterError as error:
        raise FileProblem(file.name, str(error)) from error
    text, drafts, heading = read_markdown(body)
    title = known.get("title") or heading or title_from_name(file.doc_id)
    yield make_document(text, drafts, file.doc_id, file.doc_id, normalise(title), known)


def _read_html(file: _File) -> Found:
    from assistant.reading.html import read_html

    yield _document(read_html(file.data, file.name), file)


def _read_json(file: _File) -> Found:
    from assistant.reading.jsonfile import read_json

    yield from read_json(_decode(file), file.doc_id, file.name)


def _read_pdf(file: _File) -> Found:
    from assistant.reading.pdf import read_pdf

    reading, problems = read_pdf(file.data, file.name)
    yield _document(reading, file)
    yield from problems


def _read_archive(file: _File) -> Found:
    from assistant.reading.packed import open_archive

    family, archive = open_archive(file.data, file.name)
    with archive:
        if family == "epub":
            from assistant.reading.epub import read_epub

            yield _document(read_epub(archive, file.name), file)
        elif family == "docx":
            from assistant.reading.docx import read_docx

            yield _document(read_docx(file.data, file.name), file)
        elif family == "pptx":
            from assistant.reading.pptx import read_pptx

            yield _document(read_pptx(file.data, file.name), file)
        else:
            from assistant.reading.xlsx import read_xlsx

            yield from read_xlsx(file.data, file.doc_id, file.name)


_READERS: dict[Family | str, Callable[[_File], Found]] = {
    "plain": _read_plain,
    "markdown": _read_markdown,
    "html": _read_html,
    "json": _read_json,
    "pdf": _read_pdf,
    "zip": _read_archive,
}


def _decode(file: _File) -> str:
    data, name = file.data, file.name
    if data.startswith(_UTF16):
        raise FileProblem(name, "it is UTF-16 text; save it as UTF-8")
    if b"\0" in data[:65_536]:
        raise FileProblem(name, "it is a binary file, not text; remove it or convert it to text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileProblem(name, f"it is not UTF-8 text (line {line}); save it as UTF-8") from error
