"""Every command that the documentation shows is run, or stands here with the reason why not."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.config import ROOT

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
)  # fmt: skip
_PROGRAM = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:python|\.venv/bin/python|pip|make|curl|podman|docker|sudo|systemctl|"
    r"journalctl|unshare|assistant|packaging/\S+|git|cd|export|source|\.) .*|make"
)
_SERVES = "serves until it is stopped; tests/web and tests/browser start servers"
_INSTALLS = "installs packages from a registry"
_TRAINS = "trains for hours, with data that is not part of the repository"
_EXAMPLE = "run by tests/web/test_examples.py"
_ENGINE = "needs a container engine; the script that it runs: make bench-footprint"
_MILVUS = "needs a Milvus server; tests/indexing/test_contract.py runs one"
_LONG = "takes an hour, with data that is not part of the repository"
_SYSTEM = "changes the system that it runs on"
NOT_RUN = {
    "make run": f"{_INSTALLS}, then {_SERVES}",
    "make run CORPUS=~/notes": f"{_INSTALLS}, then {_SERVES}",
    "make test": "runs these tests",
    "make check": "runs these tests",
    ". .venv/bin/activate": "changes the shell that it is typed into",
    "python app.py --corpus ~/notes": _SERVES,
    "python app.py --host 0.0.0.0 --port 7860": _SERVES,
    "ASSISTANT_AUTH=users.txt python app.py --host 0.0.0.0": _SERVES,
    "ASSISTANT_FRAME_ANCESTORS=https://www.example.org python app.py": _SERVES,
    "ASSISTANT_CACHE=build/models assistant serve": _SERVES,
    "python -m assistant password ada >> users.txt": "asks for a password; tests/web/test_login.py",
    "curl -u ada http://127.0.0.1:7860/api/v1/documents": "asks for a password",
    "curl -s http://127.0.0.1:7860/api/v1/ask -H 'Content-Type: application/json' \\": _EXAMPLE,
    "curl -s http://127.0.0.1:7860/api/v1/check -H 'Content-Type: application/json' \\": _EXAMPLE,
    "curl -s 'http://127.0.0.1:7860/api/v1/faq?q=Can+coffee+switch+mTOR+on'": _EXAMPLE,
    "python -m pip install -r requirements-formats.txt": _INSTALLS,
    "pip install -r requirements-serve.txt -r requirements-formats.txt": _INSTALLS,
    "pip install --no-deps .": _INSTALLS,
    "packaging/serve_image.sh build/serve": f"{_INSTALLS}; run by make bench-footprint",
    "sudo packaging/serve_image.sh /opt/assistant": _SYSTEM,
    "sudo systemctl enable --now assistant": _SYSTEM,
    "journalctl -u assistant": _SYSTEM,
    "pip install -r requirements-milvus.txt": _INSTALLS,
    "python -m assistant --corpus ~/notes --index milvus://db.example:19530/notes index": _MILVUS,
    'python -m assistant --corpus ~/notes --index milvus://db.example:19530/notes ask "…"': _MILVUS,
    "python -m benchmarks.scale --beir DIR --work DIR --words 60 --plot docs/scaling.svg": _LONG,
    "podman build -t assistant -f packaging/Containerfile .": _ENGINE,
    "podman run --read-only --tmpfs /tmp -v assistant-data:/data -p 7860:7860 assistant": _ENGINE,
}
REASONS_BY_START = {"python -m training.": _TRAINS}


def commands(text: str) -> Iterator[str]:
    """Yield the lines of a page that are commands: in shell fences and in indented blocks."""
    fence = None
    for line in text.splitlines():
        if line.startswith("```"):
            fence = line[3:].strip() if fence is None else None
        elif fence in ("sh", "bash", "console") and not line.startswith(" ") and line:
            yield line
        elif fence is None and line.startswith("    "):
            found = re.sub(r"\s+# .*$", "", line.strip())
            if _PROGRAM.fullmatch(found):
                yield found


SHOWN = sorted({command for page in PAGES for command in commands(page.read_text("utf-8"))})


def _reason(command: str) -> str:
    starts = (why for start, why in REASONS_BY_START.items() if command.startswith(start))
    return NOT_RUN.get(command) or next(starts, "")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Path:
    """A home with ~/notes, and a folder with the files that the commands name."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Reviews\n\nThe next review is on 3 May 2027.\n")
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "draft.md").write_text("Leucine activates mTORC1. The moon is made of cheese.\n")
    (desk / "cases.jsonl").write_text('{"question": "When is the next review?", "covered": true}\n')
    monkeypatch.chdir(desk)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_CACHE", str(cache))
    monkeypatch.setenv("ASSISTANT_FEEDBACK", str(tmp_path / "feedback"))
    monkeypatch.setenv("ASSISTANT_INDEX", str(tmp_path / "index"))
    return desk


def test_some_commands_are_shown_on_every_kind_of_page() -> None:
    assert len(SHOWN) > 30
    assert any(command.startswith("python -m assistant ask") for command in SHOWN)
    assert list(
        commands("    kind: article\n\n    python -m x  # why\n```toml\nmake = 1\n```")
    ) == ["python -m x"]


def test_only_commands_that_are_shown_are_excused() -> None:
    assert set(NOT_RUN) <= set(SHOWN)


@pytest.mark.parametrize("command", [c for c in SHOWN if not _reason(c)])
def test_the_command_works(
    command: str, desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if command.startswith("make "):
        subprocess.run(shlex.split(command), cwd=ROOT, check=True, capture_output=True)
        return
    words = shlex.split(command.partition(">")[0])
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        if name == "ASSISTANT_CACHE":  # with models, as if they had been converted before
            shutil.copytree(os.environ["ASSISTANT_CACHE"] + "/models", desk / value / "models")
            value = str(desk / value)
        monkeypatch.setenv(name, value)
    program = words[: 1 if words[0] == "assistant" else 3]
    assert program[-1] == "assistant", f"list '{command}' in NOT_RUN with a reason, or mend it"
    arguments = [os.path.expanduser(word) for word in words[len(program) :]]  # noqa: PTH111
    if arguments == ["--help"]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    else:
        assert main(arguments) == 0, capsys.readouterr().err
    assert "Traceback" not in capsys.readouterr().err
