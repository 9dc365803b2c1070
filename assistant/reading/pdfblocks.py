"""Lines of a PDF in reading order -> paragraphs, list items and table rows.

Paragraphs go on across columns and pages where the sentence does; broken words are mended by
the document's own words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from assistant.datatypes import BlockKind
from assistant.reading.pdfheadings import CAPTION, MAX_HEADING_LINES, Headings, body_size
from assistant.reading.pdflayout import Line
from assistant.reading.plaintext import BULLET, NUMBER

_WORD = re.compile(r"\w+(?:-\w+)*")
_CLOSED = re.compile(r"[.!?:…][\"'”’)\]]*$")
_ALIKE = 0.07  # by which sizes of one paragraph may differ
_LOOK_AHEAD = 14


@dataclass(slots=True)
class Piece:
    """A block while it is built; ``pages`` are (offset in the text, page) where a page begins."""

    kind: BlockKind
    text: str
    pages: list[tuple[int, int]]
    size: float
    level: int = 0
    marker: str = ""
    lines: list[Line] = field(default_factory=list)


class Words:
    """The words of a document, to tell 'long-term' from 'trans-port' at a line's end."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.counts: Counter[str] = Counter()
        for line in lines:
            words = _WORD.findall(line.text.casefold())
            self.counts.update(words[:-1] if line.hyphen else words)
        self.ordered = sorted(self.counts)

    def mend(self, before: str, after: str) -> str:
        """Return two lines as one where the first ends within a word."""
        before = before.rstrip("-\u00ad‐")
        head = re.search(r"[\w-]*$", before)
        tail = re.match(r"\w+", after)
        first, second = head.group() if head else "", tail.group() if tail else ""
        return f"{before}-{after}" if self._keeps_hyphen(first, second) else before + after

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if not first or not second or second[0].isdigit() or second[0].isupper():
            return True
        if first[-1].isdigit() or (len(first) > 1 and first.isupper()):
            return True
        joined, parted = (first + second).casefold(), f"{first}-{second}".casefold()
        if self.counts[parted] or self.counts[joined]:
            return self.counts[parted] > self.counts[joined]
        at = bisect_left(self.ordered, joined)
        if at < len(self.ordered) and self.ordered[at].startswith(joined):
            return False
        first, second = first.casefold(), second.casefold()
        return (
            min(len(first), len(second)) > 2
            and self.counts[first] > 2
            and (self.counts[second] > 0)
        )


def build_pieces(lines: Sequence[Line], headings: Headings) -> list[Piece]:
    """Return the blocks of all lines in reading order, running headers and footers removed."""
    body, levels = body_size(lines), headings.levels
    words = Words(lines)
    pitch = _pitch(lines)
    rows = _table_rows(lines, levels)
    pieces: list[Piece] = []
    for line in lines:
        level = levels.get(id(line), 0)
        if not level and id(line) in rows:
            pieces.append(_piece("row", line, " | ".join(line.cells)))
        elif level:
            _add_heading(pieces, line, level, words, id(line) in headings.starts)
        elif _goes_on(pieces, line, pitch):
            _extend(pieces[-1], line, words)
        else:
            pieces.append(_piece("paragraph", line, line.text))
    pieces = _reunite(pieces, body, words)
    for at, piece in enumerate(pieces):
        _classify(pieces, at, piece, body)
    return pieces


def _pitch(lines: Sequence[Line]) -> dict[float, float]:
    """Return size -> usual distance of the tops of neighbouring lines."""
    found: dict[float, list[float]] = {}
    for one, other in pairwise(lines):
        step = other.top - one.top
        same = one.page == other.page and one.stream == other.stream
        if same and abs(one.size - other.size) < _ALIKE * one.size and 0 < step < 4 * one.size:
            found.setdefault(round(one.size), []).append(step)
    return {size: median(steps) for size, steps in found.items() if len(steps) > 2}


def _table_rows(lines: Sequence[Line], levels: dict[int, int]) -> set[int]:
    """Return the ids of lines that look like rows of a table: several cells, also next to it."""
    celled = [
        len(line.cells) > 1
        and id(line) not in levels
        and not BULLET.match(line.text)
        and not NUMBER.match(line.text)
        for line in lines
    ]
    found = set()
    for at, line in enumerate(lines):
        close = (-2, -1, 1, 2) if len(line.cells) > 2 else (-1, 1)
        near = [at + n for n in close if 0 <= at + n < len(lines) and celled[at + n]]
        if celled[at] and any(abs(len(lines[n].cells) - len(line.cells)) <= 2 for n in near):
            found.add(id(line))
    return found


def _piece(kind: BlockKind, line: Line, text: str) -> Piece:
    return Piece(kind, text, [(0, line.page)], line.size, lines=[line])


def _add_heading(pieces: list[Piece], line: Line, level: int, words: Words, starts: bool) -> None:
    last = pieces[-1] if pieces else None
    if (
        last is not None
        and not starts
        and last.kind == "heading"
        and last.level == level
        and len(last.lines) < MAX_HEADING_LINES
        and abs(last.size - line.size) < _ALIKE * line.size
        and last.lines[-1].page == line.page
        and 0 < line.top - last.lines[-1].top < 1.9 * line.size
    ):
        _extend(last, line, words)
        return
    piece = _piece("heading", line, line.text)
    piece.level = level
    pieces.append(piece)


def _goes_on(pieces: Sequence[Piece], line: Line, pitch: dict[float, float]) -> bool:
    """Tell whether a line goes on with the last paragraph."""
    if not pieces or pieces[-1].kind != "paragraph":
        return False
    last = pieces[-1].lines[-1]
    if abs(last.size - line.size) > _ALIKE * line.size:
        return False
    if last.page != line.page or last.stream != line.stream:
        return _unfinished(pieces[-1], line)
    step = line.top - last.top
    usual = pitch.get(round(line.size), 1.25 * line.size)
    if not 0 < step < 1.4 * max(usual, 1.1 * line.size):
        return False
    return not _opens(pieces[-1], last, line)


def _opens(piece: Piece, last: Line, line: Line) -> bool:
    """Tell whether a line just below another one opens a new paragraph or list item."""
    closed = bool(_CLOSED.search(last.text))
    if BULLET.match(line.text):
        return True
    if NUMBER.match(line.text) and (closed or NUMBER.match(piece.text)):
        return True
    left, right = line.column
    indent = line.x0 - last.x0
    if indent > 0.7 * line.size and last.x0 - left < 0.7 * line.size and len(piece.lines) > 0:
        hanging = len(piece.lines) == 1 and (NUMBER.match(piece.text) or BULLET.match(piece.text))
        return closed and not hanging
    if indent < -0.7 * line.size and len(piece.lines) > 1:
        return closed or last.x0 - piece.lines[0].x0 > 0.7 * line.size
    starts = line.text.lstrip("\"'“‘(")[:1]
    short = last.x1 < right - 0.22 * (right - left)
    return closed and short and not starts.islower()


def _unfinished(piece: Piece, line: Line) -> bool:
    """Tell whether a paragraph goes on in the next column or on the next page."""
    last = piece.lines[-1]
    if last.hyphen:
        return True
    if _CLOSED.search(piece.text) or CAPTION.match(piece.text) or CAPTION.match(line.text):
        return False
    if BULLET.match(line.text):
        return False
    left, right = last.column
    room = (right - last.x1) / max(right - left, 1.0)
    return room < (0.3 if line.text[:1].islower() else 0.12)


def _extend(piece: Piece, line: Line, words: Words) -> None:
    last = piece.lines[-1]
    if last.hyphen and line.text[:1].isalnum():
        before = len(piece.text.rstrip("-\u00ad‐"))
        piece.text = words.mend(piece.text, line.text)
        begins = before
    else:
        begins = len(piece.text) + 1
        piece.text = f"{piece.text} {line.text}"
    if piece.pages[-1][1] != line.page:
        piece.pages.append((min(begins, len(piece.text) - 1), line.page))
    piece.lines.append(line)


def _reunite(pieces: list[Piece], body: float, words: Words) -> list[Piece]:
    """Join paragraphs that a figure, table or footnote between columns or pages parts."""
    taken: set[int] = set()
    for at, piece in enumerate(pieces):
        if at in taken or not _is_body(piece, body):
            continue
        while (ahead := _rest_of(pieces, at, body, taken)) is not None:
            for line in pieces[ahead].lines:
                _extend(piece, line, words)
            taken.add(ahead)
    return [piece for at, piece in enumerate(pieces) if at not in taken]


def _rest_of(pieces: Sequence[Piece], at: int, body: float, taken: set[int]) -> int | None:
    """Return where a paragraph goes on beyond what is no body text, None when it does not."""
    piece = pieces[at]
    if _CLOSED.search(piece.text) and not piece.lines[-1].hyphen:
        return None
    for ahead in range(at + 1, min(at + _LOOK_AHEAD, len(pieces))):
        other = pieces[ahead]
        if other.kind == "heading":
            return None
        if ahead in taken or not _is_body(other, body):
            continue
        if ahead > at + 1 and (piece.lines[-1].hyphen or other.text[:1].islower()):
            return ahead
        if len(other.lines) > 1:
            return None
    return None


def _is_body(piece: Piece, body: float) -> bool:
    return (
        piece.kind == "paragraph"
        and abs(piece.size - body) <= _ALIKE * body
        and not CAPTION.match(piece.text)
    )


def _classify(pieces: Sequence[Piece], at: int, piece: Piece, body: float) -> None:
    """Make a paragraph a list item or, for a scrap of a figure, furniture."""
    if piece.kind != "paragraph":
        return
    bullet, number = BULLET.match(piece.text), NUMBER.match(piece.text)
    if bullet:
        _cut(piece, bullet.end())
        piece.kind, piece.level, piece.marker = "item", 1, "- "
    elif number and _numbered_near(pieces, at):
        marker = (number.group(1) or number.group(2) or "1") + ". "
        _cut(piece, number.end())
        piece.kind, piece.level, piece.marker = "step", 1, marker
    elif piece.size < 0.93 * body and len(piece.text.split()) < 8 and not (
        _CLOSED.search(piece.text) or CAPTION.match(piece.text)
    ):  # fmt: skip
        piece.kind = "furniture"


def _numbered_near(pieces: Sequence[Piece], at: int) -> bool:
    before = at > 0 and pieces[at - 1].kind == "step"
    return before or (at + 1 < len(pieces) and bool(NUMBER.match(pieces[at + 1].text)))


def _cut(piece: Piece, length: int) -> None:
    piece.text = piece.text[length:]
    piece.pages = [(max(offset - length, 0), page) for offset, page in piece.pages]
