from __future__ import annotations

import os

from benchmarks.load import memory_mb, percentile, processor_seconds, read_figures, table

STATS = [
    {"name": "ask", "num_requests": 4, "num_failures": 1, "response_times": {"10": 3, "900": 1}},
    {"name": "ask refused", "num_requests": 2, "num_failures": 0, "response_times": {"1": 2}},
    {"name": "page /", "num_requests": 1, "num_failures": 0, "response_times": {"5": 1}},
]


def test_percentiles_are_those_of_the_sorted_values() -> None:
    times = {30.0: 1, 10.0: 98, 20.0: 1}
    assert [percentile(times, share) for share in (0.5, 0.98, 0.99, 1.0)] == [10, 10, 20, 30]
    assert percentile({}, 0.5) == 0


def test_refusals_are_counted_apart_from_errors_and_from_times() -> None:
    found = read_figures(STATS)
    assert set(found) == {"ask", "page /"}
    ask = found["ask"]
    assert (ask.errors, ask.refused, ask.answered) == (1, 2, 3)
    assert dict(ask.times) == {10.0: 3, 900.0: 1}


def test_the_table_has_a_line_for_each_kind_and_one_for_all() -> None:
    lines = table(read_figures(STATS), 2.0).splitlines()
    assert lines[1].split() == ["ask", "1.5", "10", "900", "900", "1", "2"]
    assert lines[-1].split() == ["together", "2.0", "10", "900", "900", "1", "2"]


def test_memory_and_processor_time_are_those_of_the_process() -> None:
    assert 5 < memory_mb(os.getpid()) < 100_000
    before = processor_seconds(os.getpid())
    sum(n * n for n in range(2_000_000))
    assert processor_seconds(os.getpid()) > before
