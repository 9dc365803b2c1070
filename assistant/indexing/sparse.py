"""The lexical index: BM25 over the terms of title, headings and text, by tantivy.

Terms are made by ``assistant.words`` for documents and queries alike, so tantivy only sees
them separated by spaces. BM25 uses tantivy's constants, k1 = 1.2 and b = 0.75 (Robertson and
Zaragoza, The Probabilistic Relevance Framework, 2009), softened by EXTRA_LENGTH words that are
added to every passage. The only module that imports tantivy.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.errors import REBUILD, IndexStateError
from assistant.indexing.bm25 import EXTRA_LENGTH

_WRITER_BYTES = 64 * 1024 * 1024
_TERMS, _ROW = "terms", "row"
_FILLING = " §" * EXTRA_LENGTH  # no term of a text: a word has a letter or a digit


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERMS, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field(_ROW, stored=False, fast=True)
    return builder.build()


class SparseWriter:
    """Writes the lexical index of a new generation.

    Raises:
        OSError: When the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        with _as_os_error(folder):
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._writer = self._index.writer(_WRITER_BYTES, 1)

    def add(self, row: int, terms: Sequence[str]) -> None:
        """Add the terms of the passage of a row."""
        document = tantivy.Document()
        document.add_text(_TERMS, " ".join(terms) + _FILLING)
        document.add_unsigned(_ROW, row)
        with _as_os_error(self._folder):
            self._writer.add_document(document)

    def close(self) -> None:
        """Write what is left and wait for the merges."""
        with _as_os_error(self._folder):
            self._writer.commit()
            self._writer.wait_merging_threads()


@contextlib.contextmanager
def _as_os_error(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise OSError(errno.EIO, f"the lexical index: {error}", str(folder)) from error


def _linked(folder: Path) -> Path:
    place = Path(tempfile.mkdtemp(prefix="lexical-"))
    if folder.is_dir():
        for path in folder.iterdir():
            (place / path.name).symlink_to(path)
    for lock in place.glob(".*.lock"):
        lock.unlink()
    return place


class SparseIndex:
    """An on-disk BM25 index; row numbers are those of the passages."""

    def __init__(self, index: Any) -> None:  # tantivy ships no types
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def load(cls, folder: Path) -> SparseIndex:
        """Open an index on disk.

        Raises:
            IndexStateError: When tantivy cannot read the folder.
        """
        # Tantivy locks a file of the folder even to read; where it cannot, it gets a folder of
        # links to the same files.
        place = folder if os.access(folder, os.W_OK) else _linked(folder)
        try:
            index = cls(tantivy.Index.open(str(place)))
        except (ValueError, OSError) as error:
            raise IndexStateError(f"The lexical index in {folder} is damaged; {REBUILD}") from error
        if place != folder:
            weakref.finalize(index, shutil.rmtree, place, ignore_errors=True)
        return index

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows of the ``k`` best passages for the terms, and their BM25 scores."""
        query = self._query(terms)
        if query is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        hits = self._searcher.search(query, limit=k, count=False).hits
        addresses = [address for _, address in hits]
        rows = self._searcher.fast_field_values(_ROW, addresses) if addresses else []
        scores = [score for score, _ in hits]
        return np.asarray(rows, dtype=np.int64), np.asarray(scores, dtype=np.float32)

    def _query(self, terms: Sequence[str]) -> Any:
        parts = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _TERMS, term, "freq"))
            for term in dict.fromkeys(terms)
        ]
        return tantivy.Query.boolean_query(parts) if parts else None

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term occurs."""
        return int(self._searcher.doc_freq(_TERMS, term))
