"""Some documents of an index, searched as if there were no others.

Everything that asks an index asks this one in the same way. Its passages are read once, its
cosines are exact, and words are counted and weighed (BM25) in these passages alone, so that a
word which only other documents have is unknown.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Passage, Vectors
from assistant.indexing.bm25 import passage_weights, question_weights
from assistant.indexing.fusion import Fused
from assistant.indexing.interface import Index
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Listed
from assistant.words import terms, words


class PartIndex(Fused):
    """The documents of some ids; closing it is the whole index's affair."""

    def __init__(self, whole: Index, doc_ids: Iterable[str]) -> None:
        """Look up the passages of the documents; an unknown id has none."""
        self._whole = whole
        ids = frozenset(doc_ids)
        rows = sorted(row for doc_id in ids for row in whole.store.rows_where("doc_id", doc_id))
        held = _Held(whole, rows)
        self.folder: Path = whole.folder
        self.manifest: Manifest = whole.manifest
        self.dense = _PartDense(whole, rows)
        self.sparse = _PartSparse(held)
        self.store = _PartTexts(whole, ids, held)

    def close(self) -> None:
        """Do nothing."""

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""
        return self._whole.sentence_vectors(row)


class _Held:
    """The rows of the part, and what their passages' words count, read when first needed."""

    def __init__(self, whole: Index, rows: Sequence[int]) -> None:
        self._whole = whole
        self.rows = rows
        self.row_set = frozenset(rows)

    @functools.cached_property
    def weights(self) -> list[dict[int, float]]:
        """The BM25 weights of each passage's terms."""
        mean = sum(map(len, self._terms)) / max(1, len(self._terms))
        return [passage_weights(found, max(1.0, mean)) for found in self._terms]

    @functools.cached_property
    def term_counts(self) -> Counter[str]:
        """In how many passages each term occurs."""
        return Counter(term for found in self._terms for term in set(found))

    @functools.cached_property
    def word_counts(self) -> Counter[str]:
        """In how many passages each folded word occurs."""
        return Counter(word for text in self._texts for word in set(words(text)))

    @functools.cached_property
    def _terms(self) -> list[list[str]]:
        return [terms(text) for text in self._texts]

    @functools.cached_property
    def _texts(self) -> list[str]:
        found = self._whole.store.passages(self.rows)
        return [f"{passage.context}\n{passage.text}" for passage, _ in found]


class _PartDense:
    def __init__(self, whole: Index, rows: Sequence[int]) -> None:
        self._whole = whole
        self._rows = np.array(rows, dtype=np.int64)
        self._vectors = whole.dense.vectors(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        cosines = self._vectors @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return self._rows[best], cosines[best]

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        return self._whole.dense.vectors(rows)


class _PartSparse:
    def __init__(self, held: _Held) -> None:
        self._held = held

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], Vectors]:
        asked = question_weights(terms, len(self._held.rows), self.document_frequency)
        scores = np.array(
            [sum(found.get(at, 0.0) * rarity for at, rarity in asked.items())
             for found in self._held.weights],
            dtype=np.float32,
        )  # fmt: skip
        best = np.argsort(-scores, kind="stable")[:k]
        best = best[scores[best] > 0]
        return np.array(self._held.rows, dtype=np.int64)[best], scores[best]

    def document_frequency(self, term: str) -> int:
        return self._held.term_counts[term]


class _PartTexts:
    def __init__(self, whole: Index, ids: frozenset[str], held: _Held) -> None:
        self._texts = whole.store
        self._ids = ids
        self._held = held

    def passages(self, rows: Iterable[int]) -> list[tuple[Passage, int]]:
        return self._texts.passages(rows)

    def rows_where(self, column: str, value: object) -> list[int]:
        rows = self._texts.rows_where(column, value)
        return [row for row in rows if row in self._held.row_set]

    def word_count(self, word: str) -> int:
        return self._held.word_counts[word]

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        return [
            (word, count)
            for word, count in sorted(self._held.word_counts.items())
            if word.startswith(initial) and shortest <= len(word) <= longest
        ]

    def document(self, doc_id: str) -> Document | None:
        return self._texts.document(doc_id)

    def documents(self) -> Iterator[Document]:
        return (d for d in self._texts.documents() if d.doc_id in self._ids)

    def listing(self) -> list[Listed]:
        return [d for d in self._texts.listing() if d.doc_id in self._ids]
