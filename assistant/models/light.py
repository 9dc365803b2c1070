"""The light encoder: the reference model exported once to OpenVINO, run without torch.

The export lives in the cache folder with a record of its hash and of the weights it was made
from; it is made again when either does not match. Limits: CPU only, two threads or what the
machine has. Precision is what the processor runs fastest (half precision where it has it); a
test holds the cosine to the reference at 0.999 or more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.models.exported import exported
from assistant.models.pooling import normalised, pool, token_states_of
from assistant.models.runtime import open_model, padded, run_batches
from assistant.models.vocabulary import Vocabulary
from assistant.models.weights import DIM, MAX_TOKENS, MODEL_ID, WEIGHTS_SHA256
from assistant.protocols import Encoding, TokenStates

_BATCH = 16
ENCODER = (MODEL_ID, WEIGHTS_SHA256)  # the name of its conversion, and what it is made from
_Pooled = Callable[[int, Any, Vectors], None]


class LightEncoder:
    """all-MiniLM-L6-v2 through the OpenVINO runtime and the tokenizers library."""

    model_id = MODEL_ID
    dim = DIM

    def __init__(self, cache: Path) -> None:
        folder = exported(cache, *ENCODER, export_light_encoder)
        self._tokenizer, self._model = open_model(folder, MAX_TOKENS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1, shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), DIM), dtype=np.float32)

        def keep(row: int, encoding: Any, states: Vectors) -> None:
            vectors[row] = states.mean(axis=0)

        self._run(texts, keep)
        return normalised(vectors)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Encode each text once and pool it and its spans from the token states."""
        found: dict[int, Encoding] = {}

        def keep(row: int, encoding: Any, states: Vectors) -> None:
            offsets = np.asarray(encoding.offsets, dtype=np.int64)
            found[row] = pool(states, offsets, spans[row])

        self._run(texts, keep)
        return [found[row] for row in range(len(texts))]

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the token states of each text; each runs alone, so its company is no matter."""
        found: dict[int, TokenStates] = {}

        def keep(row: int, encoding: Any, states: Vectors) -> None:
            found[row] = token_states_of(encoding.tokens, states)

        self._run(texts, keep, batch_size=1)
        return [found[row] for row in range(len(texts))]

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word, or a form of it, is one word piece of the vocabulary."""
        return word in self._vocabulary

    @functools.cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._tokenizer.get_vocab())

    def _run(self, texts: Sequence[str], keep: _Pooled, batch_size: int = _BATCH) -> None:
        """Hand (row, token encoding, states of its tokens) of each text to ``keep``."""
        if not texts:
            return
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda row: (len(encodings[row].ids), row))
        batches = [order[at : at + batch_size] for at in range(0, len(order), batch_size)]

        def take(states: Vectors, rows: list[int]) -> None:
            for line, row in enumerate(rows):
                keep(row, encodings[row], states[line, : len(encodings[row].ids)])

        run_batches(self._model, lambda rows: _feed(encodings, rows), batches, take)


def _feed(encodings: Sequence[Any], rows: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    longest = max(len(encodings[row].ids) for row in rows)
    if len(rows) == 1:
        longest = padded(longest, MAX_TOKENS)
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for line, row in enumerate(rows):
        ids[line, : len(encodings[row].ids)] = encodings[row].ids
        mask[line, : len(encodings[row].ids)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def export_light_encoder(folder: Path) -> None:
    """Convert the model into a folder; needs torch."""
    from assistant.models.export import export_encoder

    export_encoder(folder)
