"""The sentence encoder and the verifier of pairs: a protocol each, two runtimes behind it.

The only package that imports torch, sentence-transformers, tokenizers or openvino, and only
inside the functions that need them.
"""

from __future__ import annotations

from assistant.config import Settings
from assistant.protocols import Encoder, Verifier


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
