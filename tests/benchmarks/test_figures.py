from __future__ import annotations

import math
from dataclasses import replace
from statistics import StatisticsError

import pytest

from benchmarks.peers.figures import Figures, medians, ndcg10, percentile_ms

ONE = Figures(
    load_s=1.0,
    documents_per_s=100.0,
    p50_ms=5.0,
    p95_ms=9.0,
    ndcg=70.0,
    index_memory_mb=400.0,
    query_memory_mb=300.0,
    first_s=1.5,
)


def test_the_median_is_taken_figure_by_figure() -> None:
    rounds = [
        ONE,
        replace(ONE, load_s=3.0, documents_per_s=50.0),
        replace(ONE, load_s=2.0, first_s=9.0),
    ]
    assert medians(rounds) == replace(ONE, load_s=2.0)


def test_no_round_has_no_median() -> None:
    with pytest.raises(StatisticsError):
        medians([])


def test_percentiles_are_in_milliseconds() -> None:
    seconds = [n / 1000 for n in range(100, 0, -1)]
    assert percentile_ms(seconds, 0.5) == pytest.approx(51)
    assert percentile_ms(seconds, 0.95) == pytest.approx(96)
    assert percentile_ms([0.25], 0.95) == pytest.approx(250)


def test_ndcg_of_a_known_ranking() -> None:
    judgements = [("q", "a", 1), ("q", "b", 1)]
    ideal = 1 + 1 / math.log2(3)
    assert ndcg10({"q": ["a", "b", "c"]}, judgements) == pytest.approx(100)
    assert ndcg10({"q": ["a", "c", "b"]}, judgements) == pytest.approx(100 * 1.5 / ideal)


def test_a_query_without_a_ranking_counts_nothing() -> None:
    judgements = [("q", "a", 1), ("r", "b", 1)]
    assert ndcg10({"q": ["a"], "r": []}, judgements) == pytest.approx(50)


def test_only_the_first_ten_count() -> None:
    others = [f"x{n}" for n in range(10)]
    assert ndcg10({"q": [*others, "a"]}, [("q", "a", 1)]) == 0
    assert ndcg10({"q": [*others[:9], "a"]}, [("q", "a", 1)]) > 0


def test_a_document_named_twice_counts_once() -> None:
    judgements = [("q", "a", 1), ("q", "b", 1)]
    assert ndcg10({"q": ["a", "a", "b"]}, judgements) == pytest.approx(100)
