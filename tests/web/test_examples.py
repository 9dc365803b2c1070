"""The examples of the README, run against a real server with the bundled documents."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from assistant.assistant import Assistant
from assistant.config import ROOT
from assistant.jsonio import answer_json
from assistant.web.hosting import Hosting
from assistant.web.passwords import hash_password
from tests.live import serving

ADDRESS = "http://127.0.0.1:7860"
QUESTION = "What activates mTORC1?"
QUIET = {"analytics_enabled": False, "verbose": False, "download_files": False}


def _examples(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Use it from other programs")[1].split("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


@pytest.fixture(scope="module")
def url(bundled: Assistant) -> Iterator[str]:
    with serving(bundled, Hosting(mcp=True)) as address:
        yield address


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep gradio_client from calling home."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")


def _run(command: list[str]) -> list[str]:
    found = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "default"}, check=True,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return found.stdout.splitlines()


def test_curl_does_all_three_uses(url: str) -> None:
    (example,) = _examples("sh")
    ask, check, faq = map(json.loads, _run(["bash", "-ec", example.replace(ADDRESS, url)]))
    assert (ask["outcome"], check["label"]) == ("answered", "supported")
    assert faq["outcome"] == "faq"
    assert all(found["disclaimer"] for found in (ask, check, faq))


@pytest.mark.parametrize("number", [0, 1], ids=["gradio_client", "mcp"])
def test_python_does_all_three_uses(url: str, number: int) -> None:
    example = _examples("python")[number].replace(ADDRESS, url)
    outcome, label, question = _run([sys.executable, "-c", example])
    assert (outcome, label) == ("answered", "supported")
    assert "coffee" in question.lower()


def test_the_desktop_example_names_the_command() -> None:
    (example,) = _examples("json")
    (server,) = json.loads(example)["mcpServers"].values()
    assert server["args"] == ["-m", "assistant", "mcp"]


def test_gradio_client_sees_three_functions_and_no_other(url: str, quiet) -> None:
    client = Client(url, **QUIET)
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {
        "/ask", "/check", "/faq",
    }  # fmt: skip
    for name in ("/ask_typed", "/clear", "/prefill"):
        with pytest.raises(ValueError, match="Cannot find a function"):
            client.predict("x", api_name=name)
    client.close()


def test_gradio_client_gets_the_json_of_the_command_line(
    url: str, quiet, bundled: Assistant
) -> None:
    client = Client(url, **QUIET)
    found = client.predict(QUESTION, api_name="/ask")
    expected = answer_json(bundled.ask(QUESTION))
    assert {**found, "timings_ms": 0} == {**json.loads(json.dumps(expected)), "timings_ms": 0}
    follow = client.predict("and mTORC2?", found["resolved_question"], api_name="/ask")
    assert "mTORC2" in follow["resolved_question"]
    assert client.predict(api_name="/faq")["total"] > 0
    for wrong in ("", "???", "x" * 2_001, 7, None, {"a": 1}):
        with pytest.raises(AppError, match="question"):
            client.predict(wrong, api_name="/ask")
    client.close()


def test_gradio_client_logs_in(bundled: Assistant, tmp_path, quiet) -> None:
    users = tmp_path / "users.txt"
    users.write_text(f"ada:{hash_password('a long password')}\n")
    with serving(bundled, Hosting(auth=users)) as url:
        client = Client(url, auth=("ada", "a long password"), **QUIET)
        assert client.predict(QUESTION, api_name="/ask")["outcome"] == "answered"
        client.close()
        with pytest.raises(Exception, match=r"401|credentials|Incorrect"):
            Client(url, auth=("ada", "a wrong password"), **QUIET)
