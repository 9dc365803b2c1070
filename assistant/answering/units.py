"""What can be an answer: a sentence, or a list as a whole.

Steps and short enumerations make sense only together, so they are one unit, with the line that
leads into them when it ends in a colon. Long bullets stand for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.datatypes import Passage

MAX_ITEMS = 15
_SHORT_ITEM = 120


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences ``first`` to ``last`` of a passage; ``lead`` is what they are read under."""

    first: int
    last: int
    start: int
    end: int
    is_list: bool = False
    lead: str = ""


@lru_cache(maxsize=8_192)
def units_of(passage: Passage) -> tuple[Unit, ...]:
    """Return the units of a passage in order; they do not overlap."""
    sentences = passage.sentences
    found: list[Unit] = []
    at = 0
    while at < len(sentences):
        last = _list_end(passage, at)
        if last is None:
            found.append(Unit(at, at, sentences[at].start, sentences[at].end))
            at += 1
            continue
        first, lead = at, _lead(passage, at)
        if found and found[-1].last == at - 1 and _text(passage, at - 1).endswith(":"):
            first = found.pop().first
            lead = ""
        unit = Unit(first, last, sentences[first].start, sentences[last].end, True, lead)
        found.append(unit)
        at = last + 1
    return tuple(found)


def _list_end(passage: Passage, at: int) -> int | None:
    """Return the last sentence of the list that begins here, None where none should be whole."""
    sentences = passage.sentences
    start = sentences[at].list_start
    if start < 0 or passage.kind == "takeaways":
        return None  # takeaways are said each for itself
    last = at
    while last + 1 < len(sentences) and sentences[last + 1].list_start == start:
        last += 1
    members = sentences[at : last + 1]
    if all(s.kind == "row" and ": " in passage.slice(s.start, s.end) for s in members):
        return None  # rows that name their columns are understood one by one
    steps = all(s.kind == "step" for s in members)
    short = all(s.end - s.start < _SHORT_ITEM for s in members)
    return last if len(members) <= MAX_ITEMS and (steps or short) else None


def _lead(passage: Passage, at: int) -> str:
    """Return the nearest sentence before a list that has a colon, else the one before it."""
    for before in range(at - 1, -1, -1):
        if passage.sentences[before].list_start < 0 and ":" in _text(passage, before):
            return _text(passage, before)
    return _text(passage, at - 1) if at else ""


def _text(passage: Passage, at: int) -> str:
    sentence = passage.sentences[at]
    return passage.slice(sentence.start, sentence.end)
