"""What is searched for instead of what was typed: spelling, joined names, aliases.

Deterministic and visible: each change is named, so that a page can show it and a reader undo
it. A word is only corrected when the corpus does not know it, a word of the corpus with the
same initial is at most one edit away (two from eight letters on), and neither holds a digit:
mTORC3 is not a misspelling of mTORC1. Common words are never corrected. Limits: a rare but right
word that resembles a word of the corpus is corrected too; the change is then visible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from assistant.indexing import Index
from assistant.words import STOP, WORD, fold, stem

IsCommon = Callable[[str], bool]
_MIN_LENGTH, _TWO_EDITS_FROM = 5, 8


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text to search for, and (typed, searched) of names found and words corrected."""

    text: str
    named: tuple[tuple[str, str], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


def rewrite(
    text: str, index: Index, aliases: Mapping[str, tuple[str, ...]], is_common: IsCommon
) -> Rewritten:
    """Return a question as it should be searched for in this corpus.

    ``is_common`` tells which words are right though the corpus has none of them.
    """
    text, named = _use_names(text, aliases)
    text, joined = _join_names(text, index)
    text, spelled = _correct(text, index, is_common)
    return Rewritten(text, (*named, *joined), tuple(spelled))


def _use_names(
    text: str, aliases: Mapping[str, tuple[str, ...]]
) -> tuple[str, list[tuple[str, str]]]:
    """Put the corpus's term after other names of it, the longest first; both are searched."""
    changes: list[tuple[str, str]] = []
    pairs = [(other, term) for term, others in aliases.items() for other in others]
    taken: list[tuple[int, int]] = []
    folded = fold(text) if len(fold(text)) == len(text) else text.lower()
    found: list[tuple[int, int, str]] = []
    for other, term in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
        if fold(term) in folded:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(fold(other))}(?!\w)", folded):
            if all(match.end() <= a or match.start() >= b for a, b in taken):
                taken.append(match.span())
                found.append((*match.span(), term))
    for start, end, term in sorted(found, reverse=True):
        changes.insert(0, (text[start:end], term))
        text = f"{text[:end]} ({term}){text[end:]}"
    return text, changes


def _join_names(text: str, index: Index) -> tuple[str, list[tuple[str, str]]]:
    """Join 'mtorc 1' and 'mtorc-1' where the corpus knows only the name in one piece."""
    changes: list[tuple[str, str]] = []
    pattern = re.compile(r"(?<!\w)([^\W\d_]{2,})[ -](\d{1,3}[a-z]?)(?!\w)", re.IGNORECASE)

    def join(match: re.Match[str]) -> str:
        joined = match.group(1) + match.group(2)
        if index.store.word_count(fold(match.group())) or not index.store.word_count(fold(joined)):
            return match.group()
        changes.append((match.group(), joined))
        return joined

    return pattern.sub(join, text), changes


def _correct(text: str, index: Index, is_common: IsCommon) -> tuple[str, list[tuple[str, str]]]:
    changes: list[tuple[str, str]] = []

    def correct(match: re.Match[str]) -> str:
        word = fold(match.group())
        right = None if is_common(word) else _nearest(word, index)
        if right is None:
            return match.group()
        changes.append((match.group(), right))
        return right

    return WORD.sub(correct, text), changes


def _nearest(word: str, index: Index) -> str | None:
    """Return the word of the corpus that was probably meant, None where there is none."""
    if len(word) < _MIN_LENGTH or word in STOP or not word.isalpha() or not word.isascii():
        return None
    if index.store.word_count(word) or index.document_frequency(stem(word)):
        return None
    edits = 2 if len(word) >= _TWO_EDITS_FROM else 1
    near = [
        (distance, -count, other)
        for other, count in index.store.words_like(word[0], len(word) - edits, len(word) + edits)
        if other.isalpha()
        and (distance := OSA.distance(word, other, score_cutoff=edits)) <= edits
        and stem(other) != stem(word)
    ]
    return min(near)[2] if near else None
