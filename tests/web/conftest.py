"""The whole web app over a small corpus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.web.server import create_app
from tests.fakes import HashEncoder, WordVerifier

KETTLES = """# Kettles

## What a kettle is

A kettle is a vessel for boiling water, usually made of steel.
"""


@pytest.fixture(scope="module")
def kettles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("kettles")
    (folder / "corpus" / "sub dir").mkdir(parents=True)
    (folder / "corpus" / "corpus.toml").write_text('title = "Kettles & co"\n')
    (folder / "corpus" / "sub dir" / "kettles.md").write_text(KETTLES)
    settings = Settings(folder / "corpus", folder / "index", folder / "cache")
    assistant = Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier())
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def client(kettles: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(kettles)) as client:
        yield client
