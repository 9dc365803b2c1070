"""The pipeline from a question to an Answer: rewrite, retrieve, rank, judge, select, compose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from assistant.answering.compose import cite, notices, related
from assistant.answering.confidence import measure_coverage, probability
from assistant.answering.faq import match_faq
from assistant.answering.features import Candidate
from assistant.answering.followup import stand_alone
from assistant.answering.question import Question, read_question
from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.rewrite import Rewritten, rewrite
from assistant.answering.select import Selection, rank, select
from assistant.datatypes import Answer, CorpusInfo, FaqMatch, Notice, Outcome

ANSWERED, PARTLY = 0.50, 0.10


def answer_question(
    raw: str, retriever: Retriever, info: CorpusInfo, answer_id: str = "", previous: str = ""
) -> Answer:
    """Return the answer to a question, from the documents alone.

    Args:
        raw: The question as typed.
        retriever: Searches the index.
        info: The corpus's disclaimer and aliases.
        answer_id: The answer's id; by default a hash of the question.
        previous: The question asked before, from which a follow-up inherits its topic.

    Raises:
        QuestionError: When the question is empty, too long or without a word.
    """
    asked = read_question(raw).text
    alone = stand_alone(asked, previous, retriever.encoder.encode, retriever.idf)
    rewritten = rewrite(alone, retriever.index, info.aliases)
    question = read_question(rewritten.text)
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
    statements, citations = cite(selections, retriever)
    match = FaqMatch(entry.faq_id, entry.question) if entry and outcome == "faq" else None
    passages = [selection.passage for selection in selections]
    return Answer(
        id=answer_id or _answer_id(asked),
        question=asked,
        resolved_question=rewritten.text,
        outcome=outcome,
        confidence=round(confidence, 3),
        statements=statements,
        citations=citations,
        disclaimer=info.disclaimer,
        faq=match,
        notices=(*_changes(rewritten), *notices(outcome, question, retriever, passages)),
        related=related(question, retrieved.hits, match.question if match else ""),
    )


def _changes(rewritten: Rewritten) -> tuple[Notice, ...]:
    """Return a notice for the words that were corrected, so that a reader can undo it."""
    if not rewritten.corrected:
        return ()
    shown = "; ".join(f"“{new}” instead of “{old}”" for old, new in rewritten.corrected)
    return (Notice("spelling", "info", f"Searched for {shown}."),)


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


def _answer_id(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
