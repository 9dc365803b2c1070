"""Drawn corpora: as many passages as asked, real sentences, vectors near the real ones."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from assistant.config import Settings
from benchmarks.drawn import DrawnEncoder, Pool, write_corpus
from benchmarks.plot import Curve, write_plot
from tests.fakes import HashEncoder


@pytest.fixture
def pool(corpus_of) -> Pool:
    lines = [
        {"_id": f"d{n}", "title": f"Title {n}", "text": f"Subject {n} is first. Then comes part "
         f"{n + 1} of it. It ends with number {n + 2}. Nothing follows {n}."}
        for n in range(30)
    ]  # fmt: skip
    corpus = corpus_of({"corpus.jsonl": "\n".join(map(json.dumps, lines))})
    return Pool(Settings(corpus, corpus.parent / "index", corpus.parent / "cache"), HashEncoder())


def test_passages_are_made_of_the_sentences_of_the_pool(pool: Pool, tmp_path: Path) -> None:
    write_corpus(pool, tmp_path, 50)
    lines = (tmp_path / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) == len({record["_id"] for record in records}) == 50
    for record in records:
        left = record["text"]
        for sentence in sorted(pool.row_of, key=len, reverse=True):
            left = left.replace(sentence, "")
        assert not left.strip()


def test_vectors_are_near_those_of_the_sentences_and_always_the_same(pool: Pool) -> None:
    first, second = list(pool.row_of)[:2]
    text = f"{first} {second}"
    spans = [[(0, len(first)), (len(first) + 1, len(text))]]
    encoder = DrawnEncoder(pool, HashEncoder())
    (found,) = encoder.encode_spans([text], spans)
    rows = [pool.row_of[first], pool.row_of[second]]
    assert np.array_equal(found.spans, pool.vectors[rows])
    mean = pool.vectors[rows].mean(axis=0)
    assert 0.9 < float(found.vector @ mean / np.linalg.norm(mean)) < 1.0
    assert np.linalg.norm(found.vector) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(encoder.encode_spans([text], spans)[0].vector, found.vector)


def test_the_plot_has_every_curve_and_escapes_names(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    write_plot(path, "x", [Curve("a < b", [10, 100], [1.5, 2000]), Curve("c", [10], [0.4])])
    root = ET.parse(path).getroot()
    kinds = [element.tag.rpartition("}")[2] for element in root]
    assert kinds.count("polyline") == 2 and kinds.count("circle") == 3
    assert {"a < b", "c", "0.1", "10,000"} <= {element.text for element in root}
