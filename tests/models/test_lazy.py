"""The verifier loaded when it is needed, or beside other work."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant import models
from assistant.config import Settings
from assistant.errors import ModelError
from assistant.models import LazyVerifier
from tests.fakes import WordVerifier

PAIR = [("A kettle boils water.", "A kettle boils water.")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "corpus", tmp_path / "index", tmp_path / "cache")


def test_a_load_that_failed_is_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Settings] = []

    def load(chosen: Settings) -> WordVerifier:
        tried.append(chosen)
        if len(tried) == 1:
            raise ModelError("The verifier's weights are missing.")
        return WordVerifier()

    monkeypatch.setattr(models, "load_verifier", load)
    verifier = LazyVerifier(settings)
    with pytest.raises(ModelError):
        verifier.score(PAIR)
    assert not verifier.is_loaded
    assert verifier.score(PAIR).shape == (1, 4)
    assert verifier.is_loaded
    verifier.score(PAIR)
    assert len(tried) == 2


def test_a_question_waits_for_the_load_beside_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, tried = threading.Event(), []

    def load(chosen: Settings) -> WordVerifier:
        tried.append(threading.current_thread().name)
        go.wait(10)
        return WordVerifier()

    monkeypatch.setattr(models, "load_verifier", load)
    monkeypatch.setattr(LazyVerifier, "_is_converted", lambda self: True)
    verifier = LazyVerifier(settings)
    verifier.load_meanwhile()
    assert not verifier.is_loaded
    threading.Timer(0.1, go.set).start()
    assert verifier.score(PAIR).shape == (1, 4)
    assert tried == ["verifier"]


def test_what_has_to_be_converted_is_not_loaded_beside_the_encoder(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "load_verifier", lambda chosen: pytest.fail("loaded"))
    before = threading.active_count()
    LazyVerifier(settings).load_meanwhile()  # the cache is empty
    assert threading.active_count() == before
