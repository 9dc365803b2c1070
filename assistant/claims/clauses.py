"""What several guards read of a text: its clauses, its negators, two comparisons turned round."""

from __future__ import annotations

import re

from assistant.claims.lexicon import lexicon
from assistant.words import fold, term_set, words

_CLAUSE = re.compile(
    r"[;:—–]|,? (?:but|while|whereas|although|though|yet|however|unlike|rather than|instead of)\b"
    r"|, (?:and|which|so)\b|,? and not\b|, (?:or |at least |or at least )?not\b"
)
# What says "only" with a negator: no negation of what follows.
SOLE = re.compile(
    r"\bno more than (?:the|an?)\b(?! (?:second|minute|hour|day|week|month|year|half|third|quarter"
    r"|few|dozen|hundred|thousand|million))"
    r"|\bnothing (?:but|else than|other than)\b"
    r"|\bnothing more(?: (?:to|about|in|of)(?: \w+){1,3})? than\b"
)
_NO_NEGATION = re.compile(r"\bnot (?:only|just|merely|simply)\b")
COMPARATIVE = re.compile(r"(?:er|less|more|worse)$")


def clauses(text: str) -> list[str]:
    """Return the clauses of a text."""
    return _CLAUSE.split(text)


def clause_with(text: str, word: str) -> str:
    """Return the first clause that has a word, folded; the whole text where none has it."""
    folded = fold(text)
    return next((c for c in clauses(folded) if word in words(c)), folded)


def negators_in(text: str) -> list[str]:
    """Return the negating words of a text in order."""
    return [w for w in words(text) if w in lexicon().negators or w.endswith("n't")]


def parity(text: str) -> int:
    """Return 1 where a text has an odd number of negators, else 0."""
    folded = fold(text)
    no_negation = len(_NO_NEGATION.findall(folded)) + len(SOLE.findall(folded))
    return (len(negators_in(text)) - no_negation) % 2


def turned_round(claim: str, evidence: str) -> bool:
    """Return whether two comparisons have their sides exchanged: "A is longer than B"."""
    one, other = fold(claim).split(" than "), fold(evidence).split(" than ")
    if len(one) != 2 or len(other) != 2:
        return False
    first, second = term_set(one[0]), term_set(other[0])
    than_first, than_second = _head(one[1]), _head(other[1])
    crossed = bool(than_first & second) and bool(than_second & first)
    return crossed and not than_first & than_second


def _head(text: str) -> frozenset[str]:
    return term_set(" ".join(text.split()[:4]))


def sides(text: str, word: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the terms before and behind a word in the clause that has it."""
    clause = clause_with(text, word)
    found = re.split(rf"\b{re.escape(word)}\b", clause, maxsplit=1)
    return term_set(found[0]), term_set(found[-1]) if len(found) > 1 else frozenset()
