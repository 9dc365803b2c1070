"""The reference encoder and verifier: sentence-transformers on torch.

Slow to import (about five seconds) and the definition of what is right: the light encoder is
exported from it and compared with it.
"""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.datatypes import Vectors
from assistant.errors import ModelError
from assistant.models.pooling import pool, token_states_of
from assistant.models.verifier import MAX_PAIR_TOKENS, OUTPUTS, shipped_weights
from assistant.models.vocabulary import Vocabulary
from assistant.models.weights import DIM, MODEL_ID, model_folder, verify_weights
from assistant.protocols import Encoding, TokenStates

_BATCH = 32


def reference_verifier() -> Any:
    """Return the verifier as a transformers model: packaged embeddings under shipped layers."""
    path, _ = shipped_weights()
    verify_weights(model_folder())
    os.environ["HF_HUB_OFFLINE"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import transformers
        from safetensors.torch import load_file

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        model = transformers.BertForSequenceClassification.from_pretrained(
            str(model_folder()), num_labels=OUTPUTS, local_files_only=True
        )
        changed = {name: weights.float() for name, weights in load_file(path).items()}
    problems = model.load_state_dict(changed, strict=False)
    if problems.unexpected_keys or any(".embeddings." not in k for k in problems.missing_keys):
        raise ModelError("The verifier's weights do not fit the packaged model; reinstall both.")
    return model.eval()


class ReferenceVerifier:
    """The shipped verifier through sentence-transformers' CrossEncoder."""

    def __init__(self) -> None:
        import tempfile

        transformer = reference_verifier()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from sentence_transformers import CrossEncoder
            from transformers import AutoTokenizer

            transformer.save_pretrained(folder)
            tokenizer = AutoTokenizer.from_pretrained(str(model_folder()), local_files_only=True)
            tokenizer.save_pretrained(folder)
            self.model: Any = CrossEncoder(
                folder, device="cpu", local_files_only=True, max_length=MAX_PAIR_TOKENS
            )

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return logits of shape (len(pairs), 4), as Verifier says."""
        import torch

        if not pairs:
            return np.zeros((0, OUTPUTS), dtype=np.float32)
        found = self.model.predict(
            list(pairs), batch_size=_BATCH, activation_fn=torch.nn.Identity(),
            show_progress_bar=False,
        )  # fmt: skip
        return np.asarray(found, dtype=np.float32)


class ReferenceEncoder:
    """all-MiniLM-L6-v2 through sentence-transformers."""

    model_id = MODEL_ID
    dim = DIM

    def __init__(self) -> None:
        folder = model_folder()
        verify_weights(folder)
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import transformers
            from sentence_transformers import SentenceTransformer

            transformers.logging.set_verbosity_error()
            transformers.logging.disable_progress_bar()
            self.model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1, shape (len(texts), dim)."""
        result: Vectors = self.model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return result.reshape(len(texts), DIM)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Encode each text once and pool it and its spans from the token states."""
        found = zip(self._states(texts), self._tokens(texts), spans, strict=True)
        return [
            pool(states, np.asarray(tokens["offset_mapping"], dtype=np.int64), parts)
            for states, tokens, parts in found
        ]

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the token states of each text."""
        result: list[TokenStates] = []
        for states, tokens in zip(self._states(texts), self._tokens(texts), strict=True):
            names = self.model.tokenizer.convert_ids_to_tokens(tokens["input_ids"])
            result.append(token_states_of(names, states))
        return result

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word, or a form of it, is one word piece of the vocabulary."""
        return word in self._vocabulary

    @functools.cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.model.tokenizer.get_vocab())

    def _states(self, texts: Sequence[str]) -> list[Vectors]:
        found = self.model.encode(
            list(texts), batch_size=_BATCH, output_value="token_embeddings",
            show_progress_bar=False, convert_to_numpy=False,
        )  # fmt: skip
        return [states.detach().numpy().astype(np.float32) for states in found]

    def _tokens(self, texts: Sequence[str]) -> list[Any]:
        return [
            self.model.tokenizer(
                text, truncation=True, max_length=self.model.max_seq_length,
                return_offsets_mapping=True,
            )
            for text in texts
        ]  # fmt: skip
