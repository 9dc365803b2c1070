"""A corpus folder -> its files in the order of their relative paths.

Left out are hidden files and folders, corpus.toml and pathway.toml, what an .assistantignore
names (gitignore syntax, one in each folder if wanted) and links that lead out of the folder;
linked folders are never entered. A file or folder that cannot be examined is listed with its
problem, so that nobody takes it for deleted.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import CorpusError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".assistantignore"
_IGNORED = ("corpus.toml", "pathway.toml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus; ``size`` in bytes, times in ns as the file system gives them.

    ``problem`` says why it could not even be examined; the name of a folder that could not be
    listed ends with a slash. Names are fit for UTF-8: bytes that are not are written as
    a backslash, x and two digits.
    """

    name: str
    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int = 0
    problem: str = ""


def list_files(corpus: Path, leave_out: Path | None = None) -> list[SourceFile]:
    """Return the corpus's files sorted by name.

    Args:
        corpus: The folder.
        leave_out: A folder that is not entered, such as an index kept inside the corpus.

    Raises:
        CorpusError: When the folder is missing, is no folder or cannot be listed.
    """
    if not corpus.exists():
        raise CorpusError(f"The corpus folder {corpus} does not exist; check --corpus.")
    if not corpus.is_dir():
        raise CorpusError(f"The corpus {corpus} is not a folder; name the folder that holds it.")
    if not os.access(corpus, os.R_OK | os.X_OK):
        raise CorpusError(f"The corpus folder {corpus} cannot be read; check its permissions.")
    shut = os.path.realpath(leave_out) if leave_out is not None else None
    walk = _Walk(os.path.realpath(corpus), shut)
    return sorted(walk.files(str(corpus)), key=lambda f: f.name)


class _Walk:
    """One walk over a folder, without recursion, so that depth is no limit."""

    def __init__(self, root: str, shut: str | None) -> None:
        self.root = root
        self.shut = shut
        self.rules: dict[str, GitIgnoreSpec] = {}  # by folder's name ("" or "a/b/")

    def files(self, corpus: str) -> Iterator[SourceFile]:
        waiting = [(corpus, "")]
        while waiting:
            folder, prefix = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = list(found)
            except OSError as error:
                yield _unreadable(_fit(prefix), folder, error)
                continue
            self._read_rules(entries, prefix)
            for entry in entries:
                name = prefix + entry.name
                if entry.name.startswith(".") or entry.name in _IGNORED:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if not self._ignored(name + "/") and not self._is_shut(entry):
                        waiting.append((entry.path, name + "/"))
                elif not self._ignored(name):
                    yield from self._file(entry, name)

    def _file(self, entry: os.DirEntry[str], name: str) -> Iterator[SourceFile]:
        try:
            status = entry.stat()
        except OSError as error:
            yield _unreadable(_fit(name), entry.path, error)
            return
        if not stat.S_ISREG(status.st_mode) or (entry.is_symlink() and self._outside(entry)):
            return
        times = status.st_mtime_ns, status.st_ctime_ns
        yield SourceFile(_fit(name), Path(entry.path), status.st_size, *times)

    def _is_shut(self, entry: os.DirEntry[str]) -> bool:
        if self.shut is None or entry.name != Path(self.shut).name:
            return False
        return os.path.realpath(entry.path) == self.shut

    def _outside(self, entry: os.DirEntry[str]) -> bool:
        return not os.path.realpath(entry.path).startswith(self.root.rstrip(os.sep) + os.sep)

    def _read_rules(self, entries: list[os.DirEntry[str]], prefix: str) -> None:
        for entry in entries:
            if entry.name != IGNORE_FILE:
                continue
            from pathspec import GitIgnoreSpec

            try:
                text = Path(entry.path).read_text(encoding="utf-8-sig", errors="replace")
                self.rules[prefix] = GitIgnoreSpec.from_lines(text.splitlines())
            except (OSError, ValueError) as error:
                raise CorpusError(
                    f"{entry.path} cannot be used ({error}); mend or remove it."
                ) from error

    def _ignored(self, name: str) -> bool:
        """Tell by the rules of the nearest folder that has one for this name."""
        if not self.rules:
            return False
        parts = name.rstrip("/").split("/")
        for depth in range(len(parts) - 1, -1, -1):
            prefix = "".join(f"{part}/" for part in parts[:depth])
            if prefix in self.rules:
                found = self.rules[prefix].check_file(name[len(prefix) :]).include
                if found is not None:
                    return found
        return False


def _unreadable(name: str, path: str, error: OSError) -> SourceFile:
    reason = (error.strerror or "it cannot be opened").lower()
    kind = "the folder" if name.endswith("/") else "it"
    return SourceFile(
        name or "./", Path(path), 0, 0, problem=f"{kind} cannot be read ({reason}); check it"
    )


def _fit(name: str) -> str:
    if name.isascii():
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace")
