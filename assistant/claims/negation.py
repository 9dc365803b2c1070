"""Negations and absolute words that only one of a claim and a sentence has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.clauses import SOLE, clauses, negators_in, parity
from assistant.claims.lexicon import lexicon
from assistant.claims.opposites import opposites_of
from assistant.claims.veto import Veto
from assistant.words import fold, stem, term_set, words

_SAME = 0.6
# Words that negate without a negator: a sentence with one may say what "not" says.
_IMPLICIT = re.compile(
    r"\b(?:un(?!i|der|til|it)\w{4,}|non-?\w{4,}"
    r"|in(?:sensitive|effective|active|sufficient|dependent|ability|capable|complete)\w*"
    r"|im(?:possible|paired|mature)|dis(?:miss|agree|appear|continu)\w*"
    r"|\w+(?:less|-free|-null|-deficient|-negative)"
    r"|prevent\w*|avoid\w*|exempt\w*|exclu\w+|except|absen\w+|deficien\w+|shortage"
    r"|miss(?:es|ed|ing)|outside|refus\w+|reject\w*|den(?:y|ies|ied)|stop\w*|forb\w+|prohibit\w*"
    r"|bann?\w*|block\w*|abolish\w*|loss|lost|los(?:e|es|ing)|too|only|rather than|instead of"
    r"|unlike|other than|myth|false|wrong|untrue|barely|little|few|poor\w*|than|restricted|limited"
    r"|solely|exclusively|alone|dead|died|lethal)\b"
)
_SUPERLATIVE = re.compile(r"\b(?:\w{3,}est|most|least|best|worst)\b")
_NONE_MORE = re.compile(r"\b(?:no|nothing|nobody|none)\b.* than\b")
_PARTIAL = re.compile(
    r"\b(?:not|never|n't|cannot)(?: \w+)? (all|always|every|everyone|everybody|necessarily|entirely"
    r"|completely|fully)\b|\bno (more|less|fewer) than\b"
)
_SOME = frozenset("some sometimes often usually mostly most many few can may might partly".split())
_WHOLE = frozenset("each any both whole entire throughout total".split())
_EACH = frozenset("all every each any everyone everybody".split())
_FULLY = frozenset("entirely completely fully totally wholly".split())
_FULL = frozenset("complete entire full total whole".split())
_SOLE = frozenset("only solely exclusively alone just merely".split())
_LIMITED = frozenset(
    "restricted limited confined reserved except sole else himself herself itself".split()
)
_NOT_ABSOLUTE = re.compile(
    r"\b(?:above all|(?:in|at) all|after all|for all (?:the|its|their|his|her)"
    r"|all (?:day|night|year|along|over|but|the same)|just (?:as|before|after|over|under|north"
    r"|south|east|west|outside|one of))\b"
)


def negation_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield where the claim is negated and the clause that says nearly the same is not.

    Nothing where the other side may be negative without a negator, by an opposite or a word like
    "prevents": the verifier judges.
    """
    best = _nearest_clause(claim, evidence)
    if not best or parity(claim) == parity(best):
        return
    stems = {stem(word) for word in words(best)}
    if any(stem(other) in stems for word in words(claim) for other in opposites_of(word)):
        return
    plain, negated = (evidence, claim) if parity(claim) else (claim, evidence)
    if _IMPLICIT.search(fold(plain)) or _says_the_most(plain, negated):
        return
    if _partial(negated) and _SOME & set(words(plain)):
        return  # "not always" and "in some cases" agree
    own, there = negators_in(claim), negators_in(best)
    yield Veto("negation", own[0] if own else "", there[0] if there else "")


def _nearest_clause(claim: str, evidence: str) -> str:
    """Return the clause with most of the claim's terms, nothing where all have too few."""
    wanted = term_set(claim)
    if not wanted:
        return ""
    found = [evidence, *(c for c in clauses(evidence) if len(c.split()) > 2)]
    best = max(found, key=lambda c: (len(wanted & term_set(c)), -len(c)))
    return best if len(wanted & term_set(best)) >= _SAME * len(wanted) else ""


def _says_the_most(plain: str, negated: str) -> bool:
    """Tell "the highest of all" and "none is higher than it" from a real negation."""
    return bool(_SUPERLATIVE.search(fold(plain)) and _NONE_MORE.search(fold(negated)))


def partial_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield "not all" or "no more than" on one side where the other has the bare word."""
    one, other = _partial(claim), _partial(evidence)
    for word in sorted(one - other):
        if word.removeprefix("no ") in words(evidence):
            yield Veto("negation", f"not {word}", word)
    for word in sorted(other - one):
        if word.removeprefix("no ") in words(claim):
            yield Veto("negation", word, f"not {word}")


def _partial(text: str) -> set[str]:
    folded = fold(text).replace("’", "'")
    return {match[1] or f"no {match[2]}" for match in _PARTIAL.finditer(folded)}


def absolute_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield a word that makes the claim absolute where the evidence has none of its kind."""
    known = set(words(evidence))
    folded = fold(claim)
    sole = SOLE.search(folded)
    if sole and not known & (_SOLE | _LIMITED) and not SOLE.search(fold(evidence)):
        yield Veto("absolute", sole.group(), "")
    for word in dict.fromkeys(words(claim)):
        if word not in lexicon().absolute or word in lexicon().negators:
            continue
        if re.search(rf"\b(?:not|n't|cannot|hardly|nor) (?:\w+ )?{word}\b", folded):
            continue
        if word in ("all", "just") and _NOT_ABSOLUTE.search(folded):
            continue
        if not _is_absolute_too(word, known):
            yield Veto("absolute", word, "")


def _is_absolute_too(word: str, known: set[str]) -> bool:
    """Tell whether the evidence has an absolute word, the same stem, or one of the same group."""
    if known & (lexicon().absolute - {"no", "any", "each"}):
        return True
    if stem(word) in {stem(other) for other in known}:
        return True
    if (word in _SOLE and known & _LIMITED) or (word in _FULLY and known & _FULL):
        return True
    return word in _EACH and bool(known & _WHOLE)
