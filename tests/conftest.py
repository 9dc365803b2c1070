"""Fixtures: the real model from a cache kept between runs, and small corpora."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from assistant.assistant import Assistant
from assistant.config import BUNDLED_CORPUS, ROOT, Settings
from assistant.models import load_encoder
from assistant.protocols import Encoder
from tests.fakes import HashEncoder, WordVerifier

hypothesis_settings.register_profile("default", deadline=None)
os.environ.setdefault("ASSISTANT_CACHE", str(ROOT / "build" / "cache"))


@pytest.fixture(scope="session")
def cache() -> Path:
    return Path(os.environ["ASSISTANT_CACHE"])


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    return load_encoder(Settings(BUNDLED_CORPUS, cache / "unused", cache))


@pytest.fixture(scope="session")
def bundled(
    encoder: Encoder, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The real assistant on the bundled corpus."""
    index = tmp_path_factory.mktemp("bundled") / "index"
    assistant = Assistant.open(Settings(BUNDLED_CORPUS, index, cache), encoder=encoder)
    yield assistant
    assistant.close()


@pytest.fixture
def corpus_of(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Write files of given names and texts into a corpus folder."""

    def write(files: dict[str, str]) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def open_with_hashes(tmp_path: Path) -> Iterator[Callable[[Path], Assistant]]:
    """Open an assistant over a folder with the hash encoder."""
    opened: list[Assistant] = []

    def open_it(corpus: Path) -> Assistant:
        settings = Settings(corpus, tmp_path / "index", tmp_path / "cache")
        opened.append(Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier()))
        return opened[-1]

    yield open_it
    for assistant in opened:
        assistant.close()
