"""One frozen Settings, read once from arguments and ASSISTANT_* variables.

It knows where things are and which runtime serves the model; it holds no thresholds of
ranking or answering (those live beside the code they belong to, or in learned JSON).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from assistant.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
BUNDLED_CORPUS = ROOT / "corpus"
MILVUS = "milvus://"
MAX_QUESTION_CHARS = 2_000
MAX_FILE_BYTES = 32 * 1024 * 1024
Runtime = Literal["light", "reference"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus, the index and the cache are, and how the model is run.

    ``milvus`` is the address of an index kept in Milvus, else empty; ``index`` is then the folder
    that a sync writes before it sends what is new.
    """

    corpus: Path
    index: Path
    cache: Path
    runtime: Runtime = "light"
    milvus: str = ""


def read_settings(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings: an argument wins over ASSISTANT_*, which wins over the default.

    Variables: ASSISTANT_CORPUS, ASSISTANT_INDEX, ASSISTANT_CACHE, ASSISTANT_RUNTIME.

    Raises:
        SettingsError: When ASSISTANT_RUNTIME is neither 'light' nor 'reference', or a folder's
            name is empty.
    """
    for name, value in (("--corpus", corpus), ("--index", index)):
        if value is not None and not str(value).strip():
            raise SettingsError(f"{name} is empty; name a folder or leave it out.")
    cache = _cache_folder(environ)
    corpus_path = Path(corpus or environ.get("ASSISTANT_CORPUS") or BUNDLED_CORPUS)
    corpus_path = corpus_path.expanduser().absolute()
    chosen = index or environ.get("ASSISTANT_INDEX")
    milvus = str(chosen) if chosen and str(chosen).startswith(MILVUS) else ""
    chosen = "" if milvus else chosen
    index_path = Path(chosen).expanduser() if chosen else default_index(corpus_path, cache)
    runtime = environ.get("ASSISTANT_RUNTIME", "light")
    if runtime not in ("light", "reference"):
        raise SettingsError(f"ASSISTANT_RUNTIME is '{runtime}'; set it to 'light' or 'reference'.")
    return Settings(corpus_path, index_path.absolute(), cache, cast(Runtime, runtime), milvus)


def default_index(corpus: Path, cache: Path) -> Path:
    """Return index/ for the bundled corpus and a folder of the cache for any other.

    Other corpora get one folder each, so that switching between them rebuilds nothing and
    nothing is written into the user's documents.
    """
    if corpus.resolve() == BUNDLED_CORPUS:
        return ROOT / "index"
    digest = hashlib.sha256(str(corpus.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return cache / "indexes" / f"{corpus.name or 'corpus'}-{digest[:12]}"


def _cache_folder(environ: Mapping[str, str]) -> Path:
    chosen = environ.get("ASSISTANT_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    base = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().absolute() / "document-assistant"
