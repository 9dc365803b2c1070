"""One open, immutable generation of an index: search it, and read what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Document, Vectors
from assistant.errors import REBUILD, IndexStateError
from assistant.indexing.dense import APPROXIMATE, VECTORS, DenseIndex
from assistant.indexing.fusion import Fused
from assistant.indexing.generations import hold
from assistant.indexing.manifest import Manifest, load_manifest
from assistant.indexing.sparse import SparseIndex
from assistant.indexing.store import Store
from assistant.lately import Lately
from assistant.models.weights import file_sha256

CHECKED_BYTES = 64 * 1024 * 1024  # a file up to this size is hashed on opening, about 0.1 s
_KEPT_CHARS = 4_000_000  # of the documents last read, all together
STORE, SENTENCES, LEXICAL = "texts.sqlite", "sentences.npy", "lexical"


class LocalIndex(Fused):
    """A generation opened for reading."""

    dense: DenseIndex
    sparse: SparseIndex
    store: Store

    def __init__(self, folder: Path, model: str) -> None:
        """Open the generation in a folder.

        Raises:
            IndexStateError: When it is damaged or was made by another format or model.
        """
        self.folder = folder
        self._let_go = hold(folder, self)
        self.manifest: Manifest = load_manifest(folder, model)
        check_parts(folder, self.manifest.parts)
        self.dense = DenseIndex.load(folder, self.manifest.dense)
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

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the vectors of a passage's sentences, shape (sentences, dim)."""
        (passage, first), *_ = self.store.passages([row])
        return self.sentence_rows(first, len(passage.sentences)).astype(np.float32)

    def sentence_rows(self, first: int, count: int) -> NDArray[np.float16]:
        """Return rows of the sentence vectors, shape (count, dim)."""
        return np.asarray(self._sentences[first : first + count])

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""
        return self._documents.get(doc_id, lambda: self.store.document(doc_id))


def _weight(document: Document | None) -> int:
    return 1_000 + (len(document.text) if document else 0)


def parts_of(folder: Path) -> dict[str, str]:
    """Return name -> SHA-256 of every file that answers are made from, the lexical ones too."""
    lexical = (p for p in (folder / LEXICAL).rglob("*") if p.is_file() and p.suffix != ".lock")
    paths = [folder / STORE, folder / VECTORS, folder / SENTENCES, folder / APPROXIMATE, *lexical]
    return {p.relative_to(folder).as_posix(): file_sha256(p) for p in paths if p.exists()}


def check_parts(folder: Path, parts: Mapping[str, str], *, whole: bool = False) -> None:
    """Compare the files' hashes with the manifest's.

    Large files, which take long to read, are only looked for unless ``whole`` is true.

    Raises:
        IndexStateError: When one is missing or differs.
    """
    for name, expected in sorted(parts.items()):
        path = folder / name
        small = path.is_file() and (whole or path.stat().st_size <= CHECKED_BYTES)
        if not path.is_file() or (small and file_sha256(path) != expected):
            raise IndexStateError(f"The file {path} of the index is missing or altered; {REBUILD}")
