from __future__ import annotations

from dataclasses import replace

from benchmarks.peers.table import ratios, table
from tests.benchmarks.test_figures import ONE


def test_the_table_has_a_row_for_each_system_and_lines_up() -> None:
    lines = table({"this project": ONE, "other": replace(ONE, first_s=12.345)}).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert {line.count("|") for line in lines} == {10}
    assert lines[2].startswith("| this project |")
    assert lines[3].endswith("12.35 |") or lines[3].endswith("12.34 |")


def test_each_ratio_is_to_the_best_peer_of_its_column() -> None:
    slow = replace(ONE, documents_per_s=10.0, p50_ms=20.0, first_s=30.0)
    fast = replace(ONE, documents_per_s=25.0, p50_ms=40.0, first_s=6.0)
    indexing, query, whole = ratios(ONE, {"slow": slow, "fast": fast})
    assert "(fast), 4.00 times better; wanted at least 3.5: met" in indexing
    assert "(slow), 4.00 times better; wanted at least 2: met" in query
    assert "(fast), 4.00 times better; wanted at least 5: not met" in whole


def test_a_peer_that_is_better_shows_as_a_factor_below_one() -> None:
    better = replace(ONE, documents_per_s=200.0)
    assert "0.50 times better; wanted at least 3.5: not met" in ratios(ONE, {"peer": better})[0]


def test_without_a_peer_there_is_no_ratio() -> None:
    assert ratios(ONE, {}) == []
