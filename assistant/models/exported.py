"""Models converted once and kept in the cache folder, each with a record of its hashes.

A conversion holds all that serving needs, the tokenizer too. It is made in a scratch folder and
moved into place; it is made again when its files or the weights it was made from do not match
the record.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelError
from assistant.models.weights import file_sha256

_FORMAT = 2
_FILES = ("model.bin", "model.xml", "tokenizer.json")


def exported(cache: Path, name: str, weights: str, export: Callable[[Path], None]) -> Path:
    """Return the folder of a converted model, converting it where it is missing or altered.

    Args:
        cache: The user's cache folder.
        name: The model's name.
        weights: SHA-256 of what it is converted from.
        export: Writes model.xml, model.bin and tokenizer.json to a folder.

    Raises:
        ModelError: When it has to be converted and the cache folder cannot be written, or what
            converts it is not installed.
    """
    folder = folder_of(cache, name, weights)
    if not is_valid(folder, weights):
        _export(folder, weights, export)
    return folder


def folder_of(cache: Path, name: str, weights: str) -> Path:
    """Return where a converted model is kept, whether or not it is there."""
    return cache / "models" / f"{name}-{weights[:12]}-v{_FORMAT}"


def is_valid(folder: Path, weights: str) -> bool:
    """Tell whether a conversion is there, unaltered and made from these weights."""
    try:
        record = json.loads((folder / "export.json").read_text(encoding="utf-8"))
        hashes = all(record[name] == file_sha256(folder / name) for name in _FILES)
        return bool(record["weights"] == weights and hashes)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write(folder: Path, export: Callable[[Path], None]) -> None:
    try:
        export(folder)
    except OSError as error:
        raise ModelError(
            f"A model cannot be converted into {folder.parent} ({error.strerror}); free some "
            "space there or choose another cache with ASSISTANT_CACHE."
        ) from error
    except ImportError as error:
        raise ModelError(
            f"The models in {folder.parent} are not converted, or altered, and {error.name} is "
            "not installed to convert them; run 'python -m assistant convert' where "
            "requirements.txt is installed and set ASSISTANT_CACHE to its cache."
        ) from error


def _export(folder: Path, weights: str, export: Callable[[Path], None]) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = folder.parent / f"export-{uuid.uuid4().hex}"
        scratch.mkdir()  # for other users to read too, unless the umask says no
    except OSError as error:
        raise ModelError(
            f"The cache folder {folder.parent} cannot be written ({error.strerror}); "
            "choose another with ASSISTANT_CACHE."
        ) from error
    try:
        _write(scratch, export)
        record = {name: file_sha256(scratch / name) for name in _FILES}
        record["weights"] = weights
        (scratch / "export.json").write_text(json.dumps(record), encoding="utf-8")
        if folder.exists() and not is_valid(folder, weights):
            shutil.rmtree(folder)
        try:
            scratch.rename(folder)
        except OSError:
            if not is_valid(folder, weights):  # another process may have put the same there
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
