"""This project through its public facade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Project:
    """``Assistant.open`` builds or opens; ``search`` ranks documents by their best passage."""

    encoder: Any = None
    assistant: Any = None

    def prepare(self) -> None:
        """Import the package and load the encoder."""
        import assistant.assistant  # noqa: F401  # part of what is timed here
        from assistant.config import read_settings
        from assistant.models import load_encoder

        self.encoder = load_encoder(read_settings())

    def index(self, corpus: Path, folder: Path) -> None:
        """Build the index, FAQ entries included, and open it."""
        self.load(corpus, folder)

    def load(self, corpus: Path, folder: Path) -> None:
        """Open the index after the check that it agrees with the corpus."""
        from assistant.assistant import Assistant
        from assistant.config import read_settings

        settings = read_settings(corpus=corpus, index=folder)
        self.assistant = Assistant.open(settings, encoder=self.encoder)

    def search(self, query: str, k: int) -> Sequence[tuple[str, str]]:
        """Return the best documents with their best passage's text."""
        hits = self.assistant.search(query, k, level="document")
        return [(hit.passage.doc_id, hit.passage.text) for hit in hits]


def system() -> Project:
    """Return the adapter."""
    return Project()
