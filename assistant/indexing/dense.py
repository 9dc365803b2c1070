"""Vectors of passages: a memory-mapped array, searched by FAISS, exactly or nearly so.

Up to ``FLAT_UP_TO`` passages every vector is compared with the query. Above that an inverted
file of 8-bit vectors (IVF-SQ8) gives the candidates, and their cosines are computed exactly from
the array; how many of its lists a query visits is found by measurement when it is built. Both
files are mapped, so what serving needs of them is in the page cache and not in the process.

The only module that imports faiss. Scores are cosines; ties are broken by the caller.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.errors import REBUILD, IndexStateError

VECTORS, APPROXIMATE = "passages.npy", "passages.ivf"
FLAT_UP_TO = 50_000  # passages: exact search takes some 12 ms of a core there
RECALL = 0.985  # recall@10 against flat that a build asks for, above the 0.97 that is promised
_TRAINED_ON = 64  # vectors for each list, drawn for k-means
_ROUNDS = 8  # of k-means
_AT_ONCE = 65_536  # vectors added in one go: 100 MB
_PROBES = (48, 64, 96, 128, 192, 256, 384, 512)
_LEAST = 32  # one list of so many is visited anyway: questions are farther off than sentences
_SPARE = 100  # candidates above the k asked for, re-scored with them
_K = 10
_SAME = 1e-5  # cosines this near are equal: the sums differ in their order
Plan = Mapping[str, Any]  # how a generation's vectors are searched, as its manifest has it
FLAT: Plan = {"kind": "flat"}


class DenseIndex:
    """Vectors of length 1, shape (passages, dim); row numbers are those of the passages.

    ``approximate`` is a FAISS index over the same rows of which a query visits ``probes`` lists;
    without it search is exact.
    """

    def __init__(self, vectors: Vectors, approximate: Any = None, probes: int = 0) -> None:
        self._vectors = vectors
        self._approximate = approximate  # faiss ships no types
        self._probes = probes

    @classmethod
    def load(cls, folder: Path, plan: Plan = FLAT) -> DenseIndex:
        """Open the vectors of a generation as its manifest says.

        Raises:
            IndexStateError: When a file is missing or damaged.
        """
        vectors = map_vectors(folder / VECTORS)
        if plan["kind"] == "flat":
            return cls(vectors)
        import faiss

        path = folder / APPROXIMATE
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexStateError(f"The vectors in {path} are damaged; {REBUILD}") from error
        if index.ntotal != len(vectors):
            raise IndexStateError(f"The vectors in {path} are incomplete; {REBUILD}")
        return cls(vectors, index, int(plan["probes"]))

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` nearest passages, best first, and their cosines.

        ``query`` has shape (dim,).
        """
        k = min(k, len(self))
        if self._approximate is None:
            rows, scores = flat_search(self._vectors, query.reshape(1, -1), k)
            return rows[0], scores[0]
        import faiss

        visit: Any = faiss.SearchParametersIVF(nprobe=self._probes)  # type: ignore[call-arg]
        wanted = min(k + _SPARE, len(self))
        _, found = self._approximate.search(query.reshape(1, -1), wanted, params=visit)
        rows = np.sort(found[0][found[0] >= 0])  # in the order of the file
        cosines: Vectors = self._vectors[rows] @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return rows[best], cosines[best]

    def exact(self) -> DenseIndex:
        """Return the same vectors searched exactly, to measure by."""
        return DenseIndex(self._vectors)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the stored vectors of some rows, shape (len(rows), dim)."""
        return np.asarray(self._vectors[np.asarray(rows, dtype=np.int64)])

    def all_vectors(self) -> Vectors:
        """Return every stored vector, shape (passages, dim)."""
        return self._vectors


def map_vectors(path: Path) -> Vectors:
    """Map a .npy file of vectors, shape (rows, dim), float32.

    Raises:
        IndexStateError: When it is missing or damaged.
    """
    try:
        # A plain array over the mapping: numpy's own class costs more at each slice.
        found: Vectors = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexStateError(f"The vectors in {path} are damaged; {REBUILD}") from error
    if found.ndim != 2 or found.dtype != np.float32:
        raise IndexStateError(f"The vectors in {path} are damaged; {REBUILD}")
    return found


def flat_search(vectors: Vectors, queries: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
    """Compare queries, shape (queries, dim), with every vector.

    Returns:
        Rows and cosines of the ``k`` nearest, shape (queries, k), best first.
    """
    import faiss

    queries = np.ascontiguousarray(queries, dtype=np.float32)
    scores, rows = faiss.knn(queries, vectors, k, metric=faiss.METRIC_INNER_PRODUCT)
    return rows, scores


def build_approximate(folder: Path, queries: Vectors, *, flat_up_to: int = FLAT_UP_TO) -> Plan:
    """Make the approximate index of a generation whose vectors are written, where it pays.

    Only the 8-bit copies are held in memory while it is built. ``queries``, shape (queries,
    dim), stand for what will be asked: the number of lists a query visits is the smallest that
    finds ``RECALL`` of their ten nearest passages.

    Raises:
        OSError: When the file cannot be written.
    """
    vectors = map_vectors(folder / VECTORS)
    if len(vectors) <= flat_up_to or not len(queries):
        return FLAT
    import faiss

    count, dim = vectors.shape
    lists = list_count(count)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, lists, faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT, False,
    )  # fmt: skip
    index.cp.niter = _ROUNDS
    index.cp.spherical = True
    index.train(_drawn(vectors, lists * _TRAINED_ON))
    for at in range(0, count, _AT_ONCE):
        index.add(np.ascontiguousarray(vectors[at : at + _AT_ONCE]))
    probes, recall = _tune(DenseIndex(vectors, index), queries, lists)
    try:
        faiss.write_index(index, str(folder / APPROXIMATE))
    except RuntimeError as error:
        place = str(folder / APPROXIMATE)
        raise OSError(errno.ENOSPC, "the vectors cannot be written", place) from error
    return {"kind": "ivf-sq8", "lists": lists, "probes": probes, "recall_at_10": round(recall, 4)}


def list_count(vectors: int) -> int:
    """Return into how many lists vectors are sorted: near twice the root, a power of two."""
    return int(2 ** max(4, round(np.log2(2 * np.sqrt(vectors)))))


def recall_at(found: list[Vectors], wanted: Vectors) -> float:
    """Return the share of what should be found that was, from cosines of both.

    ``wanted``, shape (queries, k), are those of exact search. What is found counts when it is as
    near as the last of those: among passages that are equal no search can tell which to name.
    """
    hits = sum(int((a >= b[-1] - _SAME).sum()) for a, b in zip(found, wanted, strict=True))
    return float(hits / wanted.size)


def _tune(index: DenseIndex, queries: Vectors, lists: int) -> tuple[int, float]:
    k = min(_K, len(index))
    _, wanted = flat_search(index.all_vectors(), queries, k)
    recall = 0.0
    for probes in (*(p for p in _PROBES if lists // _LEAST <= p < lists), lists):
        index = DenseIndex(index.all_vectors(), index._approximate, probes)
        recall = recall_at([index.search(query, k)[1] for query in queries], wanted)
        if recall >= RECALL:
            break
    return probes, recall


def _drawn(vectors: Vectors, count: int) -> Vectors:
    if count >= len(vectors):
        return np.ascontiguousarray(vectors)
    rows = np.random.default_rng(0).choice(len(vectors), count, replace=False)
    return np.ascontiguousarray(vectors[np.sort(rows)])
