"""A claim -> the claim that says the contrary: with a negation more or less, or an opposite.

The verifier judges both; a sentence that seems to support a claim and its contrary alike says
nothing of either. Rules on the first verb that can be found; None where none can.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import form_of, lexicon

_NEGATED = re.compile(
    r"\b(?:(do|does|did) not (\w+)|(is|are|was|were|can|may|could|has|have|had|will|would|should)"
    r" not|(can)not)\b"
)
_NEGATION = re.compile(r"\b(no|not|never|neither|without|nor|cannot|none|nothing)\b", re.IGNORECASE)
_BE = re.compile(
    r"\b(is|are|was|were|can|may|might|could|will|would|should|must|has|have|had)\b(?! not\b)"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_UNSAFE = frozenset("on off up down old first last most start end close light open".split())


def negated(text: str) -> str | None:
    """Return a statement with a negation put in, or with its own taken out."""
    affirmed = _NEGATED.sub(_affirmed, text, count=1)
    if affirmed != text:
        return affirmed
    if _NEGATION.search(text):
        return None
    be, verb = _BE.search(text), _main_verb(text)
    found = form_of(verb.group().lower()) if verb else None
    doubtful = found is not None and found[1] == "past" and found[0].past == found[0].participle
    if be and (verb is None or doubtful or be.start() < verb.start()):
        word = "cannot" if be.group() == "can" else f"{be.group()} not"
        return text[: be.start()] + word + text[be.end() :]
    if verb is None or found is None:
        return None
    helper = {"third": "does", "past": "did"}.get(found[1], "do")
    return f"{text[: verb.start()]}{helper} not {found[0].base}{text[verb.end() :]}"


def _main_verb(text: str) -> re.Match[str] | None:
    """Return the first verb in the third person or the past, or behind a plural."""
    before = ""
    for match in _WORD.finditer(text):
        found = form_of(match.group().lower())
        plural = before.endswith("s") and not before.endswith(("ss", "us", "is"))
        if found and before and (found[1] in ("third", "past") or (found[1] == "base" and plural)):
            return match
        before = match.group()
    return None


def _affirmed(match: re.Match[str]) -> str:
    helper, base, be, can = match.groups()
    if can or be:
        return str(can or be)
    found = form_of(base.lower())
    if found is None:
        return f"{helper} {base}"
    return {"does": found[0].third, "did": found[0].past}.get(helper, base)


def opposed(text: str) -> str | None:
    """Return a statement with its first word that has an opposite exchanged for it."""
    for match in _WORD.finditer(text):
        others = lexicon().opposites.get(match.group().lower())
        if others and match.group().lower() not in _UNSAFE:
            word = min(others, key=lambda other: (other in _UNSAFE, len(other), other))
            if match.group()[0].isupper():
                word = word[:1].upper() + word[1:]
            return text[: match.start()] + word + text[match.end() :]
    return None
