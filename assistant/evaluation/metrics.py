"""Figures of quality as pure functions of numbers; they know nothing of assistants or files.

Rows are arrays: one number a case, or two columns for what pairs a confidence with an outcome.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Statistic = Callable[[Rows], float]
Facts = Sequence[Sequence[str]]

NOT_FOUND = float("inf")
_SEED, _RESAMPLES = 20260505, 1000
_LIKE_ASCII = str.maketrans("‘’“”‐‑‒–—−", "''\"\"" + 6 * "-")


def plain(text: str) -> str:
    """Return the text in lower case with plain quotes, hyphens and single blanks."""
    text = unicodedata.normalize("NFKC", text).translate(_LIKE_ASCII).casefold()
    return re.sub(r"\s+", " ", text).strip()


def contains(text: str, facts: Facts) -> bool:
    """Return whether the text holds at least one alternative of every group."""
    text = plain(text)
    return all(any(plain(alternative) in text for alternative in group) for group in facts)


def rank_of_facts(texts: Sequence[str], facts: Facts) -> float:
    """Return the rank, from 1, by which the first texts together hold all the facts.

    An answer may need two passages; none of the texts beyond that rank is needed.
    """
    for rank in range(1, len(texts) + 1):
        if contains("\n".join(texts[:rank]), facts):
            return rank
    return NOT_FOUND


def rank_of(ids: Sequence[str], expected: str) -> float:
    """Return the rank, from 1, of the first expected id."""
    return ids.index(expected) + 1 if expected in ids else NOT_FOUND


def share(rows: Rows) -> float:
    """Return the mean: of flags, the share that is true."""
    return float(rows.mean())


def hit_at(ranks: Rows, k: int) -> float:
    """Return the share of ranks (from 1, infinite where not found) among the first ``k``."""
    return float((ranks <= k).mean())


def mean_reciprocal_rank(ranks: Rows) -> float:
    """Return the mean of 1 / rank; what was not found counts 0."""
    return float((1.0 / ranks).mean())


def coverage_at_risk(rows: Rows, risk: float) -> float:
    """Return the largest share answered when at most ``risk`` of the answered are wrong.

    Questions are answered in the order of confidence, equal confidences together.

    Args:
        rows: A row (confidence, 1 when its answer is right else 0) a question.
        risk: The share of wrong answers allowed among the answered.
    """
    confidence, right = rows[np.argsort(-rows[:, 0], kind="stable")].T
    answered = np.arange(1, len(rows) + 1)
    wrong = np.cumsum(1.0 - right)
    cut = np.append(confidence[1:] != confidence[:-1], True)
    allowed = answered[cut & (wrong <= risk * answered + 1e-9)]
    return float(allowed.max() / len(rows)) if len(allowed) else 0.0


def expected_calibration_error(rows: Rows, bins: int = 10) -> float:
    """Return the mean gap between confidence and what happened, over bins of equal mass.

    Equal confidences share their mean outcome, so the order of the rows does not matter.

    Args:
        rows: A row (confidence, 1 when it came true else 0) a question.
        bins: Number of bins of equal mass.
    """
    values, index, counts = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    means = np.bincount(index, weights=rows[:, 1]) / counts
    gaps = np.repeat(values - means, counts)
    return float(sum(abs(part.sum()) for part in np.array_split(gaps, bins)) / len(rows))


def percentile(rows: Rows, percent: float) -> float:
    """Return the percentile, interpolated linearly between neighbours."""
    return float(np.percentile(rows, percent))


def macro_f1(rows: Rows) -> float:
    """Return the mean F1 over the expected labels.

    Args:
        rows: A row (expected label, given label), both as numbers, a claim.
    """
    expected, given = rows.T
    scores = []
    for label in np.unique(expected):
        both = float(((expected == label) & (given == label)).sum())
        scores.append(2 * both / float((expected == label).sum() + (given == label).sum()))
    return float(np.mean(scores))


def bootstrap_interval(
    rows: Rows, statistic: Statistic, resamples: int = _RESAMPLES
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic over resampled rows.

    The seed is fixed: the same rows give the same interval.
    """
    draws = np.random.default_rng(_SEED).integers(0, len(rows), (resamples, len(rows)))
    low, high = np.percentile([statistic(rows[draw]) for draw in draws], (2.5, 97.5))
    return float(low), float(high)
