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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering import learned
from assistant.answering.faq import MATCH, FaqIndex
from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.words import STOP

Matrix = NDArray[np.float64]
Values = dict[str, float]

_WRITTEN = Path(__file__).parent / "data"
_DEEP = 100  # more than the shortlist: every entry that was looked at closely
_FOLDS = 5
_ALIKE = 0.8  # entries whose questions are this near may answer one another's paraphrases
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

_BEFORE = (
    "Good evening. I am 47, have had asthma since school and use an inhaler twice a day.",
    "Hello, I hope this is the right address. The news says something else every day.",
    "Our daughter is nine and had an operation on her heart when she was small.",
    "Dear team, I look after my grandfather, who takes tablets for his blood pressure.",
    "I own a bakery and two of the people who work for me stayed at home today.",
    "",
)
_AFTER = (
    "I would be glad of an answer soon. Many thanks!",
    "A link to a page would do. Kind regards from Ohio.",
    "We have no family doctor at present, which is why I write.",
    "",
)
_SWAPS = (
    ("what is", "tell me about"),
    ("who ", "which person "),
    ("when ", "in what year "),
    ("how many ", "what number of "),
    ("why ", "for what reason "),
    ("what ", "which "),
    ("where ", "in which place "),
)


@dataclass(frozen=True)
class Asked:
    """A question put to a set of entries: each entry's values, and which entries are right."""

    measured: tuple[tuple[str, Values], ...]
    right: frozenset[str]
    source: str
    group: str


def main() -> None:
    """Learn both models and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data")
    data = parser.parse_args().data
    rows = _lines(data / "faq" / "faq.jsonl")
    cdc = [r for r in rows if "(CDC)" in r["source"]]
    pairs = [p for p in _lines(data / "faq" / "pairs.jsonl") if p["same"]]
    with tempfile.TemporaryDirectory() as folder:
        asked = [
            *_covid(_open(cdc, Path(folder) / "cdc"), pairs, data),
            *_squad(data / "answerability", Path(folder) / "squad"),
            *_written(Path(folder) / "written"),
        ]
        _cross_validate(asked)
        rank = _fit_rank(asked)
        match = _fit_match([_case(a, rank) for a in asked])
        _report_others(_others(_open(rows, Path(folder) / "all"), rows, pairs), rank, match)
    _write(rank, match)


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


# --- questions put to entries ------------------------------------------------------------


class _Entries:
    """Some entries, opened as a corpus: measures questions and knows entries that are alike."""

    def __init__(self, assistant: Assistant) -> None:
        self.faq = FaqIndex(assistant.index, assistant.encoder)
        self.ids: dict[str, frozenset[str]] = {}
        entries = self.faq.entries
        vectors = assistant.encoder.encode([e.question for e in entries])
        near = vectors @ vectors.T > _ALIKE
        for at, entry in enumerate(entries):
            alike = frozenset(entries[n].faq_id for n in np.flatnonzero(near[at]))
            question = _plain(entry.question)
            self.ids[question] = self.ids.get(question, frozenset()) | alike

    def ask(self, text: str, entry: str, source: str, group: str) -> Asked:
        """Put a question to the entries; ``entry`` is the right one's question, or empty."""
        measured = tuple((e.faq_id, v) for e, v in self.faq.measure(text.strip(), _DEEP))
        return Asked(measured, self.ids[_plain(entry)] if entry else frozenset(), source, group)


def _open(rows: Sequence[dict[str, Any]], folder: Path) -> _Entries:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    with (corpus / "faq.jsonl").open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({n: row[n] for n in ("id", "question", "answer")}) + "\n")
    settings = read_settings(corpus=corpus)
    opened = Settings(corpus, folder / "index", settings.cache, settings.runtime)
    return _Entries(Assistant.open(opened))


def _without(asked: Asked) -> Asked:
    """Return the same question with its entry, and those like it, left out."""
    rest = tuple((i, v) for i, v in asked.measured if i not in asked.right)
    return replace(asked, measured=rest, right=frozenset(), source=f"{asked.source}, entry out")


def _covid(entries: _Entries, pairs: Sequence[dict[str, Any]], data: Path) -> Iterator[Asked]:
    """Yield CDC paraphrases, plain and in letters, with their entry and without it."""
    for at, pair in enumerate(pairs):
        entry, text = _plain(pair["question_a"]), pair["question_b"]
        if entry not in entries.ids or _plain(text) in entries.ids:
            continue
        letter = f"{_BEFORE[at % len(_BEFORE)]} {text} {_AFTER[at % len(_AFTER)]}"
        for source, asked in (("covid", text), ("letter", letter)):
            whole = entries.ask(asked, entry, source, entry)
            yield from (whole, _without(whole))
    others = _lines(data / "answerability" / "questions.jsonl")
    for row in random.Random(0).sample(others, 120):
        article = row["paragraph_id"].rsplit("-", 1)[0]
        yield entries.ask(row["question"], "", "squad, other subject", article)


def _squad(folder: Path, scratch: Path) -> Iterator[Asked]:
    """Yield questions about paragraphs of which each is the answer to one question, an entry."""
    questions = _lines(folder / "questions.jsonl")
    first: dict[str, dict[str, Any]] = {}
    for row in questions:
        if row["answerable"]:
            first.setdefault(row["paragraph_id"], row)
    paragraphs = [p for p in _lines(folder / "paragraphs.jsonl") if p["id"] in first]
    entries = _open(
        [{"id": p["id"], "question": first[p["id"]]["question"].strip(), "answer": p["text"]}
         for p in paragraphs],
        scratch,
    )  # fmt: skip
    for at, paragraph in enumerate(paragraphs):
        text = first[paragraph["id"]]["question"].strip()
        yield entries.ask(_reworded(text, at), text, "squad, by rule", paragraph["title"])
    titles = {p["id"]: p["title"] for p in paragraphs}
    rest = [q for q in questions if _asks_another(q, first.get(q["paragraph_id"]))]
    for row in random.Random(0).sample(rest, 500):
        entry = first[row["paragraph_id"]]["question"]
        source = "squad, other question" if row["answerable"] else "squad, trick"
        yield entries.ask(row["question"], entry, source, titles[row["paragraph_id"]])


def _asks_another(row: dict[str, Any], entry: dict[str, Any] | None) -> bool:
    """Tell whether a question has another answer than the entry of its paragraph."""
    if entry is None or row is entry:
        return False
    known = {_plain(a["text"]) for a in entry["answers"]}
    return not known & {_plain(a["text"]) for a in row["answers"]}


def _reworded(text: str, at: int) -> str:
    """Return the question in other words, made by the rule number ``at``."""
    bare = text.rstrip("?").strip()
    low = bare[0].lower() + bare[1:]
    made = [
        low,
        f"Can you tell me {low}?",
        " ".join(w for w in bare.split() if w.lower() not in STOP),
        f"I would like to know {low}",
    ]
    for old, new in _SWAPS:
        if low.startswith(old):
            made += [new + low[len(old) :]] * 2
            break
    return made[at % len(made)]


def _written(scratch: Path) -> Iterator[Asked]:
    rows = _lines(_WRITTEN / "faq_entries.jsonl")
    entries = _open([{"id": f"w{at}", **row} for at, row in enumerate(rows)], scratch)
    for pair in _lines(_WRITTEN / "faq_pairs.jsonl"):
        right, source = pair["entry"], "written"
        if not pair["same"]:
            right, source = "", "written, near miss"
        yield entries.ask(pair["question"], right, source, pair["entry"])


def _others(
    entries: _Entries, rows: Sequence[dict[str, Any]], pairs: Sequence[dict[str, Any]]
) -> Iterator[Asked]:
    """Yield what is only tested: entries of other agencies, reworded by rule, and without them.

    The project has no paraphrases of them, so CDC paraphrases are put to all entries as well.
    An agency's entry left out, another's may rightly match: that share is an upper bound.
    """
    for at, row in enumerate(r for r in rows if "(CDC)" not in r["source"]):
        text = row["question"]
        whole = entries.ask(_reworded(text, at), text, "other agencies, by rule", text)
        yield from (whole, _without(whole))
    for pair in pairs:
        entry, text = _plain(pair["question_a"]), pair["question_b"]
        if entry in entries.ids and _plain(text) not in entries.ids:
            whole = entries.ask(text, entry, "covid among all agencies", entry)
            yield from (whole, _without(whole))


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
