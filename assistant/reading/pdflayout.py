"""Runs of text on a page -> lines in reading order.

Columns are found by a gutter: a place that hardly any run crosses, with running text on both
sides. What crosses it (a title, a wide figure) parts the page into bands; within a band the
left column comes before the right one. It knows nothing of paragraphs or of other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.reading.pdfpages import Letter, Page, Run
from assistant.reading.writer import clean, raised

_MIN_SHARE = 0.12  # of a page's letters, in a column
_MIN_LINES = 4
_MIN_COLUMN_CHARS = 14  # in a run of a column, at the mean; cells of tables are shorter
_STEP = 3.0
_DROPPED = "\0"  # stands for a reference mark until the line is complete
_BLANK_LEFT = re.compile(r" \0 ?(?=[,;.)])")


@dataclass(slots=True)
class Line:
    """One line of a column: its text, edges from the upper left corner, size and weight.

    ``cells`` are its parts where wide gaps part it; ``column`` is the (left, right) of its column.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    hyphen: bool
    page: int
    cells: tuple[str, ...]
    column: tuple[float, float] = (0.0, 0.0)
    stream: int = 0  # which column of which band; lines of one stream follow each other


def page_lines(page: Page) -> list[Line]:
    """Return the lines of a page in reading order."""
    lines: list[Line] = []
    edges = (min((r.x0 for r in page.runs), default=0), max((r.x1 for r in page.runs), default=0))
    for stream, runs in enumerate(_streams(page.runs, 0)):
        found = [line for line in map(lambda g: _line(g, page.number), _rows(runs)) if line.text]
        if not found:
            continue
        column = edges
        if len(found) > 2:
            column = (_edge([f.x0 for f in found], 0.1), _edge([f.x1 for f in found], 0.9))
        for line in found:
            line.column, line.stream = column, stream
        lines.extend(found)
    return lines


def _edge(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _streams(runs: list[Run], depth: int) -> Iterator[list[Run]]:
    """Yield the columns of each band, from the top of the page."""
    gutter = _gutter(runs) if depth < 3 else None
    if gutter is None:
        yield runs
        return
    wide_rows = _table_rows(runs, gutter)
    band: list[Run] = []
    crossing: list[Run] = []
    for row in _rows(runs):
        spans = any(r.x0 < gutter - 2 and r.x1 > gutter + 2 for r in row)
        if spans or id(row[0]) in wide_rows:
            if band:
                yield from _columns(band, gutter, depth)
                band = []
            crossing.extend(row)
        else:
            if crossing:
                yield crossing
                crossing = []
            band.extend(row)
    yield from [crossing] if crossing else []
    if band:
        yield from _columns(band, gutter, depth)


def _columns(band: list[Run], gutter: float, depth: int) -> Iterator[list[Run]]:
    left = [r for r in band if (r.x0 + r.x1) / 2 < gutter]
    right = [r for r in band if (r.x0 + r.x1) / 2 >= gutter]
    for side in (left, right):
        if side:
            yield from _streams(side, depth + 1)


def _table_rows(runs: list[Run], gutter: float) -> set[int]:
    """Return the ids of the first runs of rows with three or more short cells on both sides.

    A single such row is a line of justified text; rows of a table follow each other.
    """
    rows = _rows(runs)
    like = [
        len(row) >= 3
        and sum(len(run.letters) for run in row) < _MIN_COLUMN_CHARS * len(row)
        and row[0].x1 <= gutter <= row[-1].x0
        for row in rows
    ]
    return {
        id(row[0])
        for at, row in enumerate(rows)
        if like[at] and (any(like[max(at - 2, 0) : at]) or any(like[at + 1 : at + 3]))
    }


def _gutter(runs: Sequence[Run]) -> float | None:
    """Return where a vertical blank parts two columns of running text, None when there is none."""
    if len(runs) < 2 * _MIN_LINES:
        return None
    left, right = min(r.x0 for r in runs), max(r.x1 for r in runs)
    total = sum(len(r.letters) for r in runs)
    best: tuple[int, float] | None = None
    x = left + 0.15 * (right - left)
    while x < right - 0.15 * (right - left):
        crossing = sum(len(r.letters) for r in runs if r.x0 < x - 1 and r.x1 > x + 1)
        distance = abs(x - (left + right) / 2)
        if _two_sided(runs, x, total) and (best is None or (crossing, distance) < best):
            best = (crossing, distance)
            found = x
        x += _STEP
    return found if best is not None else None


def _two_sided(runs: Sequence[Run], x: float, total: int) -> bool:
    for side in (
        [r for r in runs if r.x1 <= x + 1],
        [r for r in runs if r.x0 >= x - 1],
    ):
        size = sum(len(r.letters) for r in side)
        if len(side) < _MIN_LINES or size < _MIN_SHARE * total:
            return False
        if size / len(side) < _MIN_COLUMN_CHARS:
            return False
    return True


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs grouped by baseline, from the top, each row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.baseline, r.x0)):
        tall = run.height
        near = rows[-1][-1] if rows else None
        if near is not None and run.baseline - near.baseline < 0.45 * max(tall, near.height):
            overlap = any(min(r.x1, run.x1) - max(r.x0, run.x0) > 0.5 * tall for r in rows[-1])
            if not overlap:
                rows[-1].append(run)
                continue
        rows.append([run])
    return [sorted(row, key=lambda r: r.x0) for row in rows]


def _line(row: list[Run], page: int) -> Line:
    letters = [letter for run in row for letter in run.letters]
    plain = [letter for letter in letters if letter.text.strip()] or letters
    # Numbers may be raised marks, and many of them; words are not.
    worded = [letter for letter in plain if letter.text.isalpha()]
    sizes = sorted(letter.height for letter in (worded if len(worded) > 2 else plain))
    size = sizes[len(sizes) // 2]
    bases = sorted(letter.baseline for letter in plain if letter.height > 0.85 * size)
    base = bases[len(bases) // 2] if bases else plain[0].baseline
    cells: list[str] = []
    text = ""
    for at, run in enumerate(row):
        cell = _cell(run.letters, size, base, text)
        gap = run.x0 - row[at - 1].x1 if at else 0.0
        if at and gap < 0.8 * size and cells:
            joint = "" if gap < 0.15 * size or cell[:1] in ",.;:)" else " "
            cells[-1] += joint + cell
        else:
            cells.append(cell)
        text = " ".join(cells)
    cells = [cell for cell in map(_mended, cells) if cell]
    bold = sum(len(r.letters) for r in row if r.bold) > 0.6 * len(letters)
    text = " ".join(cells)
    hyphen = row[-1].hyphen or (text[-1:] in "-‐\u00ad" and text[-2:-1].isalnum())
    return Line(
        text, row[0].x0, max(r.x1 for r in row), base - 0.75 * size,
        base + 0.25 * size, size, bold, hyphen, page, tuple(cells),
    )  # fmt: skip


def _cell(letters: Sequence[Letter], size: float, base: float, before: str) -> str:
    """Return the text of a run; raised letters read as exponents or are reference marks."""
    parts: list[str] = []
    high: list[str] = []
    for letter in letters:
        is_high = letter.height < 0.82 * size and base - letter.baseline > 0.15 * size
        if is_high or (high and letter.text == " "):
            high.append(letter.text)
            continue
        _flush(parts, high, before)
        parts.append(letter.text)
    _flush(parts, high, before)
    return "".join(parts)


def _flush(parts: list[str], high: list[str], before: str) -> None:
    if high:
        content = "".join(high)
        trailing = " " if content.endswith(" ") else ""
        known = "".join(parts) or before
        shown = raised(known.rstrip(), content.rstrip())
        parts.append((shown or _DROPPED) + trailing)
        high.clear()


def _mended(text: str) -> str:
    """Join surrogates and ligatures, drop what has no meaning in text."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for ligature, letters in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        whole = whole.replace(ligature, letters)
    return clean(_BLANK_LEFT.sub("", whole))
