from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import app
from assistant.config import ROOT
from assistant.errors import SettingsError
from assistant.web.server import address, claim_port


def test_a_free_port_is_claimed_and_named() -> None:
    with claim_port("127.0.0.1", 0) as listener:
        assert address(listener).startswith("http://127.0.0.1:")


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 99_999)])
def test_a_host_or_port_that_cannot_be_used_is_told(host: str, port: int) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        claim_port(host, port)


def test_a_port_in_use_is_one_sentence_and_exit_code_1(capsys) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"Port {port} on 127.0.0.1" in err
    assert "--port" in err
    assert len(err.splitlines()) == 1


def test_a_missing_corpus_is_one_sentence_and_exit_code_1(tmp_path: Path, capsys) -> None:
    with ThreadPoolExecutor(1) as thread:  # beside Playwright this one has a running loop
        code = thread.submit(app.main, ["--port", "0", "--corpus", str(tmp_path / "none")])
    assert code.result() == 1
    assert "none does not exist" in capsys.readouterr().err


@pytest.mark.slow
def test_the_app_starts_serves_and_stops_on_interrupt(tmp_path: Path, cache: Path) -> None:
    with claim_port("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "ASSISTANT_CACHE": str(cache), "GRADIO_SERVER_PORT": str(port)}
    command = [sys.executable, "app.py", "--index", str(tmp_path / "index")]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/")  # 503 until it is ready
        finally:
            process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=40)
    assert f"Open http://127.0.0.1:{port}" in told
    assert "Traceback" not in told
    assert process.returncode == 0


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
