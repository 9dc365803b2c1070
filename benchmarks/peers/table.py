"""The table of all systems, and this project's ratios to the best peer of each column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.peers.figures import Figures

_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("import and load, s", "load_s", ".2f"),
    ("documents/s", "documents_per_s", ".1f"),
    ("query p50, ms", "p50_ms", ".1f"),
    ("query p95, ms", "p95_ms", ".1f"),
    ("nDCG@10", "ndcg", ".1f"),
    ("peak MB, indexing", "index_memory_mb", ".0f"),
    ("peak MB, searching", "query_memory_mb", ".0f"),
    ("process to first answer, s", "first_s", ".2f"),
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure to be better at than the best peer, by a factor of at least ``wanted``."""

    what: str
    field: str
    unit: str
    higher_is_better: bool
    wanted: float


AIMS = (
    Aim("indexing", "documents_per_s", "documents/s", True, 3.5),
    Aim("query p50", "p50_ms", "ms", False, 2.0),
    Aim("whole process to the answer", "first_s", "s", False, 5.0),
)


def table(rows: Mapping[str, Figures]) -> str:
    """Return a Markdown table of systems by label, columns padded to line up."""
    cells = [["system", *(title for title, _, _ in _COLUMNS)]]
    for label, figures in rows.items():
        found = [format(getattr(figures, name), form) for _, name, form in _COLUMNS]
        cells.append([label, *found])
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    lines = [_line(row, widths) for row in cells]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([lines[0], _line(rule, widths), *lines[1:]])


def ratios(own: Figures, peers: Mapping[str, Figures]) -> list[str]:
    """Return a line for each aim: this project's figure, the best peer's, and the factor."""
    return [_ratio(aim, own, peers) for aim in AIMS] if peers else []


def _ratio(aim: Aim, own: Figures, peers: Mapping[str, Figures]) -> str:
    choose: Callable[..., str] = max if aim.higher_is_better else min
    best = choose(peers, key=lambda label: getattr(peers[label], aim.field))
    ours, theirs = getattr(own, aim.field), getattr(peers[best], aim.field)
    factor = ours / theirs if aim.higher_is_better else theirs / ours
    verdict = "met" if factor >= aim.wanted else "not met"
    return (
        f"{aim.what}: {ours:.2f} {aim.unit} against {theirs:.2f} of the best peer ({best}), "
        f"{factor:.2f} times better; wanted at least {aim.wanted:g}: {verdict}"
    )


def _line(cells: list[str], widths: list[int]) -> str:
    first = cells[0].ljust(widths[0])
    rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return f"| {' | '.join([first, *rest])} |"
