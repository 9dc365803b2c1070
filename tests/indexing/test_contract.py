"""What every index does, whoever keeps it: one suite for the files and for Milvus."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import IndexStateError
from assistant.indexing import Index, in_use, open_placed, sync_placed
from assistant.words import terms
from tests.fakes import HashEncoder, WordVerifier

MISSING = [n for n in ("pymilvus", "milvus_lite") if importlib.util.find_spec(n) is None]
FILES = {
    "a.md": "# Kettles\n\nA kettle boils water. Steam leaves through the spout.\n\n"
    "## Care\n\nDescale the kettle with vinegar every month.\n",
    "b.txt": "Teapots\n\nA teapot holds the tea that was brewed in it before.\n",
    "c.md": "# Cups\n\nA cup is filled with coffee or tea by whoever is thirsty. It’s “round”.\n",
    "faq.jsonl": '{"id": "warm", "question": "Is tea warm?", '
    '"answer": "Tea is warm when it was just brewed."}\n',
}
Keep = Callable[[Path], Settings]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a Milvus Lite server that runs for these tests."""
    if MISSING:
        pytest.skip(f"{' and '.join(MISSING)} not installed (requirements-milvus.txt)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("milvus")
    command = [sys.executable, "-m", "milvus_lite", "server"]
    command += ["--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"milvus://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the Milvus Lite server ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("the Milvus Lite server did not start")


@pytest.fixture(params=["files", "milvus"])
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Keep:
    """Return settings for a corpus, its index kept in one of both ways."""
    address = request.getfixturevalue("server") if request.param == "milvus" else ""

    def settings(corpus: Path) -> Settings:
        milvus = f"{address}/t_{uuid.uuid4().hex}" if address else ""
        return Settings(corpus, tmp_path / "index", tmp_path / "cache", milvus=milvus)

    return settings


@pytest.fixture
def index(keep: Keep, corpus_of) -> Iterator[Index]:
    settings = keep(corpus_of(FILES))
    sync_placed(settings, HashEncoder())
    opened = open_placed(settings, HashEncoder.model_id)
    yield opened
    opened.close()


def search(index: Index, text: str, k: int = 10, **options):
    return index.search(HashEncoder().encode([text])[0], terms(text), k, **options)


def test_its_size_and_its_documents(index: Index) -> None:
    assert len(index) == index.manifest.passages == len(index.dense) == 5
    assert index.manifest.documents == 4
    assert [d.doc_id for d in index.store.documents()] == ["a.md", "b.txt", "c.md", "warm"]
    listed = index.store.listing()
    assert [(d.doc_id, d.passages) for d in listed][:2] == [("a.md", 2), ("b.txt", 1)]
    assert index.document("nothing") is None


def test_texts_come_back_whole(index: Index) -> None:
    document = index.document("c.md")
    assert document is not None
    assert "It’s “round”." in document.text
    for passage in index.passages_of("c.md"):
        assert document.text[passage.start : passage.end] == passage.text
    assert [p.heading for p in index.passages_of("a.md")] == [(), ("Care",)]


def test_shared_words_rank_first_and_scores_are_cosines(index: Index) -> None:
    hits = search(index, "steam from a spout")
    assert hits[0].passage.doc_id == "a.md"
    for hit in hits:
        vector = index.dense.vectors(np.array([hit.row]))[0]
        asked = HashEncoder().encode(["steam from a spout"])[0]
        assert hit.dense == pytest.approx(float(vector @ asked), abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_terms_alone_rank_by_bm25(index: Index) -> None:
    rows, scores = index.sparse.search(["tea", "brew"], 10)
    found = [p.doc_id for p, _ in index.store.passages(rows.tolist())]
    assert set(found) == {"b.txt", "c.md", "warm"}
    assert found[-1] == "c.md"
    assert (np.diff(scores) <= 1e-6).all() and (scores > 0).all()
    assert len(index.sparse.search(["absent"], 10)[0]) == 0
    assert len(index.sparse.search([], 10)[0]) == 0


def test_rows_can_be_left_out(index: Index) -> None:
    rows = frozenset(index.store.rows_where("doc_id", "a.md"))
    assert len(rows) == 2
    assert "a.md" not in {h.passage.doc_id for h in search(index, "steam spout", without=rows)}


def test_rows_by_kind_and_by_passage(index: Index) -> None:
    (row,) = index.store.rows_where("kind", "faq")
    ((passage, _),) = index.store.passages([row])
    assert passage.heading[-1] == "Is tea warm?"
    assert index.store.rows_where("passage_id", passage.passage_id) == [row]
    with pytest.raises(ValueError, match="title"):
        index.store.rows_where("title", "x")


def test_sentence_vectors_are_those_of_the_sentences(index: Index) -> None:
    (row, *_) = index.store.rows_where("doc_id", "a.md")
    ((passage, _),) = index.store.passages([row])
    wanted = HashEncoder().encode([passage.slice(s.start, s.end) for s in passage.sentences])
    assert np.allclose(index.sentence_vectors(row), wanted, atol=1e-3)
    assert index.dense.vectors(np.array([], dtype=np.int64)).shape == (0, HashEncoder.dim)


def test_words_are_counted(index: Index) -> None:
    assert index.document_frequency("tea") == 3
    assert index.document_frequency("absent") == 0
    assert index.store.word_count("kettle") == 2
    assert index.store.word_count("absent") == 0
    assert ("teapot", 1) in index.store.words_like("t", 5, 7)
    assert not index.store.words_like("q", 1, 9)


def test_a_sync_brings_what_is_new_and_drops_what_is_gone(keep: Keep, corpus_of) -> None:
    corpus = corpus_of(FILES)
    settings = keep(corpus)
    with_hashes = HashEncoder()
    assistant = Assistant.open(settings, encoder=with_hashes, verifier=WordVerifier())
    before = in_use(settings)
    (corpus / "b.txt").unlink()
    (corpus / "c.md").rename(corpus / "renamed.md")
    corpus_of({"d.md": "# Spoons\n\nA spoon stirs sugar.\n"})
    encoded = with_hashes.encoded
    report = assistant.sync()
    assert report.built and report.embedded == 1
    assert with_hashes.encoded - encoded <= 2  # the passage, and the questions of the FAQ
    assert in_use(settings) not in (None, before)
    assert [d.doc_id for d in assistant.documents()] == ["a.md", "d.md", "warm", "renamed.md"]
    assert assistant.search("stirs sugar")[0].passage.doc_id == "d.md"
    assert assistant.index.document_frequency("teapot") == 0
    assert {h.passage.doc_id for h in assistant.search("tea cup kettle")} <= {
        "a.md", "d.md", "warm", "renamed.md"
    }  # fmt: skip
    assert not assistant.sync().built
    assistant.close()


def test_whole_answers_come_from_it(keep: Keep, corpus_of) -> None:
    assistant = Assistant.open(keep(corpus_of(FILES)), encoder=HashEncoder())
    assert assistant.faq.search("Is tea warm?")[0].question == "Is tea warm?"
    answer = assistant.ask("Is tea warm?")
    assert answer.statements
    for citation in answer.citations:
        text = assistant.document(citation.doc_id).text
        assert text[citation.start : citation.end] == citation.quote
    assistant.close()


def test_another_model_is_refused(keep: Keep, corpus_of) -> None:
    settings = keep(corpus_of(FILES))
    sync_placed(settings, HashEncoder())
    with pytest.raises(IndexStateError, match="other-model"):
        open_placed(settings, "other-model")


def test_nothing_built_is_one_sentence(keep: Keep, corpus_of) -> None:
    settings = keep(corpus_of(FILES))
    assert in_use(settings) is None
    with pytest.raises(IndexStateError, match="There is no index"):
        open_placed(settings, HashEncoder.model_id)
