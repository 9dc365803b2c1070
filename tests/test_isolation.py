"""Flows in namespaces of their own: without a network, and with a read-only index."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from assistant.config import ROOT
from assistant.models import convert_models
from tests.live import wait_until_ready

ASK = [sys.executable, "-m", "assistant"]


def can_unshare(*flags: str) -> bool:
    tool = shutil.which("unshare")
    if tool is None:
        return False
    return subprocess.run([tool, *flags, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_nothing_needs_a_network(tmp_path: Path, cache: Path) -> None:
    if not can_unshare("-rn"):
        pytest.skip("unshare -rn is not allowed here")
    command = ["-m", "benchmarks.offline", "--folder", str(tmp_path), "--cache", str(cache)]
    found = subprocess.run(
        ["unshare", "-rn", sys.executable, *command],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=500,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    assert "no route" in found.stdout


@pytest.mark.slow
def test_a_read_only_index_answers_fresh_or_stale(tmp_path: Path, cache: Path) -> None:
    if not can_unshare("-rm"):
        pytest.skip("unshare -rm is not allowed here")
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.md").write_text("# Kettles\n\nA kettle boils water.\n")
    environment = {**os.environ, "ASSISTANT_CACHE": str(cache)}
    ask = [*ASK, "--corpus", str(corpus), "--index", str(index)]
    subprocess.run([*ask, "index"], check=True, cwd=ROOT, env=environment, capture_output=True)

    def read_only(*command: str) -> subprocess.CompletedProcess[str]:
        shell = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        return subprocess.run(
            ["unshare", "-rm", "sh", "-c", shell, str(index), *ask, *command],
            capture_output=True, text=True, check=False, cwd=ROOT, env=environment,
        )  # fmt: skip

    fresh = read_only("ask", "What boils water?")
    assert (fresh.returncode, fresh.stderr) == (0, "")
    assert "A kettle boils water." in fresh.stdout
    (corpus / "b.md").write_text("# Pots\n\nA pot is deep.\n")
    stale = read_only("ask", "What boils water?")
    assert stale.returncode == 0
    assert "A kettle boils water." in stale.stdout
    assert len(stale.stderr.splitlines()) == 1
    assert "cannot be written" in stale.stderr
    assert "answered from the index as it was" in stale.stderr
    failed = read_only("index")
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_space_runs_where_repository_and_home_are_read_only(tmp_path: Path, cache: Path) -> None:
    if not can_unshare("-rm"):
        pytest.skip("unshare -rm is not allowed here")
    convert_models(cache)
    repository, scratch = tmp_path / "home" / "app", tmp_path / "tmp"
    for name in ("assistant", "corpus"):
        shutil.copytree(ROOT / name, repository / name)
    for name in ("app.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, repository)
    own = scratch / "document-assistant-0"  # what an earlier start would have left
    shutil.copytree(cache / "models", own / "models")
    own.chmod(0o700)
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("ASSISTANT_", "XDG_"))}
    environment = {
        **kept, "HOME": str(tmp_path / "home"), "TMPDIR": str(scratch), "SPACE_ID": "somebody/app",
        "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    shell = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0/app" && exec "$@"'
    with subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", shell, str(tmp_path / "home"), sys.executable, "app.py"],
        stderr=subprocess.PIPE, text=True, env=environment,
    ) as server:  # fmt: skip
        told: list[str] = []
        try:
            for line in server.stderr or ():
                told.append(line)
                if found := re.search(r"Open (\S+) in a browser", line):
                    wait_until_ready(found[1])
                    with urllib.request.urlopen(found[1], timeout=60) as page:
                        assert "gradio" in page.read().decode("utf-8")
                        policy = page.headers["content-security-policy"]
                    assert "frame-ancestors 'self' https://huggingface.co" in policy
                    break
            else:
                pytest.fail("".join(told))
        finally:
            server.send_signal(signal.SIGINT)
    first, second = told[:2]
    assert "ASSISTANT_CACHE" in first
    assert "ASSISTANT_INDEX" in second


@pytest.mark.slow
def test_a_full_disk_while_indexing_is_one_sentence(tmp_path: Path) -> None:
    if not can_unshare("-rm"):
        pytest.skip("unshare -rm is not allowed here")
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(200):
        text = f"# Note {number}\n\n" + f"The kettle number {number} boils. " * 60
        (corpus / f"{number}.md").write_text(text)
    index.mkdir()
    code = (
        "import sys; from pathlib import Path; from assistant.config import Settings;"
        "from assistant.errors import IndexWriteError; from assistant.indexing import sync_index;"
        "from tests.fakes import HashEncoder\n"
        "try: sync_index(Settings(*map(Path, sys.argv[1:4])), HashEncoder())\n"
        "except IndexWriteError as error: print(error)\n"
        "else: print('it fitted')\n"
        "print(sorted(p.name for p in Path(sys.argv[2]).glob('generations/*')))\n"
    )
    shell = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -c "$3" "$0" "$1" "$1"'
    found = subprocess.run(
        ["unshare", "-rm", "sh", "-c", shell, str(corpus), str(index), sys.executable, code],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    told, left = found.stdout.splitlines()
    assert "cannot be written" in told
    assert left == "[]"
