"""Figures against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.metrics import NOT_FOUND

RANKS = np.array([1, 2, 4, NOT_FOUND])
# Sorted by confidence: right, right, wrong, right, wrong.
JUDGED = np.array([[0.9, 1], [0.8, 1], [0.7, 0], [0.6, 1], [0.1, 0]])


def test_text_is_compared_in_plain_form() -> None:
    assert metrics.plain(" “AKT–mTOR”\n  Pathway’s ") == '"akt-mtor" pathway\'s'


def test_every_group_needs_one_of_its_alternatives() -> None:
    text = "The AKT–mTOR cascade has seven steps."
    assert metrics.contains(text, [["akt-mtor", "pi3k"], ["seven", "7"]])
    assert not metrics.contains(text, [["akt-mtor"], ["eight"]])
    assert metrics.contains(text, [])


def test_facts_may_be_spread_over_the_first_texts() -> None:
    texts = ["nothing", "leucine", "insulin", "leucine and insulin"]
    assert metrics.rank_of_facts(texts, [["leucine"]]) == 2
    assert metrics.rank_of_facts(texts, [["insulin"], ["leucine"]]) == 3
    assert metrics.rank_of_facts(texts, [["ampk"]]) == NOT_FOUND


def test_rank_of_an_id_counts_from_one() -> None:
    assert metrics.rank_of(["a", "b", "b"], "b") == 2
    assert metrics.rank_of(["a"], "b") == NOT_FOUND


def test_hits_and_reciprocal_rank() -> None:
    assert metrics.hit_at(RANKS, 1) == 0.25
    assert metrics.hit_at(RANKS, 3) == 0.5
    assert metrics.mean_reciprocal_rank(RANKS) == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)


def test_share() -> None:
    assert metrics.share(np.array([1.0, 0.0, 0.0, 1.0])) == 0.5


@pytest.mark.parametrize(
    ("risk", "expected"),
    [
        (0.0, 2 / 5),  # the two before the first wrong one
        (0.25, 4 / 5),  # one wrong of four, although one of three is too many
        (0.39, 4 / 5),
        (0.4, 1.0),  # two wrong of five
    ],
)
def test_coverage_at_risk(risk: float, expected: float) -> None:
    assert metrics.coverage_at_risk(JUDGED, risk) == pytest.approx(expected)
    assert metrics.coverage_at_risk(JUDGED[::-1], risk) == pytest.approx(expected)


def test_equal_confidences_are_answered_together() -> None:
    tied = np.array([[0.9, 1.0], [0.9, 0.0]])
    assert metrics.coverage_at_risk(tied, 0.05) == 0.0
    assert metrics.coverage_at_risk(tied, 0.5) == 1.0


def test_nothing_is_answered_when_all_is_wrong() -> None:
    assert metrics.coverage_at_risk(np.array([[0.9, 0.0], [0.2, 0.0]]), 0.05) == 0.0


def test_calibration_error_over_bins_of_equal_mass() -> None:
    rows = np.array([[0.1, 0], [0.3, 1], [0.6, 0], [0.8, 1]])
    # Bins {0.1, 0.3} and {0.6, 0.8}: |0.2 - 0.5| and |0.7 - 0.5|, each half of the mass.
    assert metrics.expected_calibration_error(rows, bins=2) == pytest.approx(0.25)


def test_calibration_error_of_the_perfect_and_the_wrong() -> None:
    assert metrics.expected_calibration_error(np.array([[1.0, 1], [0.0, 0]])) == 0.0
    assert metrics.expected_calibration_error(np.array([[1.0, 0], [0.0, 1]])) == 1.0


def test_equal_confidences_share_their_outcome_whatever_the_order() -> None:
    rows = np.array([[0.5, 1], [0.5, 0], [0.5, 1], [0.5, 0]])
    assert metrics.expected_calibration_error(rows, bins=4) == pytest.approx(0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_cases_does_not_matter(pairs, random) -> None:
    shuffled = random.sample(pairs, len(pairs))
    for measure in (metrics.expected_calibration_error, lambda r: metrics.coverage_at_risk(r, 0.1)):
        first, second = (measure(np.array(rows, dtype=float)) for rows in (pairs, shuffled))
        assert first == pytest.approx(second)
        assert 0.0 <= first <= 1.0


def test_percentile_is_linear_between_neighbours() -> None:
    times = np.array([40.0, 10.0, 20.0, 30.0])
    assert metrics.percentile(times, 50) == 25.0
    assert metrics.percentile(times, 95) == pytest.approx(38.5)


def test_macro_f1_over_the_expected_labels() -> None:
    rows = np.array([[0, 0], [0, 0], [0, 1], [1, 1], [1, 3]])
    # Label 0: 2*2/(3+2) = 0.8. Label 1: 2*1/(2+2) = 0.5. Label 3 is expected nowhere.
    assert metrics.macro_f1(rows) == pytest.approx(0.65)


def test_bootstrap_interval_of_a_constant_is_a_point() -> None:
    assert metrics.bootstrap_interval(np.ones(7), metrics.share) == (1.0, 1.0)


def test_bootstrap_interval_is_near_the_normal_one_and_repeats() -> None:
    flags = np.array([1.0] * 50 + [0.0] * 50)
    low, high = metrics.bootstrap_interval(flags, metrics.share)
    assert (low, high) == pytest.approx((0.402, 0.598), abs=0.02)
    assert metrics.bootstrap_interval(flags, metrics.share) == (low, high)
