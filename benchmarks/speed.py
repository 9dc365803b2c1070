"""How long people wait: a warm question, a whole process, the web page's first answer.

    python -m benchmarks.speed [--corpus DIR] [--questions FILE]

Questions are the corpus's examples unless a JSON Lines file with "question" is given. Prints
milliseconds (p50, p95) of ``ask`` in one warm process: the first time, worked out again with
its sentences known, and from what was answered lately; and seconds of
``python -m assistant ask`` from start to answer on a warm index.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from assistant.answering.answer import Sources, answer_question
from assistant.assistant import Assistant
from assistant.config import ROOT, read_settings


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--processes", type=int, default=5, help="whole processes to time (5)")
    options = parser.parse_args()
    started = time.perf_counter()
    assistant = Assistant.open(read_settings(corpus=options.corpus))
    print(f"open: {time.perf_counter() - started:.2f} s ({len(assistant.index)} passages)")
    questions = list(assistant.info.examples) or ["What is this about?"]
    if options.questions:
        lines = options.questions.read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines if line.strip()]
    sources = Sources(assistant.retriever, assistant.faq, assistant.info, assistant.verifier)
    ways: dict[str, Callable[[str], object]] = {
        "first time": assistant.ask,
        "worked out again": lambda question: answer_question(question, sources),
        "remembered": assistant.ask,
    }
    for label, ask in ways.items():
        seconds = sorted(_timed(ask, question) for question in questions)
        p50, p95 = (1000 * seconds[int(share * len(seconds))] for share in (0.5, 0.95))
        print(f"ask, {label}: p50 {p50:.1f} ms  p95 {p95:.1f} ms  ({len(questions)} questions)")
    assistant.close()
    command = [sys.executable, "-m", "assistant"]
    command += ["--corpus", str(options.corpus)] if options.corpus else []
    whole = []
    for _ in range(options.processes):
        started = time.perf_counter()
        subprocess.run([*command, "ask", questions[0]], check=True, capture_output=True, cwd=ROOT)
        whole.append(time.perf_counter() - started)
    print(f"python -m assistant ask: median {sorted(whole)[len(whole) // 2]:.2f} s")


def _timed(ask: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
