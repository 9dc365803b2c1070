"""What the serving installation takes: disk, time to start, memory.

    python -m benchmarks.footprint FOLDER

``FOLDER`` is what ``packaging/serve_image.sh FOLDER`` made. The installed size counts each file
once, as ``du`` does. The cold start is from the start of the process to the first chat page, with
an index that stands: the first one also compiles the models for this processor, the second is
that of every start after. Memory is that of the server, resident, after its start and after
asking, checking and reading each example of the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

_MB = 1024 * 1024
_WANTED_MB = 900
_WAIT_SECONDS = 120.0
_ABSENT = ("torch", "transformers", "sentence_transformers")


def main() -> int:
    """Measure and print; return 1 when the size is over the limit or torch is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="made by packaging/serve_image.sh")
    folder = parser.parse_args().folder.resolve()
    command = folder / "venv" / "bin" / "assistant"
    if not command.is_file():
        print(f"There is no {command}; make it with: packaging/serve_image.sh {folder}")
        return 1
    size = disk_mb(folder)
    venv, models = disk_mb(folder / "venv"), disk_mb(folder / "models")
    print(f"installed: {size:.0f} MB (packages {venv:.0f}, models {models:.0f}; "
          f"wanted: under {_WANTED_MB})")  # fmt: skip
    there = [
        name for name in _ABSENT if list(folder.glob(f"venv/lib/python*/site-packages/{name}"))
    ]
    print(f"torch, transformers, sentence-transformers: {', '.join(there) or 'none'}")
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **{n: v for n, v in os.environ.items() if not n.startswith(("ASSISTANT_", "GRADIO_"))},
            "ASSISTANT_CACHE": str(folder / "models"),
            "ASSISTANT_INDEX": f"{scratch}/index",
            "ASSISTANT_FEEDBACK": "off",
        }
        subprocess.run([command, "index"], env=environment, check=True, capture_output=True)
        for number, name in enumerate(("first", "second")):
            seconds, before, after = _serve(command, environment, work=number == 1)
            print(f"{name} start to the chat page: {seconds:.1f} s")
        print(f"memory after the start: {before:.0f} MB; after work: {after:.0f} MB")
    return 0 if size < _WANTED_MB and not there else 1


def disk_mb(folder: Path) -> float:
    """Return what the files below a folder take on the disk, in MB; links count once."""
    taken: dict[tuple[int, int], int] = {}
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            status = os.lstat(Path(parent, name))
            taken[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(taken.values()) / _MB


def resident_mb(process: int) -> float:
    """Return the resident memory of a process, in MB."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found[1]) / 1024 if found else 0.0


def _serve(command: Path, environment: dict[str, str], *, work: bool) -> tuple[float, float, float]:
    started = time.perf_counter()
    with subprocess.Popen(
        [command, "serve", "--port", "0"], env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            address = _address(server)
            _wait_for(address, "gradio")
            seconds = time.perf_counter() - started
            _wait_for(f"{address}/readyz", "ready")
            before = resident_mb(server.pid)
            if work:
                _work(address)
            return seconds, before, resident_mb(server.pid)
        finally:
            server.send_signal(signal.SIGINT)


def _address(server: subprocess.Popen[str]) -> str:
    for line in server.stderr or ():
        found = re.search(r"Open (\S+) in a browser", line)
        if found:
            return found[1]
    raise SystemExit("The server did not start.")


def _wait_for(address: str, expected: str) -> None:
    until = time.perf_counter() + _WAIT_SECONDS
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                if expected in page.read().decode("utf-8").lower():
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{address} did not answer.")


def _work(address: str) -> None:
    faq = json.loads(_get(f"{address}/api/v1/faq"))
    questions = [entry["question"] for entry in faq["entries"]] or ["What is this about?"]
    for question in questions:
        _post(f"{address}/api/v1/ask", {"question": question})
        _post(f"{address}/api/v1/check", {"claim": question})
    for page in ("/", "/faq", "/doc/", "/map"):
        _get(address + page)


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as page:
        return bytes(page.read())


def _post(address: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as found:
        found.read()


if __name__ == "__main__":
    sys.exit(main())
