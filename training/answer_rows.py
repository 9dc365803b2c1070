"""Rows of (question, window of a text): does the window answer the question?

From SQuAD 2.0, whose unanswerable questions resemble answerable ones, from questions changed in
a word, and from an agency's FAQ with the answers of its nearest other questions.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.models.reference import ReferenceEncoder
from assistant.words import term_set
from training.claim_edits import Edit, negate, number, opposite
from training.rows import HELD_OUT_ARTICLES, TARGETS, Row, sentences_of, windows_of


def answer_rows(data: Path, rng: random.Random) -> Iterator[Row]:
    """Yield the rows to train on."""
    rows = [r for _ in range(2) for r in squad_rows(data, rng, held_out=False)]
    with (data / "faq" / "faq.jsonl").open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    vectors = ReferenceEncoder().encode([e["question"] for e in entries])
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -1)
    for at, entry in enumerate(entries):
        other = entries[int(rng.choice(np.argsort(-similar[at])[:5].tolist()))]
        for text, target in ((entry["answer"], "answer"), (other["answer"], "no_answer")):
            start = " ".join(sentences_of(text)[:3])
            rows.append(Row(entry["question"], start, TARGETS[target], "faq"))
    yield from rows


def squad_rows(data: Path, rng: random.Random, *, held_out: bool) -> Iterator[Row]:
    """Yield the rows of SQuAD 2.0: of the articles held out, or of the others."""
    folder = data / "answerability"
    with (folder / "paragraphs.jsonl").open(encoding="utf-8") as lines:
        paragraphs = {p["id"]: p for p in map(json.loads, lines)}
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        questions = [json.loads(line) for line in lines]
    names = sorted({n for p in paragraphs.values() for n in _proper_names(p["text"])})
    for q in questions:
        paragraph = paragraphs[q["paragraph_id"]]
        if (paragraph["title"] in HELD_OUT_ARTICLES) != held_out:
            continue
        windows, asked = windows_of(paragraph["text"]), q["question"].strip()
        spans = [(a["start"], a["start"] + len(a["text"])) for a in q["answers"]]
        right = [w for w in windows if any(w[0] <= a and b <= w[1] for a, b in spans)]
        wrong = [w for w in windows if not any(w[0] < b and a < w[1] for a, b in spans)]

        def row(window: tuple[int, int], question: str, target: str, source: str, text: str) -> Row:
            return Row(question, text[window[0] : window[1]], TARGETS[target], source)

        text = paragraph["text"]
        nearest = max(windows, key=lambda w: _shared(asked, text[w[0] : w[1]]))
        if not q["answerable"]:
            yield row(nearest, asked, "no_answer", "answers", text)
            continue
        if not right:
            continue
        place = rng.choice(right)
        yield row(place, asked, "answer", "answers", text)
        if wrong and rng.random() < 0.5:
            near = max(wrong, key=lambda w: _shared(asked, text[w[0] : w[1]]))
            yield row(near, asked, "no_answer", "elsewhere", text)
        edit = rng.choice([opposite, negate, number, _renamed(names), _renamed(names)])
        changed = edit(asked, rng)
        if changed and rng.random() < 0.7:
            yield row(place, changed, "no_answer", "changed", text)


def _shared(question: str, text: str) -> float:
    return len(term_set(question) & term_set(text))


def _proper_names(text: str) -> list[str]:
    found = []
    for sentence in sentences_of(text):
        words = sentence.split()
        found.extend(w.strip(",.;:()\"'") for w in words[1:] if w[:1].isupper())
    return [w for w in found if w.isalpha() and len(w) > 3]


def _renamed(names: list[str]) -> Edit:
    def edit(text: str, rng: random.Random) -> str | None:
        words = text.split()
        places = [
            i for i, w in enumerate(words) if i and w[:1].isupper() and w.strip("?,").isalpha()
        ]
        if not places:
            return None
        place = rng.choice(places)
        tail = words[place][len(words[place].rstrip("?,")) :]
        return " ".join([*words[:place], rng.choice(names) + tail, *words[place + 1 :]])

    return edit
