"""What is kept of the frequently asked questions of an index: entries and their vectors.

An entry is one section of kind 'faq': its question is the last heading and its answer is
whole, however many passages it spans. Vectors of the answers come from the index; only the
questions are encoded here, once, and may be kept in a file beside the index.

It knows nothing of what is asked.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.select import Selection
from assistant.datatypes import Passage, Vectors
from assistant.indexing import Index
from assistant.protocols import Encoder, TokenStates
from assistant.words import STOP

_FILE = "faq.npz"


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question with its answer; ``passage`` spans the whole answer, ``rows`` are its parts."""

    faq_id: str
    question: str
    topic: str
    passage: Passage
    rows: tuple[int, ...]

    @property
    def answer(self) -> str:
        """The exact slice of the document."""
        return self.passage.text

    @property
    def selection(self) -> Selection:
        """The whole answer as what an answer shows."""
        passage = self.passage
        return Selection(passage, passage.start, passage.end, 1.0, len(passage.sentences))


@dataclass(frozen=True, slots=True)
class FaqVectors:
    """Vectors of all entries; the rows of entry n are ``bounds[n]:bounds[n + 1]`` of its kind."""

    questions: Vectors
    states: NDArray[np.float16]
    words: NDArray[np.uint8]
    state_bounds: NDArray[np.int64]
    parts: Vectors
    part_bounds: NDArray[np.int64]
    sentences: NDArray[np.float16]
    sentence_bounds: NDArray[np.int64]
    answers: Vectors


def read_entries(index: Index) -> tuple[FaqEntry, ...]:
    """Return every entry in the order of the corpus.

    Neighbouring passages of one document and one heading path are one section.
    """
    rows = index.store.rows_where("kind", "faq")
    groups: list[list[tuple[int, Passage]]] = []
    for row, (passage, _) in zip(rows, index.store.passages(rows), strict=True):
        last = groups[-1][-1][1] if groups else None
        if last and (last.doc_id, last.heading) == (passage.doc_id, passage.heading):
            groups[-1].append((row, passage))
        elif passage.heading:
            groups.append([(row, passage)])
    return tuple(_entry(index, group) for group in groups)


def _entry(index: Index, group: Sequence[tuple[int, Passage]]) -> FaqEntry:
    first, last = group[0][1], group[-1][1]
    whole = first
    if len(group) > 1:
        document = index.document(first.doc_id)
        assert document is not None
        text = document.text[first.start : last.end]
        sentences = tuple(s for _, passage in group for s in passage.sentences)
        whole = replace(first, text=text, end=last.end, sentences=sentences)
    question = first.heading[-1]
    # A document that is named after the question is the entry, and lends it its id.
    alone = first.title == question
    topic = first.heading[-2] if len(first.heading) > 1 else "" if alone else first.title
    faq_id = first.doc_id if alone else first.passage_id
    return FaqEntry(faq_id, question, topic, whole, tuple(row for row, _ in group))


def encode_questions(index: Index, encoder: Encoder, entries: Sequence[FaqEntry]) -> dict[str, Any]:
    """Return the encoded questions: those kept beside the index if they fit, else anew."""
    digest = _digest(encoder, entries)
    kept = _load(index.folder / _FILE)
    if str(kept.get("digest", "")) == digest:
        return kept
    found = encoder.token_states([entry.question for entry in entries])
    return {
        "digest": np.array(digest),
        "questions": np.stack([f.vector for f in found]).astype(np.float32),
        "states": np.concatenate([f.states for f in found]).astype(np.float16),
        "words": np.concatenate([word_kinds(f) for f in found]),
        "bounds": _bounds([len(f.states) for f in found]),
    }


def keep_questions(index: Index, encoded: Mapping[str, Any]) -> None:
    """Write the encoded questions beside the index."""
    path = index.folder / _FILE
    scratch = path.with_name(f"new-{_FILE}")
    np.savez(scratch, **encoded)
    scratch.replace(path)


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return {}


def _digest(encoder: Encoder, entries: Sequence[FaqEntry]) -> str:
    joined = "\0".join([encoder.model_id, *(entry.question for entry in entries)])
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def read_vectors(
    index: Index, entries: Sequence[FaqEntry], encoded: Mapping[str, Any]
) -> FaqVectors:
    """Return the vectors of all entries: encoded questions, and answers from the index."""
    sentences = [
        np.concatenate([index.sentence_vectors(row) for row in entry.rows]) for entry in entries
    ]
    answers = np.stack([found.mean(axis=0) for found in sentences])
    lengths = np.maximum(np.linalg.norm(answers, axis=1, keepdims=True), 1e-12)
    return FaqVectors(
        questions=encoded["questions"],
        states=encoded["states"],
        words=encoded["words"],
        state_bounds=encoded["bounds"],
        parts=index.dense.vectors(np.array([row for entry in entries for row in entry.rows])),
        part_bounds=_bounds([len(entry.rows) for entry in entries]),
        sentences=np.concatenate(sentences).astype(np.float16),
        sentence_bounds=_bounds([len(found) for found in sentences]),
        answers=(answers / lengths).astype(np.float32),
    )


def _bounds(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def word_kinds(found: TokenStates) -> NDArray[np.uint8]:
    """Return for each token 0 for punctuation, 1 for a stop word and 2 for another word.

    All count where there is nothing but punctuation.
    """
    kinds = [
        0 if not any(c.isalnum() for c in token) else 1 if token.casefold() in STOP else 2
        for token in found.tokens
    ]
    return np.array(kinds if any(kinds) else [2] * len(kinds), dtype=np.uint8)
