from __future__ import annotations

import asyncio

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.web import guard
from assistant.web.api import build_api
from assistant.web.guard import Guard
from assistant.web.hosting import Hosting
from assistant.web.service import Service
from tests.live import run_async

FOREIGN = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST",
           "Access-Control-Request-Headers": "content-type"}  # fmt: skip


def _client(kettles: Assistant, **settings: object) -> TestClient:
    return TestClient(build_api(kettles, Service(kettles), Hosting(**settings)))


def test_a_foreign_preflight_allows_nothing(kettles: Assistant) -> None:
    client = _client(kettles)
    for path in ("/api/v1/ask", "/mcp", "/gradio_api/queue/join", "/api/v1/feedback"):
        found = client.options(path, headers=FOREIGN)
        assert "access-control-allow-origin" not in found.headers
    found = client.post("/api/v1/ask", json={"question": "What?"}, headers=FOREIGN)
    assert "access-control-allow-origin" not in found.headers


def test_a_site_that_is_named_may_read_answers(kettles: Assistant) -> None:
    client = _client(kettles, origins=("https://evil.example",), rate=1)
    asked = client.options("/api/v1/ask", headers=FOREIGN)
    assert asked.headers["access-control-allow-origin"] == "https://evil.example"
    assert "access-control-allow-credentials" not in asked.headers
    for status in (200, 429):
        found = client.post("/api/v1/ask", json={"question": "What?"}, headers=FOREIGN)
        assert found.status_code == status
        assert found.headers["access-control-allow-origin"] == "https://evil.example"


def test_frames_are_allowed_only_where_named(kettles: Assistant) -> None:
    closed = _client(kettles).get("/doc/").headers
    assert "frame-ancestors 'none'" in closed["content-security-policy"]
    assert closed["x-frame-options"] == "DENY"
    opened = _client(kettles, frame_ancestors="'self' https://a.example").get("/doc/").headers
    assert opened["content-security-policy"].endswith("frame-ancestors 'self' https://a.example")
    assert "x-frame-options" not in opened


@pytest.mark.parametrize("path", ["/assistant/gradio_api/upload", "/assistant//gradio_api/upload",
                                  "/assistant/monitoring", "/assistant/login"])  # fmt: skip
def test_a_root_path_opens_no_closed_route(kettles: Assistant, path: str) -> None:
    client = _client(kettles, root_path="/assistant")
    found = client.post(path)
    assert found.status_code == 404
    assert "Not found" in found.text


def test_a_root_path_may_be_cut_or_left(kettles: Assistant) -> None:
    client = _client(kettles, root_path="/assistant")
    for path in ("/healthz", "/assistant/healthz", "/assistant/doc/sub dir/kettles.md"):
        assert client.get(path).status_code == 200
    assert client.get("/assistantx/healthz").status_code == 404


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("localhost:7860", True), ("127.0.0.1:80", True), ("[::1]:7860", True), ("LOCALHOST", True),
     ("evil.example", False), ("evil.example:7860", False), ("127.0.0.1.evil.example", False),
     ("localhost.evil.example", False), ("docs.example", True)],
)  # fmt: skip
def test_a_loopback_address_answers_only_to_names_of_this_machine(
    kettles: Assistant, host: str, allowed: bool
) -> None:
    app = build_api(kettles, Service(kettles), Hosting(hosts=("docs.example",)))
    client = TestClient(app, base_url="http://127.0.0.1:7860")
    found = client.get("/healthz", headers={"Host": host})
    assert found.status_code == (200 if allowed else 403)
    if not allowed:
        assert "ASSISTANT_HOSTS" in found.text


def test_another_address_answers_to_any_name(kettles: Assistant) -> None:
    app = build_api(kettles, Service(kettles), Hosting())
    client = TestClient(app, base_url="http://192.0.2.7")
    assert client.get("/healthz", headers={"Host": "docs.example"}).status_code == 200


def test_a_body_that_never_ends_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    sent: list[dict[str, object]] = []

    async def slowly() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def never(*_: object) -> None:
        raise AssertionError("the app was reached")

    scope = {"type": "http", "method": "POST", "path": "/api/v1/ask", "headers": [],
             "server": ("192.0.2.7", 80)}  # fmt: skip
    run_async(Guard(never)(scope, slowly, send))
    assert sent[0]["status"] == 408


@pytest.mark.parametrize(("status", "given", "told"), [
    (503, [], "2"), (429, [(b"Retry-After", b"7")], "7"), (200, [], None),
])  # fmt: skip
def test_who_is_refused_is_told_when_to_come_back(status, given, told) -> None:
    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": given})
        await send({"type": "http.response.body", "body": b"Queue is full."})

    found = TestClient(Guard(app)).get("/gradio_api/queue/data")
    assert found.headers.get("retry-after") == told
