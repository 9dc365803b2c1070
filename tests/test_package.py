from __future__ import annotations

import subprocess
import sys
import tomllib

import assistant
from assistant.config import ROOT

HEAVY = ("torch", "sentence_transformers", "transformers", "faiss", "gradio", "openvino", "tantivy")


def test_importing_the_package_is_light() -> None:
    code = f"import sys, assistant; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_everything_exported_exists() -> None:
    assert all(getattr(assistant, name) for name in assistant.__all__)


def test_every_package_and_file_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    told = settings["tool"]["setuptools"]
    here = ROOT / "assistant"
    found = {"assistant"} | {
        "assistant." + ".".join(path.parent.relative_to(here).parts)
        for path in here.rglob("*.py")
        if path.parent != here
    }
    assert set(told["packages"]) == found | {"assistant.bundled"}
    shipped = {
        path
        for package, patterns in told["package-data"].items()
        for pattern in patterns
        for path in here.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    others = {p for p in here.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    assert others <= shipped


def test_the_version_stands_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {assistant.__version__} - " in text
