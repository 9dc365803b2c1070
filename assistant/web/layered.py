"""Boxes and directed links -> a layered drawing: rows from top to bottom, few crossings.

Sugiyama's four steps: links that would run in a circle are turned round, each box gets a row,
each row an order, each box a place. A link that passes rows gets a lane in each of them, kept
apart from the boxes, so it never runs through one. The same input gives the same drawing.
Lengths are in the units of the boxes. It knows nothing of what is drawn.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from assistant.web.placing import Pull, place_items
from assistant.web.rows import assign_rows

Point = tuple[float, float]
Rows = list[list[int]]

ROW_GAP, MARGIN, ARC = 40.0, 14.0, 30.0
_PORT = 18.0  # between two links that meet a box on one side
_HEAD = 13.0  # the straight end of a link, which its head covers
_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A box to place, ``x`` and ``y`` its upper left corner; ``row`` fixes its row if given."""

    width: float
    height: float
    row: int | None = None
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Placed boxes, and a line of points for each link, from its source to its target.

    Two points of a line one above the other are joined straight; two at one height by an arc
    that hangs down from them, its control points ``ARC`` lower; others by a curve that is
    vertical at both ends. Every line ends with a straight piece of at least ``_HEAD``.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[tuple[Point, ...], ...]


@dataclass(slots=True)
class _Graph:
    """Boxes and lanes by number; ``chains`` lead each link downward, None within a row."""

    boxes: list[Box]
    row: list[int]
    chains: list[tuple[int, ...] | None]
    rows: Rows
    up: list[list[int]] = field(default_factory=list)
    down: list[list[int]] = field(default_factory=list)

    def width(self, item: int) -> float:
        """Return the width of a box, 0 for a lane."""
        return self.boxes[item].width if item < len(self.boxes) else 0.0

    def is_lane(self, item: int) -> bool:
        """Tell whether an item is the lane of a link rather than a box."""
        return item >= len(self.boxes)


def lay_out(boxes: Sequence[Box], links: Sequence[tuple[int, int]]) -> Drawing:
    """Return the drawing of boxes and of links, each from one box's number to another's."""
    if not boxes:
        return Drawing(2 * MARGIN, 2 * MARGIN, (), ())
    graph = _graph(boxes, links)
    graph.rows = _ordered(graph)
    ports = _ports(graph, links)
    graph.boxes = [replace(b, width=max(b.width, ports.room[n])) for n, b in enumerate(boxes)]
    x = place_items(graph.rows, _widths(graph), _pulls(graph, ports))
    return _drawn(graph, links, ports, x)


def _graph(boxes: Sequence[Box], links: Sequence[tuple[int, int]]) -> _Graph:
    row = assign_rows([b.row for b in boxes], links)
    rows: Rows = [[] for _ in range(max(row) + 1)]
    for item, at in enumerate(row):
        rows[at].append(item)
    chains: list[tuple[int, ...] | None] = []
    for source, target in links:
        top, bottom = sorted((source, target), key=lambda n: row[n])
        lanes = range(len(row), len(row) + row[bottom] - row[top] - 1)
        for at, lane in enumerate(lanes, start=row[top] + 1):
            rows[at].append(lane)
            row.append(at)
        chains.append((top, *lanes, bottom) if row[top] != row[bottom] else None)
    graph = _Graph(list(boxes), row, chains, rows, [[] for _ in row], [[] for _ in row])
    for chain in chains:
        for above, below in pairwise(chain or ()):
            graph.down[above].append(below)
            graph.up[below].append(above)
    return graph


# Order: medians of neighbours, sweep by sweep, and swaps of neighbours while they help.


def _ordered(graph: _Graph) -> Rows:
    best, fewest = graph.rows, _crossings(graph, graph.rows)
    for start in (_discovered(graph), graph.rows, [row[::-1] for row in graph.rows]):
        rows = [list(row) for row in start]
        for sweep in range(_SWEEPS):
            _sweep(graph, rows, downward=sweep % 2 == 0)
            _swap(graph, rows)
            count = _crossings(graph, rows)
            if count < fewest:
                best, fewest = [list(row) for row in rows], count
    return best


def _discovered(graph: _Graph) -> Rows:
    """Return the rows in the order in which a walk along the links comes upon their items."""
    seen: dict[int, None] = {}
    for start in range(len(graph.boxes)):
        waiting = [start]
        while waiting:
            item = waiting.pop()
            if item not in seen:
                seen[item] = None
                waiting += [*reversed(graph.up[item]), *reversed(graph.down[item])]
    rows: Rows = [[] for _ in graph.rows]
    for item in seen:
        rows[graph.row[item]].append(item)
    return rows


def _sweep(graph: _Graph, rows: Rows, *, downward: bool) -> None:
    near = graph.up if downward else graph.down
    for at in range(len(rows)) if downward else reversed(range(len(rows))):
        place = {n: i for row in rows for i, n in enumerate(row)}
        old = {n: float(i) for i, n in enumerate(rows[at])}
        middle = {n: sum(place[m] for m in near[n]) / len(near[n]) for n in rows[at] if near[n]}
        rows[at].sort(key=lambda n: (middle.get(n, old[n]), old[n]))


def _swap(graph: _Graph, rows: Rows) -> None:
    for _ in range(4):
        place = {n: i for row in rows for i, n in enumerate(row)}
        changed = False
        for row in rows:
            for i in range(len(row) - 1):
                a, b = row[i], row[i + 1]
                if _between(graph, place, b, a) < _between(graph, place, a, b):
                    row[i], row[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    changed = True
        if not changed:
            return


def _between(graph: _Graph, place: dict[int, int], left: int, right: int) -> int:
    """Count the crossings between the links of two neighbours in this order."""
    return sum(
        place[m] > place[n]
        for near in (graph.up, graph.down)
        for m in near[left]
        for n in near[right]
    )


def _crossings(graph: _Graph, rows: Rows) -> int:
    count = 0
    place = {n: i for row in rows for i, n in enumerate(row)}
    for row in rows:
        seen: list[int] = []
        for item in row:
            ends = sorted(place[n] for n in graph.down[item])
            count += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


# Place: where links meet boxes, and what pulls each item sideways.


@dataclass(slots=True)
class _Ports:
    """Where links meet boxes: ``offset[link, box]`` from the middle, ``room[box]`` needed."""

    offset: dict[tuple[int, int], float]
    room: list[float]


def _ports(graph: _Graph, links: Sequence[tuple[int, int]]) -> _Ports:
    """Share out the upper and lower side of each box among its links, from left to right."""
    place = {n: float(i) for row in graph.rows for i, n in enumerate(row)}
    sides: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for number, ((source, target), chain) in enumerate(zip(links, graph.chains, strict=True)):
        if chain is None:
            for one, other in ((source, target), (target, source)):
                beyond = 1e6 if place[other] > place[one] else -1e6
                sides.setdefault((one, True), []).append((beyond, number))
        else:
            sides.setdefault((chain[0], True), []).append((place[chain[1]], number))
            sides.setdefault((chain[-1], False), []).append((place[chain[-2]], number))
    ports = _Ports({}, [0.0] * len(graph.boxes))
    for (box, _), ends in sides.items():
        ports.room[box] = max(ports.room[box], _PORT * len(ends) + 8)
        for i, (_, number) in enumerate(sorted(ends)):
            ports.offset[number, box] = (i - (len(ends) - 1) / 2) * _PORT
    return ports


def _pulls(graph: _Graph, ports: _Ports) -> list[list[Pull]]:
    """Return for each item what it is linked to; lanes pull harder, so long links run straight."""
    pulls: list[list[Pull]] = [[] for _ in graph.row]
    for number, chain in enumerate(graph.chains):
        for above, below in pairwise(chain or ()):
            weight = (1.0, 3.0, 10.0)[graph.is_lane(above) + graph.is_lane(below)]
            shift = ports.offset.get((number, below), 0.0) - ports.offset.get((number, above), 0.0)
            alone = not shift and len(graph.down[above]) == len(graph.up[below]) == 1
            pulls[below].append(Pull(above, -shift, weight, alone))
            pulls[above].append(Pull(below, shift, weight, alone))
    return pulls


def _widths(graph: _Graph) -> list[float]:
    return [graph.width(item) for item in range(len(graph.row))]


# Draw: heights, corners and lines.


def _drawn(
    graph: _Graph, links: Sequence[tuple[int, int]], ports: _Ports, x: list[float]
) -> Drawing:
    left = min(at - graph.width(n) / 2 for n, at in enumerate(x)) - MARGIN
    x = [round(at - left, 1) for at in x]
    tops, bottoms = _bands(graph, x)
    boxes = tuple(
        replace(b, x=x[n] - b.width / 2, y=(tops[r] + bottoms[r] - b.height) / 2)
        for n, (b, r) in enumerate(zip(graph.boxes, graph.row, strict=False))
    )
    lines: list[tuple[Point, ...]] = []
    for number, ((source, target), chain) in enumerate(zip(links, graph.chains, strict=True)):
        ends = {n: x[n] + ports.offset[number, n] for n in (source, target)}
        if chain is None:
            below = bottoms[graph.row[source]] + _HEAD
            feet = ((ends[n], boxes[n].y + boxes[n].height) for n in (source, target))
            start, end = feet
            lines.append((start, (start[0], below), (end[0], below), end))
            continue
        points = list(_points(graph, chain, ends, x, boxes, (tops, bottoms)))
        lines.append(tuple(points if chain[0] == source else reversed(points)))
    width = max(at + graph.width(n) / 2 for n, at in enumerate(x)) + MARGIN
    return Drawing(width, bottoms[-1] + MARGIN + ROW_GAP * _has_arc(graph), boxes, tuple(lines))


def _has_arc(graph: _Graph) -> bool:
    return any(chain is None for chain in graph.chains)


def _bands(graph: _Graph, x: list[float]) -> tuple[list[float], list[float]]:
    """Return the top and bottom of each row; rows stand wider apart where links run far aside."""
    tops, bottoms, at = [], [], MARGIN
    for row in graph.rows:
        tops.append(at)
        at += max((graph.boxes[n].height for n in row if not graph.is_lane(n)), default=0.0)
        bottoms.append(at)
        aside = max((abs(x[n] - x[m]) for n in row for m in graph.down[n]), default=0.0)
        at += ROW_GAP + min(24.0, 0.06 * aside)
    return tops, bottoms


def _points(
    graph: _Graph,
    chain: tuple[int, ...],
    ends: dict[int, float],
    x: list[float],
    boxes: tuple[Box, ...],
    bands: tuple[list[float], list[float]],
) -> Iterator[Point]:
    """Yield the points of a link from its upper box to its lower one."""
    tops, bottoms = bands
    first, *lanes, last = chain
    yield ends[first], boxes[first].y + boxes[first].height
    yield ends[first], bottoms[graph.row[first]] + _HEAD
    for lane in lanes:
        yield x[lane], tops[graph.row[lane]]
        yield x[lane], bottoms[graph.row[lane]]
    yield ends[last], tops[graph.row[last]] - _HEAD
    yield ends[last], boxes[last].y
