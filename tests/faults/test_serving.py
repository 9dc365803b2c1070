"""A server killed while it is asked and its documents change leaves nothing broken."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.config import ROOT, Settings
from assistant.indexing import open_index, sync_index
from assistant.jsonio import answer_json
from assistant.protocols import Encoder
from assistant.web.server import claim_port
from tests.live import wait_until_ready

KILLS = 3
QUESTION = "What does a kettle boil?"


def _write(corpus: Path, number: int) -> None:
    text = f"# Pot {number}\n\nPot {number} is made of clay. A kettle boils water.\n"
    (corpus / f"pot{number}.md").write_text(text, encoding="utf-8")


class Asker(threading.Thread):
    """Asks the same until it is stopped or the server is gone; keeps what was wrong."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.stopped = threading.Event()
        self.wrong: list[object] = []

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=10) as client:
            while not self.stopped.is_set():
                try:
                    reply = client.post("/api/v1/ask", json={"question": QUESTION})
                except httpx.HTTPError:
                    return  # it was killed
                told = reply.json()
                if reply.status_code != 200 or "boils water" not in told["statements"][0]["text"]:
                    self.wrong.append(told)


def _serve_until_killed(settings: Settings, port: int, delay: float, added: range) -> list[object]:
    """Ask a server whose folder grows, kill it after a while, return what it answered wrong."""
    environment = {**os.environ, "ASSISTANT_CACHE": str(settings.cache), "ASSISTANT_RATE": "0"}
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port),
               "--corpus", str(settings.corpus), "--index", str(settings.index)]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        wait_until_ready(url)
        askers = [Asker(url) for _ in range(3)]
        for asker in askers:
            asker.start()
        for number in added:  # the server follows the folder
            _write(settings.corpus, number)
        time.sleep(delay)
        server.send_signal(signal.SIGKILL)
        server.wait()
    for asker in askers:
        asker.stopped.set()
        asker.join()
    return [told for asker in askers for told in asker.wrong]


@pytest.mark.slow
def test_a_killed_server_starts_again_on_a_whole_index(
    tmp_path: Path, cache: Path, encoder: Encoder
) -> None:
    chance = random.Random(11)
    settings = Settings(tmp_path / "corpus", tmp_path / "index", cache)
    settings.corpus.mkdir()
    for number in range(6):
        _write(settings.corpus, number)
    sync_index(settings, encoder)
    with claim_port("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    for at in range(6, 6 + 2 * KILLS, 2):
        assert (
            _serve_until_killed(settings, port, chance.uniform(0.2, 2.5), range(at, at + 2)) == []
        )
        open_index(settings.index, encoder.model_id).close()  # raises where it is damaged
    again = Assistant.open(settings, encoder=encoder)
    fresh = Assistant.open(Settings(settings.corpus, tmp_path / "fresh", cache), encoder=encoder)
    assert {d.doc_id for d in again.documents()} == {p.name for p in settings.corpus.iterdir()}
    told = [{**answer_json(a.ask(QUESTION)), "timings_ms": {}} for a in (again, fresh)]
    again.close()
    fresh.close()
    assert told[0] == told[1]
