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

from assistant.datatypes import Document
from assistant.errors import CorpusError, FileProblem
from assistant.reading.formats import read_path

_IGNORED = ("corpus.toml", "pathway.toml")


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
    name = _printable(file.name)
    try:
        yield from read_path(file.path, file.name, name)
    except FileProblem as problem:
        yield problem
    except PermissionError:
        yield FileProblem(name, "there is no permission to read it; change its permissions")
    except OSError as error:
        yield FileProblem(name, f"it cannot be read ({error.strerror}); check the file")


def _printable(name: str) -> str:
    """Return a file's name fit for a message on one line."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\n", "\\n")
