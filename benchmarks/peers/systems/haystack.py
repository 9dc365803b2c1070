"""Haystack: the hybrid pipeline of its tutorial over the in-memory store, kept by save_to_disk.

It differs from the tutorial in the joiner's mode (reciprocal rank fusion in place of plain
concatenation, in its favour) and leaves out the cross-encoder at the end, whose weights are not
among those compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.collection import CORPUS_FILE, read_records
from benchmarks.peers.protocol import CANDIDATES, first_of_each, model_folder

_STORE = "store.json"


@dataclass(slots=True)
class Haystack:
    """Splitter, embedder and writer; then embedder, two retrievers and a joiner."""

    embedder: Any = None
    pipeline: Any = None

    def prepare(self) -> None:
        """Import the packages and load the model, which both embedders share."""
        import haystack.components.joiners
        import haystack.components.preprocessors
        import haystack.components.retrievers.in_memory
        import haystack.document_stores.in_memory  # noqa: F401  # part of what is timed here
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        self.embedder = SentenceTransformersTextEmbedder(
            model=model_folder(), device=_cpu(), progress_bar=False
        )
        self.embedder.warm_up()

    def index(self, corpus: Path, folder: Path) -> None:
        """Run the indexing pipeline and save the store."""
        from haystack import Document, Pipeline
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        documents = [
            Document(id=record.doc_id, content=record.whole)
            for record in read_records(corpus / CORPUS_FILE)
        ]
        store = InMemoryDocumentStore()
        pipeline = Pipeline()
        splitter = DocumentSplitter(split_by="word", split_length=512, split_overlap=32)
        pipeline.add_component("splitter", splitter)
        embedder = SentenceTransformersDocumentEmbedder(
            model=model_folder(), device=_cpu(), progress_bar=False
        )
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("writer", DocumentWriter(store))
        pipeline.connect("splitter", "embedder")
        pipeline.connect("embedder", "writer")
        pipeline.run({"splitter": {"documents": documents}})
        store.save_to_disk(str(folder / _STORE))

    def load(self, corpus: Path, folder: Path) -> None:
        """Open the store and build the query pipeline."""
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import (
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(folder / _STORE))
        pipeline = Pipeline()
        pipeline.add_component("embedder", self.embedder)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=CANDIDATES))
        pipeline.add_component("lexical", InMemoryBM25Retriever(store, top_k=CANDIDATES))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("lexical", "joiner")
        self.pipeline = pipeline

    def search(self, query: str, k: int) -> Sequence[tuple[str, str]]:
        """Return the best documents with their best split's text."""
        found = self.pipeline.run({"embedder": {"text": query}, "lexical": {"query": query}})
        hits = found["joiner"]["documents"]
        return first_of_each(((hit.meta["source_id"], hit.content) for hit in hits), k)


def _cpu() -> Any:
    from haystack.utils import ComponentDevice

    return ComponentDevice.from_str("cpu")


def system() -> Haystack:
    """Return the adapter."""
    return Haystack()
