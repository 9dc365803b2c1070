"""Opposites, negators, absolute and hedging words, read once from lexicon.toml."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

FORMS = ("base", "third", "past", "participle", "gerund", "noun")


@dataclass(frozen=True, slots=True)
class Verb:
    """The six forms of a verb, in the order of FORMS."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str
    noun: str

    def forms(self) -> tuple[str, ...]:
        """Return all six forms."""
        return (self.base, self.third, self.past, self.participle, self.gerund, self.noun)


@dataclass(frozen=True, slots=True)
class Poles:
    """Verbs of one meaning and the verbs of the opposite one."""

    name: str
    plus: tuple[Verb, ...]
    minus: tuple[Verb, ...]


@dataclass(frozen=True)
class Lexicon:
    """What lexicon.toml holds.

    ``opposites`` maps a word to every word that would turn its statement round; both
    directions are there, verb forms only to the same form.
    """

    poles: tuple[Poles, ...]
    opposites: dict[str, frozenset[str]]
    negators: frozenset[str]
    absolute: frozenset[str]
    hedges: tuple[str, ...]


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon."""
    raw = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
    poles = tuple(
        Poles(entry["name"], _verbs(entry["plus"]), _verbs(entry["minus"]))
        for entry in raw["opposed"]
    )
    opposites: dict[str, set[str]] = {}
    for pair in raw["words"]["antonyms"]:
        one, other = pair.split()
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    for group in poles:
        for one in group.plus:
            for other in group.minus:
                for a, b in zip(one.forms(), other.forms(), strict=True):
                    opposites.setdefault(a, set()).add(b)
                    opposites.setdefault(b, set()).add(a)
    words = raw["words"]
    return Lexicon(
        poles,
        {word: frozenset(others - {word}) for word, others in opposites.items()},
        frozenset(words["negators"]),
        frozenset(words["absolute"]),
        tuple(words["hedges"]),
    )


def _verbs(lines: list[str]) -> tuple[Verb, ...]:
    return tuple(Verb(*line.split()) for line in lines)


@functools.cache
def _verbs_by_form() -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for group in lexicon().poles:
        for verb in (*group.plus, *group.minus):
            for form in verb.forms()[:5]:
                found.setdefault(form, verb)
    return found


def verb_of(word: str) -> Verb | None:
    """Return the verb of effect that a word is a form of, None for other words."""
    return _verbs_by_form().get(word)


@functools.cache
def finite_verbs() -> frozenset[str]:
    """Return the forms that a statement's verb of effect takes: third person and past."""
    verbs = _verbs_by_form().values()
    return frozenset(form for verb in verbs for form in (verb.third, verb.past))
