"""Some documents of an index, searched as if there were no others.

Everything that asks an index asks this one in the same way; its cosines are exact. Words are
weighed as in the whole corpus, but how many passages hold a word is counted in these documents
alone, so that a word which only others have counts as unknown.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Passage, Vectors
from assistant.indexing.fusion import Fused
from assistant.indexing.interface import Index
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Listed
from assistant.words import term_set


class PartIndex(Fused):
    """The documents of some ids; closing it is the whole index's affair."""

    def __init__(self, whole: Index, doc_ids: Iterable[str]) -> None:
        """Look up the passages of the documents; an unknown id has none."""
        self._whole = whole
        ids = frozenset(doc_ids)
        rows = sorted(row for doc_id in ids for row in whole.store.rows_where("doc_id", doc_id))
        self.folder: Path = whole.folder
        self.manifest: Manifest = whole.manifest
        self.dense = _PartDense(whole, np.array(rows, dtype=np.int64))
        self.sparse = _PartSparse(whole, frozenset(rows))
        self.store = _PartTexts(whole, ids, frozenset(rows))

    def close(self) -> None:
        """Do nothing."""

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""
        return self._whole.sentence_vectors(row)


class _PartDense:
    def __init__(self, whole: Index, rows: NDArray[np.int64]) -> None:
        self._whole = whole
        self._rows = rows
        self._vectors = whole.dense.vectors(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        cosines = self._vectors @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return self._rows[best], cosines[best]

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        return self._whole.dense.vectors(rows)


class _PartSparse:
    def __init__(self, whole: Index, rows: frozenset[int]) -> None:
        self._whole = whole
        self._rows = rows

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], Vectors]:
        rows, scores = self._whole.sparse.search(terms, len(self._whole))
        ours = np.isin(rows, list(self._rows))
        return rows[ours][:k], scores[ours][:k]

    def document_frequency(self, term: str) -> int:
        return self._frequencies[term]

    @functools.cached_property
    def _frequencies(self) -> Counter[str]:
        passages = self._whole.store.passages(sorted(self._rows))
        return Counter(
            term
            for passage, _ in passages
            for term in term_set(f"{passage.context}\n{passage.text}")
        )


class _PartTexts:
    def __init__(self, whole: Index, ids: frozenset[str], rows: frozenset[int]) -> None:
        self._texts = whole.store
        self._ids = ids
        self._rows = rows

    def passages(self, rows: Iterable[int]) -> list[tuple[Passage, int]]:
        return self._texts.passages(rows)

    def rows_where(self, column: str, value: object) -> list[int]:
        return [row for row in self._texts.rows_where(column, value) if row in self._rows]

    def word_count(self, word: str) -> int:
        return self._texts.word_count(word)

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        return self._texts.words_like(initial, shortest, longest)

    def document(self, doc_id: str) -> Document | None:
        return self._texts.document(doc_id)

    def documents(self) -> Iterator[Document]:
        return (d for d in self._texts.documents() if d.doc_id in self._ids)

    def listing(self) -> list[Listed]:
        return [d for d in self._texts.listing() if d.doc_id in self._ids]
