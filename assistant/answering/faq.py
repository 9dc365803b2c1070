"""Frequently asked questions: the entries of an index, ranked for a question and matched.

An entry is one section of kind 'faq': its question is the last heading and its answer is
whole, however many passages it spans. Entries are ranked by a weighted mean of how near the
asked question is to the entry's question (vectors, late interaction in both directions, rare
words) and to its answer (passages, their mean, the best sentence, BM25), each kept apart. A
learned probability says whether the best entry asks the same thing. Both models stand in
weights/faq.json.

It does not know whether an answer is right, nor what the other documents say.
"""

from __future__ import annotations

import functools
import json
import math
import threading
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.faqdata import (
    FaqEntry,
    FaqVectors,
    encode_questions,
    keep_questions,
    read_entries,
    read_vectors,
    word_kinds,
)
from assistant.answering.learned import FOLDER, LinearModel
from assistant.answering.select import Selection
from assistant.datatypes import Vectors
from assistant.indexing import Index
from assistant.protocols import Encoder, TokenStates
from assistant.reading import split_sentences
from assistant.words import term_set

MATCH = 0.45
_ENTRY_MET = 0.58
_SHORTLIST = 60
_LEXICAL_DEPTH = 200
_MAX_SENTENCES = 12  # of a long question that are also compared one by one


@dataclass(frozen=True, slots=True)
class FaqHit:
    """An entry found: ``score`` ranks it, ``probability`` says whether it asks the same."""

    entry: FaqEntry
    score: float
    probability: float

    @property
    def faq_id(self) -> str:
        """The entry's id."""
        return self.entry.faq_id

    @property
    def question(self) -> str:
        """The entry's question, verbatim."""
        return self.entry.question

    @property
    def similarity(self) -> float:
        """How sure the match is, 0 to 1."""
        return self.probability

    @property
    def selection(self) -> Selection:
        """The whole answer as what an answer shows."""
        return self.entry.selection


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made ready: its states, the vectors of its sentences, its terms by weight."""

    states: TokenStates
    sentences: Vectors
    terms: Mapping[str, float]


class FaqIndex:
    """The entries of one open index; safe to use from several threads.

    Entries are read and their questions encoded at the first use, unless ``save`` has kept the
    encoded questions beside the index.
    """

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._lock = threading.Lock()
        self._entries: tuple[FaqEntry, ...] | None = None
        self._vectors: FaqVectors | None = None
        self._row_entry: dict[int, int] = {}
        self._idf = functools.lru_cache(maxsize=65_536)(self._find_idf)

    @property
    def entries(self) -> tuple[FaqEntry, ...]:
        """Every entry, in the order of the corpus."""
        with self._lock:
            return self._read_entries()

    def save(self) -> None:
        """Keep the encoded questions beside the index, so that the next process need not."""
        with self._lock:
            entries = self._read_entries()
            if entries:
                encoded = encode_questions(self._index, self._encoder, entries)
                keep_questions(self._index, encoded)

    def search(self, text: str, k: int = 10, states: TokenStates | None = None) -> list[FaqHit]:
        """Return the ``k`` entries nearest to a question, best first; ties by place.

        ``states`` are the question's token states where the caller has them already.
        """
        return [
            FaqHit(entry, values["score"], _probability(values))
            for entry, values in self.measure(text, k, states)
        ]

    def measure(
        self, text: str, k: int, states: TokenStates | None = None
    ) -> list[tuple[FaqEntry, dict[str, float]]]:
        """Return the ``k`` best entries with their features and score, best first."""
        with self._lock:
            entries = self._read_entries()
            if not entries:
                return []
            vectors = self._read_vectors(entries)
        asked = self._ask(text, states)
        lexical = self._lexical(asked)
        shortlist = _shortlist(vectors, asked, lexical)
        measured = _near(vectors, asked, shortlist)
        for at, values in zip(shortlist, measured, strict=True):
            values |= self._words_in(entries[at], asked)
            values["bm25"] = lexical.get(at, 0.0)
            values["score"] = _models()["rank"].score(values)
        order = sorted(range(len(shortlist)), key=lambda n: (-measured[n]["score"], shortlist[n]))
        best = [(entries[shortlist[n]], measured[n]) for n in order[:k]]
        top = [measured[n]["score"] for n in order[:2]]
        for rank, (entry, values) in enumerate(best):
            values |= self._missing(entry, asked)
            values["margin"] = values["score"] - (top[0] if rank else top[-1] * (len(top) > 1))
        return best

    def match(self, hits: Sequence[FaqHit]) -> FaqHit | None:
        """Return the best hit when it asks the same thing as the question, else None."""
        return hits[0] if hits and hits[0].probability >= MATCH else None

    def _read_entries(self) -> tuple[FaqEntry, ...]:
        if self._entries is None:
            self._entries = read_entries(self._index)
            self._row_entry = {r: at for at, e in enumerate(self._entries) for r in e.rows}
        return self._entries

    def _read_vectors(self, entries: tuple[FaqEntry, ...]) -> FaqVectors:
        if self._vectors is None:
            encoded = encode_questions(self._index, self._encoder, entries)
            self._vectors = read_vectors(self._index, entries, encoded)
        return self._vectors

    def _ask(self, text: str, known: TokenStates | None) -> _Asked:
        states = known or self._encoder.token_states([text])[0]
        spans = split_sentences(text, 0, len(text))[-_MAX_SENTENCES:]
        sentences = states.vector[None, :]
        if len(spans) > 1:
            single = self._encoder.encode([text[start:end] for start, end in spans])
            sentences = np.concatenate([sentences, single])
        return _Asked(states, sentences, {t: self._idf(t) for t in sorted(term_set(text))})

    def _lexical(self, asked: _Asked) -> dict[int, float]:
        """Return BM25 as a share of what a passage can reach, by entry."""
        rows, scores = self._index.sparse.search(list(asked.terms), _LEXICAL_DEPTH)
        possible = 2.2 * sum(asked.terms.values())  # a term's weight saturates at k1 + 1
        found: dict[int, float] = {}
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
            at = self._row_entry.get(row)
            if at is not None and possible:
                found[at] = max(found.get(at, 0.0), min(1.0, score / possible))
        return found

    def _words_in(self, entry: FaqEntry, asked: _Asked) -> dict[str, float]:
        """Return which share of the weight of the words of either question is in the other."""
        own = {term: self._idf(term) for term in sorted(term_set(entry.question))}
        return {
            "words_asked": _share(asked.terms, own),
            "words_entry": _share(own, asked.terms),
        }

    def _missing(self, entry: FaqEntry, asked: _Asked) -> dict[str, float]:
        """Return the weight of asked words that neither question nor answer has."""
        text = term_set(f"{entry.question}\n{entry.answer}")
        return {"missing": 1 - _share(asked.terms, text) if asked.terms else 1.0}

    def _find_idf(self, term: str) -> float:
        n, total = self._index.document_frequency(term), len(self._index)
        return math.log(1 + (total - n + 0.5) / (n + 0.5))


@functools.cache
def _models() -> dict[str, LinearModel]:
    loaded = json.loads((FOLDER / "faq.json").read_text(encoding="utf-8"))
    return {
        name: LinearModel(float(loaded[name]["intercept"]), dict(loaded[name]["weights"]))
        for name in ("rank", "match")
    }


def _probability(values: Mapping[str, float]) -> float:
    """Return how likely an entry asks the same, 0 where most of its words are unmet.

    "What is mTOR?" is not "Which diseases are associated with mTOR?", though the entry has all
    of its words: an entry that asks for more is another question.
    """
    if values["maxsim_entry"] < _ENTRY_MET:
        return 0.0
    return _models()["match"].probability(values)


def _shortlist(vectors: FaqVectors, asked: _Asked, lexical: Mapping[int, float]) -> list[int]:
    """Return the entries worth a close look, by what is cheap to know of all of them."""
    vector = asked.states.vector
    parts = np.maximum.reduceat(vectors.parts @ vector, vectors.part_bounds[:-1])
    nearest = (vectors.questions @ asked.sentences.T).max(axis=1)
    first = nearest + parts + vectors.answers @ vector
    for at, score in lexical.items():
        first[at] += score
    return sorted(np.argsort(-first, kind="stable")[:_SHORTLIST].tolist())


def _near(vectors: FaqVectors, asked: _Asked, shortlist: Sequence[int]) -> list[dict[str, float]]:
    """Return the features that vectors give, for each entry of the shortlist."""
    vector, kinds = asked.states.vector, word_kinds(asked.states)
    found = []
    for at in shortlist:
        own = slice(vectors.state_bounds[at], vectors.state_bounds[at + 1])
        part = slice(vectors.part_bounds[at], vectors.part_bounds[at + 1])
        sentence = slice(vectors.sentence_bounds[at], vectors.sentence_bounds[at + 1])
        tokens = asked.states.states @ vectors.states[own].astype(np.float32).T
        questions = asked.sentences @ vectors.questions[at]
        found.append(
            {
                "question": float(questions[0]),
                "question_sentence": float(questions.max()),
                "passage": float((vectors.parts[part] @ vector).max()),
                "answer": float(vectors.answers[at] @ vector),
                "answer_sentence": float(
                    (vectors.sentences[sentence].astype(np.float32) @ vector).max()
                ),
            }
            | _interaction("asked", tokens.max(axis=1), kinds)
            | _interaction("entry", tokens.max(axis=0), vectors.words[own])
        )
    return found


def _interaction(side: str, best: Vectors, kinds: NDArray[np.uint8]) -> dict[str, float]:
    """Return how well the words of one side are met on the other (MaxSim of ColBERT).

    ``weakest`` is the mean over the worst met third of the content words: a question about
    another thing, in the same words otherwise, has one that nothing meets.
    """
    content = np.sort(best[kinds == 2]) if (kinds == 2).any() else np.sort(best)
    third = content[: max(1, len(content) // 3)]
    return {
        f"maxsim_{side}": float(best[kinds > 0].mean()),
        f"weakest_{side}": float(third.mean()),
    }


def _share(weights: Mapping[str, float], found: Container[str]) -> float:
    """Return which share of the terms' weight is found, 0 to 1."""
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in found) / total if total else 0.0
