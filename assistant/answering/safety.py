"""Triage of a question: does it ask for personal medical advice, a purchase, or urgent help?

``triage`` reads the question alone, never the documents, and returns the first rule of
``safety.toml`` that fits, or None. The rules are data: named word groups, harmless phrases
that are struck out first (idioms, software, laboratory work), and patterns in order of urgency.

Limits: English only. The rules look for a person (I, my son, a pregnant woman) together with
a decision (should I, how much, is it safe to) and a substance or a condition; advice sought
without naming a person is often missed, and an unknown substance is recognised by its ending,
its code (BPC-157) or the verb "take" only. It cannot tell a true emergency from a made-up one.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Level = Literal["info", "caution", "urgent"]

_TABLE = Path(__file__).with_name("safety.toml")
_NAME = re.compile(r"\{([a-z_]+)\}")
# A code keeps its hyphen before a digit (bpc-157); marks that end a sentence become a full stop.
_TOKEN = re.compile(r"[^\W_]+(?:-(?=\d)[^\W_]+)*(?:'[a-z]+)?|[.?!;\n]+|%")
_TAG = re.compile(r"(?<!\\)[A-Z]")
_LITERAL = re.compile(r"(?<![\\\w])[a-z]{2,}\??")
_LONGEST_WORD = 40
_SHORTEST_FUZZY = 7
_NOT_PLURAL = ("what", "who", "where", "how", "that", "he", "she", "it", "there", "when")
_ENDINGS = {"'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would"}


@dataclass(frozen=True, slots=True)
class Triage:
    """What a question gave cause for.

    ``text`` is the notice to show. ``refer`` tells that the documents should not answer at
    all; otherwise the notice accompanies the answer. ``caution_terms`` are words by which the
    corpus's own caution on the matter can be found, the most telling first.
    """

    kind: str
    level: Level
    text: str
    refer: bool
    caution_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A question in plain words, and the same with the marks of the table's [tags]."""

    plain: str
    marked: str


@dataclass(frozen=True, slots=True)
class _Part:
    """An expression, compiled when first needed: most questions need few of them."""

    expression: str
    marked: bool

    def compiled(self) -> re.Pattern[str]:
        return _compiled(_tolerant(self.expression) if self.marked else self.expression)

    def found(self, text: _Text) -> bool:
        return self.compiled().search(text.marked if self.marked else text.plain) is not None


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Expressions that must all be found, and others none of which may be."""

    required: tuple[_Part, ...]
    barred: tuple[_Part, ...]

    def fits(self, text: _Text) -> bool:
        return all(part.found(text) for part in self.required) and not any(
            part.found(text) for part in self.barred
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    notice: Triage
    unless: tuple[_Part, ...]
    patterns: tuple[_Pattern, ...]

    def fits(self, text: _Text) -> bool:
        return any(p.fits(text) for p in self.patterns) and not any(
            part.found(text) for part in self.unless
        )


@dataclass(frozen=True, slots=True)
class _Rules:
    gate: str
    spelling: Mapping[str, str]
    neighbours: Mapping[str, str]
    tags: Mapping[str, str]
    harmless: tuple[str, ...]
    rules: tuple[_Rule, ...]


def prepare() -> None:
    """Compile every rule now, which takes a second, so that no question has to wait for it."""
    for rule in _load().rules:
        patterns = (part for p in rule.patterns for part in (*p.required, *p.barred))
        for part in (*rule.unless, *patterns):
            part.compiled()


def triage(text: str) -> Triage | None:
    """Return the notice that a question calls for, the most urgent one, or None."""
    rules = _load()
    plain = _plain(text, rules)
    if _compiled(rules.gate).search(plain) is None:
        return None
    for phrase in rules.harmless:
        plain = _compiled(phrase).sub(" . ", plain)
    read = _Text(plain, _marked(plain, rules.tags))
    return next((rule.notice for rule in rules.rules if rule.fits(read)), None)


def _plain(text: str, rules: _Rules) -> str:
    """Return lower-case words parted by single blanks, spelled out, with " . " after sentences."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    for mark in "’‘`´ʼ":
        folded = folded.replace(mark, "'")
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    spelled = (_spelled(match.group(), rules) for match in _TOKEN.finditer(folded))
    return f" . {' '.join(' '.join(spelled).split())} "


def _marked(plain: str, tags: Mapping[str, str]) -> str:
    for tag, expression in tags.items():
        plain = _compiled(expression).sub(rf"\g<0>{tag}", plain)
    return plain


def _spelled(token: str, rules: _Rules) -> str:
    if not token[0].isalnum():
        return token if token == "%" else "."
    token = token[:_LONGEST_WORD]
    known = rules.spelling.get(token)
    if known is not None:
        return known
    if "'" in token:
        return _spelled_out(token)
    if len(token) >= _SHORTEST_FUZZY:
        return _corrected(token, rules.neighbours)
    return token


def _spelled_out(token: str) -> str:
    """Return a contraction in full, a possessive without its ending."""
    if token.endswith("n't"):
        return f"{token[:-3]} not"
    stem, ending = token.rsplit("'", 1)
    if ending == "s":
        return f"{stem} is" if stem in _NOT_PLURAL else stem
    return stem + _ENDINGS.get(f"'{ending}", "")


def _corrected(token: str, neighbours: Mapping[str, str]) -> str:
    """Return the key word that a token is one slip away from, or the token itself."""
    if token in neighbours.values():
        return token
    return next((neighbours[near] for near in _shortened(token) if near in neighbours), token)


def _shortened(word: str) -> Iterator[str]:
    """Yield a word, then the word with each of its letters left out.

    Two words one slip apart (a letter added, lost, changed or swapped with the next) share
    one of these; the first letter is taken to be right.
    """
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


@functools.cache
def _load() -> _Rules:
    """Return the table of rules, its words put in and nothing compiled yet."""
    with _TABLE.open("rb") as file:
        table = tomllib.load(file)
    words: dict[str, str] = {}
    for name, part in table["words"].items():
        joined = "|".join(part) if isinstance(part, list) else part
        words[name] = f"(?:{_expand(joined, words)})"
    return _Rules(
        gate=_bounded("|".join(table["gate"]["words"]), words),
        spelling=table["spelling"],
        neighbours={near: word for word in table["fuzzy"]["words"] for near in _shortened(word)},
        tags={tag: rf"\b(?:{'|'.join(part)})\b" for tag, part in table["tags"].items()},
        harmless=tuple(_bounded(part, words) for part in table["harmless"]["phrases"]),
        rules=tuple(_rule(entry, words) for entry in table["rule"]),
    )


@functools.cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@functools.cache
def _tolerant(expression: str) -> str:
    """Return an expression whose own words are found with or without the mark behind them."""
    return _LITERAL.sub(lambda match: match.group() + _mark(match.group()), expression)


@functools.cache
def _mark(literal: str) -> str:
    """Return what may stand behind a literal word: any mark if it can bear one, else nothing."""
    word = literal.removesuffix("?")
    forms = (word, word[:-1]) if word != literal else (word,)
    tags = _load().tags.values()
    return "[A-Z]?" if any(_compiled(t).fullmatch(f) for t in tags for f in forms) else ""


def _rule(entry: Mapping[str, Any], words: Mapping[str, str]) -> _Rule:
    notice = Triage(
        kind=entry["kind"],
        level=entry["level"],
        text=entry["text"],
        refer=entry["refer"],
        caution_terms=tuple(entry["caution_terms"]),
    )
    patterns = tuple(_pattern(p, words) for p in entry["patterns"])
    return _Rule(notice, _parts(entry.get("unless", ()), words), patterns)


def _pattern(entry: str | list[str], words: Mapping[str, str]) -> _Pattern:
    """Return the pattern of an entry; of a list all must be found, those after "!" must not."""
    parts = [entry] if isinstance(entry, str) else entry
    return _Pattern(
        required=_parts((p for p in parts if not p.startswith("!")), words),
        barred=_parts((p[1:] for p in parts if p.startswith("!")), words),
    )


def _parts(parts: Iterable[str], words: Mapping[str, str]) -> tuple[_Part, ...]:
    """Return the parts with the shortest first, which is the quickest to tell."""
    expressions = sorted((_bounded(part, words) for part in parts), key=len)
    return tuple(_Part(e, _TAG.search(e) is not None) for e in expressions)


def _bounded(part: str, words: Mapping[str, str]) -> str:
    return rf"\b(?:{_expand(part, words)})\b"


def _expand(part: str, words: Mapping[str, str]) -> str:
    """Return an expression with each {name} replaced by the words of that name."""
    return _NAME.sub(lambda match: words[match.group(1)], part)
