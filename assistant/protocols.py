"""What the models give and how they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.datatypes import Vectors


@dataclass(frozen=True, slots=True)
class Encoding:
    """Vectors of one text: the whole, and each span pooled within its context.

    Shapes: ``vector`` (dim,), ``spans`` (number of spans, dim); all rows have length 1.
    """

    vector: Vectors
    spans: Vectors


@dataclass(frozen=True, slots=True)
class TokenStates:
    """The word pieces of a text with their contextual states, and the vector of the whole.

    Shapes: ``states`` (len(tokens), dim), special tokens left out; ``vector`` (dim,). All rows
    have length 1.
    """

    tokens: tuple[str, ...]
    states: Vectors
    vector: Vectors


class Encoder(Protocol):
    """A sentence encoder: texts to vectors of length 1."""

    model_id: str
    dim: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dim)."""

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Encode each text once; pool the whole text and each (start, end) span of it."""

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the token states of each text, the same whatever else is asked with it."""

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word, or a form of it, is in the vocabulary: no rare name."""


class Verifier(Protocol):
    """A cross-encoder of two texts."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return logits of shape (len(pairs), 4).

        The first three are of (evidence, claim): supports, refutes, neither; the fourth is
        of (question, text): the text answers the question.
        """
