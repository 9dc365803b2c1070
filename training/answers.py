"""Learn how sentences are ranked and when a question is covered: two small linear models.

    python -m training.answers --data ../shared/data

Data: the development half of SQuAD 2.0 (CC BY-SA 4.0) and questions of other subjects
(Natural Questions, BoolQ, MedQuAD). Questions that the documents do not answer are made by
leaving out the answering paragraph or its article, by asking one article about another, and by
swapping a name: into a question of the article a name that it does not know, or a name of the
article into a question about something else.
The weights are written to assistant/answering/weights/*.json; figures are printed from
cross-validation over articles.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering import confidence, features, learned
from assistant.answering.question import Question, read_question
from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.select import rank
from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.words import WORD, fold
from training.faq_cases import read_lines

Matrix = NDArray[np.float64]
_LEARNED_FROM = (
    "SQuAD 2.0 development half (CC BY-SA 4.0); off-topic questions of Natural Questions, BoolQ "
    "(CC BY-SA 3.0) and MedQuAD (CC BY 4.0)"
)
# Left out of the ranking: what SQuAD cannot teach (no lists, FAQ, myths or notices in it).
_RANK_NAMES = tuple(
    n for n in features.NAMES
    if n not in ("rank", "definition", "list", "heading", "faq", "faq_match", "reality", "takeaway",
                 "notice", "reference", "belief")
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question of the data set with the paragraph it was asked about."""

    text: str
    paragraph: str
    title: str
    answers: tuple[str, ...]


def main() -> None:
    """Learn both models and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data")
    parser.add_argument("--only", choices=("select", "coverage"))
    parser.add_argument("--cases", type=Path, help="also write the coverage cases, as JSON")
    arguments = parser.parse_args()
    paragraphs = read_lines(arguments.data / "answerability" / "paragraphs.jsonl")
    questions = questions_of(arguments.data / "answerability" / "questions.jsonl", paragraphs)
    off = [r["question"] for r in read_lines(arguments.data / "offtopic" / "questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder:
        whole = open_paragraphs(paragraphs, Path(folder) / "all")
        if arguments.only != "coverage":
            _learn_ranking(whole, [q for q in questions if q.answers])
        if arguments.only != "select":
            _learn_coverage(whole, paragraphs, questions, off, Path(folder), arguments.cases)


def questions_of(path: Path, paragraphs: list[dict[str, Any]]) -> list[Asked]:
    """Return the questions of a file, each with its paragraph's title."""
    titles = {p["id"]: p["title"] for p in paragraphs}
    return [
        Asked(r["question"], r["paragraph_id"], titles[r["paragraph_id"]],
              tuple(a["text"] for a in r["answers"]))
        for r in read_lines(path)
    ]  # fmt: skip


def open_paragraphs(paragraphs: Iterable[dict[str, Any]], folder: Path) -> Assistant:
    """Return an assistant on a corpus of texts with ids and titles, made in a folder."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    with (corpus / "paragraphs.jsonl").open("w", encoding="utf-8") as out:
        for p in paragraphs:
            record = {"_id": p["id"], "title": p["title"].replace("_", " "), "text": p["text"]}
            out.write(json.dumps(record) + "\n")
    settings = read_settings(corpus=corpus)
    return Assistant.open(Settings(corpus, folder / "index", settings.cache, settings.runtime))


# --- ranking -----------------------------------------------------------------------------


def _learn_ranking(assistant: Assistant, questions: list[Asked]) -> None:
    groups: list[tuple[Matrix, NDArray[np.bool_], str]] = []
    for asked in questions:
        found = assistant.retriever.retrieve(read_question(asked.text))
        values = [[c.values[n] for n in _RANK_NAMES] for c in found.candidates]
        right = [
            c.hit.passage.doc_id == asked.paragraph and any(a in c.text for a in asked.answers)
            for c in found.candidates
        ]
        groups.append((np.array(values), np.array(right), asked.title))
    stacked = np.concatenate([x for x, _, _ in groups])
    scale = stacked.std(axis=0) + 1e-9
    hits = np.zeros(3)
    for title in sorted({t for _, _, t in groups}):
        weights = _fit_softmax([g for g in groups if g[2] != title], scale)
        hits += _hits([g for g in groups if g[2] == title], weights)
    one, two, three = hits / len(groups)
    print(f"ranking, held-out articles: hit@1 {one:.3f} hit@2 {two:.3f} hit@3 {three:.3f}")
    weights = _fit_softmax(groups, scale)
    write_model("select", "sentence ranking, softmax over a question's sentences", 0.0,
           dict(zip(_RANK_NAMES, weights, strict=True)))  # fmt: skip


def _fit_softmax(groups: list[tuple[Matrix, NDArray[np.bool_], str]], scale: Matrix) -> Matrix:
    """Return weights that maximise the probability of the right sentences, L2 = 0.003."""
    data = [(x / scale, y) for x, y, _ in groups if y.any()]

    def loss(w: Matrix) -> tuple[float, Matrix]:
        value, gradient = 0.003 * len(data) * float(w @ w), 0.006 * len(data) * w
        for x, y in data:
            scores = x @ w
            p = np.exp(scores - scores.max())
            p /= p.sum()
            share = p * y
            value -= float(np.log(share.sum() + 1e-12))
            gradient = gradient - x.T @ (share / share.sum() - p)
        return value / len(data), gradient / len(data)

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B")
    result: Matrix = found.x / scale
    return result


def _hits(groups: list[tuple[Matrix, NDArray[np.bool_], str]], weights: Matrix) -> Matrix:
    counts = np.zeros(3)
    for x, y, _ in groups:
        order = np.argsort(-(x @ weights), kind="stable")
        counts += [y[order[:n]].any() for n in (1, 2, 3)]
    return counts


# --- coverage ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One question put to one corpus: its features, whether it is covered, which set, fold."""

    values: dict[str, float]
    covered: bool
    source: str
    fold: str


def _learn_coverage(
    whole: Assistant,
    paragraphs: list[dict[str, Any]],
    questions: list[Asked],
    off: list[str],
    folder: Path,
    cases_file: Path | None,
) -> None:
    learned.load_model.cache_clear()
    cases = list(_cases_of_all(whole, paragraphs, questions, off))
    for title in sorted({p["title"] for p in paragraphs}):
        one = open_paragraphs([p for p in paragraphs if p["title"] == title], folder / title)
        cases.extend(_cases_of_one(one, title, questions, off))
    if cases_file is not None:
        rows = [[c.source, c.covered, c.fold, c.values] for c in cases]
        cases_file.write_text(json.dumps(rows), encoding="utf-8")
    folds = sorted({c.fold for c in cases})
    predicted = np.zeros(len(cases))
    for held in folds:
        model = _fit_logistic([c for c in cases if c.fold != held])
        for at, case in enumerate(cases):
            if case.fold == held:
                predicted[at] = model.probability(case.values)
    _report(cases, predicted)
    model = _fit_logistic(cases)
    write_model("coverage", "probability that the documents answer a question", model.intercept,
           model.weights)  # fmt: skip


def _cases_of_all(
    whole: Assistant, paragraphs: list[dict[str, Any]], questions: list[Asked], off: list[str]
) -> Iterator[Case]:
    of_title: dict[str, frozenset[str]] = {}
    for title in {p["title"] for p in paragraphs}:
        of_title[title] = frozenset(p["id"] for p in paragraphs if p["title"] == title)
    ask = _asker(whole.retriever)
    for q in questions:
        if q.answers:
            yield Case(ask(q.text, frozenset()), True, "answerable", q.title)
            yield Case(ask(q.text, frozenset({q.paragraph})), False, "paragraph out", q.title)
            yield Case(ask(q.text, of_title[q.title]), False, "article out", q.title)
        else:
            yield Case(ask(q.text, frozenset()), False, "trick", q.title)
    titles = sorted(of_title)
    for at, text in enumerate(off):
        yield Case(ask(text, frozenset()), False, "off topic", titles[at % len(titles)])


def _cases_of_one(
    one: Assistant, title: str, questions: list[Asked], off: list[str]
) -> Iterator[Case]:
    """Yield cases of a corpus that holds one article only."""
    ask = _asker(one.retriever)
    chance = random.Random(0)
    for q in questions:
        if q.title == title and q.answers:
            yield Case(ask(q.text, frozenset()), True, "answerable, one article", title)
            yield Case(
                ask(q.text, frozenset({q.paragraph})), False, "paragraph out, one article", title
            )
    own = [q.text for q in questions if q.title == title and q.answers]
    others = [q.text for q in questions if q.title != title and q.answers]
    for text in chance.sample(others, 100) + chance.sample(off, 100):
        yield Case(ask(text, frozenset()), False, "off topic, one article", title)
    foreign = [
        w for text in others for w in _names(text) if not one.index.store.word_count(fold(w))
    ]
    familiar = [w for text in own for w in _names(text)]
    for text in chance.sample(own, min(150, len(own))):
        swapped = _swap(text, foreign, chance)
        yield Case(ask(swapped, frozenset()), False, "name swapped, one article", title)
    for text in chance.sample(others + off, 150):
        swapped = _swap(text, familiar, chance)
        yield Case(ask(swapped, frozenset()), False, "matter swapped, one article", title)


def _names(text: str) -> list[str]:
    """Return what a question is about: words written like names, else its longest word."""
    found = [m.group() for m in WORD.finditer(text)][1:]
    names = [w for w in found if w[0].isupper() or any(c.isdigit() for c in w)]
    return names or sorted(found, key=len)[-1:]


def _swap(text: str, names: list[str], chance: random.Random) -> str:
    """Return the question with one of its names replaced by another."""
    own = _names(text)
    if not own:
        return text
    return text.replace(chance.choice(own), chance.choice(names), 1)


def _asker(retriever: Retriever) -> Callable[[str, frozenset[str]], dict[str, float]]:
    def ask(text: str, without: frozenset[str]) -> dict[str, float]:
        question: Question = read_question(text)
        retrieved: Retrieved = retriever.retrieve(question, without=without)
        ranked = rank(question, retrieved.candidates)
        frequency = {t: retriever.frequency(t, without) for t in question.subject}
        return confidence.measure_coverage(question, retrieved, ranked, retriever.idf, frequency)

    return ask


# How much each set counts in all; within a set every question counts the same. Trick
# questions (SQuAD's unanswerable ones) are only reported: these features cannot tell them, and
# learning from them lowered every other figure.
_SHARES = {
    "answerable": 3.0,
    "answerable, one article": 3.0,
    "paragraph out": 1.0,
    "paragraph out, one article": 1.0,
    "article out": 1.2,
    "off topic": 1.0,
    "off topic, one article": 1.2,
    "name swapped, one article": 1.0,
    "matter swapped, one article": 1.0,
    "trick": 0.0,
}


def _fit_logistic(cases: list[Case]) -> learned.LinearModel:
    names = confidence.NAMES
    x = np.array([[c.values[n] for n in names] for c in cases])
    y = np.array([c.covered for c in cases])
    counts = {s: sum(c.source == s for c in cases) for s in _SHARES}
    weight = np.array([_SHARES[c.source] / max(1, counts[c.source]) for c in cases])
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    fit = LogisticRegression(C=1.0, max_iter=2_000)
    fit.fit((x - mean) / scale, y, sample_weight=weight * len(cases) / weight.sum())
    weights = fit.coef_[0] / scale
    intercept = float(fit.intercept_[0] - weights @ mean)
    return learned.LinearModel(intercept, dict(zip(names, weights.tolist(), strict=True)))


def _report(cases: list[Case], predicted: Matrix) -> None:
    covered = {True: "answerable", False: "answerable, one article"}
    for source in sorted(_SHARES):
        if source.startswith("answerable"):
            continue
        positive = covered["one article" not in source]
        pick = [at for at, c in enumerate(cases) if c.source in (source, positive)]
        truth = [cases[at].covered for at in pick]
        best = [cases[at].values["best_similarity"] for at in pick]
        print(f"coverage, AUROC against {source}: {roc_auc_score(truth, predicted[pick]):.3f}"
              f" (best sentence alone {roc_auc_score(truth, best):.3f})")  # fmt: skip


def write_model(
    name: str,
    about: str,
    intercept: float,
    weights: dict[str, float] | Any,
    learned_from: str = _LEARNED_FROM,
    command: str = "python -m training.answers --data DIR",
) -> None:
    """Write a linear model to where the assistant reads it."""
    content = {
        "about": about,
        "learned_from": learned_from,
        "command": command,
        "intercept": round(float(intercept), 4),
        "weights": {n: round(float(w), 4) for n, w in weights.items()},
    }
    path = learned.FOLDER / f"{name}.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
