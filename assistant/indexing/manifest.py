"""What an index was built from and with: the file that says whether it can be used."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import REBUILD, IndexStateError, OutdatedIndexError

FORMAT = 8
NAME = "manifest.json"
_DIGEST = "sha256"  # of the other fields


@dataclass(frozen=True, slots=True)
class Manifest:
    """The identity of one generation of an index.

    ``readers`` is the hash of the code that read the files; ``problems`` are the sentences
    about files that could not be read; ``parts`` maps each file of the generation to its
    SHA-256; ``dense`` says how the vectors are searched: 'flat', or the approximate index with
    its settings and the recall measured when it was built.
    """

    format: int
    model: str
    corpus: str
    readers: str
    problems: list[str]
    documents: int
    passages: int
    sentences: int
    built_at: str
    parts: dict[str, str]
    dense: dict[str, Any] = field(default_factory=lambda: {"kind": "flat"})

    def save(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        fields = asdict(self)
        text = _dump({**fields, _DIGEST: _digest(fields)}, indent=1)
        (folder / NAME).write_text(text + "\n", encoding="utf-8", errors="surrogateescape")


def load_manifest(folder: Path, model: str) -> Manifest:
    """Return the manifest of a generation made by this format and model.

    Raises:
        IndexStateError: When it is missing, damaged, or of another format or model.
    """
    path = folder / NAME
    try:
        loaded = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
        found = loaded["format"]
        if found != FORMAT:
            problem = OutdatedIndexError if 0 < found < FORMAT else IndexStateError
            raise problem(
                f"The index in {folder} has format {found}, this version reads {FORMAT}; {REBUILD}"
            )
        digest = loaded.pop(_DIGEST)
        manifest = Manifest(**loaded)
    except OSError as error:
        raise IndexStateError(f"There is no index in {folder}; {REBUILD}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexStateError(f"The manifest {path} is damaged; {REBUILD}") from error
    if manifest.model != model:
        raise IndexStateError(
            f"The index in {folder} was made with the model {manifest.model}, not {model}; "
            f"{REBUILD}"
        )
    if _digest(loaded) != digest:
        raise IndexStateError(f"The manifest {path} is altered; {REBUILD}")
    return manifest


def _digest(fields: dict[str, object]) -> str:
    text = _dump(fields).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()


def _dump(fields: dict[str, object], indent: int | None = None) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=indent, sort_keys=True)
