"""Curves over two logarithmic axes as a small SVG, readable on light and dark pages."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 760, 420, 60, 45, 15, 215
_COLOURS = ("#3b7dd8", "#7aa9e8", "#2e9e6b", "#d9822b", "#9a6fb0", "#777777")


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one kind; all values are above 0."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


def write_plot(path: Path, x_name: str, curves: Sequence[Curve]) -> None:
    """Write the curves to an SVG file."""
    xs = _decades([x for curve in curves for x in curve.x])
    ys = _decades([y for curve in curves for y in curve.y])

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - xs[0]) / (xs[-1] - xs[0])
        up = (math.log10(y) - ys[0]) / (ys[-1] - ys[0])
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _BOTTOM - _TOP),
        )

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for power in xs:
        x, y = place(10**power, 10 ** ys[0])
        out.append(_rule(x, y, x, _TOP) + _text(x, y + 18, _short(power), "middle"))
    for power in ys:
        x, y = place(10 ** xs[0], 10**power)
        out.append(_rule(x, y, _WIDTH - _RIGHT, y) + _text(x - 8, y + 4, _short(power), "end"))
    out.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x_name, "middle"))
    for number, curve in enumerate(curves):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [place(x, y) for x, y in zip(curve.x, curve.y, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        at = _TOP + 12 + 20 * number
        out.append(f'<rect x="{_WIDTH - _RIGHT + 14}" y="{at - 9}" width="10" height="10" '
                   f'fill="{colour}"/>')  # fmt: skip
        out.append(_text(_WIDTH - _RIGHT + 30, at, curve.name, "start"))
    path.write_text("\n".join([*out, "</svg>"]) + "\n", encoding="utf-8")


def _decades(values: Sequence[float]) -> list[int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return list(range(low, max(high, low + 1) + 1))


def _short(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10**power:.{-power}f}"


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            'stroke="#dddddd"/>')  # fmt: skip


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333333">'
            f"{html.escape(text)}</text>")  # fmt: skip
