"""Answers -> safe HTML and plain text.

With ``reader`` (whole documents) this is the only builder of HTML. Everything that comes from
a document, a corpus or a visitor goes through ``escape``; it keeps quotes byte for byte also
where Gradio tidies messages (it strips indents and expands tabs) and where a blank line would
switch Markdown back on. It knows no web framework and decides nothing about answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote as quote_url

from assistant.datatypes import Answer, Citation, CorpusInfo, Document, Notice, Outcome
from assistant.web.actions import NO_LINK, actions, ask_address, why_answer
from assistant.web.escaping import escape

Documents = Callable[[str], Document]

STATES: dict[Outcome, str] = {
    "answered": "Answered from the documents",
    "partly": "Partly covered",
    "faq": "Answered in the FAQ",
    "not_covered": "Not covered",
    "referred": "Please ask a professional",
}
_LEVELS = {"urgent": "Urgent", "caution": "Caution", "info": "Note"}
_CONTEXT_CHARS = 260
_MARKER = re.compile(r"^ *(?:\d{1,4}[.)]|[-*•]) (?=\S)")
_MARKER_BEFORE = re.compile(r"(?:\A|\n) *((?:\d{1,4}[.)]|[-*•]) )\Z")


@dataclass(frozen=True, slots=True)
class Option:
    """A button below the last turn: what it shows, and what a click on it sends."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, as shown; ``number`` makes its element ids unique.

    ``resolved`` is what was searched for, which a follow-up question builds on.
    """

    number: int
    question: str
    message: str
    sources: str
    options: tuple[Option, ...] = ()
    resolved: str = ""


def answered_turn(
    number: int,
    answer: Answer,
    documents: Documents,
    options: tuple[Option, ...] = (),
    remarks: tuple[Notice, ...] = (),
    link: Mapping[str, str] = NO_LINK,
) -> Turn:
    """Return the turn of an answer.

    Args:
        number: The turn's number in its conversation.
        answer: The answer.
        documents: Gives the document of an id.
        options: Buttons to go on with.
        remarks: What is to be said beside the answer's own notices.
        link: What its addresses hold beside the question, see ``actions.NO_LINK``.
    """
    return Turn(
        number,
        answer.question,
        answer_card(answer, number, documents, remarks, link),
        "".join(source_card(c, number, documents(c.doc_id)) for c in answer.citations),
        options,
        answer.resolved_question or answer.question,
    )


def problem_turn(
    number: int, question: str, sentence: str, options: tuple[Option, ...] = ()
) -> Turn:
    """Return the turn of a question that could not be answered, with the reason."""
    shown = question if len(question) <= 200 else question[:200] + "…"
    message = (
        f'<div class="answer" id="a{number}"><span class="vh">Answer: </span>'
        f'<p class="state state-problem">Please try again</p><p>{escape(sentence)}</p></div>'
    )
    return Turn(number, shown, message, "", options)


def user_message(question: str) -> str:
    """Return the visitor's question as shown in the chat."""
    return f'<span class="vh">You asked: </span><span class="asked">{escape(question)}</span>'


def answer_card(
    answer: Answer,
    number: int,
    documents: Documents,
    remarks: tuple[Notice, ...] = (),
    link: Mapping[str, str] = NO_LINK,
) -> str:
    """Return an answer: state, notices, cited statements, disclaimer, why, what to do with it."""
    notices = sorted((*remarks, *answer.notices), key=lambda n: list(_LEVELS).index(n.level))
    leads = statement_leads(answer, documents)
    parts = [
        '<span class="vh">Answer: </span>',
        f'<p class="state state-{answer.outcome}">{_state(answer)}</p>',
        *(notice_line(n) for n in notices),
        *readings(answer),
        *(_statement(answer, at, number, lead) for at, lead in enumerate(leads)),
        f'<p class="disclaimer" role="note">{escape(answer.disclaimer)}</p>',
        why_answer(answer),
        actions(
            answer.id,
            permalink=ask_address(
                "/", q=answer.resolved_question or answer.question, doc=link.get("doc", "")
            ),
            saved=ask_address("/answer", q=answer.question, **link),
        ),
        f'<div class="plain" hidden="">{escape(plain_text(answer, documents))}</div>',
    ]
    return f'<div class="answer" id="a{number}">{"".join(parts)}</div>'


def _state(answer: Answer) -> str:
    if any(notice.kind == "about" for notice in answer.notices):
        return "About this assistant"
    return STATES[answer.outcome]


def plain_text(answer: Answer, documents: Documents) -> str:
    """Return an answer as plain text: statements, numbered sources, disclaimer."""
    leads = statement_leads(answer, documents)
    lines = [answer.question, STATES[answer.outcome], ""]
    lines += [f"{notice.text}\n" for notice in answer.notices]
    for lead, statement in zip(leads, answer.statements, strict=True):
        marks = "".join(f"[{n}]" for n in statement.citations)
        lines.append(f"{lead}{statement.text} {marks}\n")
    if answer.citations:
        lines += ["Sources", *(source_line(c) for c in answer.citations), ""]
    return "\n".join([*lines, answer.disclaimer])


def source_card(citation: Citation, number: int, document: Document) -> str:
    """Return a cited passage: where it stands, the quote marked within its context, links."""
    ident = f"a{number}-{citation.number}"
    before, after = context_of(document, citation)
    *above, last = (escape(name) for name in (citation.title, *citation.heading))
    path = "".join(f"{name} › " for name in above) + f"<b>{last}</b>"
    page = f" · {citation.page_label}" if citation.page else ""
    return (
        f'<section class="source" id="src-{ident}" tabindex="-1">'
        f'<h3><span class="number"><span class="vh">Source </span>{citation.number}</span> '
        f"<span>{path}{page}</span></h3>"
        f'<p class="passage">{escape(before)}<mark>{escape(citation.quote)}</mark>'
        f"{escape(after)}</p>"
        f'<p class="links"><a class="open" href="{document_url(citation)}">Read in the document'
        '<span class="vh"> (opens a new tab)</span></a> '
        f'<a class="back" href="#cite-{ident}">Back to the answer</a></p></section>'
    )


def sources_panel(turns: Sequence[Turn]) -> str:
    """Return the sources of all turns, the newest open and the others folded."""
    if not turns:
        body = '<p class="empty">The passages behind each answer appear here, highlighted.</p>'
    else:
        *earlier, newest = turns
        body = f'<div class="group">{newest.sources or _no_sources()}</div>' + "".join(
            f'<details class="group"><summary>{escape(turn.question)}</summary>'
            f"{turn.sources}</details>"
            for turn in reversed(earlier)
            if turn.sources
        )
    return f'<div class="panel"><h2>Sources</h2>{body}</div>'


def header(info: CorpusInfo, documents: int, passages: int, entries: int, day: str) -> str:
    """Return what the page covers: title, description, counts and the day of the index."""
    faq = f" · {_count(entries, 'FAQ entry', 'FAQ entries')}" if entries else ""
    counts = f"{_count(documents, 'document')}{faq} · {_count(passages, 'passage')} · indexed {day}"
    return (
        f'<div class="intro"><h1>{escape(info.title)}</h1><p>{escape(info.description)}</p>'
        f'<p class="facts"><a href="/doc/">{counts}</a></p></div>'
    )


def welcome(disclaimer: str) -> str:
    """Return what stands in the empty chat: what it does, what it cannot do, the disclaimer."""
    return (
        '<div class="welcome"><p class="hello">Ask a question, or state a claim to check.</p>'
        "<p>Answers are word-for-word quotes with their source. Nothing is made up: what the "
        "documents do not say is marked as not covered. It searches nothing else and cannot "
        "give personal advice.</p>"
        f'<p role="note">{escape(disclaimer)}</p></div>'
    )


def view(name: str, address: str) -> str:
    """Return the place of a view, which is filled from its page, to be followed until then."""
    return (
        f'<div class="view"><p class="waiting"><a href="{escape(address)}">Open {escape(name)}'
        "</a></p></div>"
    )


def document_url(citation: Citation) -> str:
    """Return the address of a citation in the reader, highlighted with and without JavaScript."""
    span = f"start={citation.start}&amp;end={citation.end}#c{citation.start}-{citation.end}"
    return f"/doc/{escape(quote_url(citation.doc_id, safe='/'))}?{span}"


def context_of(document: Document, citation: Citation) -> tuple[str, str]:
    """Return the text of its section just before and after a citation, cut between words.

    Both are empty when the document does not hold the quote there: better no context than a
    wrong one.
    """
    text, start, end = document.text, citation.start, citation.end
    if text[start:end] != citation.quote:
        return "", ""
    low, high = start, end
    for section in document.sections:
        if section.start <= start < section.end:
            body = [b for b in section.blocks if b.kind not in ("heading", "label")]
            low = min([start, *(b.start for b in body)])
            high = max(end, section.end)
    before, after = text[low:start], text[end:high]
    if len(before) > _CONTEXT_CHARS:
        before = "… " + before[-_CONTEXT_CHARS:].partition(" ")[2]
    if len(after) > _CONTEXT_CHARS:
        after = after[:_CONTEXT_CHARS].rpartition(" ")[0] + " …"
    return before, after


def _statement(answer: Answer, at: int, number: int, lead: str) -> str:
    statement = answer.statements[at]
    known = {c.number: c for c in answer.citations}
    # Only the first mention of a source carries the id that its card links back to.
    seen = {n for earlier in answer.statements[:at] for n in earlier.citations}
    cites = "".join(cite_link(known[n], number, n not in seen) for n in statement.citations)
    shown = f'<span class="lead">{escape(lead)}</span>' if lead else ""
    return (
        f'<div class="statement">{shown}<q id="a{number}q{at + 1}">'
        f"{quote_lines(statement.text)}</q> {cites}</div>"
    )


def readings(answer: Answer) -> list[str]:
    """Return as what the question was read, where that is not what was typed."""
    shown: list[str] = []
    resolved = answer.resolved_question
    if resolved and resolved.casefold() != answer.question.casefold():
        shown.append(
            f'<p class="searched">Searched for: <span class="resolved">{escape(resolved)}</span> '
            '<button type="button" class="edit">Edit<span class="vh"> what is searched for'
            "</span></button></p>"
        )
    if answer.faq:
        shown.append(
            f'<p class="matched">Question in the documents: {escape(answer.faq.question)}</p>'
        )
    return shown


def cite_link(citation: Citation, number: int, first: bool) -> str:
    """Return the chip that leads to a source; the first one is what the source leads back to."""
    ident = f"a{number}-{citation.number}"
    mark = f' id="cite-{ident}"' if first else ""
    title = escape(" › ".join((citation.title, *citation.heading)))
    return (
        f'<a class="cite"{mark} href="#src-{ident}" title="{title}">'
        f'<span class="vh">Source </span>{citation.number}</a>'
    )


def quote_lines(text: str) -> str:
    """Return a quote with the lines of its lists wrapped, so that they can hang."""
    shown: list[str] = []
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        kind = "line step" if marker and marker.group().strip()[:-1].isdigit() else "line"
        shown.append(f'<span class="{kind}">{escape(line)}</span>' if marker else escape(line))
    return escape("\n").join(shown)


def statement_leads(answer: Answer, documents: Documents) -> list[str]:
    """Return the list marker before each statement: a quoted item starts after its own."""
    starts = {c.number: (c.doc_id, c.start) for c in answer.citations}
    leads: list[str] = []
    for statement in answer.statements:
        doc_id, start = starts[statement.citations[0]]
        found = _MARKER_BEFORE.search(documents(doc_id).text[max(0, start - 24) : start])
        leads.append(found.group(1) if found else "")
    return leads


def notice_line(notice: Notice) -> str:
    """Return a notice with its level in words."""
    return (
        f'<p class="notice notice-{notice.level}"><span class="vh">{_LEVELS[notice.level]}: '
        f"</span>{escape(notice.text)}</p>"
    )


def source_line(citation: Citation) -> str:
    """Return a numbered source on one line of plain text."""
    page = f", {citation.page_label}" if citation.page else ""
    where = citation.url or citation.doc_id
    return f"[{citation.number}] {' › '.join((citation.title, *citation.heading))}{page} ({where})"


def _no_sources() -> str:
    return '<p class="empty">Nothing is cited for the last question.</p>'


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
