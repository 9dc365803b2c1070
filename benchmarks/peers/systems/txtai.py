"""txtai: one Embeddings database with ``hybrid`` and ``content``, kept by its own ``save``.

Its own fusion draws ten candidates for each result wanted. ``maxlength`` makes it read the
model's limit of 256 tokens, as the others do; without it it embeds up to 512, which takes longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.collection import CORPUS_FILE, read_records
from benchmarks.peers.protocol import model_folder


@dataclass(slots=True)
class Txtai:
    """An ``Embeddings`` database."""

    embeddings: Any = None

    def prepare(self) -> None:
        """Import the package and load the model."""
        from txtai import Embeddings

        self.embeddings = Embeddings(
            {
                "path": model_folder(),
                "hybrid": True,
                "content": True,
                "maxlength": True,
                "gpu": False,
            },
            models={},  # shared with what ``load`` makes, or the model is loaded twice
        )

    def index(self, corpus: Path, folder: Path) -> None:
        """Index and save."""
        rows = ((r.doc_id, r.whole, None) for r in read_records(corpus / CORPUS_FILE))
        self.embeddings.index(rows)
        self.embeddings.save(str(folder))

    def load(self, corpus: Path, folder: Path) -> None:
        """Open the saved database with the model at hand."""
        self.embeddings.load(str(folder))

    def search(self, query: str, k: int) -> Sequence[tuple[str, str]]:
        """Return the best documents with their text."""
        return [(hit["id"], hit["text"]) for hit in self.embeddings.search(query, k)]


def system() -> Txtai:
    """Return the adapter."""
    return Txtai()
