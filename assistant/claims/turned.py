"""A claim -> the claim that says the contrary: with a negation more or less.

The verifier judges both; a sentence that seems to support a claim and its contrary alike says
nothing of either. Rules on the first verb that can be found; None where none can.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import form_of

_NEGATED = re.compile(
    r"\b(?:(do|does|did) not (\w+)|(is|are|was|were|can|may|could|has|have|had|will|would|should"
    r"|might|must|shall) not|(can)not)\b"
)
_NEGATION = re.compile(r"\b(no|not|never|neither|without|nor|cannot|none|nothing)\b", re.IGNORECASE)
_BE = re.compile(
    r"\b(is|are|was|were|can|may|might|could|will|would|should|must|has|have|had)\b(?! not\b)"
)
_SHORT = re.compile(r"\b([A-Za-z]+)n['’]t\b")
_LONG = {"ca": "cannot", "wo": "will not", "sha": "shall not", "ai": "is not"}
_HELPERS = frozenset(
    """is are was were be been being can may might could will would should must shall cannot has
    have had do does did""".split()
)
_DETERMINERS = frozenset(
    """the a an these those its his her their our my your some any all many most several both few
    two three four five six seven eight nine ten""".split()
)
_BEFORE_NUMBER = _DETERMINERS | frozenset("in of by on for from at with and or has have".split())
_FOLLOWS_VERB = frozenset("a an the that to".split())
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


def negated(text: str) -> str | None:
    """Return a statement with a negation put in, or with its own taken out."""
    text = _SHORT.sub(_long, text)
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


def is_statement(text: str) -> bool:
    """Tell whether a text says something by itself: whether a verb is found in it."""
    return bool(_NEGATION.search(text)) or negated(text) is not None


def _long(match: re.Match[str]) -> str:
    """Write "isn't" as "is not", "can't" as "cannot"."""
    start = match.group(1)
    long = _LONG.get(start.lower(), f"{start} not")
    return start[0] + long[1:] if start.lower() != "ai" else long


def _main_verb(text: str) -> re.Match[str] | None:
    """Return the first verb in the third person or the past, or behind a plural."""
    matches = list(_WORD.finditer(text))
    before = ""
    for at, match in enumerate(matches):
        found = form_of(match.group().lower())
        plural = before.endswith("s") and not before.endswith(("ss", "us", "is"))
        finite = found and (found[1] in ("third", "past") or (found[1] == "base" and plural))
        if before and finite and not _is_noun(text, matches, at):
            return match
        before = match.group()
    return None


def _is_noun(text: str, matches: list[re.Match[str]], at: int) -> bool:
    """Tell whether a word that may be a verb is a noun, or only describes one."""
    return _is_counted(text, matches, at) or _has_verb_behind(matches, at)


def _is_counted(text: str, matches: list[re.Match[str]], at: int) -> bool:
    """Tell whether a determiner or a number stands before: "the tests", "In 5 tests"."""
    before = matches[at - 1]
    word = before.group().lower()
    if re.search(r"\d", text[before.end() : matches[at].start()]):
        return word in _BEFORE_NUMBER  # but "Factor 8 raises"
    return word in _DETERMINERS or (word == "that" and at > 1)


def _has_verb_behind(matches: list[re.Match[str]], at: int) -> bool:
    """Tell whether the verb follows: "Blood tests are", "Blood tests showed that"."""
    word, *after = (m.group().lower() for m in matches[at : at + 3])
    following, found = form_of(after[0]) if after else None, form_of(word)
    if after and after[0] in _HELPERS:
        return True
    if following is None or found is None:
        return False
    verb, form = following
    if form == "third":  # "Fuel cost rises", but "Heat causes increases"
        return found[0].base == found[0].past == word
    if found[1] != "third":
        return False
    own = form == "past" and verb.past != verb.participle
    return own or (form in ("past", "base") and after[1:2] != [] and after[1] in _FOLLOWS_VERB)


def _affirmed(match: re.Match[str]) -> str:
    helper, base, be, can = match.groups()
    if can or be:
        return str(can or be)
    found = form_of(base.lower())
    if found is None:
        return f"{helper} {base}"
    return {"does": found[0].third, "did": found[0].past}.get(helper, base)
