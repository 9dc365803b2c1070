"""The project's own claims gate the tests: tests/data/claims.jsonl on the bundled corpus.

The bounds stand on the first line of that file; raise them when the figures rise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.evaluation import read_cases, run_eval
from assistant.evaluation.cases import ClaimCase

PATH = Path(__file__).parents[1] / "data" / "claims.jsonl"


@pytest.mark.slow
def test_the_figures_keep_to_their_bounds(bundled: Assistant) -> None:
    text, code = run_eval(bundled, PATH)
    assert code == 0, text


def test_the_claims_are_many_and_of_all_labels() -> None:
    cases = [case for case in read_cases(PATH).cases if isinstance(case, ClaimCase)]
    assert len(cases) >= 150
    assert {case.label for case in cases} == {"supported", "refuted", "not_enough_info"}
    assert len({case.twin for case in cases if case.twin}) >= 40


@pytest.mark.parametrize(
    "myth",
    [
        "For muscle, more mTOR activity is always better.",
        "mTOR causes aging, so suppressing it as much as possible is the healthiest plan.",
        "Coffee definitely activates mTOR.",
        "Basically, mTOR is just the rapamycin pathway.",
    ],
)
def test_no_myth_is_ever_supported(bundled: Assistant, myth: str) -> None:
    verdict = bundled.check(myth)
    assert verdict.label == "refuted"
    assert any(e.stance == "refutes" for e in verdict.evidence)
