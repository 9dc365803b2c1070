"""Learn how coverage and the verifier's view of the best sentences are joined.

    python -m training.answered --data ../shared/data

One logistic model over three features (assistant/answering/answered.py), learned on questions
that the verifier was not trained on: those of the two SQuAD 2.0 articles held out, and those
written for every tenth line of training/data/claim_pairs.jsonl, where no other line
shares its text, asked of a part of the SciFact abstracts. (Other passages of these abstracts
were trained on, and coverage's own model was learned on all SQuAD articles here.) Not covered
are SQuAD's unanswerable questions, those written to seem answered, questions whose paragraph or
abstract is left out, and questions about other subjects. Writes
assistant/answering/weights/answered.json and prints figures from cross-validation.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering import answered, confidence
from assistant.answering.question import read_question
from assistant.answering.select import rank
from assistant.assistant import Assistant
from training.answers import open_paragraphs, questions_of, write_model
from training.faq_cases import read_lines
from training.rows import HELD_OUT_ARTICLES, read_gz
from training.written_rows import held_out_lines

_LINES = 420
_OTHER_ABSTRACTS = 800
_FOLDS = 5
# How much each set counts in all (two of three questions are taken to be answerable), and which
# answerable set its figures are taken against.
_SETS = {
    "answerable": (3.0, ""),
    "answerable, one article": (3.0, ""),
    "answerable, abstracts": (6.0, ""),
    "paragraph out": (1.0, "answerable"),
    "article out": (1.0, "answerable"),
    "trick": (0.6, "answerable"),
    "paragraph out, one article": (1.0, "answerable, one article"),
    "off topic, one article": (1.0, "answerable, one article"),
    "trick, abstracts": (1.2, "answerable, abstracts"),
    "abstract out": (1.2, "answerable, abstracts"),
    "off topic, abstracts": (0.8, "answerable, abstracts"),
}


@dataclass(frozen=True)
class Case:
    """A question put to a corpus: its features, which set it is of, its fold."""

    values: dict[str, float]
    source: str
    fold: str

    @property
    def covered(self) -> bool:
        """Whether the corpus answers it."""
        return self.source.startswith("answerable")


def main() -> None:
    """Learn the model and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public data")
    data = parser.parse_args().data
    off = [r["question"] for r in read_lines(data / "offtopic" / "questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder:
        cases = [
            *_of_articles(data, off, random.Random(0), Path(folder)),
            *_of_abstracts(data, off, random.Random(0), Path(folder)),
        ]
    folds = sorted({case.fold for case in cases})
    predicted = np.zeros(len(cases))
    for fold in folds:
        fit = _fit([case for case in cases if case.fold != fold])
        here = [at for at, case in enumerate(cases) if case.fold == fold]
        predicted[here] = fit.predict_proba(_matrix([cases[at] for at in here]))[:, 1]
    _report(cases, predicted)
    fit = _fit(cases)
    write_model(
        "answered",
        "probability that the documents answer a question: coverage and the verifier joined",
        float(fit.intercept_[0]),
        dict(zip(answered.NAMES, fit.coef_[0].tolist(), strict=True)),
        "two SQuAD 2.0 articles (CC BY-SA 4.0); questions written for SciFact abstracts "
        "(ODC-By 1.0); off-topic questions of Natural Questions, BoolQ (CC BY-SA 3.0) and "
        "MedQuAD (CC BY 4.0)",
        "python -m training.answered --data DIR",
    )


def _of_articles(data: Path, off: list[str], chance: random.Random, folder: Path) -> Iterator[Case]:
    paragraphs = read_lines(data / "answerability" / "paragraphs.jsonl")
    questions = questions_of(data / "answerability" / "questions.jsonl", paragraphs)
    whole = open_paragraphs(paragraphs, folder / "all")
    for title in HELD_OUT_ARTICLES:
        own = [p for p in paragraphs if p["title"] == title]
        ids = frozenset(p["id"] for p in own)
        one = open_paragraphs(own, folder / title)
        for q in (q for q in questions if q.title == title):
            if not q.answers:
                yield from _case(whole, q.text, "trick", title)
                continue
            here = frozenset({q.paragraph})
            yield from _case(whole, q.text, "answerable", title)
            yield from _case(whole, q.text, "paragraph out", title, here)
            if chance.random() < 0.4:
                yield from _case(whole, q.text, "article out", title, ids)
            if chance.random() < 0.5:
                yield from _case(one, q.text, "answerable, one article", title)
                yield from _case(one, q.text, "paragraph out, one article", title, here)
        for text in chance.sample(off, 60):
            yield from _case(one, text, "off topic, one article", title)


def _of_abstracts(
    data: Path, off: list[str], chance: random.Random, folder: Path
) -> Iterator[Case]:
    lines = [
        line for line in held_out_lines() if line["source"] == "scifact" and "question" in line
    ]
    lines = chance.sample(lines, min(_LINES, len(lines)))
    abstracts = {a["_id"]: a for a in read_gz(data / "scifact" / "corpus.jsonl.gz")}
    ids = {line["doc"] for line in lines} | set(chance.sample(sorted(abstracts), _OTHER_ABSTRACTS))
    texts: list[dict[str, Any]] = [
        {"id": i, "title": abstracts[i]["title"], "text": abstracts[i]["text"]} for i in sorted(ids)
    ]
    some = open_paragraphs(texts, folder / "abstracts")
    subjects = iter(chance.sample(off, len(lines) // 3 + 1))
    for at, line in enumerate(lines):
        fold = f"abstracts {int(line['doc']) % _FOLDS}"
        yield from _case(some, line["question"], "answerable, abstracts", fold)
        yield from _case(some, line["trick"], "trick, abstracts", fold)
        without = frozenset({line["doc"]})
        yield from _case(some, line["question"], "abstract out", fold, without)
        if at % 3 == 0:
            yield from _case(some, next(subjects), "off topic, abstracts", fold)


def _case(
    assistant: Assistant, text: str, source: str, fold: str, without: frozenset[str] = frozenset()
) -> Iterator[Case]:
    question, retriever = read_question(text), assistant.retriever
    retrieved = retriever.retrieve(question, without=without)
    ranked = rank(question, retrieved.candidates)
    if ranked:
        frequency = {t: retriever.frequency(t, without) for t in question.subject}
        covered = confidence.probability(
            confidence.measure_coverage(question, retrieved, ranked, retriever.idf, frequency)
        )
        values = answered.measure_answers(text, covered, ranked, assistant.verifier)
        yield Case(values, source, fold)


def _matrix(cases: list[Case]) -> Any:
    return np.array([[case.values[name] for name in answered.NAMES] for case in cases])


def _fit(cases: list[Case]) -> Any:
    counts = {name: sum(case.source == name for case in cases) for name in _SETS}
    weights = np.array([_SETS[case.source][0] / counts[case.source] for case in cases])
    weights *= len(cases) / weights.sum()
    covered = [case.covered for case in cases]
    return LogisticRegression(C=10.0).fit(_matrix(cases), covered, sample_weight=weights)


def _report(cases: list[Case], predicted: Any) -> None:
    alone = np.array([case.values["coverage"] for case in cases])
    for source, (_, against) in _SETS.items():
        if against:
            pick = [at for at, case in enumerate(cases) if case.source in (source, against)]
            truth = [cases[at].covered for at in pick]
            joined, before = (roc_auc_score(truth, p[pick]) for p in (predicted, alone))
            print(f"AUROC against {source}: {joined:.3f} (coverage alone {before:.3f})")


if __name__ == "__main__":
    main()
