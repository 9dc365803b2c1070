"""Search over any keeper of vectors, terms and texts: both sides asked, and fused.

Fusion is convex: both score lists are scaled to 0..1 for the query and added with a weight
(Bruch, Gai and Ingber, ACM TOIS 2023). A passage that one side missed gets its true cosine
from the stored vector, and 0 from BM25, which is what a passage without the terms scores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Hit, Passage, Vectors
from assistant.indexing.interface import DENSE_WEIGHT, DenseSearch, LexicalSearch, Texts

_DEPTH = 200


class Fused:
    """What every index does alike; those who inherit set ``dense``, ``sparse`` and ``store``."""

    dense: DenseSearch
    sparse: LexicalSearch
    store: Texts

    def __len__(self) -> int:
        return len(self.dense)

    def search(
        self,
        query: Vectors,
        terms: Sequence[str],
        k: int,
        *,
        dense_weight: float = DENSE_WEIGHT,
        without: frozenset[int] = frozenset(),
    ) -> list[Hit]:
        """Return the ``k`` best passages for a query vector and its terms, best first.

        ``without`` are rows left out as if they were not in the index.
        """
        depth = max(_DEPTH, k) + len(without)
        dense = _kept(*self.dense.search(query, depth), without)
        sparse = _kept(*self.sparse.search(terms, depth), without)
        missed = np.array(sorted(set(sparse) - set(dense)), dtype=np.int64)
        extra = dict(
            zip(missed.tolist(), (self.dense.vectors(missed) @ query).tolist(), strict=True)
        )
        cosines = {**dense, **extra}
        rows = sorted(cosines)
        fused = fuse(
            np.array([cosines[row] for row in rows], dtype=np.float64),
            np.array([sparse.get(row, 0.0) for row in rows], dtype=np.float64),
            dense_weight,
        )
        best = sorted(zip((-fused).tolist(), rows, strict=True))[:k]
        dense_rank = {row: rank for rank, row in enumerate(dense)}
        sparse_rank = {row: rank for rank, row in enumerate(sparse)}
        passages = self.store.passages(row for _, row in best)
        return [
            Hit(
                passage, row, -negative, cosines[row], sparse.get(row, 0.0),
                dense_rank.get(row), sparse_rank.get(row),
            )
            for (negative, row), (passage, _) in zip(best, passages, strict=True)
        ]  # fmt: skip

    def passages_of(self, doc_id: str) -> list[Passage]:
        """Return the passages of a document in order."""
        return [p for p, _ in self.store.passages(self.store.rows_where("doc_id", doc_id))]

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""
        return self.store.document(doc_id)

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""
        return self.sparse.document_frequency(term)


def _kept(rows: NDArray[np.int64], scores: Vectors, without: frozenset[int]) -> dict[int, float]:
    """Return row -> score in the order of the ranks."""
    pairs = zip(rows.tolist(), scores.tolist(), strict=True)
    return {row: score for row, score in pairs if row not in without}


def fuse(
    dense: NDArray[np.float64], sparse: NDArray[np.float64], dense_weight: float
) -> NDArray[np.float64]:
    """Return the convex combination of two score lists, each scaled to 0..1."""
    return dense_weight * _scaled(dense) + (1 - dense_weight) * _scaled(sparse)


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    if scores.size == 0:
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
