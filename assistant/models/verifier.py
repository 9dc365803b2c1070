"""The light verifier: the shipped cross-encoder, run by OpenVINO without torch.

The file ``shipped/verifier.safetensors`` holds, in half precision, the layers that training
changed; the embeddings are those of the packaged encoder. docs/model-card.md says what it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.datatypes import Vectors
from assistant.errors import ModelError
from assistant.models.exported import exported
from assistant.models.runtime import import_openvino, run_batches
from assistant.models.weights import WEIGHTS_SHA256, file_sha256, model_folder

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


class LightVerifier:
    """Scores pairs of texts; safe to call from several threads."""

    def __init__(self, cache: Path) -> None:
        _, digest = shipped_weights()
        folder = exported(cache, VERIFIER_ID, digest + WEIGHTS_SHA256[:8], _export)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_PAIR_TOKENS)
        self._tokenizer.no_padding()
        core: Any = import_openvino().Core()
        core.set_property({"CACHE_DIR": str(folder / "compiled")})
        self._model: Any = core.compile_model(
            str(folder / "model.xml"), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"}
        )

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return logits of shape (len(pairs), 4), as Verifier says."""
        logits = np.zeros((len(pairs), OUTPUTS), dtype=np.float32)
        if not pairs:
            return logits
        encodings = self._tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(pairs)), key=lambda row: (len(encodings[row].ids), row))
        batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]

        def keep(found: Vectors, rows: list[int]) -> None:
            logits[rows] = found

        run_batches(self._model, lambda rows: _feed(encodings, rows), batches, keep)
        return logits


def _feed(encodings: Sequence[Any], rows: Sequence[int]) -> dict[str, Any]:
    longest = max(len(encodings[row].ids) for row in rows)
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


def _export(folder: Path) -> None:
    from assistant.models.export import export_verifier

    export_verifier(folder)
