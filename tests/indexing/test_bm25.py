"""BM25 as inner products of sparse vectors."""

from __future__ import annotations

import math

import pytest

from assistant.indexing.bm25 import EXTRA_LENGTH, dimension, passage_weights, question_weights
from assistant.indexing.sparse import SparseIndex, SparseWriter

PASSAGES = [["tea", "cup", "tea"], ["cup", "cold", "water", "jug", "ice"], ["kettle"]]


def test_the_inner_product_is_bm25() -> None:
    mean = sum(map(len, PASSAGES)) / len(PASSAGES)
    frequency = {t: sum(t in p for p in PASSAGES) for p in PASSAGES for t in p}
    asked = question_weights(["tea", "cup"], len(PASSAGES), lambda t: frequency.get(t, 0))
    for passage in PASSAGES:
        wanted = 0.0
        for term in ("tea", "cup"):
            n, count = frequency[term], passage.count(term)
            idf = math.log(1 + (len(PASSAGES) - n + 0.5) / (n + 0.5))
            length = (len(passage) + EXTRA_LENGTH) / (mean + EXTRA_LENGTH)
            norm = 1.2 * (0.25 + 0.75 * length)
            wanted += idf * count * 2.2 / (count + norm)
        weights = passage_weights(passage, mean)
        found = sum(weight * weights.get(at, 0.0) for at, weight in asked.items())
        assert found == pytest.approx(wanted)


def test_the_lexical_index_gives_the_same_scores(tmp_path) -> None:
    writer = SparseWriter(tmp_path / "lexical")
    for row, passage in enumerate(PASSAGES):
        writer.add(row, passage)
    writer.close()
    rows, scores = SparseIndex.load(tmp_path / "lexical").search(["tea", "cup"], 3)
    mean = sum(map(len, PASSAGES)) / len(PASSAGES)
    asked = question_weights(["tea", "cup"], 3, lambda t: sum(t in p for p in PASSAGES))
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        weights = passage_weights(PASSAGES[row], mean)
        # tantivy keeps lengths in steps of an eighth.
        assert score == pytest.approx(
            sum(w * weights.get(at, 0.0) for at, w in asked.items()), rel=0.06
        )


def test_terms_nobody_has_weigh_nothing_and_repeats_count_once() -> None:
    asked = question_weights(["tea", "tea", "none"], 10, lambda t: 3 if t == "tea" else 0)
    assert list(asked) == [dimension("tea")]


def test_dimensions_fit_and_stay() -> None:
    assert dimension("tea") == dimension("tea") != dimension("cup")
    assert all(0 <= dimension(f"t{n}") < 2**32 - 1 for n in range(1_000))
