"""The corpus's own words of caution on a matter, to be quoted where advice is sought."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.question import Question
from assistant.answering.retrieve import Retriever
from assistant.answering.select import Selection
from assistant.datatypes import Passage, Vectors
from assistant.words import term_set

_NEAR = 0.25  # cosine below which a caution without a shared term is about something else
_SENTENCES = 2


def find_caution(
    retriever: Retriever, question: Question, vector: Vectors, caution_terms: Sequence[str]
) -> Selection | None:
    """Return the notice of the documents that fits a question best, None where none does.

    Args:
        retriever: Searches the index.
        question: The question; a caution that names its subject comes first.
        vector: The question's vector.
        caution_terms: Words by which the caution can be known.
    """
    index = retriever.index
    rows = index.store.rows_where("kind", "notice")
    wanted = term_set(" ".join(caution_terms)).union(question.subject)
    scored: list[tuple[float, int, Passage]] = []
    for passage, row in zip((p for p, _ in index.store.passages(rows)), rows, strict=True):
        shared = len(wanted & term_set(passage.text))
        near = float(index.sentence_vectors(row).mean(axis=0) @ vector)
        if shared or near >= _NEAR:
            scored.append((shared + near, -row, passage))
    if not scored:
        return None
    score, _, passage = max(scored, key=lambda found: found[:2])
    end = passage.sentences[:_SENTENCES][-1].end
    return Selection(passage, passage.start, end, score, min(_SENTENCES, len(passage.sentences)))
