"""Verdicts -> safe HTML and plain text, beside the answers in the same conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.datatypes import Evidence, Stance, Verdict, VerdictLabel
from assistant.web.actions import actions, ask_address, why_verdict
from assistant.web.escaping import escape
from assistant.web.render import (
    Documents,
    Option,
    Turn,
    cite_link,
    notice_line,
    source_card,
    source_line,
)

LABELS: dict[VerdictLabel, tuple[str, str]] = {
    "supported": ("✓", "Supported by the documents"),
    "refuted": ("✗", "Contradicted by the documents"),
    "disputed": ("≠", "Disputed: the documents support and contradict it"),
    "not_enough_info": ("?", "The documents do not decide this"),
}
_KINDS = {
    "opposite": "direction or kind",
    "sibling": "name",
    "absolute": "how far it goes",
    "direction": "who acts on what",
    "negation": "what is denied",
}
STANCES: tuple[tuple[Stance, str], ...] = (
    ("supports", "Supports"),
    ("refutes", "Contradicts"),
    ("mentions", "Mentions"),
)


def verdict_turn(
    number: int,
    verdict: Verdict,
    documents: Documents,
    options: tuple[Option, ...] = (),
    document: str = "",
) -> Turn:
    """Return the turn of a checked claim.

    ``documents`` gives the document of an id, ``document`` is the id of the only one looked at.
    """
    citations = [evidence.citation for evidence in verdict.evidence]
    return Turn(
        number,
        verdict.claim,
        verdict_card(verdict, number, document),
        "".join(source_card(c, number, documents(c.doc_id)) for c in citations),
        options,
    )


def verdict_card(verdict: Verdict, number: int, document: str = "") -> str:
    """Return a verdict: label in sign and word, notices, evidence by stance, disclaimer."""
    sign, words = LABELS[verdict.label]
    checked = verdict.checked_claim
    parts = [
        '<span class="vh">Verdict: </span>',
        f'<p class="state verdict-{verdict.label}">'
        f'<span aria-hidden="true">{sign}</span> {words}</p>',
    ]
    if checked and checked.casefold().rstrip(".") != verdict.claim.casefold().rstrip("."):
        parts.append(f'<p class="searched">Checked: {escape(checked)}</p>')
    parts += [notice_line(notice) for notice in verdict.notices]
    if verdict.parts:
        rows = "".join(
            f"<li>{escape(p.checked_claim)} <b>{LABELS[p.label][1]}</b></li>" for p in verdict.parts
        )
        parts.append(f'<ul class="parts">{rows}</ul>')
    for stance, title in STANCES:
        found = [e for e in verdict.evidence if e.stance == stance]
        if found:
            parts.append(
                f'<h4 class="stance">{title}</h4>{_evidence(found, number, verdict.claim)}'
            )
    parts += [
        f'<p class="disclaimer" role="note">{escape(verdict.disclaimer)}</p>',
        why_verdict(verdict),
        actions(
            verdict.id,
            permalink=ask_address("/", q=verdict.claim, mode="check", doc=document),
            saved=ask_address("/check", claim=verdict.claim, doc=document),
        ),
        f'<div class="plain" hidden="">{escape(plain_verdict(verdict))}</div>',
    ]
    return f'<div class="answer" id="a{number}">{"".join(parts)}</div>'


def deciding(verdict: Verdict) -> Evidence | None:
    """Return the evidence that decides a verdict, None where nothing does."""
    return next((e for e in verdict.evidence if e.stance != "mentions"), None)


def plain_verdict(verdict: Verdict, ends: bool = True) -> str:
    """Return a verdict as plain text: claim, label, evidence, numbered sources, disclaimer.

    Without ``ends`` the disclaimer is left to the caller, who shows it once for several.
    """
    lines = [verdict.claim, LABELS[verdict.label][1], ""]
    lines += [f"{notice.text}\n" for notice in verdict.notices]
    lines += [f"{part.checked_claim} {LABELS[part.label][1]}" for part in verdict.parts]
    for stance, title in STANCES:
        found = [e for e in verdict.evidence if e.stance == stance]
        if found:
            lines += [title, *(_plain_evidence(e) for e in found), ""]
    if verdict.evidence:
        lines += ["Sources", *(source_line(e.citation) for e in verdict.evidence), ""]
    return "\n".join([*lines, verdict.disclaimer] if ends else lines).rstrip("\n")


def _plain_evidence(item: Evidence) -> str:
    why = "; ".join(map(explained, item.vetoes))
    return f"{item.citation.quote} [{item.citation.number}]" + (f" ({why})" if why else "")


def explained(veto: str, claim: str = "", quote: str = "") -> str:
    """Return a veto ("number: 14 / 12") in words for a reader.

    What it names is written as in the ``claim`` and the ``quote``, where they are given.
    """
    kind, _, rest = veto.partition(": ")
    claimed, found, told = rest.partition(" / ")
    if not found:
        return rest[:1].upper() + rest[1:]
    said = (
        f"the claim says “{_written(claimed, claim)}”"
        if claimed != "none"
        else "the claim says nothing of it"
    )
    here = f"this “{_written(told, quote)}”" if told != "none" else "this does not"
    return f"Differs in {_KINDS.get(kind, kind)}: {said}, {here}"


def _written(words: str, text: str) -> str:
    found = re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE)
    return found.group() if found else words


def _evidence(found: Sequence[Evidence], number: int, claim: str) -> str:
    shown = []
    for item in found:
        told = "; ".join(explained(veto, claim, item.citation.quote) for veto in item.vetoes)
        why = f'<span class="veto">{escape(told)}</span>' if told else ""
        shown.append(
            f'<div class="statement"><q>{escape(item.citation.quote)}</q> '
            f"{cite_link(item.citation, number, True)}{why}</div>"
        )
    return "".join(shown)
