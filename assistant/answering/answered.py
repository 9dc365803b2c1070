"""Whether the best sentences answer the question: the verifier's view joined to coverage.

Coverage measures whether a question's matter stands in the documents. The verifier's fourth
output reads the question and a sentence together, so it also sees that the sentence tells
something else of the same matter. One learned logistic model joins the two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.answering.features import Candidate
from assistant.answering.learned import load_model
from assistant.protocols import Verifier

NAMES = ("coverage", "first", "best")
READ = 2  # sentences
_CHARS = 420  # of each; a long list costs as much as all the rest of an answer
_ANSWERS = 3  # the place of that output among the verifier's
_CERTAIN = 1e-4


def measure_answers(
    text: str, coverage: float, ranked: Sequence[tuple[float, Candidate]], verifier: Verifier
) -> dict[str, float]:
    """Return the features by name: log-odds of coverage, logits of the best sentences.

    Args:
        text: The question.
        coverage: Its probability of coverage, 0 to 1.
        ranked: Candidates with scores, best first; not empty.
        verifier: The cross-encoder.
    """
    pairs = [(text, candidate.read_as[:_CHARS]) for _, candidate in ranked[:READ]]
    logits = verifier.score(pairs)[:, _ANSWERS].tolist()
    chance = min(1 - _CERTAIN, max(_CERTAIN, coverage))
    return {
        "coverage": math.log(chance / (1 - chance)),
        "first": logits[0],
        "best": max(logits),
    }


def probability(values: dict[str, float]) -> float:
    """Return the calibrated probability that the documents answer the question."""
    return load_model("answered").probability(values)
