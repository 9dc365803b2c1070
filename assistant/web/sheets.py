"""Answers and verdicts -> pages made for printing: quotes, numbered sources, date, link."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Answer, Citation, Document, Verdict
from assistant.web.checkview import result_of
from assistant.web.escaping import escape
from assistant.web.pages import View, document_address, source_note
from assistant.web.render import (
    STATES,
    Documents,
    context_of,
    notice_line,
    quote_lines,
    readings,
    statement_leads,
)
from assistant.web.verdict import LABELS

PRINT = '<button type="button" class="view-print" hidden="">Print</button>'


def answer_view(answer: Answer, documents: Documents, made: str, saves: str) -> View:
    """Return an answer as a sheet; ``made`` is its date and link, ``saves`` links to files."""
    leads = statement_leads(answer, documents)
    statements = "".join(
        f'<li><span class="lead">{escape(lead)}</span><q>{quote_lines(statement.text)}</q> '
        f"{_numbers(statement.citations)}</li>"
        for lead, statement in zip(leads, answer.statements, strict=True)
    )
    sources = "".join(_source(c, documents(c.doc_id)) for c in answer.citations)
    body = (
        f'<p class="sheet-state">{STATES[answer.outcome]}</p>{"".join(readings(answer))}'
        f"{''.join(notice_line(n) for n in answer.notices)}"
        f"{f'<ul class=sheet-statements>{statements}</ul>' if statements else ''}"
        f"{f'<h2>Sources</h2><ol class=sheet-sources>{sources}</ol>' if sources else ''}"
        f'<p class="facts">{made}</p><p class="view-actions">{PRINT}{saves}</p>'
    )
    return View("", answer.question, body, kind="sheet")


def checked_view(verdicts: Sequence[Verdict], documents: Documents, made: str) -> View:
    """Return checked claims as a sheet."""
    shown = "".join(
        f'<section><h2>{escape(verdict.claim)}</h2><p class="sheet-state">'
        f'<span aria-hidden="true">{LABELS[verdict.label][0]}</span> {LABELS[verdict.label][1]}'
        f"</p>{result_of(verdict, documents)}</section>"
        for verdict in verdicts
    )
    body = f'{shown}<p class="facts">{made}</p><p class="view-actions">{PRINT}</p>'
    return View("", "Checked claims", body, kind="sheet")


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f'<a href="#source-{n}">[{n}]</a>' for n in numbers)


def _source(citation: Citation, document: Document) -> str:
    before, after = context_of(document, citation)
    facts = " · ".join(filter(None, (document.publisher, document.published, document.licence)))
    about = f'<p class="facts">{escape(facts)}</p>' if facts else ""
    return (
        f'<li id="source-{citation.number}" value="{citation.number}">{source_note(citation)}'
        f'<p class="sheet-context">{escape(before)}<mark>{escape(citation.quote)}</mark>'
        f"{escape(after)}</p>{about}"
        f'<p class="facts"><a href="{document_address(citation.doc_id)}">'
        f"{escape(citation.doc_id)}</a>, characters {citation.start} to {citation.end}</p></li>"
    )
