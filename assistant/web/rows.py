"""The row of each box of a layered drawing: sources above, targets below."""

from __future__ import annotations

from collections.abc import Sequence

_ROUNDS = 8


def assign_rows(fixed: Sequence[int | None], links: Sequence[tuple[int, int]]) -> list[int]:
    """Return a row for each box, counted from 0 without gaps; ``fixed`` rows are kept in order.

    A link leads downward unless it closes a circle or leaves a box fixed below its target.
    """
    downward = _without_circles(fixed, links)
    above: list[list[int]] = [[] for _ in fixed]
    below: list[list[int]] = [[] for _ in fixed]
    for source, target in downward:
        above[target].append(source)
        below[source].append(target)
    order = _from_the_top(above, below)
    rows = [0] * len(fixed)
    for item in order:
        row = fixed[item]
        rows[item] = max((rows[n] + 1 for n in above[item]), default=0) if row is None else row
    for _ in range(_ROUNDS):  # a box with more links downward than upward moves down to them
        for item in reversed(order):
            lowest = min((rows[n] - 1 for n in below[item]), default=rows[item])
            if fixed[item] is None and len(below[item]) > len(above[item]):
                rows[item] = max(rows[item], lowest)
    used = {row: at for at, row in enumerate(sorted(set(rows)))}
    return [used[row] for row in rows]


def _without_circles(
    fixed: Sequence[int | None], links: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the links but for those that close a circle or contradict the fixed rows."""
    targets: list[list[int]] = [[] for _ in fixed]
    for source, target in links:
        upper, lower = fixed[source], fixed[target]
        if upper is None or lower is None or upper < lower:
            targets[source].append(target)
    kept: list[tuple[int, int]] = []
    done: set[int] = set()
    for start in range(len(fixed)):
        path: dict[int, int] = {} if start in done else {start: 0}  # box -> targets followed
        while path:
            item, followed = path.popitem()
            if followed == len(targets[item]):
                done.add(item)
                continue
            path[item] = followed + 1
            target = targets[item][followed]
            if target not in path:
                kept.append((item, target))
                if target not in done:
                    path[target] = 0
    return kept


def _from_the_top(above: list[list[int]], below: list[list[int]]) -> list[int]:
    """Return all boxes, each after those above it."""
    open_links = [len(set(near)) for near in above]
    order = [item for item, count in enumerate(open_links) if not count]
    for item in order:
        for target in set(below[item]):
            open_links[target] -= 1
            if not open_links[target]:
                order.append(target)
    return order
