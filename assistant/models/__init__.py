"""The sentence encoder and the verifier of pairs: a protocol each, two runtimes behind it.

The only package that imports torch, sentence-transformers, tokenizers or openvino, and only
inside the functions that need them.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.datatypes import Vectors
from assistant.errors import ModelError
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
        """Tell whether a folded word, or a form of it, is in the vocabulary."""
        return self._load().is_common(word)


class LazyVerifier:
    """The verifier that the settings choose, loaded when it is first asked, or before.

    Safe to call from several threads; a load that failed is tried again.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loaded: Verifier | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether pairs can be scored at once."""
        return self._loaded is not None

    def load_meanwhile(self) -> None:
        """Load it in a thread of its own, unless it has to be converted before.

        A conversion, and the reference runtime, go through torch, which must not load two models
        at a time.
        """
        if self._settings.runtime != "reference" and self._is_converted():
            threading.Thread(target=self._try, name="verifier").start()

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return logits of shape (len(pairs), 4), as Verifier says.

        Raises:
            ModelError: When its weights are missing or altered.
        """
        return self._load().score(pairs)

    def _load(self) -> Verifier:
        with self._lock:
            if self._loaded is None:
                self._loaded = load_verifier(self._settings)
            return self._loaded

    def _try(self) -> None:
        with contextlib.suppress(ModelError):  # told when it is needed
            self._load()

    def _is_converted(self) -> bool:
        from assistant.models.exported import folder_of
        from assistant.models.verifier import verifier_conversion

        with contextlib.suppress(ModelError):
            return folder_of(self._settings.cache, *verifier_conversion()).is_dir()
        return False
