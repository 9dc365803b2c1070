"""The sentence encoder: one protocol, the light runtime and the reference behind it.

The only package that imports torch, sentence-transformers, tokenizers or openvino, and only
inside the functions that need them.
"""

from __future__ import annotations

from assistant.config import Settings
from assistant.datatypes import Encoder


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
