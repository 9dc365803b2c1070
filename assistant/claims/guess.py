"""Guess whether a text typed without saying what for states a claim or asks something.

A guess only: the page shows it and offers the other reading. In doubt a text is a question,
for a question is answered with what the documents say and a claim is judged by it.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import finite_verbs
from assistant.claims.questions import is_question
from assistant.words import words

_FEWEST = 3  # words of a claim
_ASKING = frozenset(
    """tell explain describe list show give compare define summarise summarize find help name
    please discuss outline search look i i'm i've i'd my me we we're our you your hi hello hey
    thanks thank anything something everything whether how what who why when where which whose whom
    steps ways reasons""".split()
)
_PERSONAL = frozenset("i i'm i've i'd my me mine myself".split())
_HELPERS = frozenset(
    """is are was were isn't aren't wasn't weren't can cannot can't could may might will won't
    would should must does doesn't do don't did didn't has have had hasn't haven't never always
    makes means needs leads plays acts depends""".split()
)
_NO_SUBJECT = frozenset(
    "and or of the a an its their his her this these those with for to in".split()
)
_THIRD = re.compile(r"[a-z]{3}[^su]s$")
_OBJECT = frozenset("the a an its their all no both".split())


def looks_like_claim(text: str) -> bool:
    """Tell whether a text reads as a statement about the world rather than as a question."""
    found = words(text)
    if len(found) < _FEWEST or is_question(text.strip()):
        return False
    if found[0] in _ASKING or _PERSONAL.intersection(found):
        return False
    if text.rstrip().endswith(".") and len(found) > _FEWEST:
        return True  # who ends a text with a full stop states something
    return any(_is_verb(found, at) for at in range(1, len(found)))


def _is_verb(found: list[str], at: int) -> bool:
    """Tell whether the word there is the verb of a statement; many are nouns as well."""
    word, before = found[at], found[at - 1]
    after = found[at + 1] if at + 1 < len(found) else ""
    if before in _NO_SUBJECT or after == "of":
        return False
    if word in _HELPERS:
        return True
    if word in finite_verbs():
        return bool(after)
    return bool(_THIRD.search(word)) and after in _OBJECT
