"""Words of a claim whose opposite stands in a sentence: by the lexicon and by their prefix."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from assistant.claims.clauses import COMPARATIVE, clause_with, parity, sides, turned_round
from assistant.claims.lexicon import finite_verbs, lexicon
from assistant.claims.veto import Veto
from assistant.words import STOP, fold, stem, term_set, words

# Pairs that tell two sentences apart but would not make a sound contrary of one alone.
_APART = (
    "left right,day night,summer winter,king queen,father mother,husband wife,brother sister,"
    "son daughter,his her,some most,few most,everyone few,kill help,kills helps,upper lower,"
    "born died,passed repealed"
)
# Words of many senses: only where the rest of the claim stands in the sentence.
_DOUBTFUL = frozenset(
    "on off up down first last light heavy open closed old new long short left right".split()
)
# "A won against B" and "B lost to A", "A lies north of B" and "B lies south of A" agree.
_CONVERSE = frozenset(
    """win wins won lose loses lost buy buys bought sell sells sold import imports imported export
    exports exported before after above below north south east west upstream downstream
    predecessor successor ancestor descendant predator prey""".split()
)
_FAILS = frozenset("fail fails failed lacks lacked".split())
_AT_MOST = re.compile(r"\bat (?:most|least)\b")
_PREFIX = re.compile(r"(?:non|un|in|im|ir|il|dis)-?")
_ADJECTIVE = re.compile(
    r".{2,}(?:able|ible|ble|al|ed|ive|ent|ant|ic|ous|ate|ful|ary|ect|ete|fe|air|lar|form|ain|cid)"
)
_NOT_OPPOSITE = frozenset("valuable flammable different famous habitable formed".split())


@functools.cache
def _opposites() -> dict[str, frozenset[str]]:
    found = {word: set(others) for word, others in lexicon().opposites.items()}
    for pair in _APART.split(","):
        one, other = pair.split()
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


def opposites_of(word: str) -> frozenset[str]:
    """Return the words that turn a statement round when they stand in this one's place."""
    return _opposites().get(word, frozenset())


@functools.cache
def _opposite_stems(word: str) -> frozenset[str]:
    return frozenset(stem(other) for other in opposites_of(word) if other not in _DOUBTFUL)


@functools.cache
def _same_side(word: str) -> frozenset[str]:
    """Return the verbs of the word's own pole: an evidence that has one does not disagree."""
    found: set[str] = set()
    for group in lexicon().poles:
        for side in (group.plus, group.minus):
            if any(word in verb.forms() for verb in side):
                found.update(form for verb in side for form in verb.forms())
    return frozenset(found)


def opposite_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield a word of the claim whose opposite stands in the evidence, and it does not itself."""
    said, known = words(claim), words(evidence)
    claimed = {stem(word) for word in said}
    exact = _differ_in_one_word(said, known)
    turned = turned_round(claim, evidence)
    for word in dict.fromkeys(said):
        if not opposites_of(word) or (word in _DOUBTFUL and not exact):
            continue
        if _is_bound(word, claim, evidence) or (turned and COMPARATIVE.search(word)):
            continue
        against = _against(word, known, claimed)
        if against and _disagree(claim, evidence, word, against):
            yield Veto("opposite", word, against)


def _differ_in_one_word(said: list[str], known: list[str]) -> bool:
    """Tell whether all content words of a claim but one at most stand in the evidence."""
    wanted = {stem(word) for word in said if word not in STOP}
    return len(wanted - {stem(word) for word in known}) <= 1


def _is_bound(word: str, claim: str, evidence: str) -> bool:
    """Tell whether "most" or "least" is one of "at most" on one side only."""
    if word not in ("most", "least"):
        return False
    return bool(_AT_MOST.search(fold(claim))) != bool(_AT_MOST.search(fold(evidence)))


def _against(word: str, known: list[str], claimed: set[str]) -> str:
    """Return the first word of the evidence that is opposed to one of the claim, or nothing."""
    others, stems = opposites_of(word), _opposite_stems(word)
    for other in known:
        if other not in others and stem(other) not in stems:
            continue
        if stem(other) not in claimed and (other not in _DOUBTFUL or word in _DOUBTFUL):
            return other
    return ""


def _disagree(claim: str, evidence: str, word: str, against: str) -> bool:
    """Tell whether a word and its opposite are said of the same thing, both or none negated."""
    known = words(evidence)
    same = [k for k in known if stem(k) == stem(word) or k in _same_side(word)]
    if same and not _other_object(claim, evidence, (word, same[0], against)):
        return False
    if word in _CONVERSE and _exchanged(sides(claim, word), sides(evidence, against)):
        return False
    return _parity_without(claim, word) == _parity_without(clause_with(evidence, against), against)


def _parity_without(text: str, word: str) -> int:
    """Return the parity of a text where a word like "failed" is not itself a negator."""
    return (parity(text) + (word in _FAILS)) % 2


def _other_object(claim: str, evidence: str, found: tuple[str, str, str]) -> bool:
    """Tell whether the evidence's same verb has another object, and the opposite verb this one.

    "Insulin raises glucose" against "insulin lowers glucose and raises glycogen".
    """
    word, same, against = found
    wanted, known = _after(claim, word), words(evidence)
    if word not in finite_verbs() or known.index(against) > known.index(same):
        return False
    return bool(wanted & _after(evidence, against)) and not wanted & _after(evidence, same)


def _after(text: str, word: str) -> frozenset[str]:
    """Return the terms behind a word up to the next "and" or the end of the clause."""
    rest = re.split(rf"\b{re.escape(word)}\b", clause_with(text, word), maxsplit=1)[-1]
    return term_set(re.split(r",|\band\b", rest)[0])


def _exchanged(
    one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Tell whether what stands before a word in one text stands behind it in the other only."""
    before = one[0] - other[0]
    return bool(before & other[1]) or bool((other[0] - one[0]) & one[1])


def prefix_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield a word and the same word with a negating prefix: "edible" against "inedible"."""
    if parity(claim) != parity(evidence):
        return
    said, known = frozenset(words(claim)), frozenset(words(evidence))
    yield from (Veto("opposite", long, short) for long, short in _prefixed(said, known))
    yield from (Veto("opposite", short, long) for long, short in _prefixed(known, said))


def _prefixed(one: frozenset[str], other: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of one text with a prefix whose bare word only the other has."""
    for long in sorted(one - other):
        match = _PREFIX.match(long)
        short = long[match.end() :] if match else ""
        if not match or short not in other - one or short in _NOT_OPPOSITE:
            continue
        if match.group().startswith("non") or "-" in match.group() or _ADJECTIVE.fullmatch(short):
            yield long, short
