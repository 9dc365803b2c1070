"""What stands on many pages of a PDF at the same place: running headers, footers, page numbers.

A line in the margin zone counts as such when the same words, whatever their numbers, stand at
the same height on several pages, or when it is a page number that counts along.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.reading.pdflayout import Line
from assistant.reading.pdfpages import Page

_ZONE = 0.13  # of a page's height, at the top and at the bottom
_NUMBER = re.compile(
    r"(?:page\s*)?[-–—|\[( ]*(?:[A-Z]{0,2}-?)?(\d{1,5}|[ivxlc]{1,7})[-–—|\]) ]*"
    r"(?:\s*(?:of|/)\s*\d{1,5})?",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:[.…·]\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})?$")
_DIGITS = re.compile(r"\d+")
_SAME_PLACE = 9.0  # points


def without_furniture(pages: Sequence[Page], lines: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the lines of each page without those that run through the pages.

    Lines of a table of contents (dots that lead to a page number) go as well.
    """
    zones = [_zone(page, found) for page, found in zip(pages, lines, strict=True)]
    repeated = _repeated(zones, len(pages))
    for found in lines:
        _keep_paragraphs(found, repeated)
    furniture = repeated | _numbers(zones)
    return [
        [line for line in found if id(line) not in furniture and not _LEADERS.search(line.text)]
        for found in lines
    ]


def _zone(page: Page, lines: Sequence[Line]) -> list[Line]:
    top, bottom = _ZONE * page.height, (1 - _ZONE) * page.height
    ordered = sorted(lines, key=lambda line: line.top)
    edge = [*ordered[:5], *ordered[-6:]]
    return [line for line in edge if line.bottom < top or line.top > bottom]


def _repeated(zones: Sequence[Sequence[Line]], count: int) -> set[int]:
    """Return the ids of the lines whose words stand at the same place on several pages."""
    places: dict[str, list[Line]] = defaultdict(list)
    for zone in zones:
        for line in zone:
            key = _DIGITS.sub("#", line.text.casefold())
            if sum(map(str.isalpha, key)) >= 2:
                places[key].append(line)
    wanted = 2 if count <= 4 else 3
    found: set[int] = set()
    for lines in places.values():
        for line in lines:
            near = {o.page for o in lines if abs(o.top - line.top) < _SAME_PLACE
                    and abs(o.size - line.size) < 1}  # fmt: skip
            if len(near) >= wanted:
                found.add(id(line))
    return found


def _keep_paragraphs(lines: Sequence[Line], repeated: set[int]) -> None:
    """Take out of ``repeated`` what is set like a part of the text just above or below it."""
    changed = True
    while changed:
        joined = {
            id(line)
            for line in lines
            if id(line) in repeated
            and any(id(o) not in repeated and _adjoins(line, o) for o in lines if o is not line)
        }
        repeated -= joined
        changed = bool(joined)


def _adjoins(line: Line, other: Line) -> bool:
    overlap = min(line.x1, other.x1) - max(line.x0, other.x0)
    step = abs(line.top - other.top)
    alike = abs(line.size - other.size) < 0.07 * line.size and line.bold == other.bold
    return alike and overlap > 0 and 0 < step < 1.6 * line.size


def _numbers(zones: Sequence[Sequence[Line]]) -> set[int]:
    """Return the ids of page numbers: lines that are one number, counting with the pages."""
    candidates: list[tuple[Line, int | None]] = []
    for zone in zones:
        for line in zone:
            match = _NUMBER.fullmatch(line.text)
            if match:
                number = match.group(1)
                offset = int(number) - line.page if number.isdigit() else None
                candidates.append((line, offset))
    offsets = Counter(offset for _, offset in candidates if offset is not None)
    lone = len(zones) == 1
    return {
        id(line)
        for line, offset in candidates
        if offset is None or offsets[offset] >= 2 or (lone and offset == 0)
    }
