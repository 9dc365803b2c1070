"""The foot of a card: why this answer, copy, save, link and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from assistant.answering.answer import ANSWERED, PARTLY
from assistant.datatypes import Answer, Citation, Verdict
from assistant.web.escaping import escape
from assistant.words import PART, STOP, stem, words

_REASONS = (
    ("wrong_passage", "Wrong passage"),
    ("incomplete", "Incomplete"),
    ("not_covered", "Not in the documents"),
    ("unsafe", "Unsafe"),
    ("other", "Something else"),
)
# What the addresses of an answer hold beside its question: ``previous``, which it follows up
# on, and ``doc``, the id of the only document asked.
NO_LINK: Mapping[str, str] = MappingProxyType({})
_FORMATS = (("md", "Markdown"), ("json", "JSON"), ("html", "Printable page"))


def actions(ident: str, *, permalink: str, saved: str) -> str:
    """Return what can be done with a card.

    Args:
        ident: The answer's or verdict's id, by which feedback names it.
        permalink: The address that asks the same again.
        saved: The address of the page that writes it out, without a format.
    """
    formats = "".join(
        f'<a class="save" href="{escape(saved)}&amp;format={kind}">{name}</a>'
        for kind, name in _FORMATS
    )
    reasons = "".join(
        f'<button type="button" class="reason {kind}">{name}</button>' for kind, name in _REASONS
    )
    return (
        '<div class="actions">'
        '<button type="button" class="copy">Copy with sources</button>'
        f'<a class="permalink" href="{escape(permalink)}">Copy link</a>'
        f'<details class="saves"><summary>Save</summary><div class="formats">{formats}</div>'
        "</details>"
        '<span class="rating"><button type="button" class="rate up">Helpful</button>'
        '<button type="button" class="rate down">Not helpful</button></span>'
        f'<span class="ident" hidden="">{escape(ident)}</span></div>'
        f'<div class="reasons" hidden=""><p>What was wrong?</p>{reasons}</div>'
    )


def ask_address(path: str, **query: str) -> str:
    """Return an address on this server with those of the parameters that are not empty."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept, errors='replace')}"


def why_answer(answer: Answer) -> str:
    """Return how sure the answer is and which words of the question its sources hold."""
    lines = [
        f"How sure it is that the documents answer this: {strength(answer.confidence)}, "
        f"{answer.confidence:.0%} (answered from {ANSWERED:.0%}, partly from {PARTLY:.0%})."
    ]
    asked = answer.resolved_question or answer.question
    lines += [_held(asked, citation) for citation in answer.citations]
    if answer.timings_ms:
        lines.append(f"Found in {answer.timings_ms['total']:.0f} ms, by search alone.")
    return _why("Why this answer", lines)


def why_verdict(verdict: Verdict) -> str:
    """Return how sure a verdict is and what each sentence counted."""
    lines = [f"How sure it is: {strength(verdict.confidence)}, {verdict.confidence:.0%}."]
    verbs = {"supports": "supports", "refutes": "contradicts", "mentions": "leaves it open"}
    lines += [
        f"Source {e.citation.number} {verbs[e.stance]}: {strength(e.probability)}, "
        f"{e.probability:.0%}."
        for e in verdict.evidence
    ]
    if verdict.timings_ms:
        lines.append(f"Checked in {verdict.timings_ms['total']:.0f} ms by a small model.")
    return _why("Why this verdict", lines)


def strength(probability: float) -> str:
    """Return a calibrated probability in a word."""
    if probability >= 0.8:
        return "strong"
    return "fair" if probability >= 0.5 else "weak"


def _why(title: str, lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<details class="why"><summary>{title}</summary><ul>{items}</ul></details>'


def _held(asked: str, citation: Citation) -> str:
    found = {stem(word) for word in words(" ".join((citation.quote, *citation.heading)))}
    found |= {stem(part) for word in words(citation.quote) for part in PART.findall(word)}
    asked_words = [w for w in dict.fromkeys(words(asked)) if w not in STOP]
    held = [word for word in asked_words if stem(word) in found]
    told = ", ".join(held) if held else "none of its words; it is near in meaning"
    return f"Source {citation.number} has of the question: {told}."
