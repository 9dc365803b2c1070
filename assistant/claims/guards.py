"""What must agree between a claim and the sentence that is to support it.

A model of similarity and entailment can overlook one changed word. These checks cannot: each
looks for one kind of disagreement and names what it found. A sentence with a veto never counts
as support. Limits: they read words, not meaning, so a veto is no proof of a contradiction; and
what they miss is left to the verifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.claims.lexicon import Verb, lexicon
from assistant.words import STOP, fold, stem, term_set, words

_SMALL = {w: n for n, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen".split())}  # fmt: skip
_SMALL |= {w: 10 * n for n, w in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_TIMES = {"once": 1.0, "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "triple": 3.0,
          "tripled": 3.0, "halved": 0.5}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})+|\d+)(\.\d+)?(?![\w]|\.\d)(?:\s?(%|per ?cent\b|percent\b))?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\d\s?-?(mg|µg|μg|mcg|kg|g|grams?|milligrams?|micrograms?|ml|l|litres?|liters?|iu|kcal|calories|kda|"
    r"nm|mm|cm|m|km|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|fold|times)\b",
    re.IGNORECASE,
)  # fmt: skip
_UNIT_NAMES = {"milligram": "mg", "gram": "g", "microgram": "µg", "mcg": "µg", "μg": "µg",
               "litre": "l", "liter": "l", "times": "fold"}  # fmt: skip
_CLAUSE = re.compile(
    r"[;:—–]|,? (?:but|while|whereas|although|though|yet|however|unlike|rather than|instead of)\b"
    r"|, (?:and|which|so)\b"
)
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely|simply|necessarily|always|all|every|entirely)\b"
    r"|\bno (?:more|less) than\b"
)
_PASSIVE = re.compile(r"^(?:is|are|was|were|be|been|being|gets|got)$")
_PAIRS_ONLY = frozenset(
    "on off up down first last light heavy open closed old new long short".split()
)
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Veto:
    """A disagreement: its kind, what the claim says and what the evidence says instead."""

    kind: str
    claim: str
    evidence: str

    def __str__(self) -> str:
        """Return it as shown in JSON: ``number: 12 / 14``."""
        return f"{self.kind}: {self.claim or 'none'} / {self.evidence or 'none'}"


def vetoes(claim: str, evidence: str, context: str = "") -> tuple[Veto, ...]:
    """Return every disagreement between a claim and a sentence.

    Args:
        claim: The claim.
        evidence: The sentence that is to support it.
        context: Headings and neighbours: names found there are not missing.
    """
    found = [
        *_numbers(claim, evidence, context),
        *_units(claim, evidence),
        *_names(claim, f"{evidence} {context}"),
        *_opposites(claim, evidence),
        *_negation(claim, evidence),
        *_absolutes(claim, evidence),
        *_direction(claim, evidence),
    ]
    return tuple(dict.fromkeys(found))


# --- numbers and units ---------------------------------------------------------------------------


def numbers_of(text: str) -> set[float]:
    """Return the values of the numbers in a text, those in words too; shares as per cent."""
    found: set[float] = set()
    for match in _NUMBER.finditer(text):
        found.add(float(match.group(1).replace(",", "") + (match.group(2) or "")))
    tokens = re.findall(r"[a-z]+", fold(text))
    at = 0
    while at < len(tokens):
        word = tokens[at]
        if word in _SMALL and not (word == "one" and not _counts(tokens, at)):
            value = float(_SMALL[word])
            if at + 1 < len(tokens) and value >= 20 and _SMALL.get(tokens[at + 1], 99) < 10:
                value, at = value + _SMALL[tokens[at + 1]], at + 1
            while at + 1 < len(tokens) and tokens[at + 1] in _SCALES:
                value, at = value * _SCALES[tokens[at + 1]], at + 1
            found.add(value)
        elif word in _SHARES and at and tokens[at - 1] in ("a", "one"):
            found.add(_SHARES[word])
        elif word in _TIMES:
            found.add(_TIMES[word])
        at += 1
    return found


def _counts(tokens: list[str], at: int) -> bool:
    """Tell whether "one" counts something: "one protein", not "no one" or "one of the"."""
    after = tokens[at + 1] if at + 1 < len(tokens) else "of"
    before = tokens[at - 1] if at else ""
    return after not in STOP and before not in ("no", "the", "this", "that", "any", "every", "each")


def _numbers(claim: str, evidence: str, context: str) -> Iterable[Veto]:
    stated = {n for n in numbers_of(claim) if n != 1}
    known = numbers_of(evidence)
    for number in sorted(stated - known - numbers_of(context)):
        if known and any(_about(number, k) for k in known):
            continue
        yield Veto("number", f"{number:g}", ", ".join(f"{k:g}" for k in sorted(known)[:4]))


def _about(one: float, other: float) -> bool:
    """Tell whether a broken number and another are the same, rounded: a third and 33 %."""
    broken = not (one.is_integer() and other.is_integer())
    return broken and abs(one - other) <= 0.02 * abs(other)


def _unit_names(text: str) -> set[str]:
    found = set()
    for match in _UNIT.finditer(text):
        name = match.group(1).lower()
        name = name if name in ("times",) else name.rstrip("s") if len(name) > 2 else name
        found.add(_UNIT_NAMES.get(name, name))
    return found


def _units(claim: str, evidence: str) -> Iterable[Veto]:
    stated, known = _unit_names(claim), _unit_names(evidence)
    if stated and known and not stated & known:
        yield Veto("unit", ", ".join(sorted(stated)), ", ".join(sorted(known)))


# --- names ----------------------------------------------------------------------------------------

_NAME = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z0-9])(?=[\w-]*[A-Za-z])[\w-]{2,}")


def names_of(text: str) -> set[str]:
    """Return the names in a text, folded: a capital inside, a digit, or not at the start."""
    found = set()
    for match in _NAME.finditer(text):
        word = match.group().strip("-_")
        first = not text[: match.start()].strip(" \"'“(") or text[
            : match.start()
        ].rstrip().endswith((".", "?", "!", ":"))
        marked = any(c.isupper() or c.isdigit() for c in word[1:])
        if marked or (word[:1].isupper() and not first):
            found.add(fold(word).replace("-", ""))
    return found


def _names(claim: str, evidence: str) -> Iterable[Veto]:
    folded = re.sub(r"[-\s]", "", fold(evidence))
    for name in sorted(names_of(claim)):
        if name.rstrip("s") not in folded or (
            name[-1].isdigit() and not re.search(re.escape(name) + r"(?!\d)", folded)
        ):
            yield Veto("name", name, "")


# --- opposites, negation, direction --------------------------------------------------------


def _opposites(claim: str, evidence: str) -> Iterable[Veto]:
    """Find a word of the claim whose opposite stands in the evidence, and it does not itself."""
    said, known = words(claim), words(evidence)
    stems = {stem(w) for w in known}
    claimed = {stem(w) for w in said}
    for word in dict.fromkeys(said):
        others = lexicon().opposites.get(word)
        if not others or word in _PAIRS_ONLY or stem(word) in stems:
            continue
        if _same_side(word) & set(known):
            continue
        against = [
            k
            for k in known
            if k in others or stem(k) in {stem(o) for o in others if o not in _PAIRS_ONLY}
        ]
        against = [k for k in against if stem(k) not in claimed and k not in _PAIRS_ONLY]
        if against and _parity(claim) == _parity(_clause_with(evidence, against[0])):
            yield Veto("opposite", word, against[0])


def _same_side(word: str) -> set[str]:
    """Return the verbs of the word's own pole: an evidence that has one does not disagree."""
    found: set[str] = set()
    for group in lexicon().poles:
        for side in (group.plus, group.minus):
            if any(word in verb.forms() for verb in side):
                found.update(f for verb in side for f in verb.forms())
    return found


def _clause_with(text: str, word: str) -> str:
    for clause in _CLAUSE.split(fold(text)):
        if word in words(clause):
            return clause
    return fold(text)


def _parity(text: str) -> int:
    """Return 1 where a text has an odd number of negators, else 0."""
    tokens = words(text)
    count = sum(w in lexicon().negators or w.endswith("n't") for w in tokens)
    count -= len(_NO_NEGATION.findall(fold(text)))
    return count % 2


def _negation(claim: str, evidence: str) -> Iterable[Veto]:
    """Compare the negators of the claim with those of the clause that says nearly the same."""
    wanted = term_set(claim)
    if not wanted:
        return
    clauses = [evidence, *(c for c in _CLAUSE.split(evidence) if len(c.split()) > 2)]
    best = max(clauses, key=lambda c: (len(wanted & term_set(c)) / len(wanted), -len(c)))
    if len(wanted & term_set(best)) / len(wanted) < _SAME:
        return
    stems = {stem(w) for w in words(best)}
    if any(stem(o) in stems for w in words(claim) for o in lexicon().opposites.get(w, ())):
        return  # "does not raise" and "lowers" agree; the verifier judges
    if _parity(claim) != _parity(best):
        negated = [w for w in words(best) if w in lexicon().negators]
        own = [w for w in words(claim) if w in lexicon().negators]
        yield Veto("negation", own[0] if own else "", negated[0] if negated else "")


def _absolutes(claim: str, evidence: str) -> Iterable[Veto]:
    """Find a word in the claim that makes it absolute where the evidence has none."""
    strong = lexicon().absolute
    known = set(words(evidence))
    folded = fold(claim)
    for word in dict.fromkeys(words(claim)):
        if word not in strong or word in lexicon().negators:
            continue
        if re.search(rf"\b(?:not|n't|cannot|hardly|nor) (?:\w+ )?{word}\b", folded):
            continue
        if not known & (strong - {"no", "any", "each"}):
            yield Veto("absolute", word, "")


def _direction(claim: str, evidence: str) -> Iterable[Veto]:
    """Find the same verb with its two sides exchanged: "A inhibits B" against "B inhibits A"."""
    for verb in _verbs():
        one, other = _sides(claim, verb), _sides(evidence, verb)
        if one is None or other is None:
            continue
        straight = len(one[0] & other[0]) + len(one[1] & other[1])
        crossed = len(one[0] & other[1]) + len(one[1] & other[0])
        both = one[0] & other[1] and one[1] & other[0]
        if both and crossed > straight:
            yield Veto("direction", verb.base, verb.base)
            return


def _verbs() -> list[Verb]:
    return [v for group in lexicon().poles for side in (group.plus, group.minus) for v in side]


def _sides(text: str, verb: Verb) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the terms of who acts and of what is acted upon, None where the verb is not there."""
    tokens = words(text)
    forms = set(verb.forms()[:4])
    for at, word in enumerate(tokens):
        if word not in forms:
            continue
        left, right = " ".join(tokens[:at]), " ".join(tokens[at + 1 :])
        passive = (
            any(_PASSIVE.match(w) for w in tokens[max(0, at - 2) : at]) and word == verb.participle
        )
        if passive:
            agent = right.split(" by ", 1)
            if not right.startswith("by ") and len(agent) < 2:
                return None
            return term_set(agent[-1].removeprefix("by ")), term_set(left)
        return term_set(left), term_set(right)
    return None
