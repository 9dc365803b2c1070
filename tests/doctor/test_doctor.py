"""The doctor on a sound installation, and on each kind of broken one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.config import Settings
from assistant.doctor import Report, examine, report_text
from assistant.doctor.proof import prove_offline
from assistant.indexing import current_generation
from assistant.models import conversions
from assistant.protocols import Encoder
from tests.fakes import HashEncoder, WordVerifier

KETTLE = {"a.md": "# Kettles\n\nA kettle boils water. It is made of steel.\n"}


@pytest.fixture
def sound(
    tmp_path: Path, corpus_of: Callable[[dict[str, str]], Path], cache: Path, encoder: Encoder
) -> Settings:
    """A small corpus with an index made by the real model."""
    settings = Settings(corpus_of(KETTLE), tmp_path / "index", cache)
    Assistant.open(settings, encoder=encoder).close()
    return settings


def _text(report: Report) -> str:
    return "\n".join(report.problems)


def test_a_sound_installation_is_proved_offline(
    sound: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CACHE", str(sound.cache))
    arguments = ["--corpus", str(sound.corpus), "--index", str(sound.index), "doctor"]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["problems"]) == (True, [])
    assert found["index"]["state"] == "fresh"
    assert found["index"]["documents"] == 1
    assert [m["state"] for m in found["models"]][1:] == ["verified"] * 3
    assert all(len(m["sha256"]) == 64 for m in found["models"])
    proof = found["network"]["proof"]
    assert (proof["state"], proof["attempts"], proof["on"]) == ("proved", [], "the index")
    assert found["settings"]["set"]["ASSISTANT_CACHE"] == str(sound.cache)
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "every connection refused; none was tried" in told
    assert told.rstrip().endswith("Everything is in order.")


def test_documents_that_changed_make_the_index_stale(sound: Settings) -> None:
    (sound.corpus / "b.md").write_text("# Pots\n\nA pot is deep.\n")
    report = examine(sound, {})
    assert report.index["state"] == "stale"
    assert report.is_sound
    assert any("have changed" in note for note in report.notes)


def test_an_altered_index_is_told_with_the_remedy(sound: Settings) -> None:
    generation = current_generation(sound.index)
    assert generation is not None
    path = generation / "sentences.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x99")
    report = examine(sound, {})
    assert report.index["state"] == "damaged"
    assert "sentences.npy" in _text(report)
    assert "index --rebuild" in _text(report)
    assert report.network["proof"]["state"] == "not tried"
    assert report_text(report).endswith("Mend the problems above.")


def test_an_altered_model_is_told_and_not_used(sound: Settings, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for folder in conversions(sound.cache):
        shutil.copytree(folder, cache / "models" / folder.name)
    path = next((cache / "models").glob("all-*/model.bin"))
    path.write_bytes(b"\x00" + path.read_bytes()[1:])
    report = examine(replace(sound, cache=cache), {})
    assert "altered" in _text(report)
    assert "python -m assistant convert" in _text(report)
    assert [m["state"] for m in report.models if m["name"].startswith("converted")] == [
        "altered", "verified",
    ]  # fmt: skip


def test_a_missing_corpus_and_a_wrong_setting_are_told(sound: Settings, tmp_path: Path) -> None:
    report = examine(replace(sound, corpus=tmp_path / "none"), {"ASSISTANT_RATE": "many"})
    assert "does not exist" in _text(report)
    assert "ASSISTANT_RATE" in _text(report)


def test_a_package_without_an_index_is_proved_on_a_small_one(
    sound: Settings, tmp_path: Path
) -> None:
    empty = replace(sound, index=tmp_path / "none")
    report = examine(empty, {})
    assert report.index["state"] == "not built"
    assert report.network["proof"]["on"] == "a small index of its own"
    assert report.is_sound
    assert not empty.index.exists()


def test_a_broken_index_fails_the_proof(
    tmp_path: Path, corpus_of: Callable[[dict[str, str]], Path], cache: Path
) -> None:
    settings = Settings(corpus_of(KETTLE), tmp_path / "index", cache)
    Assistant.open(
        settings, encoder=HashEncoder(), verifier=WordVerifier()
    ).close()  # of another model
    proof = prove_offline(settings, use_index=True)
    assert proof.state == "failed"
    assert "another model" in proof.problem or "was made with" in proof.problem


def test_a_secret_is_not_printed(sound: Settings, tmp_path: Path) -> None:
    variables = {"ASSISTANT_MILVUS_TOKEN": "open-sesame", "ASSISTANT_RATE": "many"}
    report = examine(replace(sound, corpus=tmp_path / "none"), variables)
    assert "open-sesame" not in str(report)
    assert "ASSISTANT_MILVUS_TOKEN" in str(report)
