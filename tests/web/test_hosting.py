from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import ROOT
from assistant.errors import SettingsError
from assistant.web.hosting import Hosting, read_hosting


def test_the_defaults_are_those_of_a_private_machine() -> None:
    assert read_hosting({}) == Hosting()
    assert Hosting().frame_ancestors == "'none'"
    assert not Hosting().mcp


def test_every_variable_is_read(tmp_path: Path) -> None:
    found = read_hosting({
        "ASSISTANT_RATE": "5", "ASSISTANT_TIMEOUT": "2.5", "ASSISTANT_AUTH": str(tmp_path / "u"),
        "ASSISTANT_ORIGINS": "https://a.example, http://b.example:8080/",
        "ASSISTANT_HOSTS": "a.example,b.example", "ASSISTANT_LOG": "questions",
        "ASSISTANT_FRAME_ANCESTORS": "'self'  https://*.a.example",
        "GRADIO_ROOT_PATH": "/assistant/", "FORWARDED_ALLOW_IPS": "10.0.0.1",
        "GRADIO_MCP_SERVER": "True",
    })  # fmt: skip
    assert found == Hosting(
        rate=5, timeout=2.5, origins=("https://a.example", "http://b.example:8080"),
        hosts=("a.example", "b.example"), frame_ancestors="'self' https://*.a.example",
        auth=tmp_path / "u", root_path="/assistant", proxies="10.0.0.1", log_questions=True,
        mcp=True,
    )  # fmt: skip
    assert read_hosting({}, mcp=True).mcp


def test_a_root_path_may_be_a_whole_address() -> None:
    assert read_hosting({"GRADIO_ROOT_PATH": "https://a.example/x/y"}).root_path == "/x/y"


def test_a_space_is_framed_and_proxied_by_its_host() -> None:
    found = read_hosting({"SPACE_ID": "a/b"})
    assert "https://huggingface.co" in found.frame_ancestors
    assert found.proxies == "*"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSISTANT_RATE", "many"),
        ("ASSISTANT_RATE", "-1"),
        ("ASSISTANT_RATE", "1.5"),
        ("ASSISTANT_RATE", "9" * 5_000),
        ("ASSISTANT_TIMEOUT", "nan"),
        ("ASSISTANT_ORIGINS", "a.example"),
        ("ASSISTANT_ORIGINS", "https://a.example/path"),
        ("ASSISTANT_ORIGINS", "https://a.example b"),
        ("ASSISTANT_HOSTS", "https://a.example"),
        ("ASSISTANT_FRAME_ANCESTORS", "https://a.example; script-src *"),
        ("ASSISTANT_FRAME_ANCESTORS", "'none' https://a.example"),
        ("GRADIO_ROOT_PATH", "assistant"),
        ("GRADIO_ROOT_PATH", '/"><script>'),
        ("ASSISTANT_LOG", "all"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as told:
        read_hosting({name: value})
    assert "\n" not in str(told.value)


def test_every_variable_is_documented() -> None:
    described = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    code = (ROOT / "assistant" / "web" / "hosting.py").read_text(encoding="utf-8")
    names = {word for word in code.replace('"', " ").split() if word.startswith("ASSISTANT_")}
    assert names
    assert all(f"`{name}`" in described for name in {*names, "ASSISTANT_FEEDBACK"})
