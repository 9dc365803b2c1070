"""One frozen Settings, read once from arguments and ASSISTANT_* variables.

It knows where things are and which runtime serves the model; it holds no thresholds of
ranking or answering (those live beside the code they belong to, or in learned JSON).
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from assistant.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
# Installed as a package, the corpus lies inside it and the index goes to the cache.
IS_CHECKOUT = (ROOT / "pyproject.toml").is_file() and (ROOT / "corpus").is_dir()
BUNDLED_CORPUS = ROOT / "corpus" if IS_CHECKOUT else Path(__file__).resolve().parent / "bundled"
MILVUS = "milvus://"
MAX_QUESTION_CHARS = 2_000
MAX_FILE_BYTES = 32 * 1024 * 1024
Runtime = Literal["light", "reference"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus, the index and the cache are, and how the model is run.

    ``notices`` are sentences about folders that had to be replaced by others.
    ``milvus`` is the address of an index kept in Milvus, else empty; ``index`` is then the folder
    that a sync writes before it sends what is new.
    """

    corpus: Path
    index: Path
    cache: Path
    runtime: Runtime = "light"
    notices: tuple[str, ...] = ()
    milvus: str = ""


def read_settings(
    corpus: str | Path | None = None,
    index: str | Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings: an argument wins over ASSISTANT_*, which wins over the default.

    Variables: ASSISTANT_CORPUS, ASSISTANT_INDEX, ASSISTANT_CACHE, ASSISTANT_RUNTIME. Where the
    default cache or index cannot be written, a temporary folder takes its place; a folder that
    was named is taken as it is, and one that holds an index already may be read-only.

    Raises:
        SettingsError: When ASSISTANT_RUNTIME is neither 'light' nor 'reference', or a folder's
            name is empty.
    """
    for name, value in (("--corpus", corpus), ("--index", index)):
        if value is not None and not str(value).strip():
            raise SettingsError(f"{name} is empty; name a folder or leave it out.")
    cache, notices = _cache_folder(environ)
    corpus_path = Path(corpus or environ.get("ASSISTANT_CORPUS") or BUNDLED_CORPUS)
    corpus_path = corpus_path.expanduser().absolute()
    chosen = index or environ.get("ASSISTANT_INDEX")
    milvus = str(chosen) if chosen and str(chosen).startswith(MILVUS) else ""
    chosen = "" if milvus else chosen
    if chosen:
        index_path = Path(chosen).expanduser()
    else:
        index_path, told = _usable_index(default_index(corpus_path, cache), corpus_path)
        notices += told
    runtime = environ.get("ASSISTANT_RUNTIME", "light")
    if runtime not in ("light", "reference"):
        raise SettingsError(f"ASSISTANT_RUNTIME is '{runtime}'; set it to 'light' or 'reference'.")
    return Settings(
        corpus_path, index_path.absolute(), cache, cast(Runtime, runtime), notices, milvus
    )


def default_index(corpus: Path, cache: Path) -> Path:
    """Return index/ for the bundled corpus and a folder of the cache for any other.

    Other corpora get one folder each, so that switching between them rebuilds nothing and
    nothing is written into the user's documents.
    """
    if IS_CHECKOUT and corpus.resolve() == BUNDLED_CORPUS:
        return ROOT / "index"
    return _index_below(cache, corpus)


def is_writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, which need not exist yet."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _index_below(cache: Path, corpus: Path) -> Path:
    digest = hashlib.sha256(str(corpus.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return cache / "indexes" / f"{corpus.name or 'corpus'}-{digest[:12]}"


def _usable_index(index: Path, corpus: Path) -> tuple[Path, tuple[str, ...]]:
    if (index / "CURRENT").exists() or is_writable(index):
        return index, ()
    other = _index_below(_temporary_folder(), corpus)
    return other, (
        f"The index folder {index} cannot be written, so the index is kept in {other}; "
        "choose a folder with ASSISTANT_INDEX.",
    )


def _cache_folder(environ: Mapping[str, str]) -> tuple[Path, tuple[str, ...]]:
    chosen = environ.get("ASSISTANT_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute(), ()
    base = environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    cache = Path(base).expanduser().absolute() / "document-assistant"
    if is_writable(cache):
        return cache, ()
    other = _temporary_folder()
    return other, (
        f"The cache folder {cache} cannot be written, so {other} is used; "
        "choose a folder with ASSISTANT_CACHE.",
    )


def _temporary_folder() -> Path:
    """Return this user's own folder for temporary files, the same one each time if possible."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"document-assistant-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        # In a folder that others can write to, one of this name may be somebody else's.
        own = stat.S_ISDIR(status.st_mode) and status.st_uid == user and not status.st_mode & 0o077
        return folder if own else Path(tempfile.mkdtemp(prefix="document-assistant-"))
    except OSError as error:
        raise SettingsError(
            f"No folder for the cache can be written, not even {folder} "
            f"({(error.strerror or 'no reason given').lower()}); name one with ASSISTANT_CACHE."
        ) from error
