"""The whole walk through the page: ready in time, nothing foreign, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest

from assistant.config import ROOT
from assistant.web.server import claim_port
from tests.live import wait_until_ready

pytestmark = pytest.mark.browser

FAQ = "How do mTORC1 and mTORC2 differ?"
XSS = (
    "Is <img src=x onerror=window.hacked=1> true?",
    "Is ${window.hacked=2} {{constructor.constructor('window.hacked=3')()}} true?",
    "Is [a](javascript:window.hacked=4) <a href='javascript:window.hacked=5'>it</a>?",
    "Rapamycin <svg onload=window.hacked=6> activates mTORC1.",
    "</textarea></script><script>window.hacked=7</script> is what?",
)


@contextmanager
def app_on(port: int, index: Path, cache: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the app as its user would, until it answers; stop it in the end."""
    environment = {**os.environ, "ASSISTANT_CACHE": str(cache), "GRADIO_SERVER_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "app.py", "--index", str(index)], cwd=ROOT, env=environment,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


@pytest.fixture
def free_port() -> int:
    with claim_port("127.0.0.1", 0) as listener:
        return int(listener.getsockname()[1])


def test_the_page_is_ready_in_time_and_asks_no_other_host(visit, chat_url) -> None:
    took = []
    for _ in range(3):  # the best of three, for others may be at work on the machine
        started = time.perf_counter()
        found = visit(chat_url)
        took.append(time.perf_counter() - started)
    assert min(took) < 2
    found.ask(FAQ)
    for tab in found.page.get_by_role("tab").all():
        tab.click()
        found.page.wait_for_timeout(300)
    assert found.page.get_by_role("tab").count() >= 4
    assert all(r.startswith((chat_url, "data:", "blob:")) for r in found.requests)


def test_ids_stay_unique_and_earlier_citations_work(visit, chat_url) -> None:
    found = visit(chat_url)
    found.ask(FAQ, 1)
    found.ask("What does mTOR stand for?", 2)
    everything = found.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    ids = [i for i in everything if re.match(r"a\d|src-|cite-", i)]
    assert len(ids) > 6
    assert len(ids) == len(set(ids))
    found.page.locator("#a1 a.cite").first.click()
    assert found.page.evaluate("document.activeElement.id") == "src-a1-1"


@pytest.mark.parametrize("text", XSS)
def test_code_in_a_question_is_shown_and_never_run(visit, chat_url, text) -> None:
    found = visit(chat_url)
    found.ask(text)
    page = found.page
    assert page.locator(".asked").inner_text() == text
    assert page.locator("#chat img, #chat svg[onload], #chat a[href^=javascript]").count() == 0
    linked = visit(chat_url, "/?q=" + urllib.request.quote(text)).page
    linked.locator("#a1").wait_for()
    assert linked.locator(".asked").inner_text() == text
    for shown in (page, linked):
        shown.wait_for_timeout(100)
        assert shown.evaluate("window.hacked") is None


@pytest.mark.slow
def test_an_open_page_survives_a_restart(
    playwright_api, browser, tmp_path, cache, free_port
) -> None:
    index = tmp_path / "index"
    context = browser.new_context()
    page = context.new_page()

    def ask(text: str, number: int) -> None:
        page.locator("#box textarea").fill(text)
        page.locator("#box textarea").press("Enter")
        page.locator(f"#a{number}").wait_for(timeout=20_000)

    with app_on(free_port, index, cache):
        page.goto(f"http://127.0.0.1:{free_port}/")
        page.locator("#box textarea:enabled").wait_for()
        ask(FAQ, 1)
    page.locator("#box textarea").fill("Is it gone?")
    page.locator("#box textarea").press("Enter")
    page.wait_for_timeout(1_500)
    with app_on(free_port, index, cache):
        # The page loads itself again, with what could not be asked in its box.
        page.locator("#a1").wait_for(state="detached", timeout=30_000)
        page.locator("#box textarea:enabled").wait_for(timeout=30_000)
        playwright_api.expect(page.locator("#box textarea")).to_have_value("Is it gone?")
        ask("What does mTOR stand for?", 1)
        page.locator(".asked", has_text="What does mTOR stand for?").wait_for()
    context.close()


def _rss_mb(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(x for x in status.splitlines() if x.startswith("VmRSS")).split()[1]) / 1024


@pytest.mark.slow
def test_a_thousand_visitors_leave_no_memory_behind(tmp_path, cache, free_port) -> None:
    url = f"http://127.0.0.1:{free_port}"
    with (
        app_on(free_port, tmp_path / "index", cache) as process,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        events = client.get("/config").json()["dependencies"]
        submit = next(e["id"] for e in events if e["targets"] and e["targets"][0][1] == "submit")

        def ask(number: int) -> None:
            session = f"visitor{number}"
            body = {"data": [FAQ, None, "Auto"], "fn_index": submit, "session_hash": session}
            client.post("/gradio_api/queue/join", json=body).raise_for_status()
            with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as s:
                assert any("process_completed" in line for line in s.iter_lines())

        for number in range(300):
            ask(number)
        before = _rss_mb(process)
        for number in range(300, 1_300):
            ask(number)
        assert _rss_mb(process) - before < 30


class Visitor(threading.Thread):
    """Asks new questions, half a second apart, until it is stopped."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__()
        self.url, self.number = url, number
        self.stopped = threading.Event()
        self.failures: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60) as client:
            for turn in count():
                question = f"What does mTORC1 do in case {self.number} of {turn}?"
                reply = client.post("/api/v1/ask", json={"question": question})
                if reply.status_code != 200:
                    self.failures.append(reply.text)
                if self.stopped.wait(0.5):
                    return


def _median_seconds(client: httpx.Client, path: str) -> float:
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert client.get(path).status_code == 200
        times.append(time.perf_counter() - started)
        time.sleep(0.05)
    return sorted(times)[len(times) // 2]


@pytest.mark.slow
def test_health_is_told_at_once_while_many_ask(tmp_path, cache, free_port, monkeypatch) -> None:
    monkeypatch.setenv("ASSISTANT_RATE", "0")
    url = f"http://127.0.0.1:{free_port}"
    with app_on(free_port, tmp_path / "index", cache), httpx.Client(base_url=url) as client:
        wait_until_ready(url)
        visitors = [Visitor(url, number) for number in range(16)]
        for visitor in visitors:
            visitor.start()
        best = min(_median_seconds(client, "/healthz") for _ in range(4))
        for visitor in visitors:
            visitor.stopped.set()
        for visitor in visitors:
            visitor.join()
    assert [failure for visitor in visitors for failure in visitor.failures] == []
    assert best < 0.010
