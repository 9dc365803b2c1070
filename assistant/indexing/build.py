"""Files -> a new generation of the index, swapped in when it is complete.

``index/generations/<id>/`` holds one complete index and ``index/CURRENT`` names the one in
use. A build writes beside it and then replaces CURRENT in one rename, so whoever reads keeps
a working index and a crash leaves the old one. Vectors of passages whose text did not change
are taken from the old generation.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.config import Settings
from assistant.datatypes import Document, Passage, Vectors
from assistant.errors import REBUILD, AssistantError, CorpusError, FileProblem, IndexStateError
from assistant.indexing.dense import DenseIndex
from assistant.indexing.index import DENSE, LEXICAL, SENTENCES, STORE, Index
from assistant.indexing.manifest import FORMAT, Manifest
from assistant.indexing.passages import split_document
from assistant.indexing.sparse import SparseIndex
from assistant.indexing.store import StoreWriter
from assistant.models.weights import file_sha256
from assistant.protocols import Encoder
from assistant.reading import SourceFile, list_files, read_file
from assistant.words import terms, words

CURRENT, GENERATIONS = "CURRENT", "generations"
_CHUNK = 512
Progress = Callable[[int, int, int], None]  # (files done, files in all, passages embedded)


@dataclass(slots=True)
class BuildReport:
    """What a build did."""

    documents: int = 0
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Vectors:
    passages: list[Vectors] = field(default_factory=list)
    sentences: list[Vectors] = field(default_factory=list)


def current_generation(folder: Path) -> Path | None:
    """Return the folder of the generation in use, None when nothing was built yet."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    path = folder / GENERATIONS / name
    return path if name and path.is_dir() else None


def open_index(folder: Path, model: str) -> Index:
    """Open the generation in use.

    Raises:
        IndexStateError: When there is none, or it cannot be used.
    """
    generation = current_generation(folder)
    if generation is None:
        if (folder / CURRENT).exists():
            raise IndexStateError(f"The pointer {folder / CURRENT} is damaged; {REBUILD}")
        raise IndexStateError(f"There is no index in {folder}; {REBUILD}")
    return Index(generation, model)


def is_fresh(index: Index, corpus: Path) -> bool:
    """Tell whether the corpus's files are those the index was built from, by size and time."""
    files = {f.name: [f.size, f.mtime_ns] for f in list_files(corpus)}
    return index.manifest.corpus == str(corpus.resolve()) and index.manifest.files == files


def build_index(
    settings: Settings, encoder: Encoder, progress: Progress | None = None, reuse: bool = True
) -> BuildReport:
    """Build a new generation from the corpus and make it the one in use.

    Raises:
        CorpusError: When the folder cannot be read, or holds nothing readable.
        AssistantError: When the index folder cannot be written.
    """
    files = list_files(settings.corpus)
    old = _open_for_reuse(settings.index, encoder) if reuse else None
    scratch = _new_generation(settings.index)
    try:
        report = _Builder(settings, encoder, scratch, old, progress).run(files)
        _swap(settings.index, scratch)
        return report
    except OSError as error:
        raise AssistantError(
            f"The index in {settings.index} cannot be written ({error.strerror}); "
            "free some space or choose another folder with --index."
        ) from error
    finally:
        if old is not None:
            old.close()
        if current_generation(settings.index) != scratch:
            shutil.rmtree(scratch, ignore_errors=True)


class _Builder:
    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        folder: Path,
        old: Index | None,
        progress: Progress | None,
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.folder = folder
        self.old = old
        self.known = old.store.content_hashes() if old is not None else {}
        self.progress = progress or (lambda done, total, passages: None)
        self.report = BuildReport()
        self.vectors = _Vectors()
        self.term_lists: list[list[str]] = []
        self.words: Counter[str] = Counter()
        self.sentence_rows = 0

    def run(self, files: list[SourceFile]) -> BuildReport:
        started = time.perf_counter()
        store = StoreWriter(self.folder / STORE)
        pending: list[Passage] = []
        for done, document in self._documents(files):
            store.add_document(document)
            self.report.documents += 1
            pending.extend(split_document(document))
            if len(pending) >= _CHUNK:
                self._add(pending, store)
                pending = []
                self.progress(done, len(files), self.report.passages)
        self._add(pending, store)
        store.add_words(self.words)
        store.close()
        if not self.report.passages:
            raise _nothing_to_index(self.settings.corpus, self.report.problems)
        self.progress(len(files), len(files), self.report.passages)
        self._finish(files)
        self.report.seconds = time.perf_counter() - started
        return self.report

    def _documents(self, files: list[SourceFile]) -> Iterator[tuple[int, Document]]:
        seen: set[str] = set()
        for done, file in enumerate(files):
            for found in read_file(file):
                if isinstance(found, FileProblem):
                    self.report.problems.append(str(found))
                elif found.doc_id in seen:
                    self.report.problems.append(
                        f"{found.source}: the id '{found.doc_id}' is taken; give it another"
                    )
                else:
                    seen.add(found.doc_id)
                    yield done, found

    def _add(self, passages: list[Passage], store: StoreWriter) -> None:
        if not passages:
            return
        hashes = [_content_hash(passage) for passage in passages]
        fresh = [at for at, key in enumerate(hashes) if key not in self.known]
        found = iter(self._encode([passages[at] for at in fresh]))
        wanted = set(fresh)
        for at, (passage, key) in enumerate(zip(passages, hashes, strict=True)):
            vector, sentences = next(found) if at in wanted else self._remembered(key)
            store.add_passage(self.report.passages, passage, self.sentence_rows, key)
            self.vectors.passages.append(vector)
            self.vectors.sentences.append(sentences.astype(np.float16))
            indexed = f"{passage.context}\n{passage.text}"
            self.term_lists.append(terms(indexed))
            self.words.update(set(words(indexed)))
            self.sentence_rows += len(sentences)
            self.report.passages += 1
        self.report.embedded += len(fresh)

    def _encode(self, passages: list[Passage]) -> Iterator[tuple[Vectors, Vectors]]:
        texts, spans = [], []
        for passage in passages:
            lead = passage.context + "\n"
            shift = len(lead) - passage.start
            texts.append(lead + passage.text)
            spans.append([(s.start + shift, s.end + shift) for s in passage.sentences])
        for passage, encoding in zip(
            passages, self.encoder.encode_spans(texts, spans), strict=True
        ):
            yield encoding.vector, self._fill_cut(passage, encoding.spans)

    def _fill_cut(self, passage: Passage, vectors: Vectors) -> Vectors:
        """Encode alone the sentences that lay beyond the encoder's last token."""
        cut = [at for at, vector in enumerate(vectors) if not vector.any()]
        if cut:
            texts = [passage.slice(*_span(passage, at)) for at in cut]
            vectors[cut] = self.encoder.encode(texts)
        return vectors

    def _remembered(self, key: str) -> tuple[Vectors, Vectors]:
        assert self.old is not None
        row, _, _ = self.known[key]
        return self.old.dense.vectors(np.array([row]))[0], self.old.sentence_vectors(row)

    def _finish(self, files: list[SourceFile]) -> None:
        DenseIndex.from_vectors(np.stack(self.vectors.passages)).save(self.folder / DENSE)
        np.save(self.folder / SENTENCES, np.concatenate(self.vectors.sentences))
        SparseIndex.build(self.folder / LEXICAL, self.term_lists)
        Manifest(
            format=FORMAT,
            model=self.encoder.model_id,
            corpus=str(self.settings.corpus.resolve()),
            files={f.name: [f.size, f.mtime_ns] for f in files},
            problems=self.report.problems,
            documents=self.report.documents,
            passages=self.report.passages,
            sentences=self.sentence_rows,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            parts={n: file_sha256(self.folder / n) for n in (STORE, DENSE, SENTENCES)},
        ).save(self.folder)


def _span(passage: Passage, at: int) -> tuple[int, int]:
    return passage.sentences[at].start, passage.sentences[at].end


def _content_hash(passage: Passage) -> str:
    """Hash what a passage's vectors depend on: context, text and sentence bounds."""
    bounds = ",".join(
        f"{s.start - passage.start}:{s.end - passage.start}" for s in passage.sentences
    )
    content = f"{passage.context}\0{passage.text}\0{bounds}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _nothing_to_index(corpus: Path, problems: list[str]) -> CorpusError:
    reason = f" ({problems[0]})" if problems else ""
    return CorpusError(
        f"The corpus folder {corpus} holds no readable text{reason}; "
        "put .md, .txt, .csv or .jsonl files into it."
    )


def _open_for_reuse(folder: Path, encoder: Encoder) -> Index | None:
    try:
        return open_index(folder, encoder.model_id)
    except (IndexStateError, sqlite3.Error):
        return None


def _new_generation(folder: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    path = folder / GENERATIONS / f"{stamp}-{os.getpid()}"
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise AssistantError(
            f"The index folder {folder} cannot be written ({error.strerror}); "
            "choose another with --index."
        ) from error
    return path


def _swap(folder: Path, generation: Path) -> None:
    """Make a complete generation the one in use, then remove the others."""
    pointer = folder / f"{CURRENT}.new"
    with pointer.open("w", encoding="utf-8") as stream:
        stream.write(generation.name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pointer.replace(folder / CURRENT)
    for other in (folder / GENERATIONS).iterdir():
        if other != generation:
            shutil.rmtree(other, ignore_errors=True)
