"""Checked claims -> a page: one claim as a card, a text as a table of its sentences.

It decides nothing: what the documents say of a claim is the verdict's, and a text's sentences
are checked one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.datatypes import Document, Evidence, SectionKind, Verdict, VerdictLabel
from assistant.web.escaping import escape
from assistant.web.pages import View, address_of, counted, document_address, source_note
from assistant.web.render import Documents, notice_line, quote_lines
from assistant.web.service import MAX_SENTENCES
from assistant.web.verdict import LABELS, STANCES, deciding, explained, plain_verdict

_LINKED_CHARS = 1_500  # a longer claim gets no link of its own
_READ_AS: dict[SectionKind, str] = {
    "myth": "A myth",
    "reality": "Corrects a myth",
    "belief": "Why people believe a myth",
    "scenario": "Example situation",
    "notice": "Notice",
}
_COUNTED: tuple[tuple[VerdictLabel, str], ...] = (
    ("supported", "supported"),
    ("refuted", "contradicted"),
    ("disputed", "disputed"),
    ("not_enough_info", "not decided"),
)
_SHORT = dict(_COUNTED)
_LEAD = (
    "State something and see what each document says of it, word for word. "
    "Paste a paragraph to check every sentence."
)
_CANNOT = (
    "It compares your words with these documents and nothing else, and cannot say whether the "
    "documents are right.",
    "Its judge is a small model. It misjudges a good share of claims that are worded far from the "
    "documents, so read the quote before you rely on the verdict.",
    "“Do not decide” means that no sentence says it clearly enough. It does not mean that the "
    "claim is false.",
    "Orders, single words and questions that ask for something are not claims.",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed and what came of it: one verdict or one for each sentence.

    ``found`` counts the sentences of the text, of which only the first may have been checked;
    ``problem`` is the one sentence about what could not be checked at all; ``document`` the id
    of the only document looked at, if any.
    """

    text: str = ""
    verdicts: tuple[Verdict, ...] = ()
    is_draft: bool = False
    found: int = 0
    problem: str = ""
    document: str = ""

    @property
    def hidden_document(self) -> str:
        """The document as a hidden field of a form."""
        if not self.document:
            return ""
        return f'<input type="hidden" name="doc" value="{escape(self.document)}">'


def check_view(
    checked: Checked, documents: Documents, disclaimer: str, examples: Sequence[str]
) -> View:
    """Return the view: the form, and below it what came of the claim or text."""
    result = ""
    if checked.verdicts:
        result = _draft(checked, documents) if checked.is_draft else _single(checked, documents)
        result += _actions(checked, disclaimer)
    elif checked.problem:
        result = f'<p class="check-problem" id="check-problem">{escape(checked.problem)}</p>'
    body = (
        f"{_form(checked)}{_examples(examples)}"
        '<p class="view-status vh" id="check-status" role="status"></p>'
        f'<div id="check-result" tabindex="-1">{result}</div>{_limits()}'
    )
    return View("/check", "Check a claim", body, lead=_LEAD)


def result_of(verdict: Verdict, documents: Documents, level: int = 3) -> str:
    """Return what the documents say of one claim: notices, parts, evidence, documents."""
    parts = [notice_line(notice) for notice in verdict.notices]
    checked = verdict.checked_claim
    if checked and checked.casefold().rstrip(".") != verdict.claim.casefold().rstrip("."):
        parts.insert(0, f'<p class="check-read">Checked as: {escape(checked)}</p>')
    if verdict.parts:
        rows = "".join(f"<li>{_badge(p)} {escape(p.checked_claim)}</li>" for p in verdict.parts)
        parts.append(f'<ul class="check-parts">{rows}</ul>')
    for stance, title in STANCES:
        found = [e for e in verdict.evidence if e.stance == stance]
        if found:
            quotes = "".join(
                _evidence(e, checked or verdict.claim, documents(e.citation.doc_id)) for e in found
            )
            parts.append(
                f'<section class="check-stance check-{stance}"><h{level}>{title}</h{level}>'
                f"{quotes}</section>"
            )
    if not verdict.evidence:
        parts.append("<p>No sentence of the documents comes near it.</p>")
    if len(verdict.sources) > 1:
        rows = "".join(
            f'<li>{_sign(s.label)} <a href="{document_address(s.doc_id)}">{escape(s.title)}</a>: '
            f"{LABELS[s.label][1]}</li>"
            for s in verdict.sources
        )
        parts.append(f"<h{level}>Each document by itself</h{level}>"
                     f'<ul class="check-sources">{rows}</ul>')  # fmt: skip
    return "".join(parts)


def _form(checked: Checked) -> str:
    wrong = ' aria-invalid="true" aria-describedby="check-problem"' if checked.problem else ""
    return (
        '<form class="check-form" action="/check" method="post" data-check="">'
        f"{checked.hidden_document}"
        '<label for="check-claim">A claim, or a text to check sentence by sentence</label>'
        f'<textarea id="check-claim" name="claim" rows="4" required=""{wrong}>'
        f"{escape(checked.text)}</textarea>"
        '<p class="view-row"><button type="submit">Check</button></p></form>'
    )


def _examples(examples: Sequence[str]) -> str:
    if not examples:
        return ""
    rows = "".join(
        f'<li><a href="{address_of("/check", claim=claim)}" data-claim="">{escape(claim)}</a></li>'
        for claim in examples
    )
    return f'<div class="check-examples"><h2>For example</h2><ul>{rows}</ul></div>'


def _limits() -> str:
    rows = "".join(f"<li>{sentence}</li>" for sentence in _CANNOT)
    return (
        '<details class="check-limits"><summary>What this cannot do</summary>'
        f"<ul>{rows}</ul></details>"
    )


def _single(checked: Checked, documents: Documents) -> str:
    verdict = checked.verdicts[0]
    return (
        f'<article class="check-card"><h2>{_badge(verdict)}</h2>'
        f'<p class="check-said">{escape(verdict.claim)}</p>{result_of(verdict, documents)}'
        "</article>"
    )


def _draft(checked: Checked, documents: Documents) -> str:
    counts = Counter(verdict.label for verdict in checked.verdicts)
    said = " · ".join(f"{counts[label]} {word}" for label, word in _COUNTED if counts[label])
    rows = "".join(_row(n, v, documents) for n, v in enumerate(checked.verdicts, start=1))
    left = checked.found - MAX_SENTENCES
    more = ""
    if left > 0:
        more = (
            f'<p class="notice notice-caution">Only the first {MAX_SENTENCES} of '
            f"{checked.found:,} sentences were checked; check the rest separately.</p>"
        )
    return (
        f"<h2>{counted(len(checked.verdicts), 'sentence')} checked</h2>"
        f'<p class="check-counts">{said}</p>{more}'
        '<table class="check-table" role="table"><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Sentence</th>'
        '<th role="columnheader" scope="col">Verdict</th>'
        '<th role="columnheader" scope="col">Deciding quote</th></tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(number: int, verdict: Verdict, documents: Documents) -> str:
    best = deciding(verdict)
    shown = '<span class="check-open">No sentence decides this.</span>'
    if best:
        shown = f"<q>{quote_lines(best.citation.quote)}</q>{source_note(best.citation)}"
    told = result_of(verdict, documents, 3)
    return (
        f'<tr role="row"><td role="cell"><span class="check-number">{number}</span> '
        f"{escape(verdict.claim)}</td>"
        f'<td role="cell"><span class="check-badge check-{verdict.label}">'
        f"{_sign(verdict.label)} {_SHORT[verdict.label].capitalize()}</span></td>"
        f'<td role="cell">{shown}<details><summary>All evidence'
        f'<span class="vh"> for sentence {number}</span></summary>{told}</details></td></tr>'
    )


def _badge(verdict: Verdict) -> str:
    return (
        f'<span class="check-badge check-{verdict.label}">{_sign(verdict.label)} '
        f"{LABELS[verdict.label][1]}</span>"
    )


def _sign(label: VerdictLabel) -> str:
    return f'<span class="check-sign" aria-hidden="true">{LABELS[label][0]}</span>'


def _evidence(evidence: Evidence, claim: str, document: Document) -> str:
    citation = evidence.citation
    kind: SectionKind = next(
        (s.kind for s in document.sections if s.start <= citation.start < s.end), "prose"
    )
    tag = f'<p class="check-kind">{_READ_AS[kind]}</p>' if kind in _READ_AS else ""
    why = "; ".join(explained(veto, claim, citation.quote) for veto in evidence.vetoes)
    veto = f'<p class="check-veto">{escape(why)}.</p>' if why else ""
    return (
        f'<div class="check-evidence">{tag}<blockquote><q>{quote_lines(citation.quote)}</q>'
        f"</blockquote>{veto}{source_note(citation)}</div>"
    )


def _actions(checked: Checked, disclaimer: str) -> str:
    """Return what can be done with a result: copy, files, a page to print, a link."""
    kinds = (("txt", "Text"), ("md", "Markdown"), ("csv", "CSV"), ("json", "JSON"))
    buttons = "".join(
        f'<button type="submit" name="format" value="{kind}">{name}</button>'
        for kind, name in (*kinds, ("html", "To print"))
    )
    link = ""
    if len(checked.text) <= _LINKED_CHARS:
        address = address_of("/check", claim=checked.text, doc=checked.document)
        link = f'<a href="{address}">Link to this result</a>'
    plain = "\n\n".join([*(plain_verdict(v, ends=False) for v in checked.verdicts), disclaimer])
    return (
        f'<form class="view-actions" action="/check" method="post">'
        f'<input type="hidden" name="claim" value="{escape(checked.text)}">'
        f"{checked.hidden_document}"
        '<button type="button" class="view-copy" hidden="" data-copies="check-plain">Copy</button>'
        f'<span class="view-saves">Save as {buttons}</span>{link}</form>'
        f'<pre class="vh" id="check-plain" hidden="">{escape(plain)}</pre>'
    )
