"""Selections -> statements with numbered citations, notices and related questions.

Every statement is a slice of a document and equals the quote of its first citation; the
datatypes refuse anything else.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.quantity import lacking
from assistant.answering.question import Question
from assistant.answering.retrieve import Retriever
from assistant.answering.select import Selection, best_of
from assistant.datatypes import Citation, Hit, Notice, Outcome, Statement
from assistant.errors import REBUILD, IndexStateError
from assistant.words import PART, terms

_RELATED = 4
_TELLING = 5  # letters of a stem that may say what is missing


def cite(
    selections: Sequence[Selection], retriever: Retriever
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Return a statement for each selection, and its citations numbered from 1."""
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
    if document is None or document.text[selection.start : selection.end] != selection.text:
        raise IndexStateError(f"A quote of {passage.doc_id} is not in the document; {REBUILD}")
    return Citation(
        number=number,
        doc_id=passage.doc_id,
        title=passage.title,
        heading=passage.heading,
        quote=selection.text,
        start=selection.start,
        end=selection.end,
        page=document.page_at(selection.start),
        page_unit=document.page_unit,
        url=document.url,
    )


def notices(
    outcome: Outcome,
    question: Question,
    retriever: Retriever,
    selections: Sequence[Selection],
    strange: Sequence[str] = (),
) -> tuple[Notice, ...]:
    """Return what a reader should know beside the answer: myths shown, what is not covered.

    ``strange`` are terms of the question that nothing in the documents comes near to.
    """
    passages = [selection.passage for selection in selections]
    notices: list[Notice] = []
    for name in dict.fromkeys(p.heading[-1] for p in passages if p.kind in ("reality", "belief")):
        myth = name.removeprefix("Myth: ").rstrip(".")
        notices.append(Notice("myth", "info", f"The document lists this as a myth: “{myth}”."))
    if outcome in ("not_covered", "partly"):
        reason = _reason(outcome, question, retriever, strange)
        if not reason and selections:
            reason = lacking(question.text, best_of(selections).text)
        reason = reason or "The documents touch on this; check whether it answers you."
        notices.append(Notice("coverage", "info", reason))
    return tuple(notices)


def strange_words(question: Question, retriever: Retriever) -> list[str]:
    """Return the terms that the documents do not have and that are no common words: names.

    A compound is judged by its parts, which are terms of their own.
    """
    return [
        term
        for term in _unknown(question, retriever)
        if PART.fullmatch(term)
        and not any(
            retriever.encoder.is_common(part)
            for word in question.written(term)
            for part in (word, *PART.findall(word))
            if term in terms(part)
        )
    ]


def _unknown(question: Question, retriever: Retriever) -> list[str]:
    """Return the terms that no passage has, not even written as one word without hyphens."""
    frequency = retriever.index.document_frequency
    return [t for t in question.subject if not frequency(t) and not frequency(t.replace("-", ""))]


def _reason(
    outcome: Outcome, question: Question, retriever: Retriever, strange: Sequence[str]
) -> str:
    named = strange_words(question, retriever) or list(strange)
    if not named:
        shortest = 1 if outcome == "not_covered" else _TELLING
        named = [t for t in _unknown(question, retriever) if len(t) >= shortest]
    if missing := question.surface(named):
        return f"The documents do not mention {missing}."
    if outcome == "not_covered":
        return "No passage of the documents answers this."
    return ""


def related(question: Question, hits: Sequence[Hit], matched: str) -> tuple[str, ...]:
    """Return FAQ questions and headings near the question, those of the best passages first."""
    found: list[str] = []
    for hit in hits:
        passage = hit.passage
        if passage.kind in ("faq", "prose") and passage.heading:
            found.append(passage.heading[-1])
    asked = question.text.casefold().rstrip("?. ")
    unique = [q for q in dict.fromkeys(found) if q.casefold().rstrip("?. ") != asked]
    return tuple([q for q in unique if q != matched][:_RELATED])
