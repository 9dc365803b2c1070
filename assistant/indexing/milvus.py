"""An index kept in Milvus: the same search and the same texts as a generation on disk.

Rows are numbers made of a passage's content, so they stay true while others come and go. Words
with their counts are read when they are first asked for and held; everything else is read on
demand. What is cached on this machine is found under the generation that the manifest names.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Passage, Vectors
from assistant.errors import REBUILD, IndexStateError
from assistant.indexing.bm25 import dimension, question_weights
from assistant.indexing.files import NAME as FILES
from assistant.indexing.fusion import Fused
from assistant.indexing.manifest import Manifest
from assistant.indexing.milvusdb import Address, Collections, number
from assistant.indexing.store import Listed, document_of, passage_of

MANIFEST, PASSAGE, SENTENCES, DOCUMENT, LISTED, WORDS, TERMS, TABLE = range(8)
LAYOUT = 2  # raised when what is kept changes, so that an older collection is filled anew
BUCKETS = 64
_CACHED = 4_096
_EF = 1.5  # candidates HNSW keeps for each one asked for


def bucket(term: str) -> int:
    """Return the number of the text that holds a term's count."""
    return dimension(term) % BUCKETS


def read_state(held: Collections) -> dict[str, Any] | None:
    """Return what the last complete push wrote, None when there was none."""
    if not held.exist():
        return None
    found = held.texts(MANIFEST, [0]).get(0)
    try:
        return dict(json.loads(found)) if found else None
    except ValueError:
        return None


class MilvusDense:
    """The vectors of passages."""

    def __init__(self, held: Collections, passages: int, dim: int) -> None:
        self._held = held
        self._passages = passages
        self._dim = dim

    def __len__(self) -> int:
        return self._passages

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` nearest passages, best first, and their cosines."""
        return self._held.search("vector", query.tolist(), k, {"ef": int(_EF * k)})

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the stored vectors of some rows, shape (len(rows), dim)."""
        if not len(rows):
            return np.zeros((0, self._dim), dtype=np.float32)
        found = self._held.vectors([int(row) for row in rows])
        try:
            return np.stack([found[int(row)] for row in rows])
        except KeyError as error:
            raise _changed() from error


class MilvusSparse:
    """BM25 by inner products of weights made here; see ``bm25``."""

    def __init__(self, held: Collections, passages: int) -> None:
        self._held = held
        self._passages = passages
        self._counts: dict[int, dict[str, int]] = {}

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` best passages for the terms, and their BM25 scores."""
        missing = {bucket(term) for term in terms} - self._counts.keys()
        if missing:
            self._read(missing)
        weights = question_weights(terms, self._passages, self.document_frequency)
        if not weights:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows, scores = self._held.search("terms", weights, k, {})
        return rows[scores > 0], scores[scores > 0]

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""
        place = bucket(term)
        if place not in self._counts:
            self._read({place})
        return self._counts[place].get(term, 0)

    def _read(self, places: set[int]) -> None:
        found = self._held.texts(TERMS, sorted(places))
        for place in places:
            self._counts[place] = json.loads(found.get(place, "{}"))


class MilvusTexts:
    """Documents, passages and words."""

    def __init__(self, held: Collections) -> None:
        self._held = held
        self._cache: OrderedDict[int, Passage] = OrderedDict()
        self._words: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()

    def passages(self, rows: Iterable[int]) -> list[tuple[Passage, int]]:
        """Return passages in the order asked, each with its row."""
        wanted = [int(row) for row in rows]
        with self._lock:
            known = {row: self._cache[row] for row in wanted if row in self._cache}
        texts = self._held.texts(PASSAGE, [row for row in wanted if row not in known])
        known |= {row: passage_of(json.loads(text)) for row, text in texts.items()}
        with self._lock:
            self._cache |= known
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        try:
            return [(known[row], row) for row in wanted]
        except KeyError as error:
            raise _changed() from error

    def rows_where(self, column: str, value: object) -> list[int]:
        """Return the rows with this 'doc_id', 'kind' or 'passage_id', a document's in order."""
        names = {"doc_id": "document", "kind": "kind", "passage_id": "passage"}
        if column not in names:
            raise ValueError(f"passages are not looked up by {column}")
        rows = self._held.rows_where(names[column], number(value))
        found = self.passages(rows)
        return [row for _, row in sorted(found, key=lambda f: (f[0].doc_id, f[0].start, f[0].end))]

    def word_count(self, word: str) -> int:
        """Return in how many passages a folded word occurs."""
        return self._beginning_with(word[:1]).get(word, 0)

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return (word, passages) of words with this initial and a length in these bounds."""
        found = self._beginning_with(initial).items()
        return sorted((word, n) for word, n in found if shortest <= len(word) <= longest)

    def _beginning_with(self, initial: str) -> dict[str, int]:
        if initial not in self._words:
            owner = number(initial)
            self._words[initial] = json.loads(self._held.texts(WORDS, [owner]).get(owner, "{}"))
        return self._words[initial]

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""
        owner = number(doc_id)
        found = self._held.texts(DOCUMENT, [owner]).get(owner)
        return document_of(*json.loads(found)) if found else None

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the corpus."""
        for listed in self.listing():
            document = self.document(listed.doc_id)
            if document is not None:
                yield document

    def listing(self) -> list[Listed]:
        """Return every document in the order of the corpus, without its text."""
        found = json.loads(self._held.texts(LISTED, [0]).get(0, "[]"))
        return [Listed(**{**facts, "also": tuple(facts["also"])}) for facts in found]


class MilvusIndex(Fused):
    """An index in Milvus, opened for reading."""

    dense: MilvusDense
    sparse: MilvusSparse
    store: MilvusTexts

    def __init__(self, address: Address, cache: Path, model: str) -> None:
        """Open the index at an address; what belongs to it is cached under a folder.

        Raises:
            IndexStateError: When there is none, it is of another model, or Milvus cannot be used.
            SettingsError: When pymilvus is missing.
        """
        self._held = Collections(address)
        state = read_state(self._held)
        if state is None or state["layout"] != LAYOUT:
            raise IndexStateError(
                f"There is no index in {address.uri}, collection {address.collection}; {REBUILD}"
            )
        names = {field.name for field in fields(Manifest)}
        self.manifest = Manifest(**{k: v for k, v in state["manifest"].items() if k in names})
        if self.manifest.model != model:
            raise IndexStateError(
                f"The index in {address.uri} was made with the model {self.manifest.model}, "
                f"not {model}; {REBUILD}"
            )
        self._dim = int(state["dim"])
        self.dense = MilvusDense(self._held, self.manifest.passages, self._dim)
        self.sparse = MilvusSparse(self._held, self.manifest.passages)
        self.store = MilvusTexts(self._held)
        self.folder = cached_at(cache, address, state["generation"])
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / FILES).exists():
            table = self._held.texts(TABLE, [0]).get(0, "{}")
            (self.folder / FILES).write_text(table, encoding="utf-8")

    def close(self) -> None:
        """Nothing to release: the connection is that of the process."""

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""
        found = self._held.texts(SENTENCES, [row]).get(row)
        if found is None:
            raise _changed()
        return unpack(found, self._dim)


def cached_at(cache: Path, address: Address, generation: str) -> Path:
    """Return where this machine keeps what belongs to one generation of an index in Milvus."""
    return cache / "milvus" / f"{address.collection}-{number(address)}" / generation


def pack(vectors: NDArray[Any]) -> str:
    """Return vectors, shape (any, dim), as ASCII, 16 bits a number."""
    return base64.b64encode(np.ascontiguousarray(vectors, dtype="<f2").tobytes()).decode("ascii")


def unpack(text: str, dim: int) -> Vectors:
    """Return the vectors of a text that ``pack`` made."""
    return np.frombuffer(base64.b64decode(text), dtype="<f2").reshape(-1, dim).astype(np.float32)


def _changed() -> IndexStateError:
    return IndexStateError("The index in Milvus changed while it was read; ask again.")
