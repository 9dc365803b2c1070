"""A virtual environment for each peer, made once from its pinned requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.protocol import Entry

_STAMP = "requirements.sha256"

# Nothing is fetched from a model hub and nothing is reported to anybody.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "POSTHOG_DISABLED": "1",
    "DO_NOT_TRACK": "1",
}
_THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
)

_LEFT_OUT = ("PYTHONPATH", "TOKENIZERS_PARALLELISM", "ASSISTANT_CORPUS", "ASSISTANT_INDEX")


class InstallError(Exception):
    """A peer's environment could not be made; the message is one sentence with the remedy."""


def run_environment(base: Mapping[str, str], threads: int) -> dict[str, str]:
    """Return the variables under which every system runs: offline, the same thread count."""
    shared = {name: value for name, value in base.items() if name not in _LEFT_OUT}
    return {**shared, **OFFLINE, **dict.fromkeys(_THREADS, str(threads))}


def python_of(entry: Entry, folder: Path) -> Path:
    """Return the Python that runs a system, after making its environment where it has its own.

    An environment whose requirements have not changed since is used again.

    Raises:
        InstallError: When the environment or a package cannot be installed.
    """
    if not entry.own_environment:
        return Path(sys.executable)
    home = folder / entry.name
    python = home / "bin" / "python"
    wanted = hashlib.sha256(entry.requirements.read_bytes()).hexdigest()
    stamp = home / _STAMP
    if stamp.exists() and python.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    log = folder / f"{entry.name}-install.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, "-m", "venv", str(home)], entry, log)
        _run([*pip, "install", "--quiet", "-r", str(entry.requirements)], entry, log)
        stamp.write_text(wanted, encoding="ascii")
    except OSError as error:
        raise InstallError(
            f"{entry.title} is left out, because {folder} cannot be written to "
            f"({error.strerror}); name another folder with --environments."
        ) from error
    return python


def _run(command: list[str], entry: Entry, log: Path) -> None:
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise InstallError(
            f"{entry.title} is left out, because its environment could not be installed "
            f"({why(log.read_text(encoding='utf-8', errors='replace'))}); see {log} and "
            f"{entry.requirements.name}."
        )


def why(log: str) -> str:
    """Return the cause that a log of pip names: its first error, else its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    told = [line for line in errors if not line.startswith("Ignored the following versions")]
    cause = (told or lines or ["no reason given"])[0 if told else -1]
    short = cause.split(" (from versions:")[0]
    return short[:200].rstrip(".:; ")
