"""The whole flow without a network, from an empty cache: index, ask, check, faq, a web page.

    unshare -rn python -m benchmarks.offline

``unshare -rn`` gives a network namespace of its own without a route; without it this refuses to
run, since it would show nothing. The loopback device is brought up for the web page.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from assistant.config import ROOT

_CORPUS = ROOT / "corpus"
_PORT = 7861
_SIOCSIFFLAGS, _UP = 0x8914, 0x1
_STEPS = (
    ("index", "passages"),
    ("ask What activates mTORC1?", "[1]"),
    ("check Leucine activates mTORC1.", "documents"),
    ("faq --list", "?"),
)


def main() -> int:
    """Run the flow and print a line for each step; return 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the cache and the index go")
    parser.add_argument("--cache", type=Path, help="a cache with converted models (an empty one)")
    options = parser.parse_args()
    if _has_route():
        print("There is a network here; start this with: unshare -rn python -m benchmarks.offline")
        return 1
    print("no route leaves this namespace")
    _loopback_up()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))},
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "ASSISTANT_CACHE": str(options.cache or folder / "cache"),
        }
        common = ["--corpus", str(_CORPUS), "--index", str(folder / "index")]
        return _commands(common, environment) or _page(common, environment)


def _has_route() -> bool:
    routes = Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 53))  # a documentation address; nothing is sent
    except OSError:
        return bool(routes)
    return True


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        fcntl.ioctl(device, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _UP))


def _commands(common: list[str], environment: dict[str, str]) -> int:
    for step, expected in _STEPS:
        name, _, text = step.partition(" ")
        started = time.perf_counter()
        found = subprocess.run(
            [sys.executable, "-m", "assistant", *common, name, *([text] if text else [])],
            capture_output=True, text=True, check=False, cwd=ROOT, env=environment,
        )  # fmt: skip
        good = found.returncode == 0 and expected in found.stdout
        print(f"{name}: {'ok' if good else 'FAILED'} ({time.perf_counter() - started:.1f} s)")
        if not good:
            print(found.stdout[-500:], found.stderr[-1500:])
            return 1
    return 0


def _page(common: list[str], environment: dict[str, str]) -> int:
    started = time.perf_counter()
    command = [sys.executable, "-m", "assistant", *common, "serve", "--port", str(_PORT)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as server:
        text = ""
        while time.perf_counter() - started < 120 and "gradio" not in text.lower():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/", timeout=10) as page:
                    text = page.read().decode("utf-8")
            except OSError:
                time.sleep(0.3)
        server.send_signal(signal.SIGINT)
        _, told = server.communicate(timeout=60)
    good = "gradio" in text.lower()
    print(f"page: {'ok' if good else 'FAILED'} ({time.perf_counter() - started:.1f} s)")
    if not good:
        print(told.decode("utf-8", "replace")[-1500:])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
