"""Learn how FAQ entries are ranked for a question and when the best one asks the same.

    python -m training.faq --data ../shared/data

Data: paraphrases of the COVID-QA project (Apache-2.0) of questions of the US CDC (public
domain), plain and inside letters; entries made of SQuAD 2.0 paragraphs, development half
(CC BY-SA 4.0); entries written for this project with two paraphrases and a near miss each
(training/data). The entries of other agencies are not learned from: figures on them are
printed only. The weights are written to assistant/answering/weights/faq.json; figures are
printed from cross-validation over entries (SQuAD: over articles).
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering import learned
from assistant.answering.faq import MATCH
from training.faq_cases import (
    Asked,
    Values,
    covid,
    open_entries,
    others,
    read_lines,
    squad,
    written,
)

Matrix = NDArray[np.float64]

_FOLDS = 5
_RANK = ("question", "question_sentence", "passage", "answer", "answer_sentence",
         "maxsim_asked", "maxsim_entry", "words_asked", "words_entry", "bm25")  # fmt: skip
_MATCH = ("question", "question_sentence", "maxsim_asked", "maxsim_entry", "weakest_asked",
          "weakest_entry", "margin")  # fmt: skip

# How much each set counts in all; within a set every question counts the same. Paraphrases and
# what they are told from count alike. Rewordings by rule are too easy and SQuAD's unanswerable
# questions too close to count much.
_RANK_SHARES = {"covid": 1.0, "squad, other question": 0.05}
_MATCH_SHARES = {
    "covid": 2.0,
    "covid, entry out": 2.0,
    "letter": 0.5,
    "letter, entry out": 0.5,
    "squad, by rule": 0.4,
    "squad, other question": 1.0,
    "squad, trick": 0.4,
    "squad, other subject": 0.3,
    "written": 2.0,
    "written, near miss": 2.0,
}


def main() -> None:
    """Learn both models and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data")
    data = parser.parse_args().data
    rows = read_lines(data / "faq" / "faq.jsonl")
    cdc = [r for r in rows if "(CDC)" in r["source"]]
    pairs = [p for p in read_lines(data / "faq" / "pairs.jsonl") if p["same"]]
    with tempfile.TemporaryDirectory() as folder:
        asked = [
            *covid(open_entries(cdc, Path(folder) / "cdc"), pairs, data),
            *squad(data / "answerability", Path(folder) / "squad"),
            *written(Path(folder) / "written"),
        ]
        _cross_validate(asked)
        rank = _fit_rank(asked)
        match = _fit_match([_case(a, rank) for a in asked])
        _report_others(others(open_entries(rows, Path(folder) / "all"), rows, pairs), rank, match)
    _write(rank, match)


# --- both models -------------------------------------------------------------------------


def _fit_rank(asked: Sequence[Asked]) -> Values:
    """Return weights from 0 up that maximise the probability of the right entries.

    L2 = 0.06. They sum to 1, so that the score is a mean and ``margin`` has a scale.
    """
    counts = {s: sum(a.source == s for a in asked) for s in _RANK_SHARES}
    data = []
    for a in asked:
        x, y = _matrix(a), np.array([i in a.right for i, _ in a.measured])
        if a.source in counts and y.any():
            data.append((x, y, 100 * _RANK_SHARES[a.source] / counts[a.source]))

    def loss(w: Matrix) -> tuple[float, Matrix]:
        value, gradient = 0.06 * float(w @ w), 0.12 * w
        for x, y, weight in data:
            scores = x @ w
            p = np.exp(scores - scores.max())
            p /= p.sum()
            share = p * y
            value -= weight * float(np.log(share.sum() + 1e-12))
            gradient = gradient - weight * (x.T @ (share / (share.sum() + 1e-12) - p))
        return value, gradient

    names = len(_RANK)
    found = minimize(loss, np.ones(names), jac=True, method="L-BFGS-B", bounds=[(0, None)] * names)
    weights = (found.x / found.x.sum()).round(3).tolist()
    return {n: w for n, w in zip(_RANK, weights, strict=True) if w}


def _matrix(asked: Asked) -> Matrix:
    return np.array([[values[n] for n in _RANK] for _, values in asked.measured])


@dataclass(frozen=True)
class Case:
    """The entry ranked first for a question: its values, and whether it asks the same."""

    values: Values
    same: bool
    source: str


def _case(asked: Asked, rank: Values) -> Case:
    model = learned.LinearModel(0.0, rank)
    scores = np.array([model.score(values) for _, values in asked.measured])
    order = np.argsort(-scores, kind="stable")
    best, values = asked.measured[order[0]]
    second = scores[order[1]] if len(order) > 1 else 0.0
    values = {**values, "margin": float(scores[order[0]] - second)}
    found = best in asked.right and asked.source not in ("squad, other question", "squad, trick")
    return Case(values, found, asked.source)


def _fit_match(cases: Sequence[Case]) -> learned.LinearModel:
    x = np.array([[c.values[n] for n in _MATCH] for c in cases])
    y = np.array([c.same for c in cases])
    counted = _counted(cases)
    fit = LogisticRegression(C=3.0, max_iter=5_000)
    fit.fit(x, y, sample_weight=counted * 1_000)
    weights = dict(zip(_MATCH, fit.coef_[0].round(4).tolist(), strict=True))
    return learned.LinearModel(round(float(fit.intercept_[0]), 4), weights)


def _counted(cases: Sequence[Case]) -> Matrix:
    """Return how much each case counts, summing to 1."""
    counts = {s: sum(c.source == s for c in cases) for s in _MATCH_SHARES}
    found = np.array([_MATCH_SHARES[c.source] / counts[c.source] for c in cases])
    shares: Matrix = found / found.sum()
    return shares


# --- figures -----------------------------------------------------------------------------


def _cross_validate(asked: Sequence[Asked]) -> None:
    """Print figures of models that have not seen the entry (or the article) asked about."""
    groups = sorted({a.group for a in asked})
    random.Random(0).shuffle(groups)
    fold = {g: at % _FOLDS for at, g in enumerate(groups)}
    ranks: dict[str, list[float]] = {}
    cases: list[Case] = []
    predicted: list[float] = []
    for n in range(_FOLDS):
        seen = [a for a in asked if fold[a.group] != n]
        rank = _fit_rank(seen)
        match = _fit_match([_case(a, rank) for a in seen])
        for a in asked:
            if fold[a.group] == n:
                cases.append(_case(a, rank))
                predicted.append(match.probability(cases[-1].values))
                if a.right:
                    ranks.setdefault(a.source, []).append(_reciprocal(a, rank))
    for source, found in sorted(ranks.items()):
        _print_ranks(source, found)
    _report(cases, np.array(predicted))


def _reciprocal(asked: Asked, rank: Values) -> float:
    """Return 1 / the place of the first right entry, 0 where none was found."""
    scored = learned.LinearModel(0.0, rank).score
    order = sorted(asked.measured, key=lambda found: -scored(found[1]))
    places = (at for at, (i, _) in enumerate(order, 1) if i in asked.right)
    return 1 / next(places, float("inf"))


def _print_ranks(source: str, found: Sequence[float]) -> None:
    print(f"ranking, {source} ({len(found)}): MRR {np.mean(found):.3f}"
          f" hit@1 {np.mean([r == 1 for r in found]):.3f}")  # fmt: skip


def _report(cases: Sequence[Case], predicted: Matrix) -> None:
    """Print how well the probabilities part right from wrong, and how true they are."""
    y = np.array([c.same for c in cases])
    counted = _counted(cases)
    print(f"match, AUROC {roc_auc_score(y, predicted, sample_weight=counted):.3f},"
          f" calibration error {_calibration_error(y, predicted, counted):.3f}")  # fmt: skip
    written = np.array([c.source.startswith("written") for c in cases])
    print(f"match, AUROC among written {roc_auc_score(y[written], predicted[written]):.3f}")
    _print_shares(cases, predicted)


def _calibration_error(y: NDArray[np.bool_], predicted: Matrix, counted: Matrix) -> float:
    """Return the mean distance of probability and share, over ten bins."""
    bins = np.minimum(9, (predicted * 10).astype(int))
    return float(sum(abs(((predicted - y) * counted)[bins == n].sum()) for n in range(10)))


def _print_shares(cases: Sequence[Case], predicted: Matrix) -> None:
    for source in dict.fromkeys(c.source for c in cases):
        matched = predicted[[c.source == source for c in cases]] >= MATCH
        print(f"match at {MATCH}, {source}: {matched.mean():.3f} of {len(matched)}")


def _report_others(asked: Iterator[Asked], rank: Values, match: learned.LinearModel) -> None:
    print("not learned from:")
    known = list(asked)
    for source in dict.fromkeys(a.source for a in known if a.right):
        _print_ranks(source, [_reciprocal(a, rank) for a in known if a.source == source])
    cases = [_case(a, rank) for a in known]
    _print_shares(cases, np.array([match.probability(c.values) for c in cases]))


def _write(rank: Values, match: learned.LinearModel) -> None:
    content = {
        "about": "rank: weights of what makes an entry near, summing to 1; match: probability "
        "that the best entry asks the same",
        "learned_from": "paraphrases of COVID-QA (Apache-2.0) of questions of the US CDC (public "
        "domain), plain, in letters, and with the entry left out; entries made of paragraphs "
        "of SQuAD 2.0, development half (CC BY-SA 4.0); the written pairs of training/data",
        "command": "python -m training.faq --data DIR",
        "rank": {"intercept": 0.0, "weights": rank},
        "match": {"intercept": match.intercept, "weights": match.weights},
    }
    path = learned.FOLDER / "faq.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
