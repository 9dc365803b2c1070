"""The documents of a build, file by file: taken from the generation before, or read.

A document whose file did not change is taken over with its passages. A file is hashed right
before it is read, so that its bytes come from the disk once. One that changes while it is read
is read again, and given up after a few times: what was known of it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.datatypes import Document, Passage
from assistant.errors import FileProblem
from assistant.indexing.files import Changes, FileRecord, Table, examine
from assistant.indexing.index import LocalIndex
from assistant.indexing.passages import split_document
from assistant.reading import SourceFile, read_file

_ATTEMPTS = 3
_STREAMED_BYTES = 64 * 1024 * 1024  # above this a file is not held in memory as a whole
Taken = tuple[Document, Sequence[Passage], str]


class Intake:
    """Yields the documents of a folder and records what became of each file.

    Args:
        files: The files of the folder, in order.
        table: Their records in the generation in use.
        changes: How they differ.
        taken: The generation that unchanged documents are taken from, None to read them all.
        kept: The one that documents of files that cannot be read now are taken from.
    """

    def __init__(
        self,
        files: Sequence[SourceFile],
        table: Table,
        changes: Changes | None = None,
        taken: LocalIndex | None = None,
        kept: LocalIndex | None = None,
    ) -> None:
        self.records: Table = {}
        self.count = 0
        self._files = files
        self._table = table
        self._unchanged = set(changes.unchanged) if changes else set()
        self._moved = changes.moved if changes else {}
        self._taken = taken
        self._kept = kept
        self._ids: set[str] = set()
        self._content: dict[tuple[str, str], str] = {}  # (kind of hash, hash) -> first file

    def readable_now(self) -> bool:
        """Tell whether any file that could not be read before can be read now."""
        return any(
            not isinstance(found, FileProblem)
            for file in self._files
            if self._table[file.name].failed and not file.problem
            for found in read_file(file)
        )

    def documents(self, at: Callable[[int, float], None]) -> Iterator[Taken]:
        """Yield (document, passages, file name); tell ``at`` the files done and their share."""
        sizes = max(1, sum(file.size for file in self._files))
        size = 0
        for done, file in enumerate(self._files):
            read = 0
            at(done, size / sizes)
            for taken in self._file(file):
                self.count += 1
                yield taken
                read += len(taken[0].text)
                at(done, (size + min(read, file.size)) / sizes)
            size += file.size
        at(len(self._files), 1.0)

    def copies(self) -> dict[str, list[str]]:
        """Return for each file that others repeat the names of those."""
        found: dict[str, list[str]] = {}
        for name, record in self.records.items():
            if record.same_as:
                found.setdefault(record.same_as, []).append(name)
        return found

    def _file(self, file: SourceFile) -> Iterator[Taken]:
        old = self._table.get(file.name)
        if old and old.whole and self._taken and file.name in self._unchanged:
            record = self._moved.get(file.name, old)
            documents = list(self._taken.store.documents_of(file.name))
            if not self._is_copy(file, record) and not self._repeats(file, record, documents):
                yield from self._from(self._taken, file.name, record, documents)
        elif file.size > _STREAMED_BYTES:
            yield from self._stream(file, old)
        else:
            yield from self._read(file, old)

    def _read(self, file: SourceFile, old: FileRecord | None) -> Iterator[Taken]:
        """Yield the documents of a file that did not change while it was read."""
        for _ in range(_ATTEMPTS):
            record = examine(file)
            if not record.sha256:
                yield from self._keep(file, old, record.problems)
                return
            if self._is_copy(file, record):
                return
            found = list(read_file(file))
            now = _seen_now(file)
            if now == file:
                if not self._repeats(file, record, found):
                    yield from self._take(file, record, iter(found))
                return
            file = now
        reason = "it changed while it was being read"
        yield from self._keep(file, old, (str(FileProblem(file.name, f"{reason}; run again")),))

    def _from(
        self, index: LocalIndex, name: str, record: FileRecord, documents: Iterable[Document]
    ) -> Iterator[Taken]:
        """Yield the documents that a generation has of a file."""
        clash: list[str] = []
        count = 0
        for document in documents:
            if self._is_new(document, clash):
                count += 1
                passages = index.store.passages_of(document.doc_id)
                yield replace(document, also=()), passages, name
        self._content.setdefault((_kind(name), record.sha256), name)
        problems = (*record.problems, *clash)
        whole = record.whole and not clash
        self.records[name] = replace(record, documents=count, whole=whole, problems=problems)

    def _keep(
        self, file: SourceFile, old: FileRecord | None, problems: tuple[str, ...]
    ) -> Iterator[Taken]:
        """Yield what was known of a file that cannot be read now."""
        if old is None or not old.documents or self._kept is None:
            self.records[file.name] = FileRecord(0, 0, 0, "", problems=problems)
            return
        problems = tuple(f"{problem}; its last version is kept" for problem in problems)
        record = replace(old, ctime_ns=0, kept=True, whole=False, problems=problems)
        documents = self._kept.store.documents_of(file.name)
        yield from self._from(self._kept, file.name, record, documents)

    def _is_copy(self, file: SourceFile, record: FileRecord) -> bool:
        first = self._content.get((_kind(file.name), record.sha256))
        if first is not None:
            self.records[file.name] = replace(record, documents=0, whole=False, same_as=first)
        return first is not None

    def _repeats(
        self, file: SourceFile, record: FileRecord, found: Sequence[Document | FileProblem]
    ) -> bool:
        """Tell whether a file is one document whose title and text another file has."""
        if len(found) != 1 or not isinstance(found[0], Document) or found[0].doc_id != file.name:
            return False
        first = self._content.setdefault(("text", found[0].sha256), file.name)
        if first != file.name:
            self.records[file.name] = replace(record, documents=0, whole=False, same_as=first)
        return first != file.name

    def _stream(self, file: SourceFile, old: FileRecord | None) -> Iterator[Taken]:
        """Yield documents as they are read; a change meanwhile is noticed at the end."""
        record = examine(file)
        if not record.sha256:
            yield from self._keep(file, old, record.problems)
            return
        if self._is_copy(file, record):
            return
        yield from self._take(file, record, read_file(file))
        if _seen_now(file) != file:
            told = str(FileProblem(file.name, "it changed while it was being read; run again"))
            found = self.records[file.name]
            self.records[file.name] = replace(
                found, ctime_ns=0, sha256="", whole=False, problems=(*found.problems, told)
            )

    def _take(
        self, file: SourceFile, record: FileRecord, found: Iterator[Document | FileProblem]
    ) -> Iterator[Taken]:
        problems: list[str] = []
        clash: list[str] = []
        count = 0
        for item in found:
            if isinstance(item, FileProblem):
                problems.append(str(item))
            elif self._is_new(item, clash):
                count += 1
                yield item, split_document(item), file.name
        if count:
            self._content.setdefault((_kind(file.name), record.sha256), file.name)
        self.records[file.name] = replace(
            record, documents=count, whole=bool(count) and not clash, problems=(*problems, *clash)
        )

    def _is_new(self, document: Document, clash: list[str]) -> bool:
        if document.doc_id in self._ids:
            clash.append(f"{document.source}: the id '{document.doc_id}' is taken; "
                         "give it another")  # fmt: skip
            return False
        self._ids.add(document.doc_id)
        return True


def _kind(name: str) -> str:
    """Return the ending that decides how a file is read."""
    return "." + name.rsplit("/", 1)[-1].lower().partition(".")[2].rpartition(".")[2]


def _seen_now(file: SourceFile) -> SourceFile:
    """Return the file as it is now; one that is gone has size 0 and no times."""
    try:
        status = file.path.stat()
    except OSError:
        return replace(file, size=0, mtime_ns=0, ctime_ns=0)
    return replace(
        file, size=status.st_size, mtime_ns=status.st_mtime_ns, ctime_ns=status.st_ctime_ns
    )
