"""Vectors of passages in FAISS: exact inner-product search over vectors of length 1.

The only module that imports faiss. Scores are cosines; ties are broken by the caller.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.errors import REBUILD, IndexStateError


class DenseIndex:
    """A flat FAISS index; row numbers are those of the passages."""

    def __init__(self, index: Any) -> None:  # faiss ships no types
        self._index = index

    @classmethod
    def empty(cls, dim: int) -> DenseIndex:
        """Return an index without rows for vectors of a dimension."""
        import faiss

        return cls(faiss.IndexFlatIP(dim))

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> DenseIndex:
        """Return an index of the rows of an array of shape (passages, dim)."""
        index = cls.empty(vectors.shape[1])
        index.add(vectors)
        return index

    def add(self, vectors: Vectors) -> None:
        """Append rows, shape (rows, dim)."""
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read an index from disk.

        Raises:
            IndexStateError: When FAISS cannot read the file.
        """
        import faiss

        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexStateError(f"The vectors in {path} are damaged; {REBUILD}") from error

    def save(self, path: Path) -> None:
        """Write the index to a file.

        Raises:
            OSError: When it cannot be written.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(errno.ENOSPC, "the vectors cannot be written", str(path)) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` nearest passages, best first, and their cosines."""
        scores, rows = self._index.search(query.reshape(1, -1), min(k, len(self)))
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the stored vectors of some rows, shape (len(rows), dim)."""
        if len(rows) == 0:
            return np.zeros((0, self._index.d), dtype=np.float32)
        result: Vectors = self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return result

    def all_vectors(self) -> Vectors:
        """Return every stored vector, shape (passages, dim)."""
        result: Vectors = self._index.reconstruct_n(0, len(self))
        return result
