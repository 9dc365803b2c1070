"""A corpus folder -> its files, and each file -> documents or one clear problem.

Files are visited in the order of their relative paths, hidden files and folders and
corpus.toml left out; links that lead out of the folder are not followed. A document's id is
the file's path below the corpus folder, so it survives every rebuild.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.config import MAX_FILE_BYTES
from assistant.datatypes import Document
from assistant.errors import CorpusError, FileProblem
from assistant.reading.assemble import make_document, plain_document, title_from_name
from assistant.reading.jsonl import read_jsonl
from assistant.reading.markdown import FrontMatterError, read_markdown, split_front_matter
from assistant.reading.plaintext import normalise
from assistant.reading.qafiles import TABLES, read_table

MARKDOWN = (".md", ".markdown")
PLAIN = (".txt", ".text")
JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson")
_IGNORED = ("corpus.toml", "pathway.toml")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus; ``size`` in bytes, ``mtime_ns`` as the file system gives it."""

    name: str
    path: Path
    size: int
    mtime_ns: int


def list_files(corpus: Path) -> list[SourceFile]:
    """Return the corpus's files sorted by name.

    Raises:
        CorpusError: When the folder is missing, is no folder or cannot be listed.
    """
    if not corpus.exists():
        raise CorpusError(f"The corpus folder {corpus} does not exist; check --corpus.")
    if not corpus.is_dir():
        raise CorpusError(f"The corpus {corpus} is not a folder; name the folder that holds it.")
    if not os.access(corpus, os.R_OK | os.X_OK):
        raise CorpusError(f"The corpus folder {corpus} cannot be read; check its permissions.")
    root = corpus.resolve()
    found: list[SourceFile] = []
    for folder, folders, names in os.walk(corpus):
        folders[:] = sorted(n for n in folders if not n.startswith("."))
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and name not in _IGNORED:
                found.extend(_source_file(path, corpus, root))
    return sorted(found, key=lambda f: f.name)


def _source_file(path: Path, corpus: Path, root: Path) -> list[SourceFile]:
    try:
        status = path.stat()
        inside = path.resolve().is_relative_to(root)
    except OSError:
        return [SourceFile(path.relative_to(corpus).as_posix(), path, 0, 0)]
    if not inside or not stat.S_ISREG(status.st_mode):
        return []
    name = path.relative_to(corpus).as_posix()
    return [SourceFile(name, path, status.st_size, status.st_mtime_ns)]


def read_file(file: SourceFile) -> Iterator[Document | FileProblem]:
    """Yield the documents of one file, and a problem for what cannot be read of it."""
    lowered = file.name.lower()
    name = _printable(file.name)
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
