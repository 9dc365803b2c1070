"""Question -> hits and their sentences as candidates.

Reads the index and the encoder; decides nothing about what is shown.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.features import Candidate, Idf, measure
from assistant.answering.question import Question
from assistant.datatypes import Hit, Vectors
from assistant.indexing import Index
from assistant.protocols import Encoder, TokenStates
from assistant.words import STOP, term_set

PASSAGES = 10
SHORTLIST = 8
_SAME_PASSAGE = 0.8
_DEEPEST = 200
_CACHED_SENTENCES = 2_000


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A word of the question that carries meaning, and the positions of its word pieces."""

    text: str
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for a question: its token states and content words, hits, candidates.

    Hits stand best first, none of them nearly a copy of a better one; a candidate's ``matches``
    follow the order of ``words``. ``repeats`` are sentences found elsewhere that are word for
    word one of the candidates.
    """

    asked: TokenStates
    words: tuple[ContentWord, ...]
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    repeats: tuple[Candidate, ...] = ()


class Retriever:
    """Searches one open index with one encoder."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder
        self._heading_vector = lru_cache(maxsize=4_096)(self._encode_heading)
        self._states: dict[str, TokenStates] = {}
        self._lock = threading.Lock()
        self.idf: Idf = lru_cache(maxsize=65_536)(self._idf)

    def on(self, index: Index) -> Retriever:
        """Return a search over a part of the index that shares the sentences met lately."""
        other = Retriever(index, self.encoder)
        other._states, other._lock = self._states, self._lock
        return other

    def search(self, text: str, query_terms: tuple[str, ...], k: int) -> tuple[Vectors, list[Hit]]:
        """Return the query's vector and its ``k`` best hits."""
        vector = self.encoder.encode([text])[0]
        return vector, self.index.search(vector, query_terms, k)

    def retrieve(
        self,
        question: Question,
        k: int = PASSAGES,
        without: frozenset[str] = frozenset(),
        shortlist: int = SHORTLIST,
    ) -> Retrieved:
        """Return the ``k`` best passages for a question and the best sentences in them.

        ``without`` names documents to leave out, as if they were not in the corpus; it serves
        to make questions that the rest of a corpus does not answer.
        """
        rows = frozenset(
            row for doc_id in without for row in self.index.store.rows_where("doc_id", doc_id)
        )
        asked = self.encoder.token_states([question.text])[0]
        vector = asked.vector
        hits, copies = self._distinct(vector, question.terms, k, rows)
        candidates: list[Candidate] = []
        for rank, hit in enumerate((*hits, *copies)):
            similarities = self.index.sentence_vectors(hit.row) @ vector
            heading = self.heading_similarity(hit, vector)
            candidates.extend(
                measure(question, hit, rank, similarities.tolist(), heading, self.idf)
            )
        candidates.sort(key=lambda c: (-_first_score(c), c.hit.row, c.unit.first))
        best, repeats = _once(candidates, shortlist, frozenset(hit.row for hit in copies))
        candidates = list(self._deepen(asked, best))
        return Retrieved(
            asked, content_words(asked), tuple(hits), tuple(candidates), tuple(repeats)
        )

    def _distinct(
        self, vector: Vectors, terms: Sequence[str], k: int, without: frozenset[int]
    ) -> tuple[list[Hit], list[Hit]]:
        """Return the ``k`` best hits that are no near copies of a better one, and copies.

        Versions of one document would else take the places of all others. What ranks beyond
        _DEEPEST is not looked for.
        """
        depth = k
        while True:
            found = self.index.search(vector, terms, depth, without=without)
            hits, copies = _told_apart(found, k)
            if len(hits) == k or len(found) < depth or depth >= _DEEPEST:
                return hits, copies
            depth = min(_DEEPEST, 4 * depth)

    def _deepen(self, asked: TokenStates, shortlist: list[Candidate]) -> Iterator[Candidate]:
        """Add late interaction to the candidates (MaxSim of ColBERT, arXiv:2004.12832).

        For each token of the question the best cosine among the sentence's tokens, averaged
        over all tokens and over the content words; sentences are read under their heading.
        """
        states = self._states_of([candidate.read_as for candidate in shortlist])
        words = [at for at, token in enumerate(asked.tokens) if token[0].isalnum() or "#" in token]
        content = [at for at in words if asked.tokens[at] not in STOP] or words
        pieces = [list(word.pieces) for word in content_words(asked)]
        for candidate, found in zip(shortlist, states, strict=True):
            best = (asked.states @ found.states.T).max(axis=1)
            values = dict(candidate.values)
            values["maxsim"] = float(best[words].mean()) if words else 0.0
            values["maxsim_content"] = float(best[content].mean()) if content else 0.0
            matches = tuple(float(best[at].mean()) for at in pieces)
            yield replace(candidate, values=values, matches=matches)

    def _states_of(self, texts: list[str]) -> list[TokenStates]:
        """Return the token states of texts; those met lately need no encoding."""
        with self._lock:
            known = {text: self._states.get(text) for text in texts}
        missing = [text for text, states in known.items() if states is None]
        encoded = dict(zip(missing, self.encoder.token_states(missing), strict=True))
        with self._lock:
            self._states.update(encoded)
            while len(self._states) > _CACHED_SENTENCES:
                self._states.pop(next(iter(self._states)))
        return [known[text] or encoded[text] for text in texts]

    def frequency(self, term: str, without: frozenset[str] = frozenset()) -> int:
        """Return in how many passages a term occurs, some documents left out."""
        found = self.index.document_frequency(term)
        if without and found:
            found -= sum(
                term in term_set(f"{passage.context}\n{passage.text}")
                for doc_id in sorted(without)
                for passage in self.index.passages_of(doc_id)
            )
        return max(0, found)

    def heading_similarity(self, hit: Hit, vector: Vectors) -> float:
        """Return the cosine of the query with the passage's last heading, 0 without one."""
        if not hit.passage.heading:
            return 0.0
        return float(self._heading_vector(hit.passage.heading[-1]) @ vector)

    def _encode_heading(self, heading: str) -> Vectors:
        result: Vectors = self.encoder.encode([heading.removeprefix("Myth: ")])[0]
        return result

    def _idf(self, term: str) -> float:
        """Return BM25's inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5))."""
        n = self.index.document_frequency(term)
        return math.log(1 + (len(self.index) - n + 0.5) / (n + 0.5))


def _told_apart(found: Sequence[Hit], k: int) -> tuple[list[Hit], list[Hit]]:
    """Return the first ``k`` hits that are no near copies of one before, and ``k`` copies.

    A copy shares _SAME_PASSAGE of the words of both (Jaccard index; Broder, 1997, calls it
    resemblance).
    """
    hits: list[Hit] = []
    copies: list[Hit] = []
    words: list[frozenset[str]] = []
    for hit in found:
        own = frozenset(hit.passage.text.split())
        if any(_resemble(own, other) for other in words):
            copies.append(hit)
        elif len(hits) < k:
            hits.append(hit)
            words.append(own)
    return hits, copies[:k]


def _resemble(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < _SAME_PASSAGE * max(len(one), len(other)):
        return False  # whatever they share
    shared = len(one & other)
    return shared >= _SAME_PASSAGE * (len(one) + len(other) - shared)


def _once(
    candidates: Iterable[Candidate], count: int, copies: frozenset[int]
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the first ``count`` candidates of different wording, and the repeats of those.

    In rows that are copies the title and headings may differ and the sentence is the same;
    elsewhere "It is safe." says something else under another heading.
    """
    kept: list[Candidate] = []
    repeats: list[Candidate] = []
    wordings: dict[str, bool] = {}  # and whether a copy is what has it
    for candidate in candidates:
        alone = _plain(f"{candidate.unit.lead} {candidate.text}")
        under_heading = _plain(candidate.read_as)
        copied = candidate.hit.row in copies
        if under_heading in wordings or (alone in wordings and (copied or wordings[alone])):
            repeats.append(candidate)
        elif len(kept) < count:
            kept.append(candidate)
            wordings[under_heading] = wordings[alone] = copied
    return kept, repeats


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def content_words(asked: TokenStates) -> tuple[ContentWord, ...]:
    """Return the words of a tokenised question that are no stop words."""
    groups: list[list[int]] = []
    for at, token in enumerate(asked.tokens):
        if token.startswith("##") and groups and groups[-1][-1] == at - 1:
            groups[-1].append(at)
        elif token[0].isalnum():
            groups.append([at])
    words = (("".join(asked.tokens[at].removeprefix("##") for at in g), tuple(g)) for g in groups)
    return tuple(ContentWord(text, pieces) for text, pieces in words if text not in STOP)


def _first_score(candidate: Candidate) -> float:
    """Return the score by which sentences enter the shortlist: all of it known beforehand."""
    v = candidate.values
    return (
        0.7 * v["similarity"] + 0.3 * v["passage_dense"] + 0.25 * v["cover"]
        + 0.15 * v["cover_context"] + 0.3 * v["faq_match"]
    )  # fmt: skip
