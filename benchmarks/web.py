"""How fast the web page is for its visitor, in Debian's chromium.

    python -m benchmarks.web [--rounds 5]

Starts the app as its user would and prints: seconds from start until it answers, milliseconds
until a fresh browser's page takes a question, from the Enter key to the painted answer, and the
requests of one question.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from assistant.config import ROOT
from assistant.web.server import claim_port

CHROMIUM = "/usr/bin/chromium"
QUESTIONS = (
    "What does mTOR stand for?",
    "How do mTORC1 and mTORC2 differ?",
    "How does AKT activate mTORC1?",
    "What is the role of leucine?",
    "What is the capital of France?",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with claim_port("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    started = time.perf_counter()
    with _app(port, url), sync_playwright() as session:
        up = time.perf_counter() - started
        found = [_visit(session, url) for _ in range(rounds)]
    print(f"{'start until the page answers':<38}{up:>8.2f} s")
    print(f"{'cold page until it takes a question':<38}{median(f[0] for f in found):>8.0f} ms")
    asks = sorted(ms for f in found for ms in f[1])
    print(f"{'Enter until the answer is painted, p50':<38}{median(asks):>8.0f} ms")
    print(f"{'the same, p95':<38}{asks[int(0.95 * (len(asks) - 1))]:>8.0f} ms")
    print(f"{'requests of one question':<38}{found[-1][2]:>8}")


def _visit(session: Any, url: str) -> tuple[float, list[float], int]:
    """Return ms until ready, ms of each question, and the requests of the last one."""
    browser = session.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    started = time.perf_counter()
    page.goto(url)
    box = page.locator("#box textarea:enabled")
    box.wait_for()
    ready = 1000 * (time.perf_counter() - started)
    page.wait_for_timeout(1_000)
    times = []
    for number, question in enumerate(QUESTIONS, start=1):
        box.fill(question)
        before = len(requests)
        # Measured inside the page, from the key to the frame after the card is there.
        page.evaluate(
            """number => {
              window.painted = new Promise(done => {
                addEventListener("keydown", () => {
                  const started = performance.now();
                  const look = () => document.getElementById("a" + number)
                    ? requestAnimationFrame(() => done(performance.now() - started))
                    : requestAnimationFrame(look);
                  look();
                }, { once: true, capture: true });
              });
            }""",
            number,
        )
        box.press("Enter")
        times.append(page.evaluate("window.painted"))
        page.wait_for_timeout(400)
        count = len(requests) - before
    browser.close()
    return ready, times, count


@contextmanager
def _app(port: int, url: str) -> Iterator[None]:
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    break
            except urllib.error.URLError:
                time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


if __name__ == "__main__":
    main()
