"""Token states -> vectors: mean pooling over a whole text and over spans of it.

A span's vector is the mean of its tokens' states computed within the whole text (late
chunking, arXiv:2409.04701), so a sentence is read in its context and costs no pass of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.protocols import Encoding, TokenStates

_TINY = 1e-12


def normalised(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length 1; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = (vectors / np.maximum(lengths, _TINY)).astype(np.float32)
    return result


def pool(states: Vectors, offsets: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Encoding:
    """Pool one text.

    Args:
        states: Token states, shape (tokens, dim), special tokens included.
        offsets: Character offsets of the tokens, shape (tokens, 2); special tokens (0, 0).
        spans: Character offsets of the spans; one with no token of its own gets zeros.
    """
    vectors = np.zeros((len(spans), states.shape[1]), dtype=np.float32)
    starts, ends = offsets[:, 0], offsets[:, 1]
    real = ends > starts
    for at, (start, end) in enumerate(spans):
        inside = real & (starts >= start) & (ends <= end)
        if inside.any():
            vectors[at] = states[inside].mean(axis=0)
    return Encoding(normalised(states.mean(axis=0)), normalised(vectors))


def token_states_of(tokens: Sequence[str], states: Vectors) -> TokenStates:
    """Return the token states of one text from its tokens and states, special tokens included."""
    inner = normalised(states[1:-1])
    return TokenStates(tuple(tokens[1:-1]), inner, normalised(states.mean(axis=0)))
