"""What was known of each file when a generation was built, and what has changed since.

A file counts as unchanged while its size, modification time and status-change time are those
recorded; when one differs, its content is hashed and decides. The status-change time moves
with every write and cannot be set, so an edit that keeps size and modification time is seen.
A file written within two seconds of being hashed is recorded without that time and so hashed
again on the next run, for a clock tick may hide a later write. ``full`` hashes every file.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import REBUILD, FileProblem, IndexStateError
from assistant.indexing.generations import replace_text
from assistant.models.weights import file_sha256
from assistant.reading import SourceFile

NAME = "files.json"
_TICK_NS = 2_000_000_000
_CODE = ("reading/**/*.py", "reading/**/*.toml", "indexing/passages.py", "words.py")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a generation.

    ``sha256`` of its bytes is empty where it could not be read. ``whole``: its documents can be
    taken from the generation as they are. ``kept``: they are those of an earlier version, since
    it cannot be read now. ``same_as`` names the file whose content it repeats.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    documents: int = 0
    whole: bool = False
    kept: bool = False
    same_as: str = ""
    problems: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether it could not be read, now or ever."""
        return self.kept or not (self.documents or self.same_as)

    def fits(self, file: SourceFile) -> bool:
        """Tell by size and times whether the file is as it was."""
        return (self.size, self.mtime_ns, self.ctime_ns) == (
            file.size, file.mtime_ns, file.ctime_ns,
        )  # fmt: skip


Table = dict[str, FileRecord]


def save_table(folder: Path, table: Mapping[str, FileRecord]) -> None:
    """Write the table into a generation's folder, in one step."""
    rows = {
        name: [r.size, r.mtime_ns, r.ctime_ns, r.sha256, r.documents, r.whole, r.kept,
               r.same_as, list(r.problems)]
        for name, r in table.items()
    }  # fmt: skip
    replace_text(folder / NAME, json.dumps(rows, ensure_ascii=False, separators=(",", ":")))


def load_table(folder: Path) -> Table:
    """Return the table of a generation.

    Raises:
        IndexStateError: When it is missing or damaged.
    """
    path = folder / NAME
    try:
        loaded = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
        return {name: FileRecord(*[*row[:8], tuple(row[8])]) for name, row in loaded.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise IndexStateError(f"The list of files {path} is damaged; {REBUILD}") from error


@dataclass(slots=True)
class Changes:
    """How a folder differs from what a generation was built from, by file names.

    ``moved`` are files whose times differ though their content does not: their new records.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    moved: Table = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


def compare(files: Iterable[SourceFile], table: Table, *, full: bool = False) -> Changes:
    """Return how the files differ from a generation's table."""
    found = Changes()
    seen: set[str] = set()
    for file in files:
        seen.add(file.name)
        old = table.get(file.name)
        if old is None:
            found.added.append(file.name)
        elif old.fits(file) and not full and not file.problem:
            found.unchanged.append(file.name)
        else:
            _by_content(file, old, found)
    found.deleted.extend(name for name in table if name not in seen)
    return found


def _by_content(file: SourceFile, old: FileRecord, found: Changes) -> None:
    record = examine(file)
    if not record.sha256:
        known = old.kept or not old.sha256
        (found.unchanged if known else found.changed).append(file.name)
    elif old.kept or record.sha256 != old.sha256:
        found.changed.append(file.name)
    else:
        found.unchanged.append(file.name)
        times = record.size, record.mtime_ns, record.ctime_ns
        if times != (old.size, old.mtime_ns, old.ctime_ns):
            found.moved[file.name] = replace(
                old, size=times[0], mtime_ns=times[1], ctime_ns=times[2]
            )


def shielded(files: list[SourceFile], table: Table) -> list[SourceFile]:
    """Return the files, and those known to lie in a folder that cannot be listed now.

    What cannot be seen is not taken for deleted.
    """
    shut = tuple(f.name.removeprefix("./") for f in files if f.problem and f.name.endswith("/"))
    if not shut:
        return files
    seen = {f.name for f in files}
    hidden = [
        SourceFile(name, Path(name), 0, 0, problem="its folder cannot be read; check it")
        for name, record in table.items()
        if name not in seen and record.documents and name.startswith(shut)
    ]
    return sorted([*files, *hidden], key=lambda f: f.name)


def examine(file: SourceFile) -> FileRecord:
    """Hash a file and return its record, not yet with documents."""
    if file.problem:
        return FileRecord(0, 0, 0, "", problems=(_told(file, file.problem),))
    now = time.time_ns()
    try:
        digest = file_sha256(file.path)
    except OSError as error:
        reason = f"it cannot be read ({(error.strerror or 'no reason given').lower()}); check it"
        if isinstance(error, PermissionError):
            reason = "there is no permission to read it; change its permissions"
        return FileRecord(file.size, file.mtime_ns, 0, "", problems=(_told(file, reason),))
    settled = abs(now - file.ctime_ns) > _TICK_NS
    return FileRecord(file.size, file.mtime_ns, file.ctime_ns if settled else 0, digest)


def _told(file: SourceFile, reason: str) -> str:
    return str(FileProblem(file.name.replace("\n", "\\n"), reason))


@functools.cache
def readers_digest() -> str:
    """Return the hash of the code that turns files into passages.

    Another version of it may read the same file in another way, so that nothing read by the
    old one is taken over.
    """
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for pattern in _CODE:
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
