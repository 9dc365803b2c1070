"""The words by which a text announces its own structure.

One place for every phrase the readers look for: question lists, myths and realities,
scenarios, takeaways, reference lists, disclaimers and the furniture of web pages. English
only; a text that uses other words is still read, as prose under headings.
"""

from __future__ import annotations

import re

from assistant.datatypes import SectionKind

FAQ_HEADING = re.compile(
    r"\b(faqs?|frequently asked|common(ly asked)? questions|questions (and|&) answers|q\s?&\s?a)\b",
    re.IGNORECASE,
)
_HEADING_KINDS: tuple[tuple[re.Pattern[str], SectionKind], ...] = (
    (
        re.compile(
            r"^(key|main|quick)?\s*(takeaways?|take-?home (points?|messages?)|points|findings|"
            r"summary|in (brief|short)|tl;?dr|at a glance|highlights)\s*:?$",
            re.IGNORECASE,
        ),
        "takeaways",
    ),
    (
        re.compile(
            r"^(references?|bibliography|works cited|literature( cited)?|sources|"
            r"further reading|citations|notes and references)\s*:?$",
            re.IGNORECASE,
        ),
        "references",
    ),
    (
        re.compile(
            r"^((medical |legal |safety )?(disclaimer|warning|caution|notice)s?|safety|"
            r"important( notice)?|editor'?s note)\s*:?$",
            re.IGNORECASE,
        ),
        "notice",
    ),
)

# A label stands alone on a line or opens a paragraph before a colon.
_LABELS: dict[str, SectionKind | str] = {
    "myth": "myth",
    "misconception": "myth",
    "common myth": "myth",
    "reality": "reality",
    "fact": "reality",
    "the facts": "reality",
    "truth": "reality",
    "the truth": "reality",
    "the reality": "reality",
    "why people believe this": "belief",
    "why people believe it": "belief",
    "why people think this": "belief",
    "where it comes from": "belief",
    "origin of the myth": "belief",
    "scenario": "scenario",
    "what happens": "part",
    "what to notice": "part",
    "what to look for": "part",
    "why it matters": "part",
    "why this matters": "part",
    "q": "question",
    "question": "question",
    "a": "answer",
    "answer": "answer",
}
_LONGEST = 80  # characters of a label with its number
_NUMBERED = re.compile(r"\s*(?:#?\d+|[IVX]+)$")
_INLINE = re.compile(r"(?P<label>[A-Za-z][A-Za-z' ]{0,30}?(?: #?\d+)?)\s*(?::|\s[–—-]\s)\s*(?=\S)")

NOTICE = re.compile(
    r"\b(not (intended as |meant as |to be taken as |a substitute for |constitute )?"
    r"(professional |personal )?(medical|legal|clinical|financial) (advice|counsel|guidance)"
    r"|(educational|informational|information) purposes( only)?"
    r"|not a guide to the use"
    r"|consult (a|an|your|with)\b.{0,40}\b"
    r"(physician|doctor|clinician|professional|provider|pharmacist)"
    r"|directed (exclusively|only) to a (physician|doctor)"
    r"|without (clinician|medical|a doctor'?s|professional) (guidance|advice|supervision))",
    re.IGNORECASE,
)
META = re.compile(
    r"(·|•|\|)|\b(published|updated|last reviewed|posted)\b.*\d|\b\d+ min(ute)?s? read\b",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    r"\b(?:published|posted)(?: on)?:?\s+"
    r"(\d{4}-\d{2}-\d{2}|[A-Z][a-z]+ \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})",
    re.IGNORECASE,
)
FURNITURE = re.compile(
    r"^(share( this.*)?|tweet|subscribe\b.*|sign (up|in)\b.*|log ?in\b.*|newsletter\b.*|"
    r"read more\b.*|learn more|show me\b.*|want (personali[sz]ed|more)\b.*|follow us\b.*|"
    r"advertis(e)?ment|sponsored|skip to (main )?content|back to top|menu|home|search|"
    r"cookies?\b.*|accept( all)?( cookies)?|related (articles|posts|content)|comments?( \(\d+\))?|"
    r"leave a (comment|reply)|©.*|copyright\b.*|all rights reserved\.?|privacy policy|"
    r"terms of (use|service)|print( this page)?|table of contents|on this page|"
    r"previous( article)?|next( article)?|get started\b.*|take the quiz\b.*|buy now|add to cart)$",
    re.IGNORECASE,
)


def label_of(text: str) -> str:
    """Return what a line standing alone announces ('myth', 'reality', 'part'...), or ''."""
    plain = text.strip().strip("*_").rstrip(":").replace("’", "'").casefold()
    if len(plain) > _LONGEST:
        return ""
    if plain in _LABELS:
        return str(_LABELS[plain]) if len(plain) > 1 else ""
    return str(_LABELS.get(_NUMBERED.sub("", plain), "")) if len(plain) > 2 else ""


def inline_label(text: str) -> tuple[str, int]:
    """Return the label that opens a paragraph and where its content starts, or ('', 0)."""
    match = _INLINE.match(text)
    if match is None:
        return "", 0
    plain = match.group("label").casefold()
    kind = _LABELS.get(plain) or _LABELS.get(_NUMBERED.sub("", plain), "")
    return (str(kind), match.end()) if kind else ("", 0)


def heading_kind(text: str) -> SectionKind:
    """Return the kind of section that a heading opens, 'prose' unless it says otherwise."""
    plain = text.strip().replace("’", "'")
    for pattern, kind in _HEADING_KINDS:
        if pattern.match(plain):
            return kind
    return "prose"
