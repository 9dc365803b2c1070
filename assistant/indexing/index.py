"""One open, immutable generation of an index: search it, and read what it holds.

Fusion is convex: both score lists are scaled to 0..1 for the query and added with a weight
(Bruch, Gai and Ingber, ACM TOIS 2023). A passage that one side missed gets its true cosine
from the stored vector, and 0 from BM25, which is what a passage without the terms scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Hit, Passage, Vectors
from assistant.errors import REBUILD, IndexStateError
from assistant.indexing.dense import DenseIndex
from assistant.indexing.generations import hold
from assistant.indexing.manifest import Manifest, load_manifest
from assistant.indexing.sparse import SparseIndex
from assistant.indexing.store import Store
from assistant.lately import Lately
from assistant.models.weights import file_sha256

DENSE_WEIGHT = 0.5
_DEPTH = 200
_CHECKED_BYTES = 64 * 1024 * 1024  # a file up to this size is hashed on opening, about 0.1 s
_KEPT_CHARS = 4_000_000  # of the documents last read, all together
STORE, DENSE, SENTENCES, LEXICAL = "texts.sqlite", "passages.faiss", "sentences.npy", "lexical"


class Index:
    """A generation opened for reading."""

    def __init__(self, folder: Path, model: str) -> None:
        """Open the generation in a folder.

        Raises:
            IndexStateError: When it is damaged or was made by another format or model.
        """
        self.folder = folder
        self._let_go = hold(folder, self)
        self.manifest: Manifest = load_manifest(folder, model)
        check_parts(folder, self.manifest.parts)
        self.dense = DenseIndex.load(folder / DENSE)
        self.sparse = SparseIndex.load(folder / LEXICAL)
        self.store = Store(folder / STORE)
        try:
            self._sentences = np.load(folder / SENTENCES, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise IndexStateError(
                f"The sentence vectors in {folder} are damaged; {REBUILD}"
            ) from error
        if len(self.dense) != self.manifest.passages:
            raise IndexStateError(f"The index in {folder} is incomplete; {REBUILD}")
        self._documents: Lately[str, Document | None] = Lately(_KEPT_CHARS, _weight)

    def close(self) -> None:
        """Release the files; the generation may be removed from then on."""
        self.store.close()
        self._let_go()

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

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""
        (passage, first), *_ = self.store.passages([row])
        return self.sentence_rows(first, len(passage.sentences)).astype(np.float32)

    def sentence_rows(self, first: int, count: int) -> NDArray[np.float16]:
        """Return rows of the sentence vectors, shape (count, dim)."""
        return np.asarray(self._sentences[first : first + count])

    def passages_of(self, doc_id: str) -> list[Passage]:
        """Return the passages of a document in order."""
        return [p for p, _ in self.store.passages(self.store.rows_where("doc_id", doc_id))]

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""
        return self._documents.get(doc_id, lambda: self.store.document(doc_id))

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""
        return self.sparse.document_frequency(term)


def _weight(document: Document | None) -> int:
    return 1_000 + (len(document.text) if document else 0)


def check_parts(folder: Path, parts: Mapping[str, str]) -> None:
    """Compare the files' hashes with the manifest's, for files that are read in a moment.

    Raises:
        IndexStateError: When one is missing or differs.
    """
    for name, expected in sorted(parts.items()):
        path = folder / name
        small = path.is_file() and path.stat().st_size <= _CHECKED_BYTES
        if not path.is_file() or (small and file_sha256(path) != expected):
            raise IndexStateError(f"The file {path} of the index is missing or altered; {REBUILD}")


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
