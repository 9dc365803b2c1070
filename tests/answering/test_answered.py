"""Coverage and the verifier's view of the best sentences, joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.answering import answered
from assistant.answering.answer import Sources, answer_question
from assistant.answering.learned import load_model
from assistant.answering.question import read_question
from assistant.answering.select import rank
from assistant.datatypes import Vectors


class Told:
    """Gives the fourth output it is told, and remembers what it was asked."""

    def __init__(self, *logits: float) -> None:
        self.logits = logits
        self.pairs: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.pairs.extend(pairs)
        found = np.zeros((len(pairs), 4), dtype=np.float32)
        found[:, 3] = self.logits[: len(pairs)]
        return found


@pytest.fixture
def ranked(bundled):
    question = read_question("What activates mTORC1?")
    return rank(question, bundled.retriever.retrieve(question).candidates)


def test_the_best_sentences_are_read_with_the_question(ranked) -> None:
    verifier = Told(-2.0, 1.0, 0.5)
    values = answered.measure_answers("What activates mTORC1?", 0.5, ranked, verifier)
    assert set(values) == set(answered.NAMES) == set(load_model("answered").weights)
    assert values == {"coverage": 0.0, "first": -2.0, "best": 1.0}
    shown = [c.read_as for _, c in ranked[: answered.READ]]
    assert [question for question, _ in verifier.pairs] == ["What activates mTORC1?"] * 2
    assert all(full.startswith(read) for (_, read), full in zip(verifier.pairs, shown, strict=True))


@pytest.mark.parametrize("coverage", [0.0, 1.0])
def test_a_certain_coverage_has_finite_odds(ranked, coverage: float) -> None:
    values = answered.measure_answers("x", coverage, ranked[:1], Told(0.0))
    assert abs(values["coverage"]) < 10
    assert 0 < answered.probability(values) < 1


def test_each_view_raises_the_probability(ranked) -> None:
    def chance(coverage: float, logit: float) -> float:
        verifier = Told(logit, logit, logit)
        return answered.probability(answered.measure_answers("x", coverage, ranked, verifier))

    assert chance(0.2, 0.0) < chance(0.6, 0.0) < chance(0.6, 2.0)


def test_the_verifier_turns_what_is_answered(bundled) -> None:
    def outcome(logit: float) -> str:
        sources = Sources(bundled.retriever, bundled.faq, bundled.info, Told(logit, logit, logit))
        return answer_question("What does mTORC1 do to autophagy?", sources)[0].outcome

    assert outcome(-20.0) == "not_covered"
    assert outcome(8.0) == "answered"
