from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.peers.collection import (
    CORPUS_FILE,
    CollectionError,
    read_collection,
    read_queries,
    read_records,
    subset,
    write_corpus,
    write_queries,
)
from benchmarks.peers.protocol import Record


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six documents; q1 is answered by the last two, q2 by the first, q3 is not judged."""
    documents = [{"_id": f"d{n}", "title": f"T{n}", "text": f"Text {n}."} for n in range(6)]
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(lines(*documents).encode()))
    queries = [{"_id": f"q{n}", "text": f"Query {n}?"} for n in (1, 2, 3)]
    (tmp_path / "queries.jsonl").write_text(lines(*queries))
    (tmp_path / "qrels").mkdir()
    qrels = "query-id\tcorpus-id\tscore\nq1\td4\t1\nq1\td5\t1\nq2\td0\t1\nq2\td3\t0\n"
    (tmp_path / "qrels" / "train.tsv").write_text(qrels)
    return tmp_path


def test_a_collection_is_read_with_its_judged_queries(folder: Path) -> None:
    collection = read_collection(folder, "train")
    assert [record.doc_id for record in collection.records] == [f"d{n}" for n in range(6)]
    assert collection.records[2] == Record("d2", "T2", "Text 2.")
    assert collection.queries == {"q1": "Query 1?", "q2": "Query 2?"}
    assert ("q2", "d3", 0) in collection.judgements


def test_a_subset_keeps_every_answer_and_fills_up_in_order(folder: Path) -> None:
    part = subset(read_collection(folder, "train"), documents=4, queries=1)
    assert [record.doc_id for record in part.records] == ["d0", "d1", "d4", "d5"]
    assert list(part.queries) == ["q1"]
    assert part.judgements == (("q1", "d4", 1), ("q1", "d5", 1))


def test_answers_are_kept_though_fewer_documents_are_wanted(folder: Path) -> None:
    part = subset(read_collection(folder, "train"), documents=1, queries=None)
    assert [record.doc_id for record in part.records] == ["d0", "d4", "d5"]


def test_no_limit_takes_all(folder: Path) -> None:
    collection = read_collection(folder, "train")
    assert subset(collection, None, None) == collection


def test_what_the_systems_read_is_what_was_read(folder: Path, tmp_path: Path) -> None:
    collection = read_collection(folder, "train")
    write_corpus(collection, tmp_path / "out")
    write_queries(collection.queries, tmp_path / "q.jsonl")
    assert tuple(read_records(tmp_path / "out" / CORPUS_FILE)) == collection.records
    assert read_queries(tmp_path / "q.jsonl") == collection.queries
    assert [path.name for path in (tmp_path / "out").iterdir()] == [CORPUS_FILE]


def test_a_document_without_title_is_its_text() -> None:
    assert Record("d", "", "Text.").whole == "Text."
    assert Record("d", "Title", "Text.").whole == "Title\nText."


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("corpus.jsonl.gz", b"no gzip", "corpus.jsonl.gz cannot be read"),
        ("queries.jsonl", b"{broken\n", "queries.jsonl cannot be read"),
        ("queries.jsonl", b"[1]\n", "line 1 is not a JSON object"),
        ("queries.jsonl", b'{"_id": "q1"}\n', "has no 'text'"),
        ("qrels/train.tsv", b"header\nq1 d1\n", "line 2 is not 'query-id corpus-id score'"),
        ("qrels/train.tsv", b"header\n", "no judged queries"),
    ],
)
def test_a_broken_file_is_named(folder: Path, name: str, content: bytes, told: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(CollectionError, match=told):
        read_collection(folder, "train")


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "queries.jsonl", "qrels/train.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CollectionError, match=Path(name).name.removesuffix(".gz")):
        read_collection(folder, "train")
