"""Documents and their passages -> the files of one new generation.

Two threads share the work. The caller's thread reads, splits and writes texts and terms; a
thread of its own makes the vectors, some hundred passages at a time, so that the encoder gets
batches of like length and need not wait for files. Vectors known from the generation before or
from a build that was cut short are taken over; a text that occurs twice is encoded once.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.datatypes import Document, Passage
from assistant.indexing.dense import FLAT, FLAT_UP_TO, VECTORS, Plan, build_approximate
from assistant.indexing.index import LEXICAL, SENTENCES, STORE, LocalIndex
from assistant.indexing.memo import Found, Unfinished, remembered
from assistant.indexing.passages import embedded_lead
from assistant.indexing.progress import Progress
from assistant.indexing.rows import RowWriter
from assistant.indexing.sparse import SparseWriter
from assistant.indexing.store import StoreWriter
from assistant.protocols import Encoder
from assistant.words import terms_of, words

_CHUNK = 512  # passages encoded together
_ASKED = 256  # sentences by which an approximate index is tuned
_AHEAD = 2  # chunks that may wait for the encoder


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage as it is embedded: what stands before its text, and the hash of it all."""

    passage: Passage
    lead: str
    key: str


class GenerationWriter:
    """Writes the texts of a generation and has its vectors made.

    Above ``flat_up_to`` passages their vectors get an approximate index; ``dense`` says which,
    once all is written.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        old: LocalIndex | None,
        unfinished: Unfinished,
        progress: Progress,
        flat_up_to: int = FLAT_UP_TO,
    ) -> None:
        self.dense = FLAT
        self._flat_up_to = flat_up_to
        self.passages = 0
        self.sentences = 0
        self._folder = folder
        self._progress = progress
        self._store = StoreWriter(folder / STORE)
        self._lexical = SparseWriter(folder / LEXICAL)
        self._vectors = _VectorWriter(folder, encoder, old, unfinished)
        self._words: Counter[str] = Counter()
        self._files, self._share = 0, 0.0
        self._chunk: list[_Text] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vectors")
        self._running: deque[Future[None]] = deque()

    @property
    def embedded(self) -> int:
        """How many passages went through the encoder."""
        return self._vectors.embedded

    def add(self, document: Document, passages: Sequence[Passage], file: str) -> None:
        """Write a document of a file."""
        self._store.add_document(document, file)
        lead_of = embedded_lead(document)
        for passage in passages:
            lead = lead_of(passage)
            key = _content_hash(passage, lead)
            self._store.add_passage(self.passages, passage, self.sentences, key)
            found = words(f"{passage.context}\n{passage.text}")
            self._lexical.add(self.passages, terms_of(found))
            self._words.update(set(found))
            self._chunk.append(_Text(passage, lead, key))
            self.passages += 1
            self.sentences += len(passage.sentences)
        if len(self._chunk) >= _CHUNK:
            self._hand_over()

    def add_names(self, file: str, also: Sequence[str]) -> None:
        """Write the names of other files with the content of one that was added."""
        self._store.add_names(file, also)

    def at(self, files: int, share: float) -> None:
        """Say how many files are done and what share of the work that is."""
        self._files, self._share = files, share

    def finish(self) -> None:
        """Complete every file of the generation.

        Raises:
            OSError: When one cannot be written.
        """
        self._hand_over()
        self._store.add_words(self._words)
        self._store.close()
        self._lexical.close()
        while self._running:
            self._running.popleft().result()
        self._thread.shutdown()
        self._progress.phase("writing")
        self.dense = self._vectors.finish(self._flat_up_to)

    def abandon(self) -> None:
        """Stop after a failure; the caller removes the folder."""
        self._thread.shutdown(cancel_futures=True)
        self._store.abandon()
        self._vectors.abandon()

    def _hand_over(self) -> None:
        chunk, self._chunk = self._chunk, []
        files, share, passages = self._files, self._share, self.passages
        while len(self._running) >= _AHEAD:
            self._running.popleft().result()

        def work() -> None:
            for at in range(0, len(chunk), 2 * _CHUNK):  # one file may hold thousands
                self._vectors.add(chunk[at : at + 2 * _CHUNK])
            self._progress.step(files, passages, self._vectors.embedded, share)

        self._running.append(self._thread.submit(work))


class _VectorWriter:
    """Finds or makes the vectors of passages and appends them in order."""

    def __init__(
        self, folder: Path, encoder: Encoder, old: LocalIndex | None, unfinished: Unfinished
    ) -> None:
        self.embedded = 0
        self._folder = folder
        self._encoder = encoder
        self._old = old
        self._unfinished = unfinished
        self._dense = RowWriter(folder / VECTORS, encoder.dim, np.float32)
        self._sentences = RowWriter(folder / SENTENCES, encoder.dim, np.float16)

    def add(self, texts: Sequence[_Text]) -> None:
        by_key = {text.key: text for text in texts}
        found: dict[str, Found] = {}
        if self._old is not None:
            found = remembered(self._old, list(by_key))
        found |= self._unfinished.find([key for key in by_key if key not in found])
        missing = [text for key, text in by_key.items() if key not in found]
        if missing:
            made = self._encode(missing)
            self._unfinished.add(made)
            self.embedded += len(missing)
            found |= made
        if texts:
            self._dense.add(np.stack([found[text.key][0] for text in texts]))
            self._sentences.add(np.concatenate([found[text.key][1] for text in texts]))

    def _encode(self, texts: Sequence[_Text]) -> dict[str, Found]:
        spans = []
        for text in texts:
            shift = len(text.lead) - text.passage.start
            spans.append([(s.start + shift, s.end + shift) for s in text.passage.sentences])
        encodings = self._encoder.encode_spans([t.lead + t.passage.text for t in texts], spans)
        vectors = [encoding.spans for encoding in encodings]
        # Sentences beyond the encoder's last token are encoded alone.
        cut = [
            (n, at) for n, rows in enumerate(vectors) for at, v in enumerate(rows) if not v.any()
        ]
        if cut:
            alone = self._encoder.encode([_sentence(texts[n].passage, at) for n, at in cut])
            for (n, at), vector in zip(cut, alone, strict=True):
                vectors[n][at] = vector
        return {
            text.key: (encoding.vector, rows.astype(np.float16))
            for text, encoding, rows in zip(texts, encodings, vectors, strict=True)
        }

    def finish(self, flat_up_to: int) -> Plan:
        self._dense.close()
        self._sentences.close()
        if self._dense.rows <= flat_up_to:
            return FLAT
        # Sentences stand for questions: they are about as long, and come from everywhere.
        sentences = np.load(self._folder / SENTENCES, mmap_mode="r", allow_pickle=False)
        count = min(_ASKED, len(sentences))
        drawn = np.random.default_rng(0).choice(len(sentences), count, replace=False)
        queries = np.asarray(sentences[np.sort(drawn)], dtype=np.float32)
        return build_approximate(self._folder, queries, flat_up_to=flat_up_to)

    def abandon(self) -> None:
        self._dense.abandon()
        self._sentences.abandon()


def _sentence(passage: Passage, at: int) -> str:
    return passage.slice(passage.sentences[at].start, passage.sentences[at].end)


def _content_hash(passage: Passage, lead: str) -> str:
    """Hash what a passage's vectors depend on: lead, text and sentence bounds."""
    bounds = ",".join(
        f"{s.start - passage.start}:{s.end - passage.start}" for s in passage.sentences
    )
    content = f"{lead}\0{passage.text}\0{bounds}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]
