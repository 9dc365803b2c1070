from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import AssistantError, CorpusError, IndexStateError
from assistant.indexing import current_generation, open_index, sync_index
from assistant.indexing.dense import DenseIndex
from assistant.indexing.fusion import fuse
from tests.fakes import HashEncoder, WordVerifier

FILES = {
    "a.md": "# Kettles\n\nA kettle boils water. Steam leaves through the spout.\n",
    "b.txt": "Teapots\n\nA teapot holds the tea that was brewed in it before.\n",
    "c.md": "# Cups\n\nA cup is filled with coffee or tea by whoever is thirsty.\n",
}


def settings(corpus: Path) -> Settings:
    return Settings(corpus, corpus.parent / "index", corpus.parent / "cache")


def test_dense_search_equals_brute_force() -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(300, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex(vectors)
    query = vectors[7]
    rows, scores = index.search(query, 10)
    exact = vectors @ query
    assert rows.tolist() == np.argsort(-exact, kind="stable")[:10].tolist()
    assert np.allclose(scores, np.sort(exact)[::-1][:10], atol=1e-6)


def test_fusion_is_convex_and_scaled() -> None:
    fused = fuse(np.array([0.2, 0.8, 0.5]), np.array([0.0, 0.0, 9.0]), 0.4)
    assert np.allclose(fused, [0.0, 0.4, 0.4 * 0.5 + 0.6])
    assert fuse(np.array([]), np.array([]), 0.4).size == 0


def test_shared_words_rank_first(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of(FILES))
    assert assistant.search("who brewed the tea")[0].passage.doc_id == "b.txt"
    assert assistant.search("steam from a spout")[0].passage.doc_id == "a.md"
    documents = assistant.search("tea", k=2, level="document")
    assert len({h.passage.doc_id for h in documents}) == 2


def test_the_listing_counts_sections_and_passages(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of(FILES))
    listed = assistant.index.store.listing()
    assert [d.doc_id for d in listed] == [d.doc_id for d in assistant.documents()]
    for found in listed:
        document = assistant.document(found.doc_id)
        assert (found.title, found.source) == (document.title, document.source)
        assert found.sections == len(document.sections)
        assert found.passages == len(assistant.index.passages_of(found.doc_id))


def test_an_unchanged_corpus_is_opened_without_embedding(corpus_of) -> None:
    corpus = corpus_of(FILES)
    first = Assistant.open(settings(corpus), encoder=HashEncoder(), verifier=WordVerifier())
    assert first.report is not None
    first.close()
    encoder = HashEncoder()
    second = Assistant.open(settings(corpus), encoder=encoder)
    assert second.report is None
    assert encoder.encoded == 0
    second.close()


def test_only_what_changed_is_embedded_again(corpus_of) -> None:
    corpus = corpus_of(FILES)
    Assistant.open(settings(corpus), encoder=HashEncoder(), verifier=WordVerifier()).close()
    corpus_of({"a.md": "# Kettles\n\nA kettle whistles loudly.\n"})
    (corpus / "b.txt").unlink()
    (corpus / "c.md").rename(corpus / "renamed.md")
    assistant = Assistant.open(settings(corpus), encoder=HashEncoder(), verifier=WordVerifier())
    assert assistant.report is not None
    assert assistant.report.embedded == 1
    assert [d.doc_id for d in assistant.documents()] == ["a.md", "renamed.md"]
    assert assistant.search("whistles")[0].passage.doc_id == "a.md"
    vector = assistant.index.dense.all_vectors()[1]
    again = HashEncoder().encode(
        ["Cups\nA cup is filled with coffee or tea by whoever is thirsty."]
    )
    assert np.allclose(vector, again[0], atol=1e-6)
    assistant.close()


def test_a_failed_build_leaves_the_old_index(corpus_of) -> None:
    corpus = corpus_of(FILES)
    chosen = settings(corpus)
    sync_index(chosen, HashEncoder())
    before = current_generation(chosen.index)

    class Failing(HashEncoder):
        def encode_spans(self, texts, spans):
            raise AssistantError("The encoder stopped.")

    corpus_of({"d.md": "# New\n\nSomething new.\n"})
    with pytest.raises(AssistantError):
        sync_index(chosen, Failing())
    assert current_generation(chosen.index) == before
    assert [p.name for p in (chosen.index / "generations").iterdir()] == [before.name]
    open_index(chosen.index, "hash-encoder").close()


@pytest.mark.parametrize(
    ("field", "value", "word"), [("format", 99, "format 99"), ("model", "other", "other")]
)
def test_another_format_or_model_is_refused(corpus_of, field, value, word) -> None:
    chosen = settings(corpus_of(FILES))
    sync_index(chosen, HashEncoder())
    path = current_generation(chosen.index) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest[field] = value
    path.write_text(json.dumps(manifest))
    with pytest.raises(IndexStateError, match=word) as caught:
        Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
    assert "--rebuild" in str(caught.value)


@pytest.mark.parametrize("name", ["manifest.json", "passages.npy", "sentences.npy", "texts.sqlite"])
def test_a_damaged_file_is_one_sentence(corpus_of, name) -> None:
    chosen = settings(corpus_of(FILES))
    sync_index(chosen, HashEncoder())
    (current_generation(chosen.index) / name).write_bytes(b"garbage")
    with pytest.raises(IndexStateError, match="--rebuild"):
        open_index(chosen.index, "hash-encoder")


def test_a_corpus_without_text_names_the_reason(corpus_of) -> None:
    with pytest.raises(CorpusError, match="empty"):
        sync_index(settings(corpus_of({"a.txt": ""})), HashEncoder())


def test_duplicate_ids_are_reported_once(corpus_of, open_with_hashes) -> None:
    line = '{"_id": "x", "title": "T", "text": "Some words."}\n'
    assistant = open_with_hashes(corpus_of({"a.jsonl": line * 2}))
    assert len(assistant.report.problems) == 1
    assert "'x'" in assistant.report.problems[0]


def test_an_index_of_an_earlier_version_is_made_again(corpus_of, open_with_hashes) -> None:
    corpus = corpus_of({"kettles.md": "# Kettles\n\nA kettle boils water.\n"})
    first = open_with_hashes(corpus)
    folder = first.index.folder
    settings, encoder = first.settings, first.encoder
    first.close()
    path = folder / "manifest.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({"format": record["format"] - 1}))
    for sync in (False, True):
        again = Assistant.open(settings, encoder=encoder, verifier=WordVerifier(), sync=sync)
        assert again.index.folder != folder
        assert again.index.manifest.format == record["format"]
        again.close()
