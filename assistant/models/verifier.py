"""The light verifier: the shipped cross-encoder, run by OpenVINO without torch.

The file ``shipped/verifier.safetensors`` holds, in half precision, the layers that training
changed; the embeddings are those of the packaged encoder. docs/model-card.md says what it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.datatypes import Vectors
from assistant.errors import ModelError
from assistant.models.exported import exported
from assistant.models.runtime import REQUESTS, open_model, padded, run_batches
from assistant.models.weights import WEIGHTS_SHA256, file_sha256

FOLDER = Path(__file__).parent / "shipped"
VERIFIER_ID = "claim-verifier"
MAX_PAIR_TOKENS = 256
OUTPUTS = 4
_BATCH = 8


def shipped_weights() -> tuple[Path, str]:
    """Return the file of the verifier's weights and its SHA-256, after comparing the two.

    Raises:
        ModelError: When the file is missing or differs from what its record says.
    """
    path = FOLDER / "verifier.safetensors"
    try:
        expected = json.loads((FOLDER / "verifier.json").read_text(encoding="utf-8"))["sha256"]
        if file_sha256(path) == expected:
            return path, expected
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ModelError(
        f"The verifier's weights in {FOLDER} are missing or altered; restore that folder from "
        "the release."
    )


def verifier_conversion() -> tuple[str, str]:
    """Return the name of the verifier's conversion and the hash of what it is made from.

    Raises:
        ModelError: When the shipped weights are missing or altered.
    """
    _, digest = shipped_weights()
    return VERIFIER_ID, digest + WEIGHTS_SHA256[:8]


class LightVerifier:
    """Scores pairs of texts; safe to call from several threads."""

    def __init__(self, cache: Path) -> None:
        folder = exported(cache, *verifier_conversion(), export_light_verifier)
        self._tokenizer, self._model = open_model(folder, MAX_PAIR_TOKENS)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return logits of shape (len(pairs), 4), as Verifier says."""
        logits = np.zeros((len(pairs), OUTPUTS), dtype=np.float32)
        if not pairs:
            return logits
        encodings = self._tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(pairs)), key=lambda row: (len(encodings[row].ids), row))
        # A few pairs are shared among the requests that run side by side.
        size = _BATCH if len(order) > _BATCH else -(-len(order) // REQUESTS)
        batches = [order[at : at + size] for at in range(0, len(order), size)]

        def keep(found: Vectors, rows: list[int]) -> None:
            logits[rows] = found

        run_batches(self._model, lambda rows: _feed(encodings, rows), batches, keep)
        return logits


def _feed(encodings: Sequence[Any], rows: Sequence[int]) -> dict[str, Any]:
    longest = padded(max(len(encodings[row].ids) for row in rows), MAX_PAIR_TOKENS)
    feed = {
        name: np.zeros((len(rows), longest), dtype=np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    for line, row in enumerate(rows):
        encoding = encodings[row]
        length = len(encoding.ids)
        feed["input_ids"][line, :length] = encoding.ids
        feed["attention_mask"][line, :length] = 1
        feed["token_type_ids"][line, :length] = encoding.type_ids
    return feed


def export_light_verifier(folder: Path) -> None:
    """Convert the model into a folder; needs torch."""
    from assistant.models.export import export_verifier

    export_verifier(folder)
