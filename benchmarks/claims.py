"""The verifier on pairs, and claims checked against a corpus: how often right, how fast.

    python -m benchmarks.claims --pairs FILE... [--claim-only]
    python -m benchmarks.claims --cases FILE [--corpus DIR]

PAIRS is JSON Lines (".gz" too) of premise, hypothesis or claim, label (entailment,
contradiction, neutral, or not_entailment where the set only says that) and, optionally, source:
accuracy and macro-F1 by source, and with --claim-only the same with the premise left empty,
which shows what the claims alone give away. CASES is JSON Lines of claim, label and, optionally,
twin (an id that two claims share which differ by a word): accuracy, macro-F1, refuted or
unknown claims called supported, uncovered claims decided, twins that got the same decided
label, what the guards change, and the time of one check.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.models import load_verifier
from assistant.protocols import Verifier

_LABELS = ("entailment", "contradiction", "neutral")
_DECIDED = ("supported", "refuted", "disputed")


def main() -> None:
    """Measure what was given and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, nargs="+")
    parser.add_argument("--claim-only", action="store_true")
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--show", action="store_true", help="list the claims that went wrong")
    options = parser.parse_args()
    if not options.pairs and not options.cases:
        parser.error("give --pairs or --cases")
    if options.pairs:
        verifier = load_verifier(read_settings())
        rows = [row for path in options.pairs for row in read_lines(path)]
        measure_pairs(rows, verifier, options.claim_only)
    if options.cases:
        with tempfile.TemporaryDirectory() as scratch:
            base = read_settings(corpus=options.corpus)
            settings = Settings(base.corpus, Path(scratch) / "index", base.cache, base.runtime)
            measure_cases(read_lines(options.cases), Assistant.open(settings), options.show)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file, compressed or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


# --- pairs -----------------------------------------------------------------------------------


def measure_pairs(rows: Sequence[dict[str, Any]], verifier: Verifier, claim_only: bool) -> None:
    """Print accuracy and macro-F1 by source."""
    pairs = [(r["premise"], r.get("hypothesis") or r["claim"]) for r in rows]
    labels = [r["label"] for r in rows]
    sources = [str(r.get("source", "pairs")) for r in rows]
    started = time.perf_counter()
    found = verifier.score(pairs)[:, :3].argmax(axis=1)
    speed = len(pairs) / (time.perf_counter() - started)
    alone = verifier.score([("", claim) for _, claim in pairs])[:, :3].argmax(axis=1)
    print(f"{'source':<22}{'pairs':>7}{'accuracy':>10}{'macro-F1':>10}")
    for source in sorted(set(sources)):
        at = [i for i, s in enumerate(sources) if s == source]
        print(_row(source, [labels[i] for i in at], found[at]))
        if claim_only:
            print(_row("  claim only", [labels[i] for i in at], alone[at]))
    print(f"{speed:.0f} pairs/s, 20 pairs of 64 word pieces: {_time_of_twenty(verifier):.0f} ms")


def _row(name: str, labels: Sequence[str], found: Any) -> str:
    if "not_entailment" in labels:
        follows = [label == "entailment" for label in labels]
        right = [(f == 0) == t for f, t in zip(found, follows, strict=True)]
        return f"{name:<22}{len(labels):>7}{np.mean(right):>10.3f}{'':>10}"
    truth = [_LABELS.index(label) for label in labels]
    accuracy = float(np.mean(np.asarray(truth) == found))
    macro = f1_score(truth, found, average="macro", zero_division=0)
    return f"{name:<22}{len(labels):>7}{accuracy:>10.3f}{macro:>10.3f}"


def _time_of_twenty(verifier: Verifier) -> float:
    """Return the median milliseconds of twenty pairs of about 64 word pieces together."""
    text = "the cell grows when food is there and rests when it is not, as the studies show, "
    pairs = [(f"{n} {text * 2}", f"{text}{n}") for n in range(20)]
    times = []
    for _ in range(9):
        started = time.perf_counter()
        verifier.score(pairs)
        times.append(time.perf_counter() - started)
    return 1000 * float(np.median(times))


# --- claims on a corpus ------------------------------------------------------------------------


def measure_cases(cases: Sequence[dict[str, Any]], assistant: Assistant, show: bool) -> None:
    """Print how the cases with a claim come out."""
    cases = [c for c in cases if "claim" in c]
    assistant.check("A first claim is checked.")
    times, verdicts = [], []
    for case in cases:
        started = time.perf_counter()
        verdicts.append(assistant.check(case["claim"]))
        times.append(1000 * (time.perf_counter() - started))
    truth = [c["label"] for c in cases]
    found = [v.label for v in verdicts]
    right = [t == f for t, f in zip(truth, found, strict=True)]
    labels = sorted(set(truth))
    macro = f1_score(truth, found, average="macro", labels=labels, zero_division=0)
    false = sum(f == "supported" and t != "supported" for t, f in zip(truth, found, strict=True))
    open_ = [f for t, f in zip(truth, found, strict=True) if t == "not_enough_info"]
    print(f"claims {len(cases)}  accuracy {np.mean(right):.3f}  macro-F1 {macro:.3f}")
    print(f"false claims called supported {false}")
    print(f"uncovered claims decided {sum(f in _DECIDED for f in open_)} of {len(open_)}")
    twins: dict[str, list[str]] = defaultdict(list)
    for case, label in zip(cases, found, strict=True):
        if case.get("twin"):
            twins[case["twin"]].append(label)
    same = [t for t, pair in twins.items() if len(pair) == 2 and pair[0] == pair[1] != _OPEN]
    print(f"twins with the same decided label {len(same)} of {len(twins)}")
    print(f"check p50 {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms")
    if show:
        for case, verdict in zip(cases, verdicts, strict=True):
            if case["label"] != verdict.label:
                print(f"- {case['claim']}\n    {case['label']} -> {verdict.label}")


_OPEN = "not_enough_info"

if __name__ == "__main__":
    main()
