"""This project beside LlamaIndex, Haystack and txtai on one collection, in one go.

    python -m benchmarks.peers --data DIR [--documents N] [--queries N] [--rounds N]

DIR holds a collection in BEIR's form: corpus.jsonl[.gz], queries.jsonl, qrels/SPLIT.tsv. Each
peer gets a virtual environment of its own from requirements-NAME.txt, made on first use. All
systems use the packaged all-MiniLM-L6-v2 weights, the same number of threads and processors,
no model hub and no telemetry. Prints one table and writes it with every round as JSON.

Exit codes: 0 done, 1 a system or the collection could not be used (one sentence on stderr each).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.peers.collection import Collection, CollectionError, read_collection, subset
from benchmarks.peers.environments import InstallError, python_of, run_environment
from benchmarks.peers.figures import Figures, medians
from benchmarks.peers.protocol import SYSTEMS, Entry
from benchmarks.peers.rounds import ROOT, Bench, Contestant, run_rounds, warm_up
from benchmarks.peers.table import ratios, table

_BUILD = ROOT / "build" / "peers"


def main(arguments: Sequence[str] | None = None) -> int:
    """Install, measure, print; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        whole = read_collection(options.data, options.split)
    except CollectionError as error:
        print(error, file=sys.stderr)
        return 1
    collection = subset(whole, options.documents, options.queries)
    threads = _bind(options.threads)
    contestants, failed = _installed([e for e in SYSTEMS if e.name in options.systems], options)
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    environ = run_environment({**os.environ, "ASSISTANT_CACHE": str(work / "cache")}, threads)
    bench = Bench(work, collection, environ, options.processes)
    bench.prepare()
    failed |= warm_up(bench, contestants, _say)
    contestants = [one for one in contestants if one.entry.name not in failed]
    found, broken = (
        run_rounds(bench, contestants, options.rounds, _say) if contestants else ({}, {})
    )
    failed |= broken
    _report(found, failed, collection, threads, options)
    return 1 if failed else 0


def _installed(
    entries: Sequence[Entry], options: argparse.Namespace
) -> tuple[list[Contestant], dict[str, str]]:
    contestants, failed = [], {}
    for entry in entries:
        _say(f"environment of {entry.label}")
        try:
            python = python_of(entry, options.environments.resolve())
            contestants.append(Contestant(entry, python))
        except InstallError as error:
            failed[entry.name] = str(error)
    return contestants, failed


def _report(
    found: Mapping[str, list[Figures]],
    failed: Mapping[str, str],
    collection: Collection,
    threads: int,
    options: argparse.Namespace,
) -> None:
    labels = {entry.name: entry.label for entry in SYSTEMS}
    middle = {name: medians(rounds) for name, rounds in found.items()}
    facts = {
        "documents": len(collection.records),
        "queries": len(collection.queries),
        "rounds": options.rounds,
        "threads": threads,
        "python": platform.python_version(),
    }
    print(", ".join(f"{what}: {value}" for what, value in facts.items()) + "; medians of rounds")
    if middle:
        print(table({labels[name]: figures for name, figures in middle.items()}))
    own = middle.get("project")
    lines = ratios(own, {labels[n]: f for n, f in middle.items() if n != "project"}) if own else []
    for line in lines:
        print(line)
    for sentence in failed.values():
        print(sentence, file=sys.stderr)
    systems: dict[str, Any] = {
        name: {
            "label": labels[name],
            "median": asdict(middle[name]),
            "rounds": [asdict(one) for one in rounds],
        }
        for name, rounds in found.items()
    }
    out = options.out or options.work / "results.json"
    result = {**facts, "systems": systems, "ratios": lines, "failed": dict(failed)}
    out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _say(f"written to {out}")


def _bind(threads: int | None) -> int:
    """Keep this process and those it starts on ``threads`` processors, where that can be set."""
    if not hasattr(os, "sched_setaffinity"):
        return threads or os.cpu_count() or 1
    allowed = sorted(os.sched_getaffinity(0))
    chosen = allowed[:threads]
    os.sched_setaffinity(0, chosen)
    return len(chosen)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{value}' is not a number from 1 up")
    return number


def _parser() -> argparse.ArgumentParser:
    names = [entry.name for entry in SYSTEMS]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="the collection")
    add("--split", default="train", help="which qrels to use (train)")
    add("--documents", type=_positive, metavar="N", help="only so many documents (all)")
    add("--queries", type=_positive, metavar="N", help="only the first so many queries (all)")
    add("--rounds", type=_positive, default=3, metavar="N", help="the median is shown (3)")
    add("--processes", type=_positive, default=3, metavar="N",
        help="whole processes to time in a round (3)")  # fmt: skip
    add("--threads", type=_positive, metavar="N", help="threads and processors (all)")
    add("--systems", nargs="+", choices=names, default=names, metavar="NAME",
        help=f"which of {', '.join(names)} (all)")  # fmt: skip
    add("--environments", type=Path, default=_BUILD / "environments", metavar="DIR",
        help="where the peers are installed (build/peers/environments)")  # fmt: skip
    add("--work", type=Path, default=_BUILD / "work", metavar="DIR",
        help="for indexes and logs (build/peers/work)")  # fmt: skip
    add("--out", type=Path, metavar="FILE", help="for the JSON (results.json in --work)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
