"""Exact and approximate search over mapped vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.datatypes import Vectors
from assistant.errors import IndexStateError
from assistant.indexing.dense import (
    APPROXIMATE,
    FLAT,
    RECALL,
    VECTORS,
    DenseIndex,
    build_approximate,
    flat_search,
    recall_at,
)
from assistant.indexing.memo import Unfinished
from assistant.indexing.passages import split_document
from assistant.indexing.progress import Progress
from assistant.indexing.rows import RowWriter
from assistant.indexing.writer import GenerationWriter
from assistant.reading.assemble import plain_document
from tests.fakes import HashEncoder

DIM = 32


def clustered(count: int, seed: int = 0) -> Vectors:
    """Return unit vectors that gather around 40 centres."""
    centres = np.random.default_rng(99).normal(size=(40, DIM))
    chance = np.random.default_rng(seed)
    vectors = centres[chance.integers(40, size=count)] + 0.4 * chance.normal(size=(count, DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def written(folder: Path, vectors: Vectors) -> Path:
    writer = RowWriter(folder / VECTORS, DIM, np.float32)
    writer.add(vectors)
    writer.close()
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory):
    folder = written(tmp_path_factory.mktemp("dense"), clustered(6_000))
    plan = build_approximate(folder, clustered(200, seed=1), flat_up_to=5_000)
    return folder, plan


def test_up_to_the_limit_search_is_exact_and_nothing_is_built(tmp_path: Path) -> None:
    folder = written(tmp_path, clustered(5_000))
    assert build_approximate(folder, clustered(10, seed=1), flat_up_to=5_000) == FLAT
    assert not (folder / APPROXIMATE).exists()
    index = DenseIndex.load(folder)
    query = clustered(1, seed=2)[0]
    rows, scores = index.search(query, 7)
    exact = clustered(5_000) @ query
    assert rows.tolist() == np.argsort(-exact, kind="stable")[:7].tolist()
    assert np.allclose(scores, np.sort(exact)[::-1][:7], atol=1e-6)


def test_above_it_the_plan_says_what_was_built(built) -> None:
    folder, plan = built
    assert plan["kind"] == "ivf-sq8"
    assert 1 <= plan["probes"] <= plan["lists"]
    assert plan["recall_at_10"] >= RECALL
    assert (folder / APPROXIMATE).stat().st_size < (folder / VECTORS).stat().st_size


def test_the_approximate_index_finds_what_the_exact_one_does(built) -> None:
    folder, plan = built
    index = DenseIndex.load(folder, plan)
    queries = clustered(200, seed=3)
    _, wanted = flat_search(index.all_vectors(), queries, 10)
    assert recall_at([index.search(query, 10)[1] for query in queries], wanted) >= 0.97


def test_its_cosines_are_exact_and_in_order(built) -> None:
    folder, plan = built
    index = DenseIndex.load(folder, plan)
    query = clustered(1, seed=4)[0]
    rows, scores = index.search(query, 50)
    assert len(set(rows.tolist())) == 50
    assert np.allclose(scores, index.vectors(rows) @ query, atol=1e-6)
    assert (np.diff(scores) <= 0).all()
    # A stored vector finds itself first, which 8 bits alone do not promise.
    assert index.search(index.vectors(np.array([17]))[0], 1)[0].tolist() == [17]


def test_more_than_there_is_gives_each_once(tmp_path: Path) -> None:
    index = DenseIndex(clustered(3))
    assert sorted(index.search(clustered(1)[0], 10)[0].tolist()) == [0, 1, 2]


@pytest.mark.parametrize("name", [VECTORS, APPROXIMATE])
@pytest.mark.parametrize("damage", ["gone", "garbage", "cut"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, name: str, damage: str) -> None:
    folder = written(tmp_path, clustered(2_000))
    plan = build_approximate(folder, clustered(20, seed=1), flat_up_to=100)
    path = folder / name
    if damage == "gone":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"garbage")
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexStateError, match="--rebuild"):
        DenseIndex.load(folder, plan)


def test_an_approximate_index_of_other_vectors_is_refused(built, tmp_path: Path) -> None:
    folder, plan = built
    written(tmp_path, clustered(50))
    (tmp_path / APPROXIMATE).write_bytes((folder / APPROXIMATE).read_bytes())
    with pytest.raises(IndexStateError, match="incomplete"):
        DenseIndex.load(tmp_path, plan)


def test_a_generation_above_the_limit_is_written_with_it(tmp_path: Path) -> None:
    encoder = HashEncoder()
    writer = GenerationWriter(
        tmp_path, encoder, None, Unfinished(tmp_path, "m", encoder.dim), Progress(), flat_up_to=40
    )
    for number in range(60):
        text = f"Note {number}\n\nThis note tells of subject {number} and of nothing else at all.\n"
        document = plain_document(text, doc_id=f"{number}.txt", source="", title="", known={})
        writer.add(document, split_document(document), f"{number}.txt")
    writer.finish()
    assert writer.dense["kind"] == "ivf-sq8"
    index = DenseIndex.load(tmp_path, writer.dense)
    query = encoder.encode(["subject 7"])[0]
    assert index.search(query, 1)[1] == index.exact().search(query, 1)[1]


def test_equal_passages_count_whichever_is_found() -> None:
    wanted = np.array([[0.9, 0.8, 0.8], [0.7, 0.6, 0.5]], dtype=np.float32)
    found = [np.array([0.9, 0.8, 0.8]), np.array([0.7, 0.5, 0.4])]
    assert recall_at([f.astype(np.float32) for f in found], wanted) == pytest.approx(5 / 6)
