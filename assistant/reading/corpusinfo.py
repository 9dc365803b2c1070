"""corpus.toml: the title, description, disclaimer, examples and aliases of one corpus.

Every field is optional; a corpus without the file gets a plain description and the general
disclaimer, so no answer is ever without one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from assistant.datatypes import CorpusInfo
from assistant.errors import SettingsError
from assistant.reading.assemble import title_from_name

FILE_NAME = "corpus.toml"
GENERAL_DISCLAIMER = (
    "Quoted from the documents for information only, not professional or medical advice; "
    "ask a qualified professional before acting on it."
)
_FIELDS = ("title", "description", "disclaimer", "examples", "aliases")


def read_corpus_info(corpus: Path) -> CorpusInfo:
    """Return what corpus.toml says, with defaults for what it leaves out.

    Raises:
        SettingsError: When the file is not TOML or a field has the wrong type; the message
            names the field.
    """
    path = corpus / FILE_NAME
    loaded: dict[str, Any] = {}
    if path.is_file():
        try:
            loaded = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path} cannot be read as TOML ({error}); mend it.") from error
    unknown = sorted(set(loaded) - set(_FIELDS))
    if unknown:
        raise SettingsError(
            f"{path} has an unknown field '{unknown[0]}'; known are {', '.join(_FIELDS)}."
        )
    return CorpusInfo(
        title=_string(loaded, "title", path) or title_from_name(corpus.name),
        description=_string(loaded, "description", path),
        disclaimer=_string(loaded, "disclaimer", path) or GENERAL_DISCLAIMER,
        examples=_strings(loaded.get("examples", []), "examples", path),
        aliases=_aliases(loaded.get("aliases", {}), path),
    )


def _string(loaded: dict[str, Any], field: str, path: Path) -> str:
    value = loaded.get(field, "")
    if not isinstance(value, str):
        raise SettingsError(f"{path}: '{field}' must be a string in quotes.")
    return " ".join(value.split())


def _strings(value: object, field: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise SettingsError(f"{path}: '{field}' must be a list of strings.")
    return tuple(" ".join(v.split()) for v in value if v.strip())


def _aliases(value: object, path: Path) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: [aliases] must map a term to a list of other names.")
    return {str(k): _strings(v, f"aliases.{k}", path) for k, v in value.items()}
