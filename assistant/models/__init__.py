"""The sentence encoder and the verifier of pairs: a protocol each, two runtimes behind it.

The only package that imports torch, sentence-transformers, tokenizers or openvino, and only
inside the functions that need them.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.datatypes import Vectors
from assistant.models.weights import DIM, MODEL_ID
from assistant.protocols import Encoder, Encoding, TokenStates, Verifier


def load_encoder(settings: Settings) -> Encoder:
    """Return the encoder that the settings choose.

    Raises:
        ModelError: When the packaged weights are missing or altered.
    """
    if settings.runtime == "reference":
        from assistant.models.reference import ReferenceEncoder

        return ReferenceEncoder()
    from assistant.models.light import LightEncoder

    return LightEncoder(settings.cache)


def load_verifier(settings: Settings) -> Verifier:
    """Return the verifier that the settings choose.

    Raises:
        ModelError: When the packaged or the shipped weights are missing or altered.
    """
    if settings.runtime == "reference":
        from assistant.models.reference import ReferenceVerifier

        return ReferenceVerifier()
    from assistant.models.verifier import LightVerifier

    return LightVerifier(settings.cache)


def convert_models(cache: Path) -> list[Path]:
    """Convert both models into a cache folder, unless they are there; return their folders.

    Raises:
        ModelError: When one cannot be converted here.
    """
    from assistant.models.exported import exported
    from assistant.models.light import ENCODER, export_light_encoder
    from assistant.models.verifier import export_light_verifier, verifier_conversion

    return [
        exported(cache, *ENCODER, export_light_encoder),
        exported(cache, *verifier_conversion(), export_light_verifier),
    ]


def conversions(cache: Path) -> dict[Path, bool]:
    """Return the folder of each converted model, and whether it is there and unaltered.

    Raises:
        ModelError: When the shipped weights are missing or altered.
    """
    from assistant.models.exported import folder_of, is_valid
    from assistant.models.light import ENCODER
    from assistant.models.verifier import verifier_conversion

    made = (ENCODER, verifier_conversion())
    return {folder_of(cache, *one): is_valid(folder_of(cache, *one), one[1]) for one in made}


class LazyEncoder:
    """The encoder that the settings choose, loaded when it is first asked for a vector."""

    model_id = MODEL_ID
    dim = DIM

    def __init__(self, settings: Settings) -> None:
        self._load = functools.cache(lambda: load_encoder(settings))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dim)."""
        return self._load().encode(texts)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Encode each text once; pool the whole text and each span of it."""
        return self._load().encode_spans(texts, spans)

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the token states of each text."""
        return self._load().token_states(texts)

    def is_common(self, word: str) -> bool:
        """Tell whether a folded word is in the vocabulary."""
        return self._load().is_common(word)
