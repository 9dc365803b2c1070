"""Small real classes that implement the protocols deterministically."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from assistant.datatypes import Vectors
from assistant.protocols import Encoding, TokenStates
from assistant.words import WORD, terms

DIM = 256


def _vector(words: Sequence[str]) -> Vectors:
    vector = np.zeros(DIM, dtype=np.float32)
    for word in words:
        digest = hashlib.sha256(word.encode()).digest()
        vector[int.from_bytes(digest[:4], "big") % DIM] += 1.0
    length = np.linalg.norm(vector)
    return vector / length if length else vector


class HashEncoder:
    """A bag of hashed terms: texts that share words are near, others are not."""

    model_id = "hash-encoder"
    dim = DIM

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return np.stack([_vector(terms(text)) for text in texts])

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        self.encoded += len(texts)
        return [
            Encoding(
                _vector(terms(text)),
                np.stack([_vector(terms(text[a:b])) for a, b in parts])
                if parts
                else np.zeros((0, DIM), dtype=np.float32),
            )
            for text, parts in zip(texts, spans, strict=True)
        ]

    def is_common(self, word: str) -> bool:
        return False

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        found = []
        for text in texts:
            tokens = tuple(m.group().casefold() for m in WORD.finditer(text)) or ("x",)
            states = np.stack([_vector(terms(t) or [t]) for t in tokens])
            found.append(TokenStates(tokens, states, _vector(terms(text))))
        return found


class WordVerifier:
    """Judges by words: all the claim's terms there supports, with one more negator refutes."""

    def __init__(self) -> None:
        self.scored = 0

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.scored += len(pairs)
        logits = np.zeros((len(pairs), 4), dtype=np.float32)
        for row, (premise, claim) in enumerate(pairs):
            wanted, found = set(terms(claim)), set(terms(premise))
            negated = ("not" in claim.lower().split()) != ("not" in premise.lower().split())
            column = 2 if not wanted <= found else 1 if negated else 0
            logits[row, column] = 8.0
        return logits
