"""A row to train on or measure with, and how texts are cut for it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.reading.sentences import split_sentences
from training.claim_edits import NEUTRAL, REFUTED, SUPPORTED

TARGETS = {SUPPORTED: 0, REFUTED: 1, NEUTRAL: 2, "not_entailment": 3, "no_answer": 4, "answer": 5}
HELD_OUT_ARTICLES = ("Steam_engine", "Scottish_Parliament")


@dataclass(frozen=True, slots=True)
class Row:
    """Two texts, the index of the target in TARGETS, and where the row comes from."""

    first: str
    second: str
    target: int
    source: str


def read_gz(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a compressed JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[a:b] for a, b in split_sentences(text, 0, len(text))]


def windows_of(text: str, width: int = 3) -> list[tuple[int, int]]:
    """Return the (start, end) of every run of ``width`` sentences of a text."""
    spans = split_sentences(text, 0, len(text))
    last = max(1, len(spans) - width + 1)
    return [(spans[at][0], spans[min(at + width, len(spans)) - 1][1]) for at in range(last)]
