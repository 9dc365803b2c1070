"""Bring the index of a folder to the folder's state, or find that it is there already.

The way of a build: compare the folder with the generation in use; hold the lock; read what is
new or changed and take the rest from the generation in use; write a new generation beside it;
open it once to see that it works; make it the one in use in one step; remove what nobody reads.
A kill at any moment leaves the old generation in use, and the vectors made so far.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from assistant.config import Settings
from assistant.errors import (
    REBUILD,
    CorpusError,
    IndexStateError,
    IndexWriteError,
    OutdatedIndexError,
)
from assistant.indexing.files import (
    Changes,
    Table,
    compare,
    load_table,
    readers_digest,
    save_table,
    shielded,
)
from assistant.indexing.generations import (
    CURRENT,
    current_generation,
    new_generation,
    publish,
    remove_unused,
    tidy,
    write_lock,
)
from assistant.indexing.index import LocalIndex, check_parts, parts_of
from assistant.indexing.intake import Intake
from assistant.indexing.interface import Index
from assistant.indexing.manifest import FORMAT, Manifest, load_manifest
from assistant.indexing.memo import Unfinished
from assistant.indexing.progress import Progress
from assistant.indexing.report import SyncReport
from assistant.indexing.writer import GenerationWriter
from assistant.protocols import Encoder
from assistant.reading import SourceFile, list_files

_OPENINGS = 5
Prepare = Callable[[Index, Path | None], None]


def open_index(folder: Path, model: str) -> LocalIndex:
    """Open the generation in use.

    Raises:
        IndexStateError: When there is none, or it cannot be used.
    """
    for attempt in range(_OPENINGS):
        generation = current_generation(folder)
        if generation is None:
            if (folder / CURRENT).exists():
                raise IndexStateError(f"The pointer {folder / CURRENT} is damaged; {REBUILD}")
            raise IndexStateError(f"There is no index in {folder}; {REBUILD}")
        try:
            index = LocalIndex(generation, model)
        except IndexStateError:
            if current_generation(folder) == generation or attempt == _OPENINGS - 1:
                raise
            continue  # another process has just replaced and removed it
        if current_generation(folder) == generation:
            return index
        index.close()
    raise IndexStateError(f"The index in {folder} changes all the time; try again.")


def check_current(folder: Path, model: str) -> None:
    """See that all files of the generation in use, large ones too, are those that were written.

    Raises:
        IndexStateError: When there is none, or one of its files is missing or altered.
    """
    generation = current_generation(folder)
    if generation is None:
        raise IndexStateError(f"There is no index in {folder}; {REBUILD}")
    check_parts(generation, load_manifest(generation, model).parts, whole=True)


def sync_index(
    settings: Settings,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    full: bool = False,
    rebuild: bool = False,
    retry: bool = False,
    wait: Callable[[str], None] | None = None,
    prepare: Prepare | None = None,
) -> SyncReport:
    """Bring the index to the folder's state.

    Args:
        settings: Where the corpus and the index are.
        encoder: Makes vectors; used only for passages that are new.
        progress: Told how far the build has come.
        full: Hash every file, whatever its size and times say.
        rebuild: Read every file and embed every passage again.
        retry: Read the files again that could not be read the last time.
        wait: Called with a sentence when another process builds, which is then waited for.
        prepare: Called with the new generation, opened, before it is in use, and the folder of
            the generation in use.

    Raises:
        CorpusError: When the folder cannot be read, or holds nothing readable.
        IndexStateError: When the index is damaged, of another model or of a later format; one
            of an earlier format is made again.
        IndexWriteError: When the index folder cannot be written; the old index is as it was.
        IndexBusyError: When another process builds and ``wait`` is None.
    """
    progress = progress or Progress()
    job = _Job(settings, encoder, progress, prepare)
    if not rebuild:
        try:
            report = job.nothing_to_do(full=full, retry=retry)
        except OutdatedIndexError:
            report, rebuild = None, True
        if report is not None:
            return report
    with write_lock(settings.index, wait):
        if not rebuild:  # another process may have done it meanwhile
            report = job.nothing_to_do(full=full, retry=retry)
            if report is not None:
                return report
        with _one_sentence(settings.index):
            return job.build(rebuild=rebuild)


class _Job:
    def __init__(
        self, settings: Settings, encoder: Encoder, progress: Progress, prepare: Prepare | None
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.progress = progress
        self.prepare = prepare
        self.files: list[SourceFile] = []
        self.table: Table = {}
        self.changes = Changes()

    def nothing_to_do(self, *, full: bool, retry: bool) -> SyncReport | None:
        """Return the report of an index that is up to date, None when it is not."""
        while True:
            generation = current_generation(self.settings.index)
            try:
                return self._look(generation, full=full, retry=retry)
            except IndexStateError:  # or has another process just replaced it?
                if current_generation(self.settings.index) == generation:
                    raise

    def _look(self, generation: Path | None, *, full: bool, retry: bool) -> SyncReport | None:
        started = time.perf_counter()
        settings = self.settings
        files = list_files(settings.corpus, settings.index)
        self.table = {}
        if generation is None:
            if (settings.index / CURRENT).exists():
                raise IndexStateError(
                    f"The pointer {settings.index / CURRENT} is damaged; {REBUILD}"
                )
        else:
            manifest = load_manifest(generation, self.encoder.model_id)
            self.table = load_table(generation)
        self.files = shielded(files, self.table)
        self.changes = compare(self.files, self.table, full=full)
        if generation is None or self.changes or not self._is_of(manifest):
            return None
        if retry and Intake(self.files, self.table).readable_now():
            return None
        if self.changes.moved:  # spare the next run the hashing, where the folder allows it
            with contextlib.suppress(OSError):
                save_table(generation, self.table | self.changes.moved)
        tidy(settings.index)
        report = SyncReport(False, manifest.documents, manifest.passages)
        report.sort_files(self.changes, self.table, self.table)
        report.problems = list(manifest.problems)
        report.seconds = time.perf_counter() - started
        self.progress.phase("done")
        return report

    def _is_of(self, manifest: Manifest) -> bool:
        corpus = str(self.settings.corpus.resolve())
        return manifest.corpus == corpus and manifest.readers == readers_digest()

    def build(self, *, rebuild: bool) -> SyncReport:
        """Write a new generation and make it the one in use."""
        started = time.perf_counter()
        settings = self.settings
        if rebuild:
            self.files = list_files(settings.corpus, settings.index)
            self.table = {}
            self.changes = compare(self.files, self.table)
        remove_unused(settings.index)
        old = None if rebuild else _open_for_reuse(settings.index, self.encoder.model_id)
        unfinished = Unfinished(settings.index, self.encoder.model_id, self.encoder.dim)
        scratch = new_generation(settings.index)
        published = False
        try:
            report = self._write(scratch, old, unfinished)
            publish(settings.index, scratch)
            published = True
        finally:
            unfinished.close(remove=published or rebuild)
            if old is not None:
                old.close()
            if not published:
                shutil.rmtree(scratch, ignore_errors=True)
        remove_unused(settings.index)
        report.seconds = time.perf_counter() - started
        self.progress.phase("done")
        return report

    def _write(self, scratch: Path, old: LocalIndex | None, unfinished: Unfinished) -> SyncReport:
        self.progress.begin(len(self.files))
        writer = GenerationWriter(scratch, self.encoder, old, unfinished, self.progress)
        taken = old if old and old.manifest.readers == readers_digest() else None
        intake = Intake(self.files, self.table, self.changes, taken, old)
        try:
            for document, passages, file in intake.documents(writer.at):
                writer.add(document, passages, file)
            for file, also in intake.copies().items():
                writer.add_names(file, also)
            problems = [p for record in intake.records.values() for p in record.problems]
            if not writer.passages:
                raise _nothing_to_index(self.settings.corpus, problems)
            writer.finish()
        except BaseException:
            writer.abandon()
            raise
        report = SyncReport(True, intake.count, writer.passages, writer.embedded, problems=problems)
        report.sort_files(self.changes, self.table, intake.records)
        save_table(scratch, intake.records)
        Manifest(
            format=FORMAT,
            model=self.encoder.model_id,
            corpus=str(self.settings.corpus.resolve()),
            readers=readers_digest(),
            problems=problems,
            documents=intake.count,
            passages=writer.passages,
            sentences=writer.sentences,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            parts=parts_of(scratch),
            dense=dict(writer.dense),
        ).save(scratch)
        with contextlib.closing(LocalIndex(scratch, self.encoder.model_id)) as index:
            if self.prepare is not None:
                self.prepare(index, old.folder if old is not None else None)
        return report


@contextlib.contextmanager
def _one_sentence(folder: Path) -> Iterator[None]:
    """Turn what a full disk or a folder without permission raises into one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise IndexWriteError(folder, error) from error


def _open_for_reuse(folder: Path, model: str) -> LocalIndex | None:
    try:
        return open_index(folder, model)
    except (IndexStateError, sqlite3.Error):
        return None


def _nothing_to_index(corpus: Path, problems: list[str]) -> CorpusError:
    reason = f" ({problems[0]})" if problems else ""
    return CorpusError(
        f"The corpus folder {corpus} holds no readable text{reason}; "
        "put .md, .txt, .csv or .jsonl files into it."
    )
