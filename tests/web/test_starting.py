from __future__ import annotations

import threading
import time

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.errors import AssistantError
from assistant.web.starting import Starting


def until(told: str, client: TestClient, path: str = "/") -> str:
    for _ in range(200):
        text = client.get(path).text
        if told in text:
            return text
        time.sleep(0.01)
    pytest.fail(f"{told!r} never came at {path}")


def test_pages_wait_until_the_app_is_there() -> None:
    ready, lived = threading.Event(), []

    def make() -> FastAPI:
        ready.wait(5)
        app = FastAPI(
            on_startup=[lambda: lived.append("up")], on_shutdown=[lambda: lived.append("down")]
        )
        app.get("/")(lambda: "the app")
        return app

    starting = Starting(make, lambda: "Reading 3 of <7> files.", lambda: None)
    with TestClient(starting) as client:
        page = client.get("/")
        assert page.status_code == 503
        assert "Reading 3 of &lt;7&gt; files." in page.text
        assert 'http-equiv="refresh"' in page.text
        assert client.get("/healthz").json() == {"status": "starting"}
        refused = client.post("/api/v1/ask", json={})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert "starting" in refused.json()["error"]
        ready.set()
        until("the app", client)
        assert lived == ["up"]
    assert lived == ["up", "down"]


def test_a_failed_start_is_told_to_the_caller() -> None:
    failed = threading.Event()

    def make() -> FastAPI:
        raise AssistantError("The corpus is gone; check --corpus.")

    starting = Starting(make, lambda: "Loading.", failed.set)
    with TestClient(starting):
        assert failed.wait(5)
    assert "gone" in str(starting.failure)
