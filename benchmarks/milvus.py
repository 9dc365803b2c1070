"""An index on disk beside the same one in Milvus: time to send it, time of a query, agreement.

    python -m benchmarks.milvus --beir DIR --index DIR --to milvus://host:port/collection

``--index`` is the index folder of a corpus, such as ``benchmarks.scale --keep`` leaves. Questions
are those of the collection in ``--beir``. Prints seconds of a first push and of one with nothing
to do, milliseconds of a query (p50, p95) for both, how many of the ten best passages are the same
and how often the best one is.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from assistant.config import read_settings
from assistant.indexing import Index, open_index
from assistant.indexing.milvus import MilvusIndex
from assistant.indexing.milvusdb import Collections, parse_address
from assistant.indexing.push import push
from assistant.models import load_encoder
from assistant.words import terms


def main() -> None:
    """Send, ask both, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beir", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--questions", type=int, default=100)
    options = parser.parse_args()
    settings = read_settings()
    encoder = load_encoder(settings)
    local = open_index(options.index.absolute(), encoder.model_id)
    address = parse_address(options.to)
    held = Collections(address)
    for _ in range(2):
        started = time.perf_counter()
        pushed = push(local, held)
        print(f"push: {pushed.added} passages added in {time.perf_counter() - started:.2f} s")
    there = MilvusIndex(address, settings.cache, encoder.model_id)
    lines = (options.beir / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[: options.questions]]
    vectors = [encoder.encode([text])[0] for text in texts]
    found = {}
    indexes: dict[str, Index] = {"on disk": local, "Milvus": there}
    for name, index in indexes.items():
        index.search(vectors[0], terms(texts[0]), 10)
        took, ranked = [], []
        for text, vector in zip(texts, vectors, strict=True):
            started = time.perf_counter()
            hits = index.search(vector, terms(text), 10)
            took.append(1000 * (time.perf_counter() - started))
            ranked.append([hit.passage.passage_id for hit in hits])
        p50, p95 = np.percentile(took, [50, 95])
        print(f"{name}: query p50 {p50:.1f} ms, p95 {p95:.1f} ms ({len(index)} passages)")
        found[name] = ranked
    pairs = list(zip(*found.values(), strict=True))
    same = np.mean([len(set(a) & set(b)) / len(a) for a, b in pairs])
    first = np.mean([a[0] == b[0] for a, b in pairs])
    print(f"of the ten best {100 * same:.1f} % are the same; the best one in {100 * first:.0f} %")
    local.close()


if __name__ == "__main__":
    main()
