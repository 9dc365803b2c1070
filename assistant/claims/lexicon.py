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
    plain: tuple[Verb, ...]
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
        tuple(_plain_verb(line) for line in words["plain_verbs"]),
        {word: frozenset(others - {word}) for word, others in opposites.items()},
        frozenset(words["negators"]),
        frozenset(words["absolute"]),
        tuple(words["hedges"]),
    )


def _plain_verb(line: str) -> Verb:
    base, third, past = line.split()
    return Verb(base, third, past, past, f"{base}ing", base)


def _verbs(lines: list[str]) -> tuple[Verb, ...]:
    return tuple(Verb(*line.split()) for line in lines)


@functools.cache
def _verbs_by_form() -> dict[str, tuple[Verb, str]]:
    found: dict[str, tuple[Verb, str]] = {}
    for group in lexicon().poles:
        for verb in (*group.plus, *group.minus):
            for name, form in zip(FORMS[:5], verb.forms()[:5], strict=True):
                found.setdefault(form, (verb, name))
    for verb in lexicon().plain:
        for name, form in zip(FORMS[:3], verb.forms()[:3], strict=True):
            found.setdefault(form, (verb, name))
    return found


def form_of(word: str) -> tuple[Verb, str] | None:
    """Return the verb that a word is a form of, and the form's name; None for other words."""
    return _verbs_by_form().get(word)


def verb_of(word: str) -> Verb | None:
    """Return the verb that a word is a form of, None for other words."""
    found = form_of(word)
    return found[0] if found else None


@functools.cache
def finite_verbs() -> frozenset[str]:
    """Return the forms that a statement's verb takes: third person and past."""
    return frozenset(f for v, _ in _verbs_by_form().values() for f in (v.third, v.past))
