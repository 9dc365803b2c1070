"""Where the items of ordered rows stand from left to right.

First each row goes to where its links pull it, as near as its order and widths allow; then
items that only link to each other are put in straight columns where there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_BOX_GAP, _LANE_GAP = 22.0, 16.0
_SETTLING, _STRAIGHTENING = 60, 12


@dataclass(frozen=True, slots=True)
class Pull:
    """A link of an item to ``other``, which wants it at the other's place plus ``shift``.

    ``alone`` tells that neither has another link on that side: they may form a column.
    """

    other: int
    shift: float
    weight: float
    alone: bool


def place_items(
    rows: Sequence[Sequence[int]], widths: Sequence[float], pulls: Sequence[Sequence[Pull]]
) -> list[float]:
    """Return the middle of each item; a width of 0 marks the lane of a passing link."""
    places = _Places(rows, widths, pulls)
    for turn in range(_SETTLING):
        for row in rows if turn % 2 == 0 else reversed(rows):
            places.settle(row)
    columns = _columns(rows, pulls)
    for turn in range(_STRAIGHTENING):
        for column in columns if turn % 2 == 0 else reversed(columns):
            places.straighten(column)
    return places.x


def _columns(rows: Sequence[Sequence[int]], pulls: Sequence[Sequence[Pull]]) -> list[list[int]]:
    """Return the items in columns of such as only link to each other, the longest first."""
    row_of = {item: at for at, row in enumerate(rows) for item in row}
    below = {
        item: pull.other
        for item, found in enumerate(pulls)
        for pull in found
        if pull.alone and row_of[pull.other] > row_of[item]
    }
    columns: list[list[int]] = []
    for item in sorted(row_of, key=lambda n: (row_of[n], n)):
        if item not in below.values():
            column = [item]
            while column[-1] in below:
                column.append(below[column[-1]])
            columns.append(column)
    return sorted(columns, key=len, reverse=True)


class _Places:
    """The places so far; every change keeps the order of each row and its gaps."""

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        widths: Sequence[float],
        pulls: Sequence[Sequence[Pull]],
    ) -> None:
        self.widths = widths
        self.pulls = pulls
        self.x = [0.0] * len(widths)
        self.left: dict[int, int] = {}
        self.right: dict[int, int] = {}
        for row in rows:
            at = 0.0
            for i, item in enumerate(row):
                if i:
                    self.left[item], self.right[row[i - 1]] = row[i - 1], item
                    at += self.apart(row[i - 1], item)
                self.x[item] = at

    def apart(self, left: int, right: int) -> float:
        """Return how far the middles of two neighbours are at least apart."""
        lanes = not self.widths[left] and not self.widths[right]
        return (self.widths[left] + self.widths[right]) / 2 + (_LANE_GAP if lanes else _BOX_GAP)

    def settle(self, row: Sequence[int]) -> None:
        """Move a row to where its links pull it: least squares within its order and gaps."""
        blocks: list[tuple[float, float, int]] = []  # weighted wishes, weights, items
        ahead: list[float] = []
        for i, item in enumerate(row):
            ahead.append(ahead[-1] + self.apart(row[i - 1], item) if i else 0.0)
            weight = sum(p.weight for p in self.pulls[item]) or 0.1
            wish = sum(p.weight * (self.x[p.other] + p.shift) for p in self.pulls[item])
            wish = wish if self.pulls[item] else weight * self.x[item]
            block = (wish - weight * ahead[i], weight, 1)
            while blocks and blocks[-1][0] / blocks[-1][1] > block[0] / block[1]:
                last = blocks.pop()
                block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
            blocks.append(block)
        places = (total / weight for total, weight, items in blocks for _ in range(items))
        for item, gap, place in zip(row, ahead, places, strict=True):
            self.x[item] = place + gap

    def straighten(self, column: Sequence[int]) -> None:
        """Move a column to one place where there is room; else the parts of it that fit."""
        part: list[int] = []
        low, high = float("-inf"), float("inf")
        for item in column:
            here, there = self._room(item)
            if part and max(low, here) > min(high, there):
                self._move(part, low, high)
                part, low, high = [], float("-inf"), float("inf")
            part.append(item)
            low, high = max(low, here), min(high, there)
        self._move(part, low, high)

    def _room(self, item: int) -> tuple[float, float]:
        """Return how far to the left and right an item can go."""
        left, right = self.left.get(item), self.right.get(item)
        low = float("-inf") if left is None else self.x[left] + self.apart(left, item)
        high = float("inf") if right is None else self.x[right] - self.apart(item, right)
        return low, high

    def _move(self, part: Sequence[int], low: float, high: float) -> None:
        """Move items to the middle one of the places they are pulled to from outside."""
        inside = set(part)
        pulled = [(n, p) for n in part for p in self.pulls[n] if p.other not in inside]
        wishes = sorted(self.x[p.other] + p.shift for _, p in pulled)
        now = sum(self.x[n] for n in part) / len(part)
        if wishes:
            middle = wishes[(len(wishes) - 1) // 2], wishes[len(wishes) // 2]
            now = min(middle, key=lambda wish: abs(wish - now))
        for item in part:
            self.x[item] = min(max(now, low), high)
