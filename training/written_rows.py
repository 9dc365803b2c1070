"""Rows from the claims and questions written for single passages: training/data/claim_pairs.jsonl.

A line names a sentence of a public text, or two to three in a row, by their place. It gives one
or two claims that these support with their twins that they refute, one that they leave open and,
perhaps, one or two questions that they answer and as many that they only seem to answer.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.models.reference import ReferenceEncoder
from assistant.words import term_set
from training.claim_edits import NEUTRAL, REFUTED, SUPPORTED, claim_of
from training.rows import TARGETS, Row, read_gz, sentences_of, windows_of

_WRITTEN = Path(__file__).parent / "data" / "claim_pairs.jsonl"
_CLAIM_FIELDS = (
    ("supported", SUPPORTED), ("refuted", REFUTED), ("supported2", SUPPORTED),
    ("refuted2", REFUTED), ("neither", NEUTRAL),
)  # fmt: skip
_QUESTIONS = {
    "question": "answer", "trick": "no_answer", "question2": "answer", "trick2": "no_answer"
}  # fmt: skip
_ASKED_ELSEWHERE = {field: label for field, label in _CLAIM_FIELDS if label != NEUTRAL} | {
    "question": "no_answer", "question2": "no_answer"
}  # fmt: skip
_AROUND = 0.3  # of the premises are the sentence with its neighbours
_UNDER_QUESTION = 0.12  # of them begin with the question that they answer
_AS_CLAIMED = 0.1  # of the sentences are claims on themselves
_UNRELATED = 0.35  # of the claims come once more on a sentence about something else
_ALONE = 0.4  # of the questions come on the sentence, the others on it with its neighbours
_HEADED = 0.4  # of them under the document's title, as sentences are read when questions are asked
_NEIGHBOURS = 6  # documents of like title
_SAME_DOCUMENT = 0.4  # of those sentences are of the document itself

Key = tuple[str, str]


def held_out_lines() -> list[dict[str, Any]]:
    """Return the lines that are not trained on and share no text with one that is.

    Other passages of their documents may be trained on.
    """
    spans: dict[Key, list[tuple[int, int]]] = {}
    for number, line in _lines():
        if not is_held_out(number):
            place = (line["source"], line["doc"])
            spans.setdefault(place, []).append((line["start"], line["end"]))
    return [
        line
        for number, line in _lines()
        if is_held_out(number)
        and not any(
            start < line["end"] and line["start"] < end
            for start, end in spans.get((line["source"], line["doc"]), [])
        )
    ]


def is_held_out(number: int) -> bool:
    """Tell whether a line is kept for measuring: every tenth is."""
    return number % 10 == 0


def written_rows(data: Path, rng: random.Random) -> Iterator[tuple[int, Row]]:
    """Yield each row with the number of its line."""
    documents = _documents(data)
    for number, line in _lines():
        document = documents[line["source"], line["doc"]]
        text = document["text"]
        span = (line["start"], line["end"])
        holding = [w for w in windows_of(text) if w[0] <= span[0] and span[1] <= w[1]]
        window = rng.choice(holding or [span])
        sentence, around = text[slice(*span)], text[slice(*window)]
        premise = around if rng.random() < _AROUND else sentence
        if "question" in line and rng.random() < _UNDER_QUESTION:
            premise = f"{line['question']} {premise}"
        single = len(sentences_of(sentence)) == 1
        if rng.random() < _AS_CLAIMED and single:
            yield number, Row(premise, claim_of(sentence), TARGETS[SUPPORTED], "written")
        for field, label in _CLAIM_FIELDS:
            if field in line:
                yield number, Row(premise, line[field], TARGETS[label], "written")
        for field, target in _QUESTIONS.items():
            if field in line:
                shown = sentence if rng.random() < _ALONE else around
                shown = _headed(shown, document["title"], rng)
                yield number, Row(line[field], shown, TARGETS[target], "written answers")


def unrelated_rows(data: Path, rng: random.Random) -> Iterator[tuple[int, Row]]:
    """Yield claims and questions on sentences that leave them open, with their line's number.

    Such are most of the sentences that a search finds for a claim: others of the same document,
    chosen at random, and those of documents of like title that share most words with the claim.
    Some of the first do bear on the claim: they are few, and not told apart.
    """
    documents = _documents(data)
    keys = sorted(documents)
    vectors = ReferenceEncoder().encode([documents[key]["title"] for key in keys])
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -1)
    nearest = np.argpartition(-similar, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    place = {key: at for at, key in enumerate(keys)}
    for number, line in _lines():
        key = (line["source"], line["doc"])
        text = documents[key]["text"]
        told = text[line["start"] : line["end"]]
        own = [s for s in sentences_of(text) if s not in told]
        for field, target in _ASKED_ELSEWHERE.items():
            if field not in line or rng.random() >= _UNRELATED:
                continue
            terms = term_set(line[field])
            other = documents[keys[int(rng.choice(nearest[place[key]].tolist()))]]
            if rng.random() < _SAME_DOCUMENT:
                found, title = [s for s in own if terms & term_set(s)], documents[key]["title"]
                premise = rng.choice(found) if found else ""
            else:
                found, title = sentences_of(other["text"]), other["title"]
                premise = max(found, key=lambda s: len(terms & term_set(s)), default="")
            if not premise:
                continue
            if target == "no_answer":
                premise = _headed(premise, title, rng)
                yield number, Row(line[field], premise, TARGETS[target], "written answers")
            else:
                yield number, Row(premise, line[field], TARGETS[target], "unrelated")


def _headed(text: str, title: str, rng: random.Random) -> str:
    return f"{title.replace('_', ' ')}. {text}" if rng.random() < _HEADED else text


def _documents(data: Path) -> dict[Key, dict[str, Any]]:
    documents: dict[Key, dict[str, Any]] = {
        ("scifact", a["_id"]): a for a in read_gz(data / "scifact" / "corpus.jsonl.gz")
    }
    with (data / "answerability" / "paragraphs.jsonl").open(encoding="utf-8") as lines:
        return documents | {("squad", p["id"]): p for p in map(json.loads, lines)}


def _lines() -> Iterator[tuple[int, dict[str, Any]]]:
    with _WRITTEN.open(encoding="utf-8") as lines:
        yield from enumerate(map(json.loads, lines))
