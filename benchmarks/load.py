"""Visitors by the dozen: throughput, waiting times, refusals and memory of a server under load.

    python -m benchmarks.load [--users 1 16 64] [--minutes 1] [--pause 1] [--corpus DIR]
    python -m benchmarks.load --sessions 10000

Starts the web app on a free port with no rate limit and sends locust's visitors
(``benchmarks/visitors.py``): most questions are new, some repeat, besides claims, pages and
questions in the chat through its queue. ``--minutes`` is shared among the numbers of users;
``--pause`` is how many seconds a visitor waits on average between two things, 0: none, so that
as many calls are always under way as there are users. Eight seconds of visits come before what is
counted. ``--sessions`` opens so many new
conversations instead, of one question each, and tells how memory grew after the first tenth.

Limits: Linux, for memory is read from /proc; locust runs on the same machine and takes its share
of the processors.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.claims.draft import sentences_of_text
from assistant.config import ROOT
from assistant.words import STOP

_REFUSED = " refused"
_READY_SECONDS = 300
_WARM_SECONDS = 8


@dataclass(slots=True)
class Figures:
    """What came of one kind of thing done; ``times`` counts milliseconds."""

    times: Counter[float] = field(default_factory=Counter)
    errors: int = 0
    refused: int = 0

    @property
    def answered(self) -> int:
        """How many were neither an error nor refused."""
        return sum(self.times.values()) - self.errors


def percentile(times: Mapping[float, int], share: float) -> float:
    """Return the value that a share of counted values do not exceed; 0 where there is none."""
    wanted, seen = share * sum(times.values()), 0
    for value in sorted(times):
        seen += times[value]
        if seen >= wanted:
            return value
    return 0.0


def read_figures(stats: Sequence[Mapping[str, Any]]) -> dict[str, Figures]:
    """Return figures by kind from locust's JSON, refusals beside what was refused."""
    found: dict[str, Figures] = {}
    for entry in stats:
        kind = str(entry["name"])
        figures = found.setdefault(kind.removesuffix(_REFUSED), Figures())
        if kind.endswith(_REFUSED):
            figures.refused += int(entry["num_requests"])
            continue
        figures.errors += int(entry["num_failures"])
        figures.times.update({float(ms): n for ms, n in entry["response_times"].items()})
    return found


def table(found: Mapping[str, Figures], seconds: float) -> str:
    """Return the figures as lines of text, with a line for everything together."""
    whole = Figures()
    for figures in found.values():
        whole.times.update(figures.times)
        whole.errors += figures.errors
        whole.refused += figures.refused
    lines = [
        f"{'':14}{'a second':>9}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'errors':>8}{'refused':>8}"
    ]
    for kind, figures in [*sorted(found.items()), ("together", whole)]:
        p50, p95, p99 = (percentile(figures.times, share) for share in (0.5, 0.95, 0.99))
        rate = figures.answered / seconds
        lines.append(
            f"{kind:14}{rate:9.1f}{p50:8.0f}{p95:8.0f}{p99:8.0f}"
            f"{figures.errors:8}{figures.refused:8}"
        )
    return "\n".join(lines)


def make_plan(base: str, pause: float, sessions: int) -> dict[str, Any]:
    """Return what visitors ask of a server, made of its own documents."""
    documents = [d["doc_id"] for d in _get(f"{base}/api/v1/documents")["documents"]][:200]
    texts = [_get(f"{base}/api/v1/documents/{doc_id}")["text"] for doc_id in documents[:20]]
    words = Counter(w for text in texts for w in re.findall(r"[a-z]{5,}", text) if w not in STOP)
    sentences = [s for text in texts for s in sentences_of_text(text)]
    entries = _get(f"{base}/api/v1/faq")["entries"]
    submit = next(
        event["id"]
        for event in _get(f"{base}/config")["dependencies"]
        if event["targets"] and event["targets"][0][1] == "submit"
    )
    return {
        "documents": documents,
        "questions": [e["question"] for e in entries[:200]] or ["What is this about?"],
        "claims": [s for s in sentences if 5 < len(s.split()) < 30][:400] or ["It is so."],
        "words": [word for word, _ in words.most_common(500)],
        "submit": submit,
        "pause": pause,
        "sessions": sessions,
    }


@dataclass(slots=True)
class Memory:
    """A process's memory in MB, a sample a second."""

    process: int
    samples: list[float] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Take samples until done."""
        while not self.done.wait(1):
            self.samples.append(memory_mb(self.process))

    def told(self) -> str:
        """Return a few of the samples, evenly spread."""
        step = max(1, len(self.samples) // 8)
        return " ".join(f"{mb:.0f}" for mb in self.samples[::step])


def memory_mb(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def processor_seconds(process: int) -> float:
    """Return how long the processors have worked for a process, in all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(process: int) -> Iterator[Memory]:
    """Sample a process's memory meanwhile."""
    memory = Memory(process)
    thread = threading.Thread(target=memory.watch)
    thread.start()
    try:
        yield memory
    finally:
        memory.done.set()
        thread.join()


@contextmanager
def served(corpus: Path | None) -> Iterator[tuple[str, int]]:
    """Serve a corpus without a rate limit; give the address and the server's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port)]
    command += ["--corpus", str(corpus.absolute())] if corpus else []
    environ = {**os.environ, "ASSISTANT_RATE": "0", "ASSISTANT_FEEDBACK": "off"}
    with subprocess.Popen(command, cwd=ROOT, env=environ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/readyz", process)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


def visit(
    locust: str, base: str, plan: Mapping[str, Any], users: int, seconds: float
) -> tuple[dict[str, Figures], float]:
    """Send visitors for so many seconds, or as long as the plan's sessions take.

    Returns:
        The figures by kind, and how many seconds it took.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")
        command = [
            locust, "-f", str(ROOT / "benchmarks" / "visitors.py"), "--headless", "--json",
            "--skip-log", "--host", base, "--stop-timeout", "60",
            "--users", str(users), "--spawn-rate", str(users),
        ]  # fmt: skip
        command += [] if plan["sessions"] else ["--run-time", f"{seconds:.0f}s"]
        started = time.monotonic()
        # It leaves with 1 where there were failures; they are in the figures.
        told = subprocess.run(
            command, env={**os.environ, "LOAD_PLAN": str(path)}, stdout=subprocess.PIPE, check=False
        )
        taken = time.monotonic() - started
    return read_figures(json.loads(told.stdout)), taken if plan["sessions"] else seconds


def main() -> int:
    """Measure and print; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--users", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--minutes", type=float, default=1.0, help="for all together (1)")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two things (1)")
    parser.add_argument("--sessions", type=int, default=0, help="open so many conversations")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--locust", default=_find_locust(), help="the load tool")
    options = parser.parse_args()
    if not options.locust:
        print("locust is not installed; run: make bench-load")
        return 2
    with served(options.corpus) as (base, process):
        if options.sessions:
            return _sessions(options, base, process)
        plan = make_plan(base, options.pause, 0)
        seconds = 60 * options.minutes / len(options.users)
        visit(options.locust, base, plan, 4, _WARM_SECONDS)
        errors = 0
        for users in options.users:
            used = processor_seconds(process)
            with watched(process) as memory:
                found, taken = visit(options.locust, base, plan, users, seconds)
            used = processor_seconds(process) - used
            print(f"\n{users} users, {taken:.0f} s, a pause of {options.pause:g} s")
            print(table(found, taken))
            done = max(1, sum(figures.answered for figures in found.values()))
            print(f"processors: {used / taken:.2f} in use, {1000 * used / done:.1f} ms for each")
            print(f"memory of the server, MB: {memory.told()}", flush=True)
            errors += sum(figures.errors for figures in found.values())
    return 1 if errors else 0


def _sessions(options: argparse.Namespace, base: str, process: int) -> int:
    """Open conversations, first a tenth to warm up, and print how memory grew."""
    warm = max(1, options.sessions // 10)
    visit(options.locust, base, make_plan(base, 0, warm), 4, 0)
    before = memory_mb(process)
    with watched(process) as memory:
        plan = make_plan(base, 0, options.sessions)
        found, taken = visit(options.locust, base, plan, 4, 0)
    print(f"\n{options.sessions:,} new conversations after {warm:,} to warm up, {taken:.0f} s")
    print(table(found, taken))
    print(f"memory of the server, MB: {memory.told()}")
    print(f"grown by {memory_mb(process) - before:.1f} MB")
    return 1 if any(figures.errors for figures in found.values()) else 0


def _find_locust() -> str | None:
    own = ROOT / ".venv-load" / "bin" / "locust"
    return str(own) if own.exists() else shutil.which("locust")


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=60) as reply:
        return json.load(reply)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            _get(url)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not get ready.")


if __name__ == "__main__":
    sys.exit(main())
