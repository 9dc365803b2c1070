"""The questions that ``training.faq`` puts to entries, and what is measured of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.faq import FaqIndex
from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.words import STOP

Values = dict[str, float]
_WRITTEN = Path(__file__).parent / "data"
_DEEP = 100  # more than the shortlist: every entry that was looked at closely
_ALIKE = 0.8  # entries whose questions are this near may answer one another's paraphrases
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


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def plain(text: str) -> str:
    """Return a text lower-cased, with single blanks, to compare questions."""
    return " ".join(text.split()).lower()


class Entries:
    """Some entries, opened as a corpus: measures questions and knows entries that are alike."""

    def __init__(self, assistant: Assistant) -> None:
        self.faq = FaqIndex(assistant.index, assistant.encoder)
        self.ids: dict[str, frozenset[str]] = {}
        entries = self.faq.entries
        vectors = assistant.encoder.encode([e.question for e in entries])
        near = vectors @ vectors.T > _ALIKE
        for at, entry in enumerate(entries):
            alike = frozenset(entries[n].faq_id for n in np.flatnonzero(near[at]))
            question = plain(entry.question)
            self.ids[question] = self.ids.get(question, frozenset()) | alike

    def ask(self, text: str, entry: str, source: str, group: str) -> Asked:
        """Put a question to the entries; ``entry`` is the right one's question, or empty."""
        measured = tuple((e.faq_id, v) for e, v in self.faq.measure(text.strip(), _DEEP))
        return Asked(measured, self.ids[plain(entry)] if entry else frozenset(), source, group)


def open_entries(rows: Sequence[dict[str, Any]], folder: Path) -> Entries:
    """Return some rows with id, question and answer, opened as a corpus."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    with (corpus / "faq.jsonl").open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({n: row[n] for n in ("id", "question", "answer")}) + "\n")
    settings = read_settings(corpus=corpus)
    opened = Settings(corpus, folder / "index", settings.cache, settings.runtime)
    return Entries(Assistant.open(opened))


def without(asked: Asked) -> Asked:
    """Return the same question with its entry, and those like it, left out."""
    rest = tuple((i, v) for i, v in asked.measured if i not in asked.right)
    return replace(asked, measured=rest, right=frozenset(), source=f"{asked.source}, entry out")


def covid(entries: Entries, pairs: Sequence[dict[str, Any]], data: Path) -> Iterator[Asked]:
    """Yield CDC paraphrases, plain and in letters, with their entry and without it."""
    for at, pair in enumerate(pairs):
        entry, text = plain(pair["question_a"]), pair["question_b"]
        if entry not in entries.ids or plain(text) in entries.ids:
            continue
        letter = f"{_BEFORE[at % len(_BEFORE)]} {text} {_AFTER[at % len(_AFTER)]}"
        for source, asked in (("covid", text), ("letter", letter)):
            whole = entries.ask(asked, entry, source, entry)
            yield from (whole, without(whole))
    others = read_lines(data / "answerability" / "questions.jsonl")
    for row in random.Random(0).sample(others, 120):
        article = row["paragraph_id"].rsplit("-", 1)[0]
        yield entries.ask(row["question"], "", "squad, other subject", article)


def squad(folder: Path, scratch: Path) -> Iterator[Asked]:
    """Yield questions about paragraphs of which each is the answer to one question, an entry."""
    questions = read_lines(folder / "questions.jsonl")
    first: dict[str, dict[str, Any]] = {}
    for row in questions:
        if row["answerable"]:
            first.setdefault(row["paragraph_id"], row)
    paragraphs = [p for p in read_lines(folder / "paragraphs.jsonl") if p["id"] in first]
    entries = open_entries(
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
    known = {plain(a["text"]) for a in entry["answers"]}
    return not known & {plain(a["text"]) for a in row["answers"]}


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


def written(scratch: Path) -> Iterator[Asked]:
    """Yield the pairs written for this project: paraphrases and near misses."""
    rows = read_lines(_WRITTEN / "faq_entries.jsonl")
    entries = open_entries([{"id": f"w{at}", **row} for at, row in enumerate(rows)], scratch)
    for pair in read_lines(_WRITTEN / "faq_pairs.jsonl"):
        right, source = pair["entry"], "written"
        if not pair["same"]:
            right, source = "", "written, near miss"
        yield entries.ask(pair["question"], right, source, pair["entry"])


def others(
    entries: Entries, rows: Sequence[dict[str, Any]], pairs: Sequence[dict[str, Any]]
) -> Iterator[Asked]:
    """Yield what is only tested: entries of other agencies, reworded by rule, and without them.

    The project has no paraphrases of them, so CDC paraphrases are put to all entries as well.
    An agency's entry left out, another's may rightly match: that share is an upper bound.
    """
    for at, row in enumerate(r for r in rows if "(CDC)" not in r["source"]):
        text = row["question"]
        whole = entries.ask(_reworded(text, at), text, "other agencies, by rule", text)
        yield from (whole, without(whole))
    for pair in pairs:
        entry, text = plain(pair["question_a"]), pair["question_b"]
        if entry in entries.ids and plain(text) not in entries.ids:
            whole = entries.ask(text, entry, "covid among all agencies", entry)
            yield from (whole, without(whole))
