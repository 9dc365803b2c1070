"""What an index costs as it grows: rate, disk, memory, time of a query, recall.

    python -m benchmarks.scale --beir DIR --work DIR [--sizes 1000 10000 100000 1000000]
        [--pool 2000] [--plot docs/scaling.svg] [--compare]

Passages are made of public sentences (see ``benchmarks.drawn``) and indexed by the same sync
that indexes a folder. Up to ``--encoded`` passages are embedded for real; above that their
vectors are drawn around real ones, and the rate leaves the encoder out (its own rate is printed
first). Building and serving run in processes of their own, so that memory is that of each alone.
A query is dense + lexical search, fusion and reading ten passages; questions are those of the
collection. What was measured is kept in --work, so that a size can be added later. ``--compare``
also builds the approximate index at sizes that are searched exactly.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.config import ROOT, Settings, read_settings
from assistant.datatypes import Vectors
from assistant.indexing import LocalIndex, open_index, sync_index
from assistant.indexing.dense import (
    VECTORS,
    DenseIndex,
    build_approximate,
    flat_search,
    recall_at,
)
from assistant.models import load_encoder
from assistant.protocols import Encoder
from assistant.words import terms
from benchmarks.drawn import DrawnEncoder, Pool, pool_corpus, write_corpus
from benchmarks.plot import Curve, write_plot

_QUESTIONS = 250
_WARM_UP = 30
_K = 10


def main() -> None:
    """Measure each size and print a table."""
    options = _arguments()
    if options.build:
        print(json.dumps(_build(options, options.build)))
        return
    if options.serve:
        print(json.dumps(_serve(options, options.serve)))
        return
    print(f"the encoder alone: {_encoder_rate(options):.1f} passages/s")
    for size in options.sizes:
        row = _child(options, "--build", size) | _child(options, "--serve", size)
        print(_line(row), flush=True)
        if not options.keep:
            shutil.rmtree(options.work / str(size))
        (options.work / f"{size}.json").write_text(json.dumps(row), encoding="utf-8")
    rows = sorted(
        (json.loads(p.read_text(encoding="utf-8")) for p in options.work.glob("[0-9]*.json")),
        key=lambda row: int(row["passages"]),
    )
    print("\n" + _table(rows))
    if options.plot:
        _plot(rows, options.plot)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beir", type=Path, required=True, help="corpus.jsonl.gz, queries.jsonl")
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is made")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--pool", type=int, default=2_000, help="real abstracts to draw from")
    parser.add_argument("--encoded", type=int, default=1_000, help="embed for real up to this")
    parser.add_argument("--words", type=int, default=150, help="end a passage from here on")
    parser.add_argument("--plot", type=Path, help="write the curves to this SVG file")
    parser.add_argument("--compare", action="store_true", help="IVF at every size")
    parser.add_argument("--keep", action="store_true", help="leave the indexes in --work")
    parser.add_argument("--build", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


def _child(options: argparse.Namespace, what: str, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale", "--beir", str(options.beir),
               "--work", str(options.work), "--pool", str(options.pool),
               "--encoded", str(options.encoded), "--words", str(options.words),
               what, str(size)]  # fmt: skip
    command += ["--compare"] if options.compare else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _settings(options: argparse.Namespace, name: str) -> Settings:
    place = options.work.absolute() / name
    base = read_settings(corpus=place / "corpus", index=place / "index")
    return Settings(place / "corpus", place / "index", base.cache, base.runtime)


def _pool(options: argparse.Namespace, encoder: Encoder) -> Pool:
    settings = _settings(options, "pool")
    if not settings.corpus.exists():
        pool_corpus(options.beir / "corpus.jsonl.gz", settings.corpus, options.pool)
    return Pool(settings, encoder)


def _encoder_rate(options: argparse.Namespace) -> float:
    encoder = load_encoder(_settings(options, "pool"))
    pool = _pool(options, encoder)
    texts = [" ".join(s[:5]) for s in pool.sentences[:64]]
    encoder.encode_spans(texts[:8], [[(0, 20)]] * 8)
    started = time.perf_counter()
    encoder.encode_spans(texts, [[(0, 20)]] * len(texts))
    return len(texts) / (time.perf_counter() - started)


def _build(options: argparse.Namespace, size: int) -> dict[str, Any]:
    settings = _settings(options, str(size))
    real = load_encoder(settings)
    pool = _pool(options, real)
    write_corpus(pool, settings.corpus, size, options.words)
    encoder: Encoder = real if size <= options.encoded else DrawnEncoder(pool, real)
    before = _memory()["anonymous"]
    report = sync_index(settings, encoder)
    peak = _status("VmHWM")
    index = open_index(settings.index, encoder.model_id)
    parts = {p.name: _bytes(p) for p in sorted(index.folder.iterdir())}
    dense = index.manifest.dense
    index.close()
    return {
        "size": size, "passages": report.passages, "seconds": report.seconds,
        "encoded": encoder is real, "rate": report.passages / report.seconds,
        "disk": sum(parts.values()), "parts": parts, "plan": dense,
        "build_peak": peak, "build_before": before,
    }  # fmt: skip


def _serve(options: argparse.Namespace, size: int) -> dict[str, Any]:
    settings = _settings(options, str(size))
    encoder = load_encoder(settings)
    lines = (options.beir / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[: _WARM_UP + _QUESTIONS]]
    encoder.encode(["warm up"])
    without = _memory()["total"]
    started = time.perf_counter()
    index = open_index(settings.index, encoder.model_id)
    opened = time.perf_counter() - started
    asked = [(encoder.encode([text])[0], list(terms(text))) for text in texts]
    first = _milliseconds(lambda: index.search(*asked[0], _K))
    whole, dense, lexical, encoding = [], [], [], []
    for at, (vector, words) in enumerate(asked):
        took = _milliseconds(lambda v=vector, w=words: index.search(v, w, _K))  # type: ignore[misc]
        if at >= _WARM_UP:
            whole.append(took)
    memory = _memory()
    for (vector, words), text in zip(asked[_WARM_UP:], texts[_WARM_UP:], strict=True):
        dense.append(_milliseconds(lambda v=vector: index.dense.search(v, 200)))  # type: ignore[misc]
        lexical.append(_milliseconds(lambda w=words: index.sparse.search(w, 200)))  # type: ignore[misc]
        encoding.append(_milliseconds(lambda t=text: encoder.encode([t])))  # type: ignore[misc]
    queries = np.stack([vector for vector, _ in asked[_WARM_UP:]])
    found = {
        "open": opened, "first": first, "memory": memory, "memory_without": without,
        **_spread("query", whole), **_spread("dense", dense), **_spread("lexical", lexical),
        **_spread("encode", encoding), **_recall(index.dense, queries),
    }  # fmt: skip
    if options.compare and index.manifest.dense["kind"] == "flat":
        found["compared"] = _compare(index, queries)
    index.close()
    return found


def _recall(dense: DenseIndex, queries: Vectors) -> dict[str, float]:
    exact = dense.exact()
    flat = [_milliseconds(lambda q=query: exact.search(q, 200)) for query in queries[:25]]  # type: ignore[misc]
    _, wanted = flat_search(exact.all_vectors(), queries, _K)
    recall = recall_at([dense.search(query, _K)[1] for query in queries], wanted)
    return {"recall": recall, **_spread("flat", flat)}


def _compare(index: LocalIndex, queries: Vectors) -> dict[str, Any]:
    """Build the approximate index where search is exact, and measure both."""
    with tempfile.TemporaryDirectory(dir=index.folder.parent) as scratch:
        folder = Path(scratch)
        os.link(index.folder / VECTORS, folder / VECTORS)
        sentences = index.sentence_rows(0, 256).astype(np.float32)
        started = time.perf_counter()
        plan = build_approximate(folder, sentences, flat_up_to=0)
        seconds = time.perf_counter() - started
        dense = DenseIndex.load(folder, plan)
        took = [_milliseconds(lambda q=query: dense.search(q, 200)) for query in queries]  # type: ignore[misc]
        _, wanted = flat_search(dense.all_vectors(), queries, _K)
        recall = recall_at([dense.search(query, _K)[1] for query in queries], wanted)
    return {"plan": dict(plan), "seconds": seconds, "recall": recall, **_spread("ivf", took)}


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def _spread(name: str, values: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, [50, 95])
    return {f"{name}_p50": float(p50), f"{name}_p95": float(p95)}


def _memory() -> dict[str, int]:
    """Return resident bytes of this process: in all, its own, and pages of mapped files."""
    return {"total": _status("VmRSS"), "anonymous": _status("RssAnon"), "files": _status("RssFile")}


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {name}; run this on Linux")


def _bytes(path: Path) -> int:
    return sum(p.stat().st_size for p in (path.rglob("*") if path.is_dir() else [path]))


def _line(row: dict[str, Any]) -> str:
    parts = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in row["parts"].items())
    text = (
        f"{row['passages']}: {'embedded' if row['encoded'] else 'drawn'} in {row['seconds']:.1f} s,"
        f" MB on disk: {parts}; opened in {row['open']:.2f} s, first query {row['first']:.1f} ms; "
        f"dense {row['dense_p50']:.1f}, lexical {row['lexical_p50']:.1f}, flat "
        f"{row['flat_p50']:.1f}, encoding the question {row['encode_p50']:.1f} ms; {row['plan']}"
    )
    if "compared" in row:
        text += f"; IVF here: {row['compared']}"
    return text


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| passages | passages/s | disk MB | build peak MB | serving MB (own + mapped) | "
        "query p50 / p95 ms | search | recall@10 |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for row in rows:
        memory = row["memory"]
        plan = row["plan"]
        how = plan["kind"]
        if how != "flat":
            how += f", {plan['probes']} of {plan['lists']} lists"
        lines.append(
            f"| {row['passages']:,} | {row['rate']:,.0f}{'' if row['encoded'] else ' *'} | "
            f"{row['disk'] / 1e6:,.0f} | {row['build_peak'] / 1e6:,.0f} | "
            f"{memory['total'] / 1e6:,.0f} ({memory['anonymous'] / 1e6:,.0f} + "
            f"{memory['files'] / 1e6:,.0f}) | {row['query_p50']:.1f} / {row['query_p95']:.1f} | "
            f"{how} | {row['recall']:.3f} |"
        )
    return "\n".join([*lines, "", "* without the encoder: vectors are drawn"])


def _plot(rows: list[dict[str, Any]], path: Path) -> None:
    sizes = [row["passages"] for row in rows]
    write_plot(path, "passages", [
        Curve("query p50, ms", sizes, [row["query_p50"] for row in rows]),
        Curve("query p95, ms", sizes, [row["query_p95"] for row in rows]),
        Curve("exact dense search alone, ms", sizes, [row["flat_p50"] for row in rows]),
        Curve("serving memory, MB", sizes, [row["memory"]["total"] / 1e6 for row in rows]),
        Curve("disk, MB", sizes, [row["disk"] / 1e6 for row in rows]),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
