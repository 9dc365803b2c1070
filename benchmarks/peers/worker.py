"""One phase of one system in a process of its own; its figures go to a JSON file.

    python -m benchmarks.peers.worker SYSTEM index|query|first --corpus DIR --index DIR ...

It runs in the system's own environment, so that it imports the standard library only.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_memory_mb
from benchmarks.peers.collection import read_queries
from benchmarks.peers.protocol import System, load_system

DEPTH = 10


def main() -> None:
    """Run the phase that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system")
    parser.add_argument("phase", choices=("index", "query", "first"))
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--index", type=Path, required=True, metavar="DIR")
    parser.add_argument("--queries", type=Path, metavar="FILE", help="for query")
    parser.add_argument("--query", help="for first")
    parser.add_argument("--out", type=Path, metavar="FILE")
    options = parser.parse_args()
    phase: Callable[[System, argparse.Namespace], dict[str, Any]] = {
        "index": _index,
        "query": _query,
        "first": _first,
    }[options.phase]
    figures = phase(load_system(options.system), options)
    if options.out:
        options.out.write_text(json.dumps(figures), encoding="utf-8")


def _index(system: System, options: argparse.Namespace) -> dict[str, Any]:
    options.index.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    system.prepare()
    prepared = time.perf_counter()
    system.index(options.corpus, options.index)
    done = time.perf_counter()
    return {
        "prepare_s": prepared - started,
        "index_s": done - prepared,
        "index_memory_mb": peak_memory_mb(),
    }


def _query(system: System, options: argparse.Namespace) -> dict[str, Any]:
    queries = read_queries(options.queries)
    started = time.perf_counter()
    system.prepare()
    system.load(options.corpus, options.index)
    loaded = time.perf_counter()
    run: dict[str, list[str]] = {}
    seconds: list[float] = []
    for query_id, text in queries.items():
        asked = time.perf_counter()
        found = system.search(text, DEPTH)
        seconds.append(time.perf_counter() - asked)
        run[query_id] = [doc_id for doc_id, _ in found]
    return {
        "load_s": loaded - started,
        "query_s": seconds,
        "query_memory_mb": peak_memory_mb(),
        "run": run,
    }


def _first(system: System, options: argparse.Namespace) -> dict[str, Any]:
    """Print the best texts for one query: what ``python -m assistant ask`` is compared with."""
    system.prepare()
    system.load(options.corpus, options.index)
    for number, (doc_id, text) in enumerate(system.search(options.query, DEPTH), start=1):
        print(f"[{number}] {doc_id}\n{text}\n")
    return {}


if __name__ == "__main__":
    main()
