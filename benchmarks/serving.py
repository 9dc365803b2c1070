"""Memory of the web app after work, and seconds of a whole ``ask`` process.

    python -m benchmarks.serving [--corpus DIR] [--processes 5]

The app is made as ``python -m assistant serve`` makes it, in a process of its own, with the
verifier loaded; every example question of the corpus is asked and checked as a claim. Then
``python -m assistant ask`` runs on the warm index, timed from its start to its end.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from assistant.assistant import Assistant
from assistant.config import ROOT, read_settings
from benchmarks.memory import peak_memory_mb

_MEMORY_MB, _SECONDS = 500, 1.2


def main() -> None:
    """Measure and print; the index is built first, so that both find it warm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--processes", type=int, default=5, help="whole processes to time (5)")
    parser.add_argument("--app", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.app:
        _work_as_the_app(options.corpus)
        return
    assistant = Assistant.open(read_settings(corpus=options.corpus))
    question = next(iter(assistant.info.examples), "What is this about?")
    assistant.close()
    corpus = ["--corpus", str(options.corpus)] if options.corpus else []
    app = [sys.executable, "-m", "benchmarks.serving", "--app", *corpus]
    done = subprocess.run(app, cwd=ROOT, check=True, capture_output=True, text=True)
    memory = float(done.stdout.split()[-1])
    print(f"web app, peak memory: {memory:.0f} MB (wanted: under {_MEMORY_MB})")
    seconds = []
    for _ in range(options.processes):
        started = time.perf_counter()
        command = [sys.executable, "-m", "assistant", *corpus, "ask", question]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    median = sorted(seconds)[len(seconds) // 2]
    print(f"python -m assistant ask, median: {median:.2f} s (wanted: under {_SECONDS})")


def _work_as_the_app(corpus: Path | None) -> None:
    from assistant.web.server import create_app

    assistant = Assistant.open(read_settings(corpus=corpus))
    app = create_app(assistant)
    for question in assistant.info.examples or ("What is this about?",):
        assistant.ask(question)
        assistant.check(question)
    print(f"{app.title} {peak_memory_mb()}")
    assistant.close()


if __name__ == "__main__":
    main()
