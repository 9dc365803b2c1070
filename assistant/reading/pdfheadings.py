"""Lines of a PDF -> which of them are headings, and of what level.

What the bookmarks name is a heading; beyond that, what is set larger than the body, or bold or
in capitals on a line of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.reading.pdflayout import Line
from assistant.reading.plaintext import BULLET, reads_like_heading

CAPTION = re.compile(r"(fig(ure)?s?|table|box|scheme|chart|plate)\.?\s*[A-Z]?\d", re.IGNORECASE)
MAX_HEADING_LINES = 4
_CLOSED = re.compile(r"[.!?:][\"'”’)\]]*$")
_LARGER = 1.13
_MAX_LEVEL = 6
Outline = Sequence[tuple[int, str, int]]  # (level from 1, title, page)


@dataclass(slots=True)
class Headings:
    """id of a line -> its level; ``starts`` are the lines that open a heading of the outline."""

    levels: dict[int, int] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)


def body_size(lines: Sequence[Line]) -> float:
    """Return the size most letters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 4) / 4] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def find_headings(lines: Sequence[Line], outline: Outline) -> tuple[list[Line], Headings]:
    """Return the headings, and the lines with headings that run into a paragraph parted off."""
    found = Headings()
    missed = _match_outline(lines, outline, found)
    parted = _part_run_in(lines, missed, found)
    _add_by_style(parted, bool(outline), found)
    return parted, found


def _match_outline(lines: Sequence[Line], outline: Outline, found: Headings) -> Outline:
    """Find each title of the outline once; return those that are no line of their own."""
    used: set[int] = set()
    for later in (0, 1):  # a bookmark may point to the end of the page before
        wanted: dict[tuple[int, str], int] = {}
        for number, (_, title, page) in enumerate(outline):
            if number not in used:
                wanted.setdefault((page + later, _key(title)), number)
        for at, line in enumerate(lines):
            if line.text[:1].islower() or id(line) in found.levels:
                continue
            for count in range(1, MAX_HEADING_LINES + 1):
                some = lines[at : at + count]
                text = " ".join(one.text for one in some)
                number = wanted.get((line.page, _key(text)), -1)
                if number < 0 or number in used or len(text) > 1.3 * len(outline[number][1]) + 6:
                    continue
                used.add(number)
                level = min(outline[number][0], _MAX_LEVEL)
                found.levels.update((id(one), level) for one in some)
                found.starts.add(id(line))
                break
    return [entry for number, entry in enumerate(outline) if number not in used]


def _part_run_in(lines: Sequence[Line], outline: Outline, found: Headings) -> list[Line]:
    """Part 'Title. Text' where a paragraph opens with a title of the outline."""
    missed: dict[int, list[tuple[int, str]]] = {}
    for level, title, page in outline:
        missed.setdefault(page, []).append((level, title))
    parted: list[Line] = []
    for line in lines:
        opens = (
            not parted or bool(_CLOSED.search(parted[-1].text)) or id(parted[-1]) in (found.levels)
        )
        for entry in missed.get(line.page, []) if opens else []:
            level, title = entry
            if re.match(re.escape(title) + r"(\s*[.:])?\s+[A-Z0-9]", line.text, re.IGNORECASE):
                head, rest = line.text[: len(title)], line.text[len(title) :].lstrip(".: ")
                heading = replace(line, text=head, cells=(head,), hyphen=False)
                found.levels[id(heading)] = min(level, _MAX_LEVEL)
                found.starts.add(id(heading))
                parted += [heading, replace(line, text=rest, cells=(rest,))]
                missed[line.page].remove(entry)
                break
        else:
            parted.append(line)
    return parted


def _add_by_style(lines: Sequence[Line], outlined: bool, found: Headings) -> None:
    body = body_size(lines)
    styles: dict[tuple[float, bool], Counter[int]] = {}
    for line in lines:
        if id(line) in found.levels:
            styles.setdefault(_style(line), Counter())[found.levels[id(line)]] += 1
    larger = sorted({_style(line)[0] for line in lines if _stands_out(line, body)}, reverse=True)
    for at, line in enumerate(lines):
        if id(line) in found.levels or not _is_heading(lines, at, body):
            continue
        known = styles.get(_style(line))
        if known:
            found.levels[id(line)] = known.most_common(1)[0][0]
        elif not outlined or line.size > _LARGER * body:
            size = _style(line)[0]
            rank = larger.index(size) if size in larger else len(larger)
            found.levels[id(line)] = min(rank + 1, _MAX_LEVEL)


def _key(title: str) -> str:
    return re.sub(r"^\d+(?=[a-z])", "", re.sub(r"[\W_]+", "", title.casefold()))


def _style(line: Line) -> tuple[float, bool]:
    return round(line.size * 2) / 2, line.bold


def _stands_out(line: Line, body: float) -> bool:
    return line.size > _LARGER * body and any(map(str.isalpha, line.text))


def _is_heading(lines: Sequence[Line], at: int, body: float) -> bool:
    line = lines[at]
    if len(line.cells) > 2 or CAPTION.match(line.text) or not any(map(str.isalpha, line.text)):
        return False
    if BULLET.match(line.text) or len(line.text) > 160:
        return False
    if _stands_out(line, body):
        return not line.text.endswith((",", ";")) and len(line.text) > 2
    if line.size < 0.93 * body:
        return False
    caps = line.text.isupper() and len(line.text) > 5
    if not (line.bold or caps) or not reads_like_heading(line.text):
        return False
    before = lines[at - 1] if at else None
    after = lines[at + 1] if at + 1 < len(lines) else None
    follows_bold = before is not None and before.bold and before.stream == line.stream
    # A bold line within a bold paragraph is no heading.
    return not (follows_bold and after is not None and after.bold)
