"""A file -> documents or one clear problem.

A document's id is the file's path below the corpus folder, so it survives every rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.folder import SourceFile
from assistant.reading.formats import read_path


def read_file(file: SourceFile) -> Iterator[Document | FileProblem]:
    """Yield the documents of one file, and a problem for what cannot be read of it."""
    name = _printable(file.name)
    if file.problem:
        yield FileProblem(name, file.problem)
        return
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
