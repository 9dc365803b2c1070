"""Selections -> an Answer: statements, numbered citations, related questions, notices.

Every statement is a slice of a document and equals the quote of its first citation; the
datatypes refuse anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from assistant.answering.confidence import measure_coverage, probability
from assistant.answering.faq import match_faq
from assistant.answering.features import Candidate
from assistant.answering.question import Question, read_question
from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.select import Selection, rank, select
from assistant.datatypes import (
    Answer,
    Citation,
    CorpusInfo,
    FaqMatch,
    Hit,
    Notice,
    Outcome,
    Passage,
    Statement,
)

ANSWERED, PARTLY = 0.50, 0.10
_RELATED = 4


def answer_question(
    raw: str, retriever: Retriever, info: CorpusInfo, answer_id: str = ""
) -> Answer:
    """Return the answer to a question, from the documents alone.

    Raises:
        QuestionError: When the question is empty, too long or without a word.
    """
    question = read_question(raw)
    retrieved = retriever.retrieve(question)
    ranked = rank(question, retrieved.candidates)
    confidence = _confidence(question, retrieved, ranked, retriever)
    entry = match_faq(retrieved, retriever)
    if entry is not None:
        confidence = max(confidence, entry.similarity)
    outcome = _outcome(confidence, entry is not None)
    selections: list[Selection] = []
    if outcome == "faq" and entry is not None:
        selections = [entry.selection]
    elif outcome != "not_covered":
        selections = select(question, ranked)
    statements, citations = _cite(selections, retriever)
    match = FaqMatch(entry.faq_id, entry.question) if entry and outcome == "faq" else None
    return Answer(
        id=answer_id or _answer_id(question.text),
        question=question.text,
        outcome=outcome,
        confidence=round(confidence, 4),
        statements=statements,
        citations=citations,
        disclaimer=info.disclaimer,
        faq=match,
        notices=_notices(outcome, question, retriever, [s.passage for s in selections]),
        related=_related(question, retrieved.hits, match, retriever),
    )


def _confidence(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[tuple[float, Candidate]],
    retriever: Retriever,
) -> float:
    if not ranked:
        return 0.0
    frequency = {t: retriever.index.document_frequency(t) for t in question.subject}
    return probability(measure_coverage(question, retrieved, ranked, retriever.idf, frequency))


def _outcome(confidence: float, is_faq: bool) -> Outcome:
    if is_faq:
        return "faq"
    if confidence >= ANSWERED:
        return "answered"
    return "partly" if confidence >= PARTLY else "not_covered"


def _cite(
    selections: Sequence[Selection], retriever: Retriever
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    statements: list[Statement] = []
    citations: list[Citation] = []
    for selection in selections:
        numbers: list[int] = []
        for source in (selection, *selection.also):
            numbers.append(len(citations) + 1)
            citations.append(_citation(source, len(citations) + 1, retriever))
        statements.append(Statement(selection.text, tuple(numbers)))
    return tuple(statements), tuple(citations)


def _citation(selection: Selection, number: int, retriever: Retriever) -> Citation:
    passage = selection.passage
    document = retriever.index.document(passage.doc_id)
    return Citation(
        number=number,
        doc_id=passage.doc_id,
        title=passage.title,
        heading=passage.heading,
        quote=selection.text,
        start=selection.start,
        end=selection.end,
        page=passage.page,
        url=document.url if document else "",
    )


def _notices(
    outcome: Outcome, question: Question, retriever: Retriever, passages: Sequence[Passage]
) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    for name in dict.fromkeys(p.heading[-1] for p in passages if p.kind in ("reality", "belief")):
        myth = name.removeprefix("Myth: ").rstrip(".")
        notices.append(Notice("myth", "info", f"The document lists this as a myth: “{myth}”."))
    unknown = [t for t in question.subject if retriever.index.document_frequency(t) == 0]
    if outcome in ("not_covered", "partly"):
        notices.append(Notice("coverage", "info", _reason(outcome, question, unknown)))
    return tuple(notices)


def _reason(outcome: Outcome, question: Question, unknown: Sequence[str]) -> str:
    missing = question.surface(unknown)
    if outcome == "not_covered":
        if missing:
            return f"Not covered: the documents do not mention {missing}."
        return "Not covered: no passage of the documents answers this."
    if missing:
        return f"Partly covered: the documents do not mention {missing}."
    return "Partly covered: the documents touch on this; check whether it answers you."


def _related(
    question: Question, hits: Sequence[Hit], match: FaqMatch | None, retriever: Retriever
) -> tuple[str, ...]:
    """Return FAQ questions and topics near the question, those of the best passages first."""
    found: list[str] = []
    for hit in hits:
        passage = hit.passage
        if passage.kind == "faq" and passage.heading:
            found.append(passage.heading[-1])
        elif passage.kind == "prose" and passage.heading:
            found.append(_as_question(passage.heading[-1]))
    asked = question.text.casefold().rstrip("?. ")
    unique = [q for q in dict.fromkeys(found) if q.casefold().rstrip("?. ") != asked]
    if match is not None:
        unique = [q for q in unique if q != match.question]
    return tuple(unique[:_RELATED])


def _as_question(heading: str) -> str:
    return heading if heading.endswith("?") else f"What do the documents say about “{heading}”?"


def _answer_id(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
