from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.web.diagram import draw
from assistant.web.layered import ARC, Box, Drawing, lay_out
from assistant.web.rows import assign_rows


def overlap(a: Box, b: Box, gap: float = 1.0) -> bool:
    return (
        a.x < b.x + b.width + gap
        and b.x < a.x + a.width + gap
        and a.y < b.y + b.height + gap
        and b.y < a.y + a.height + gap
    )


def points_of(line: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Points along a line as it is drawn: straight down, or a curve vertical at both ends."""
    found = []
    for (x0, y0), (x1, y1) in pairwise(line):
        for t in (i / 16 for i in range(17)):
            across = 3 * (1 - t) * t**2 + t**3
            down = 1.5 * (1 - t) ** 2 * t + 1.5 * (1 - t) * t**2 + t**3
            hanging = 3 * ARC * (1 - t) * t if y0 == y1 else 0
            found.append((x0 + (x1 - x0) * across, y0 + (y1 - y0) * down + hanging))
    return found


def check(drawing: Drawing, links: list[tuple[int, int]]) -> None:
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for a, b in combinations(drawing.boxes, 2):
        assert not overlap(a, b)
    assert len(drawing.lines) == len(links)
    for (source, target), line in zip(links, drawing.lines, strict=True):
        for number, (x, y) in ((source, line[0]), (target, line[-1])):
            box = drawing.boxes[number]
            assert box.x <= x <= box.x + box.width
            assert y in (box.y, box.y + box.height)
        assert abs(line[-1][1] - line[-2][1]) >= 12
        for x, y in points_of(line):
            assert -1 <= x <= drawing.width + 1
            assert -1 <= y <= drawing.height + 1
            for box in drawing.boxes:
                inside_x = box.x + 0.5 < x < box.x + box.width - 0.5
                assert not (inside_x and box.y + 0.5 < y < box.y + box.height - 0.5)


def test_nothing_overlaps_on_the_bundled_map(bundled: Assistant) -> None:
    pathway = bundled.pathway()
    assert pathway is not None
    number = {n.id: at for at, n in enumerate(pathway.nodes)}
    drawing = draw(pathway).drawing
    check(drawing, [(number[e.source], number[e.target]) for e in pathway.edges])
    assert drawing.width < 1150
    below = sum(
        drawing.boxes[number[e.target]].y > drawing.boxes[number[e.source]].y for e in pathway.edges
    )
    assert below == len(pathway.edges)


@st.composite
def graphs(draw_from) -> tuple[list[Box], list[tuple[int, int]]]:
    sizes = st.tuples(
        st.floats(30, 200), st.floats(20, 90), st.one_of(st.none(), st.integers(0, 5))
    )
    boxes = [Box(*size) for size in draw_from(st.lists(sizes, min_size=1, max_size=18))]
    ends = st.integers(0, len(boxes) - 1)
    links = draw_from(st.lists(st.tuples(ends, ends), max_size=30))
    return boxes, [(a, b) for a, b in links if a != b]


@given(graphs())
def test_nothing_overlaps_on_any_map(graph) -> None:
    boxes, links = graph
    drawing = lay_out(boxes, links)
    check(drawing, links)
    assert drawing == lay_out(boxes, links)


def test_a_chain_runs_straight_down() -> None:
    drawing = lay_out([Box(80, 30), Box(120, 30), Box(60, 50)], [(0, 1), (1, 2)])
    assert len({x for line in drawing.lines for x, _ in line}) == 1


def test_a_long_link_passes_beside_the_boxes_between() -> None:
    links = [(0, 1), (1, 2), (2, 3), (0, 3)]
    drawing = lay_out([Box(80, 30)] * 4, links)
    check(drawing, links)
    lane = {round(x) for x, _ in drawing.lines[3][2:-2]}
    assert len(lane) == 1


@pytest.mark.parametrize(
    ("fixed", "links", "rows"),
    [
        ([None] * 3, [(0, 1), (1, 2)], [0, 1, 2]),
        ([None] * 3, [(0, 1), (1, 2), (2, 0)], [0, 1, 2]),
        ([None] * 4, [(0, 1), (1, 2), (3, 2)], [0, 1, 2, 1]),
        ([5, 5, None], [(0, 1), (1, 2)], [0, 0, 1]),
        ([3, None, 0], [(0, 1), (0, 2)], [1, 2, 0]),
        ([None], [], [0]),
    ],
)
def test_rows_lead_downward_unless_they_are_fixed(fixed, links, rows) -> None:
    assert assign_rows(fixed, links) == rows


def test_boxes_fixed_in_one_row_are_joined_by_an_arc_below_them() -> None:
    boxes = [Box(80, 30, 0), Box(80, 90, 0), Box(80, 30, 0), Box(80, 30)]
    links = [(0, 1), (1, 2), (0, 2), (1, 3)]
    drawing = lay_out(boxes, links)
    check(drawing, links)
    assert len({box.y + box.height / 2 for box in drawing.boxes[:3]}) == 1


def test_an_empty_map_can_be_drawn() -> None:
    assert lay_out([], []).boxes == ()
