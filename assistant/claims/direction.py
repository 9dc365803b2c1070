"""The same verb, or the same comparison, with its two sides exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.clauses import COMPARATIVE, turned_round
from assistant.claims.lexicon import verb_of
from assistant.claims.opposites import opposites_of
from assistant.claims.veto import Veto
from assistant.words import STOP, stem, term_set, words

_PASSIVE = frozenset("is are was were be been being gets got".split())
_NOUN_MARKS = frozenset("a an the one its their of no".split())
_ORDER = frozenset(("before", "after"))
# Verbs that say the same both ways.
_EVEN = frozenset(
    """border meet marry equal resemble differ match interact touch join adjoin compete link
    associate relate combine occur""".split()
)
# Behind these a verb has no object: "sales increase when prices fall".
_NO_OBJECT = frozenset(
    """with because from when as due if where since through under in on at while until during by
    and""".split()
)
_VERB_FORM = re.compile(r"(?:[^s]s|ed)$")
_OTHER_VERBS = frozenset("eat beat hunt feed kill fight won sold bought built wrote taught".split())

_Sides = tuple[frozenset[str], frozenset[str]]


def direction_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield one exchange of sides: "A inhibits B" against "B inhibits A"."""
    if _comparison_turned(claim, evidence):
        yield Veto("direction", "than", "than")
        return
    known = {stem(word) for word in words(evidence)}
    for word in dict.fromkeys(words(claim)):
        forms = _forms(word, claim, evidence) if stem(word) in known else frozenset()
        if forms and _exchanged(_sides(claim, forms), _sides(evidence, forms)):
            yield Veto("direction", word, word)
            return


def _comparison_turned(claim: str, evidence: str) -> bool:
    """Tell "A is larger than B" against "B is larger than A", not against "B is smaller"."""
    if not turned_round(claim, evidence):
        return False
    said, known = words(claim), frozenset(words(evidence))
    if ("less" in said) != ("less" in known):
        return False
    return not any(opposites_of(word) & known for word in said if COMPARATIVE.search(word))


def _forms(word: str, claim: str, evidence: str) -> frozenset[str]:
    """Return the forms of a word that may be a verb; none for other words."""
    verb = verb_of(word)
    if word in STOP - _ORDER or (verb.base if verb else word) in _EVEN:
        return frozenset()
    if verb:
        return frozenset(verb.forms()[:4])
    if not _VERB_FORM.search(word) and word not in _ORDER and word not in _OTHER_VERBS:
        return frozenset()
    both = (*words(claim), *words(evidence))
    return frozenset(other for other in both if stem(other) == stem(word))


def _exchanged(one: _Sides | None, other: _Sides | None) -> bool:
    """Tell whether all that differs between the two sides has changed places."""
    if one is None or other is None:
        return False
    before, behind = one[0] - other[0], one[1] - other[1]
    if not before or not behind:
        return False
    return before == other[1] - one[1] and behind == other[0] - one[0]


def _sides(text: str, forms: frozenset[str]) -> _Sides | None:
    """Return the terms of who acts and of what is acted upon, None where the verb is not there."""
    tokens = words(text)
    at = next((at for at, token in enumerate(tokens) if token in forms), None)
    if at is None:
        return None
    left, right = " ".join(tokens[:at]), " ".join(tokens[at + 1 :])
    if _PASSIVE.intersection(tokens[max(0, at - 2) : at]) and not tokens[at].endswith("ing"):
        if tokens[at] not in _ORDER:
            return _passive_sides(left, right)
    elif _is_no_verb(tokens, at):
        return None
    return term_set(left), term_set(right)


def _passive_sides(left: str, right: str) -> _Sides | None:
    agent = f" {right}".split(" by ", 1)
    return (term_set(agent[1]), term_set(left)) if len(agent) > 1 else None


def _is_no_verb(tokens: list[str], at: int) -> bool:
    """Tell whether a form is a noun here, or a verb that has no object."""
    if tokens[at] in _ORDER:
        return False
    before = tokens[at - 1] if at else ""
    behind = tokens[at + 1] if at + 1 < len(tokens) else ""
    return before in _NOUN_MARKS or behind in _NO_OBJECT
