from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from assistant.web.guard import MAX_BODY_BYTES, is_closed

DOC = "/doc/sub dir/kettles.md"


def test_health_names_the_index(client: TestClient) -> None:
    found = client.get("/healthz").json()
    assert found["status"] == "ok"
    assert (found["documents"], found["passages"]) == (1, 1)


def test_a_document_is_read_and_highlighted_without_javascript(client: TestClient) -> None:
    page = client.get(DOC)
    assert page.status_code == 200
    assert "<mark" not in page.text
    text = page.text
    marked = client.get(f"{DOC}?start=29&end=37").text
    assert '<mark id="c29-37">' in marked
    assert marked.replace('<mark id="c29-37">', "").replace("</mark>", "") == text
    assert 'href="/doc/sub%20dir/kettles.md"' in client.get("/doc/").text


@pytest.mark.parametrize("query", ["start=x&end=2", "start=5", "start=9&end=2", "start=-3&end=-1"])
def test_a_slice_that_is_none_highlights_nothing(client: TestClient, query: str) -> None:
    page = client.get(f"{DOC}?{query}")
    assert page.status_code == 200
    assert "<mark" not in page.text


@pytest.mark.parametrize("path", ["/doc/none.md", "/doc/../corpus.toml", "/doc/%2e%2e/corpus.toml"])
def test_an_unknown_document_is_a_readable_404(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert found.status_code == 404
    assert "Traceback" not in found.text


@pytest.mark.parametrize("path", ["/static/app.js", "/static/app.css", "/", DOC, "/healthz"])
def test_every_page_has_its_headers(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert found.status_code == 200
    policy = found.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert ("unsafe-inline" in policy) == (not path.startswith(("/doc", "/healthz")))
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["referrer-policy"] == "no-referrer"
    assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "//gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/deep_link",
        "/gradio_api/stream/x",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://example.org",
        "/gradio_api/vibe-edit/",
        "/gradio_api/call/ask_typed",
        "/gradio_api/run/ask_typed",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/monitoring",
        "/monitoring/summary",
        "/openapi.json",
        "/docs",
    ],
)
def test_what_the_chat_does_not_use_is_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, json={"data": []}).status_code in (404, 405)


def test_what_the_chat_uses_is_open() -> None:
    for name in ("queue/join", "queue/data", "run/predict", "heartbeat/abc"):
        assert not is_closed(f"/gradio_api/{name}")


def test_a_question_cannot_skip_the_queue(client: TestClient) -> None:
    events = client.get("/config").json()["dependencies"]
    assert len(events) == 10
    for number in (event["id"] for event in events):
        body = {"data": ["What is a kettle?", []], "fn_index": number, "session_hash": "x"}
        found = client.post("/gradio_api/run/predict", json=body)
        assert "vessel" not in found.text
        assert "Traceback" not in found.text


def test_large_bodies_are_refused_however_they_are_sent(client: TestClient) -> None:
    url = "/gradio_api/queue/join"
    assert client.post(url, content=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    chunks = (b"x" * 1_000 for _ in range(1_000))
    assert client.post(url, content=chunks).status_code == 413


def test_other_sites_may_not_read_answers(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for host in ("localhost", "example.org"):
        asked = client.options("/gradio_api/queue/join", headers={**headers, "Host": host})
        plain = client.get("/healthz", headers={**headers, "Host": host})
        assert "access-control-allow-origin" not in {**asked.headers, **plain.headers}


def test_the_page_names_the_corpus(client: TestClient) -> None:
    assert "Kettles &amp; co" in client.get("/").text or "Kettles & co" in client.get("/").text
