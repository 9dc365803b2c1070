"""Frequently asked questions: a question close to an entry's own returns the entry whole."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.select import Selection

MATCH = 0.80


@dataclass(frozen=True, slots=True)
class FaqHit:
    """An entry, how near its question is (cosine), and its answer as a selection."""

    faq_id: str
    question: str
    similarity: float
    selection: Selection


def match_faq(retrieved: Retrieved, retriever: Retriever) -> FaqHit | None:
    """Return the entry whose question is nearest when it is near enough, else None."""
    best: FaqHit | None = None
    for hit in retrieved.hits:
        passage = hit.passage
        if passage.kind != "faq" or not passage.heading:
            continue
        similarity = retriever.heading_similarity(hit, retrieved.vector)
        if similarity >= MATCH and (best is None or similarity > best.similarity):
            whole = Selection(
                passage, passage.start, passage.end, similarity, len(passage.sentences)
            )
            best = FaqHit(passage.passage_id, passage.heading[-1], similarity, whole)
    return best
