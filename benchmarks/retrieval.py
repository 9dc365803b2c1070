"""Retrieval quality and speed on a collection in BEIR's form.

    python -m benchmarks.retrieval --beir DIR [--split train] [--dense-weight 0.5]

DIR holds corpus.jsonl[.gz], queries.jsonl and qrels/SPLIT.tsv. Prints nDCG@10, Recall@100,
query p50 and p95, documents indexed per second and peak memory. Metrics are computed by
ir-measures.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from pathlib import Path

import ir_measures
from ir_measures import R, nDCG

from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.indexing.interface import DENSE_WEIGHT
from assistant.words import terms


def main() -> None:
    """Index the collection, run every judged query, print one table row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", default="train", help="which qrels to use (train)")
    parser.add_argument(
        "--index", type=Path, help="keep the index here instead of a scratch folder"
    )
    parser.add_argument("--dense-weight", type=float, nargs="+", default=[DENSE_WEIGHT])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        corpus.mkdir()
        for name in ("corpus.jsonl", "corpus.jsonl.gz"):
            if (options.beir / name).exists():
                shutil.copy(options.beir / name, corpus / name)
        base = read_settings(corpus=corpus)
        index = options.index or Path(scratch) / "index"
        assistant = Assistant.open(Settings(corpus, index, base.cache, base.runtime))
        report = assistant.report
        if report is not None:
            rate = report.documents / report.seconds
            print(
                f"indexed {report.documents} documents, {report.passages} passages in "
                f"{report.seconds:.1f} s: {rate:.1f} documents/s"
            )
        queries = _queries(options.beir / "queries.jsonl")
        qrels = _qrels(options.beir / "qrels" / f"{options.split}.tsv")
        judged = {q.query_id for q in qrels}
        for weight in options.dense_weight:
            _run(assistant, {q: t for q, t in queries.items() if q in judged}, qrels, weight)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


def _run(
    assistant: Assistant, queries: dict[str, str], qrels: list[ir_measures.Qrel], weight: float
) -> None:
    run: list[ir_measures.ScoredDoc] = []
    seconds: list[float] = []
    for query_id, text in queries.items():
        started = time.perf_counter()
        vector = assistant.encoder.encode([text])[0]
        hits = assistant.index.search(vector, list(terms(text)), 200, dense_weight=weight)
        best: dict[str, float] = {}
        for hit in hits:
            best.setdefault(hit.passage.doc_id, hit.score)
        seconds.append(time.perf_counter() - started)
        ranked = list(best)[:100]
        run.extend(ir_measures.ScoredDoc(query_id, d, -n) for n, d in enumerate(ranked))
    found = ir_measures.calc_aggregate([nDCG @ 10, R @ 100], qrels, run)
    seconds.sort()
    p50, p95 = (1000 * seconds[int(share * len(seconds))] for share in (0.5, 0.95))
    print(
        f"dense weight {weight:.2f}: nDCG@10 {100 * found[nDCG @ 10]:.2f}  "
        f"Recall@100 {100 * found[R @ 100]:.2f}  p50 {p50:.1f} ms  p95 {p95:.1f} ms  "
        f"({len(queries)} queries)"
    )


def _queries(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        return {r["_id"]: r["text"] for r in map(json.loads, lines)}


def _qrels(path: Path) -> list[ir_measures.Qrel]:
    with path.open(encoding="utf-8") as lines:
        rows = [line.split() for line in lines][1:]
    return [ir_measures.Qrel(q, d, int(score)) for q, d, score in rows]


if __name__ == "__main__":
    main()
