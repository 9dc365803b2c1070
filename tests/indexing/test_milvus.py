"""What is particular to an index in Milvus: addresses, and what a push sends."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import ROOT, Settings, read_settings
from assistant.errors import IndexBusyError, IndexStateError, SettingsError
from assistant.indexing import open_index, open_placed, sync_index, sync_placed
from assistant.indexing.milvusdb import Address, Collections, parse_address, parts_of
from assistant.indexing.push import push
from tests.fakes import HashEncoder, WordVerifier

needs_milvus = pytest.mark.skipif(
    any(importlib.util.find_spec(n) is None for n in ("pymilvus", "milvus_lite")),
    reason="pymilvus and milvus-lite are not installed (requirements-milvus.txt)",
)
FILES = {f"{n}.md": f"# Note {n}\n\nThis note is about subject {n} alone.\n" for n in range(5)}


@pytest.fixture
def held(tmp_path: Path) -> Collections:
    return Collections(parse_address(f"milvus://{tmp_path / 'held.db'}"))


def built(corpus: Path) -> Settings:
    settings = Settings(corpus, corpus.parent / "index", corpus.parent / "cache")
    sync_index(settings, HashEncoder())
    return settings


def pushed(settings: Settings, held: Collections, **options):
    index = open_index(settings.index, HashEncoder.model_id)
    try:
        return push(index, held, **options)
    finally:
        index.close()


def test_addresses() -> None:
    assert parse_address("milvus://db.example:19531/notes") == Address(
        "http://db.example:19531", "notes"
    )
    assert parse_address("milvus://db.example").uri == "http://db.example:19530"
    assert parse_address("milvus:///a/b.db") == Address("/a/b.db", "assistant")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("milvus://", "no server"),
        ("milvus:///folder/without/ending", ".db"),
        ("milvus://u:secret@host/x", "ASSISTANT_MILVUS_TOKEN"),
        ("milvus://host/a-b", "a-b"),
        ("milvus://host:port/x", "port"),
    ],
)
def test_bad_addresses_are_one_sentence_and_keep_secrets(text: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        parse_address(text)
    assert "secret" not in str(caught.value)


def test_the_setting_comes_from_argument_or_variable(tmp_path: Path) -> None:
    found = read_settings(tmp_path, "milvus://host/a", {"ASSISTANT_INDEX": "milvus://host/b"})
    assert found.milvus == "milvus://host/a"
    assert found.index == read_settings(tmp_path, None, {}).index
    assert read_settings(tmp_path, None, {"ASSISTANT_INDEX": "milvus://host/b"}).milvus == (
        "milvus://host/b"
    )
    assert read_settings(tmp_path, tmp_path / "x", {"ASSISTANT_INDEX": "milvus://h/b"}).milvus == ""


def test_long_texts_come_in_parts_with_ids_of_their_content() -> None:
    text = "a" * 130_000
    parts = parts_of(3, 7, text)
    assert "".join(part["text"] for part in parts) == text
    assert len({part["id"] for part in parts}) == 3
    assert parts_of(3, 7, text) == parts


@needs_milvus
def test_a_second_push_sends_nothing(corpus_of, held: Collections) -> None:
    settings = built(corpus_of(FILES))
    first = pushed(settings, held)
    assert (first.added, first.removed, first.whole) == (5, 0, True)
    assert not pushed(settings, held).changed
    assert held.count() == 5


@needs_milvus
def test_only_the_difference_is_sent(corpus_of, held: Collections) -> None:
    corpus = corpus_of(FILES)
    pushed(built(corpus), held)
    before = held.all_rows()
    corpus_of({"1.md": "# Note 1\n\nThis note is about something else now.\n"})
    (corpus / "2.md").unlink()
    second = pushed(built(corpus), held)
    assert (second.added, second.removed, second.whole) == (1, 2, False)
    assert len(held.all_rows() & before) == 3


@needs_milvus
def test_a_push_that_was_cut_short_is_mended(corpus_of, held: Collections) -> None:
    corpus = corpus_of(FILES)
    pushed(built(corpus), held)
    rows, texts = held.all_rows(), {found[0] for found in held.all_texts()}
    held.remove_rows(sorted(rows)[:2])
    held.add_texts(parts_of(1, 12345, "left behind"))
    corpus_of({"9.md": "# Note 9\n\nOne more note.\n"})
    pushed(built(corpus), held)
    assert rows < held.all_rows() and held.count() == 6
    assert 12345 not in {owner for _, _, owner in held.all_texts()}
    assert len({found[0] for found in held.all_texts()}) >= len(texts)


@needs_milvus
def test_a_rebuild_sends_all(corpus_of, held: Collections) -> None:
    settings = built(corpus_of(FILES))
    pushed(settings, held)
    again = pushed(settings, held, rebuild=True)
    assert again.whole and held.count() == 5


@needs_milvus
def test_a_machine_without_the_folder_of_the_index_can_ask(corpus_of, tmp_path: Path) -> None:
    corpus = corpus_of(FILES)
    settings = replace(
        Settings(corpus, tmp_path / "index", tmp_path / "cache"),
        milvus=f"milvus://{tmp_path / 'held.db'}",
    )
    sync_placed(settings, HashEncoder())
    elsewhere = replace(settings, index=tmp_path / "none", cache=tmp_path / "other")
    index = open_placed(elsewhere, HashEncoder.model_id)
    assert len(index) == 5 and not (tmp_path / "none").exists()
    assert index.folder.is_relative_to(tmp_path / "other")


@needs_milvus
def test_a_process_that_starts_later_can_ask(corpus_of, tmp_path: Path) -> None:
    corpus = corpus_of(FILES)
    code = (
        "import sys; from pathlib import Path; from assistant.config import ROOT, Settings; "
        "from assistant.indexing import sync_placed; from tests.fakes import HashEncoder; "
        "at = Path(sys.argv[1]); sync_placed(Settings(Path(sys.argv[2]), at / 'index', "
        "at / 'cache', milvus=f'milvus://{at}/held.db'), HashEncoder())"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path, corpus], check=True, cwd=ROOT)
    settings = Settings(corpus, tmp_path / "index", tmp_path / "cache",
                        milvus=f"milvus://{tmp_path}/held.db")  # fmt: skip
    index = open_placed(settings, HashEncoder.model_id)
    assert index.passages_of("3.md")[0].text == "This note is about subject 3 alone."
    assert not sync_placed(settings, HashEncoder()).built


@needs_milvus
def test_another_folder_does_not_replace_a_collection(tmp_path: Path) -> None:
    def of(name: str) -> Settings:
        corpus = tmp_path / name
        corpus.mkdir(exist_ok=True)
        (corpus / "a.md").write_text(f"# {name}\n\nThis is about {name} alone.\n")
        return Settings(
            corpus, tmp_path / f"index-{name}", tmp_path / "cache",
            milvus=f"milvus://{tmp_path / 'held.db'}",
        )  # fmt: skip

    sync_placed(of("first"), HashEncoder())
    with pytest.raises(IndexBusyError, match="first, not with"):
        sync_placed(of("second"), HashEncoder())
    # Whoever has other files, or none, can still ask.
    assistant = Assistant.open(of("second"), encoder=HashEncoder(), verifier=WordVerifier())
    assert "as it was" in assistant.notice
    assert assistant.search("about first")[0].passage.title == "first"
    sync_placed(of("second"), HashEncoder(), rebuild=True)
    assert open_placed(of("second"), HashEncoder.model_id).document("a.md").title == "second"


@needs_milvus
def test_a_server_that_is_away_is_one_sentence() -> None:
    with pytest.raises(IndexStateError, match=r"127\.0\.0\.1:9"):
        Collections(parse_address("milvus://127.0.0.1:9/x"))
