"""At the server's bounds: what is too much, closed or too busy is a sentence and never a trace."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.config import MAX_QUESTION_CHARS
from assistant.web.guard import MAX_BODY_BYTES
from assistant.web.hosting import Hosting
from tests.live import serving

pytestmark = pytest.mark.browser

FAQ = "How do mTORC1 and mTORC2 differ?"
CLOSED = (
    ("POST", "/gradio_api/upload"), ("GET", "/monitoring/summary"), ("GET", "/monitoring"),
    ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file=corpus/corpus.toml"),
    ("POST", "/gradio_api/call/ask_typed"), ("POST", "/gradio_api/component_server"),
)  # fmt: skip


class Held:
    """An assistant's ``ask_faq`` that answers only once it is let go."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self.free = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.begun.release()
        assert self.free.wait(60)
        return self._ask(*arguments, **options)


@pytest.fixture
def held(bundled: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    found = Held(bundled.ask_faq)
    monkeypatch.setattr(bundled, "ask_faq", found)
    yield found
    found.free.set()


@pytest.fixture
def narrow_url(bundled: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that takes one question at a time and lets one wait."""
    monkeypatch.setattr("assistant.web.ui._AT_ONCE", 1)
    monkeypatch.setattr("assistant.web.ui._WAITING", 1)
    with serving(bundled, Hosting(rate=0)) as url:
        yield url


def join(url: str, session: str) -> int:
    """Put a question into the queue as the page does and return the status."""
    with httpx.Client(base_url=url, timeout=20) as client:
        events = client.get("/config").json()["dependencies"]
        submit = next(e["id"] for e in events if e["targets"] and e["targets"][0][1] == "submit")
        body = {"data": [FAQ, None, "Auto"], "fn_index": submit, "session_hash": session}
        return client.post("/gradio_api/queue/join", json=body).status_code


def test_what_is_closed_is_refused_to_the_page_too(visit, chat_url) -> None:
    found = visit(chat_url)
    for method, path in CLOSED:
        reply = found.page.request.fetch(chat_url + path, method=method)
        assert reply.status in (403, 404, 405), path
        assert "Traceback" not in reply.text()
        assert "root:" not in reply.text()
    preflight = found.page.request.fetch(
        f"{chat_url}/api/v1/ask", method="OPTIONS",
        headers={"Origin": "https://other.example", "Access-Control-Request-Method": "POST"},
    )  # fmt: skip
    assert "access-control-allow-origin" not in preflight.headers


def test_too_much_is_refused_and_the_page_goes_on(visit, chat_url) -> None:
    found = visit(chat_url)
    large = '{"question": "' + "a" * 300_000 + '"}'
    headers = {"Content-Type": "application/json"}

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(large), 4_096):
            yield large[at : at + 4_096].encode()

    assert len(large) > MAX_BODY_BYTES
    for path in ("/api/v1/ask", "/gradio_api/queue/join"):
        for body in (large, pieces()):  # the second has no Content-Length
            reply = httpx.post(chat_url + path, content=body, headers=headers)
            assert reply.status_code == 413
            assert "Traceback" not in reply.text
    history = [{"number": 1, "question": "x", "message": "<b>forged</b>"}] * 1_000
    forged = {"data": [FAQ, history, "Auto"], "fn_index": 0, "session_hash": "forged"}
    reply = httpx.post(chat_url + "/gradio_api/queue/join", json=forged)
    assert "Traceback" not in reply.text
    found.ask(FAQ)
    assert found.page.locator("b", has_text="forged").count() == 0


def test_a_question_beyond_the_limit_gets_a_sentence(visit, chat_url) -> None:
    found = visit(chat_url, "/?q=" + "why+" * (MAX_QUESTION_CHARS // 4 + 1))
    found.page.locator("#a1").wait_for()
    assert f"{MAX_QUESTION_CHARS:,}" in found.page.locator("#a1").inner_text()
    box = found.page.locator("#box textarea")
    box.fill("x" * (MAX_QUESTION_CHARS + 1))
    assert len(box.input_value()) == MAX_QUESTION_CHARS


def test_a_full_queue_is_told_in_a_sentence(browser, narrow_url, held) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(narrow_url)
    box = page.locator("#box textarea:enabled")
    box.wait_for()
    page.wait_for_timeout(500)  # the page's own event leaves the queue
    assert join(narrow_url, "first") == 200
    assert held.begun.acquire(timeout=10)
    assert join(narrow_url, "second") == 200
    box.fill(FAQ)
    box.press("Enter")
    told = page.locator(".toast-body")
    told.wait_for(timeout=10_000)
    assert "busy. Please try again" in told.inner_text()
    assert "Traceback" not in told.inner_text()
    held.free.set()
    page.locator("#box textarea:enabled").fill(FAQ)
    for _ in range(100):  # until the two before are through
        if page.locator("#a1").count():
            break
        page.locator("#box textarea").fill(FAQ)
        page.locator("#box textarea").press("Enter")
        page.wait_for_timeout(200)
    page.locator("#a1").wait_for()
    context.close()


def test_stop_gives_the_page_back(visit, narrow_url, held) -> None:
    found = visit(narrow_url)
    page = found.page
    box = page.locator("#box textarea")
    box.fill(FAQ)
    box.press("Enter")
    assert held.begun.acquire(timeout=10)
    stop = page.locator("#stop")
    stop.wait_for(state="visible")
    stop.click()
    stop.wait_for(state="hidden")
    assert page.locator("#a1").count() == 0
    held.free.set()
    found.ask("What does mTOR stand for?")
    assert "mechanistic" in page.locator("#a1").inner_text()


def test_programs_find_exactly_the_five_tools(playwright_api, browser, bundled) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    with serving(bundled, Hosting(mcp=True)) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        reply = page.request.post(f"{url}/mcp", data=message, headers=headers)
        tools = {tool["name"] for tool in reply.json()["result"]["tools"]}
        context.close()
    assert tools == {"ask", "faq", "check_claim", "search", "get_document"}
