"""The pipeline from a question to an Answer: triage, rewrite, retrieve, match, judge, compose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import answered
from assistant.answering.caution import find_caution
from assistant.answering.compose import cite, notices, related, strange_words
from assistant.answering.confidence import measure_coverage, probability, strange_pair
from assistant.answering.faq import FaqHit, FaqIndex
from assistant.answering.features import Candidate, coverage
from assistant.answering.followup import stand_alone
from assistant.answering.intents import asks_for
from assistant.answering.quantity import lacking
from assistant.answering.question import Question, read_question
from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.rewrite import Rewritten, rewrite
from assistant.answering.safety import Triage, triage
from assistant.answering.select import Selection, best_of, rank, select
from assistant.answering.smalltalk import introduction, is_small_talk
from assistant.datatypes import Answer, CorpusInfo, FaqMatch, Notice, Outcome
from assistant.protocols import Verifier
from assistant.words import term_set

ANSWERED, PARTLY = 0.50, 0.10
_AT_MOST_PARTLY = 0.45
_PART_TERMS = 2
_HELD = 0.33  # with a name that the documents do not have, less is about something else
_CLEARLY_MORE = 0.3  # of the weight of the question's terms


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers are made from: the search, the FAQ entries and the corpus's own facts."""

    retriever: Retriever
    faq: FaqIndex
    info: CorpusInfo
    verifier: Verifier


@dataclass(frozen=True, slots=True)
class _Found:
    """What a question came to before it is composed."""

    outcome: Outcome
    confidence: float
    selections: Sequence[Selection]
    entry: FaqHit | None = None
    strange: Sequence[str] = ()


def answer_question(
    raw: str, sources: Sources, answer_id: str = "", previous: str = ""
) -> tuple[Answer, list[FaqHit]]:
    """Return the answer to a question, from the documents alone, and the nearest FAQ entries.

    Args:
        raw: The question as typed.
        sources: What answers are made from.
        answer_id: The answer's id; by default a hash of the question and what it inherits.
        previous: The question asked before, from which a follow-up inherits its topic.

    Raises:
        QuestionError: When the question is empty, too long or without a word.
    """
    retriever, info = sources.retriever, sources.info
    asked = read_question(raw).text
    alone = stand_alone(asked, previous, retriever.encoder.encode, retriever.idf)
    rewritten = rewrite(alone, retriever.index, info.aliases, retriever.encoder.is_common)
    question = read_question(rewritten.text)
    retrieved = retriever.retrieve(question)
    entries = sources.faq.search(question.text, states=retrieved.asked)
    concern = triage(asked) or triage(alone)
    found = _find(question, retrieved, entries, sources, concern)
    if found.outcome == "partly" and is_small_talk(asked):
        found = _Found("not_covered", found.confidence * PARTLY, [])
    statements, citations = cite(found.selections, retriever)
    matched = FaqMatch(found.entry.faq_id, found.entry.question) if found.entry else None
    answer = Answer(
        id=answer_id or _answer_id(asked if alone == asked else f"{asked}\n{alone}"),
        question=asked,
        resolved_question=rewritten.text,
        outcome=found.outcome,
        confidence=round(found.confidence, 3),
        statements=statements,
        citations=citations,
        disclaimer=info.disclaimer,
        faq=matched,
        notices=(
            *_concern(concern),
            *_changes(rewritten),
            *notices(found.outcome, question, retriever, found.selections, found.strange),
        ),
        related=()
        if concern is not None and concern.level == "urgent"
        else related(question, retrieved.hits, matched.question if matched else ""),
    )
    if answer.outcome == "not_covered" and is_small_talk(asked):
        notice, examples = introduction(info)
        answer = replace(answer, notices=(notice,), related=examples or answer.related)
    return answer, entries


def _find(
    question: Question,
    retrieved: Retrieved,
    entries: Sequence[FaqHit],
    sources: Sources,
    concern: Triage | None,
) -> _Found:
    if concern is not None and concern.kind == "self_harm":
        return _Found("referred", 0.0, [])
    if concern is not None and concern.refer:
        caution = find_caution(
            sources.retriever, question, retrieved.asked.vector, concern.caution_terms
        )
        return _Found("referred", 0.0, [caution] if caution else [])
    ranked = rank(question, retrieved.candidates)
    confidence = _confidence(question, retrieved, ranked, sources)
    if _asks_for_part(question, ranked, sources.retriever):
        confidence = max(confidence, ANSWERED)
    entry = sources.faq.match(entries)
    if entry is not None and not _told_better(question, ranked, entry, sources.retriever):
        return _Found("faq", max(confidence, entry.probability), [entry.selection], entry)
    if confidence >= PARTLY:
        pair = strange_pair(retrieved, ranked, sources.retriever.index.document_frequency)
        strange = bool(pair or strange_words(question, sources.retriever))
        if strange and _held(question, ranked, sources.retriever) < _HELD:
            return _Found("not_covered", confidence * PARTLY, [], strange=pair)
        selections = select(question, ranked, retrieved.repeats)
        if strange or (selections and lacking(question.text, best_of(selections).text)):
            confidence = min(confidence, _AT_MOST_PARTLY)
        outcome: Outcome = "answered" if confidence >= ANSWERED else "partly"
        return _Found(outcome, confidence, selections, strange=pair)
    return _Found("not_covered", confidence, [])


def _held(
    question: Question, ranked: Sequence[tuple[float, Candidate]], retriever: Retriever
) -> float:
    """Return which share of what is asked about, by weight, the best sentence holds."""
    weights = {term: retriever.idf(term) for term in question.subject}
    best = ranked[0][1]
    return coverage(weights, best.found | term_set(best.hit.passage.context))


def _asks_for_part(
    question: Question, ranked: Sequence[tuple[float, Candidate]], retriever: Retriever
) -> bool:
    """Tell whether a short question names nothing but a part of the documents that they have."""
    if not ranked or len(question.subject) > _PART_TERMS:
        return False
    known = all(retriever.index.document_frequency(term) for term in question.subject)
    return known and asks_for(question.text, ranked[0][1].hit.passage)


def _told_better(
    question: Question,
    ranked: Sequence[tuple[float, Candidate]],
    entry: FaqHit,
    retriever: Retriever,
) -> bool:
    """Tell whether the best sentence, outside the entry, has clearly more of what is asked."""
    best = ranked[0][1] if ranked else None
    if best is None or best.hit.row in entry.entry.rows:
        return False
    weights = {term: retriever.idf(term) for term in question.subject}
    inside = coverage(weights, term_set(f"{entry.question}\n{entry.entry.answer}"))
    outside = coverage(weights, best.found | term_set(best.hit.passage.context))
    return outside > inside + _CLEARLY_MORE


def _concern(concern: Triage | None) -> tuple[Notice, ...]:
    return (Notice(concern.kind, concern.level, concern.text),) if concern else ()


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
    sources: Sources,
) -> float:
    """Return the probability that the documents answer the question."""
    if not ranked:
        return 0.0
    retriever = sources.retriever
    frequency = {t: retriever.index.document_frequency(t) for t in question.subject}
    features = measure_coverage(question, retrieved, ranked, retriever.idf, frequency)
    covered = probability(features)
    values = answered.measure_answers(question.text, covered, ranked, sources.verifier)
    return answered.probability(values)


def _answer_id(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
