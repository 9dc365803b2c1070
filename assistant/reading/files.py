"""A file -> documents or one clear problem.

A document's id is the file's path below the corpus folder, so it survives every rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.config import MAX_FILE_BYTES
from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.assemble import make_document, plain_document, title_from_name
from assistant.reading.folder import SourceFile
from assistant.reading.jsonl import read_jsonl
from assistant.reading.markdown import FrontMatterError, read_markdown, split_front_matter
from assistant.reading.plaintext import normalise
from assistant.reading.qafiles import TABLES, read_table

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")
JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(file: SourceFile) -> Iterator[Document | FileProblem]:
    """Yield the documents of one file, and a problem for what cannot be read of it."""
    lowered = file.name.lower()
    name = _printable(file.name)
    if file.problem:
        yield FileProblem(name, file.problem)
        return
    try:
        if lowered.endswith(JSON_LINES):
            yield from read_jsonl(file.path, name)
        elif lowered.endswith(TABLES):
            yield from read_table(file.path, name)
        elif lowered.endswith(MARKDOWN + PLAIN):
            yield _read_text(file, name, markdown=lowered.endswith(MARKDOWN))
        else:
            yield FileProblem(name, "files of this kind are not read; convert it to text")
    except FileProblem as problem:
        yield problem
    except PermissionError:
        yield FileProblem(name, "there is no permission to read it; change its permissions")
    except OSError as error:
        yield FileProblem(name, f"it cannot be read ({error.strerror}); check the file")


def _read_text(file: SourceFile, name: str, *, markdown: bool) -> Document:
    if file.size > MAX_FILE_BYTES:
        size, limit = file.size // 2**20, MAX_FILE_BYTES // 2**20
        raise FileProblem(name, f"it is {size} MB, over the limit of {limit} MB; split it")
    raw = _decode(file.path.read_bytes(), name)
    if not markdown:
        document = plain_document(raw, doc_id=file.name, source=file.name)
    else:
        document = _markdown_document(raw, file, name)
    if not any(c.isalnum() for c in document.text):
        raise FileProblem(name, "it has no text; fill it or remove it")
    return document


def _markdown_document(raw: str, file: SourceFile, name: str) -> Document:
    try:
        known, body = split_front_matter(raw.replace("\r\n", "\n"))
    except FrontMatterError as error:
        raise FileProblem(name, str(error)) from error
    text, drafts, heading = read_markdown(body)
    title = known.get("title") or heading or title_from_name(file.name)
    return make_document(text, drafts, file.name, file.name, normalise(title), known)


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise FileProblem(name, "it is empty; fill it or remove it")
    if data.startswith(_UTF16):
        raise FileProblem(name, "it is UTF-16 text; save it as UTF-8")
    if b"\0" in data[:65_536]:
        raise FileProblem(name, "it is a binary file, not text; remove it or convert it to text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileProblem(name, f"it is not UTF-8 text (line {line}); save it as UTF-8") from error


def _printable(name: str) -> str:
    """Return a file's name fit for a message on one line."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\n", "\\n")
