"""What answering needs of an index, whoever keeps it: the files of a generation, or Milvus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Hit, Passage, Vectors
from assistant.indexing.manifest import Manifest
from assistant.indexing.store import Listed

DENSE_WEIGHT = 0.5  # of the cosines in the fusion


class DenseSearch(Protocol):
    """The vectors of passages; a row is a passage's number, whatever the numbers are."""

    def __len__(self) -> int:
        """Return the number of passages."""

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` nearest passages, best first, and their cosines."""

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the stored vectors of some rows, shape (len(rows), dim)."""


class LexicalSearch(Protocol):
    """BM25 over the terms of passages."""

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` best passages for the terms, and their scores."""

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""


class Texts(Protocol):
    """Documents and passages, read on demand."""

    def passages(self, rows: Iterable[int]) -> list[tuple[Passage, int]]:
        """Return passages in the order asked, each with a number its keeper knows it by."""

    def rows_where(self, column: str, value: object) -> list[int]:
        """Return the rows with this 'doc_id', 'kind' or 'passage_id', a document's in order."""

    def word_count(self, word: str) -> int:
        """Return in how many passages a folded word occurs."""

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return (word, passages) of words with this initial and a length in these bounds."""

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the corpus."""

    def listing(self) -> list[Listed]:
        """Return every document in the order of the corpus, without its text."""


class Index(Protocol):
    """An open index. ``folder`` is where what belongs to it on this machine may be kept."""

    folder: Path
    manifest: Manifest

    @property
    def dense(self) -> DenseSearch:
        """The vectors."""

    @property
    def sparse(self) -> LexicalSearch:
        """The terms."""

    @property
    def store(self) -> Texts:
        """The texts."""

    def __len__(self) -> int:
        """Return the number of passages."""

    def close(self) -> None:
        """Release what is held."""

    def search(
        self,
        query: Vectors,
        terms: Sequence[str],
        k: int,
        *,
        dense_weight: float = DENSE_WEIGHT,
        without: frozenset[int] = frozenset(),
    ) -> list[Hit]:
        """Return the ``k`` best passages for a query vector and its terms, best first."""

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""

    def passages_of(self, doc_id: str) -> list[Passage]:
        """Return the passages of a document in order."""

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""
