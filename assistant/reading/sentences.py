"""Sentence boundaries of running English text.

Rules, not a model: a sentence ends at ``. ! ?`` (with closing quotes, brackets and
reference numbers) when what follows looks like a start. Scientific names may start a
sentence in lower case (``mTORC1``, ``p53``), so a lower-case word with a capital or a digit
in it counts as a start. Limits: unpunctuated text is cut at MAX_CHARS at a space.
"""

from __future__ import annotations

import re

MAX_CHARS = 1_200
_WORD_CHARS = 80  # before a full stop: no abbreviation is longer
# Possessive, and never begun inside a run: a million dots are looked at once.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\[\d[\d,–-]*+\])?(?=\s|$)|[。！？]+")
_START = re.compile(r"\s*[\"'“‘«(\[]*([^\s\"'“”‘’«»()\[\]]+)")
_NO_END = frozenset(
    """e.g i.e eg ie cf vs etc al fig figs tab eq eqs ref refs no nos vol pp p approx ca dr mr mrs
    ms prof st jr sr inc ltd co dept est max min resp sec sect spp sp var ed eds""".split()
)
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_STARTERS = frozenset(
    """a an the this that these those it its he she they we you i in on at by for from with to as
    if when while after before however but and so yet there here our their his her""".split()
)
_ALWAYS_JOINS = frozenset(
    "e.g i.e eg ie cf vs fig figs eq eqs ref refs dr mr mrs ms prof approx".split()
)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the sentences of ``text[start:end]``, no blank edges."""
    found: list[tuple[int, int]] = []
    at = start
    for match in _END.finditer(text, start, end):
        if match.start() < at or not _is_boundary(text, at, match, end):
            continue
        found.extend(_trimmed(text, at, match.end()))
        at = match.end()
    found.extend(_trimmed(text, at, end))
    return found


def _is_boundary(text: str, at: int, match: re.Match[str], end: int) -> bool:
    following = _START.match(text, match.end(), end)
    if following is None:
        return True
    word = following.group(1)
    before = text[max(at, match.start() - _WORD_CHARS) : match.start()].rsplit(None, 1)
    token = before[-1].lstrip("(\"'“‘[") if before else ""
    if match.group()[0] == "." and match.group() != "...":
        lowered = token.lower()
        if lowered in _ALWAYS_JOINS or re.fullmatch(r"[A-Z]", token):
            return False
        if _DOTTED.fullmatch(token) and word.casefold() not in _STARTERS:
            return False  # "the U.S. Food and Drug Administration"
        if lowered in _NO_END and not word[0].isupper():
            return False
        if lowered in ("no", "nos", "p", "pp", "vol", "sec", "tab") and word[0].isdigit():
            return False
        if token.isdigit() and at == match.start() - len(token):
            return False  # "1." that opens a numbered line
    return _looks_like_start(word)


def _looks_like_start(word: str) -> bool:
    if not word[0].islower():
        return True
    return any(c.isupper() or c.isdigit() for c in word[1:])


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Strip blanks at both edges; cut what is too long to be a sentence at spaces."""
    pieces: list[tuple[int, int]] = []
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            return pieces
        if end - start <= MAX_CHARS:
            return [*pieces, (start, end)]
        cut = max(text.rfind(mark, start + MAX_CHARS // 2, start + MAX_CHARS) for mark in "; \n")
        cut = cut + 1 if cut > start else start + MAX_CHARS
        pieces.extend(_trimmed(text, start, cut))
        start = cut
