"""An index that is damaged, read-only, or written by two at once: one sentence, and a way out."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import IndexBusyError, IndexStateError
from assistant.indexing import check_current, current_generation, open_index, sync_index
from assistant.indexing import index as index_module
from assistant.indexing.dense import VECTORS
from assistant.opening import keep_faq
from tests.fakes import HashEncoder, WordVerifier

FILES = {
    "a.md": "# Kettles\n\nA kettle boils water. Steam leaves through the spout.\n",
    "faq.csv": "question,answer\nIs a kettle hot?,It is hot while water boils in it.\n",
}
ASKED = "What boils water?"
SPARED = ("files.json", "faq.npz")  # they only spare work


@pytest.fixture
def chosen(corpus_of) -> Settings:
    corpus = corpus_of(FILES)
    return Settings(corpus, corpus.parent / "index", corpus.parent / "cache")


@pytest.fixture
def generation(chosen: Settings) -> Path:
    with_faq(chosen)
    found = current_generation(chosen.index)
    assert found is not None
    return found


def with_faq(settings: Settings, **how: bool) -> None:
    sync_index(settings, HashEncoder(), prepare=keep_faq(HashEncoder()), **how)


def answered(settings: Settings, **how: bool) -> tuple[str, ...]:
    assistant = Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier(), **how)
    try:
        return tuple(s.text for s in assistant.ask(ASKED).statements)
    finally:
        assistant.close()


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 0x01
    path.write_bytes(bytes(data))


def parts_of(generation: Path) -> list[str]:
    found = sorted(
        str(path.relative_to(generation))
        for path in generation.rglob("*")
        if path.is_file() and path.stat().st_size and path.suffix != ".lock"
    )
    return [name for name in found if name not in SPARED]


def test_one_altered_bit_in_any_file_is_noticed_and_a_rebuild_mends_it(
    chosen: Settings, generation: Path
) -> None:
    expected = answered(chosen)
    names = parts_of(generation)
    assert {"texts.sqlite", VECTORS, "sentences.npy", "manifest.json"} <= set(names)
    assert any(name.startswith("lexical/") for name in names)
    for name in names:
        path = generation / name
        whole = path.read_bytes()
        for at in (0, len(whole) // 3, len(whole) // 2, len(whole) - 1):
            flipped(path, at)
            with pytest.raises(IndexStateError, match="--rebuild") as caught:
                open_index(chosen.index, HashEncoder.model_id)
            assert "\n" not in str(caught.value)
            path.write_bytes(whole)
    assert answered(chosen) == expected
    flipped(generation / "texts.sqlite", 5_000)
    with_faq(chosen, rebuild=True)
    assert answered(chosen) == expected


@pytest.mark.parametrize("name", SPARED)
def test_what_only_spares_work_changes_no_answer(
    chosen: Settings, generation: Path, name: str
) -> None:
    expected = answered(chosen)
    size = (generation / name).stat().st_size
    for at in range(0, size, max(1, size // 25)):
        found = current_generation(chosen.index)
        assert found is not None
        whole = (found / name).read_bytes()
        flipped(found / name, at)
        try:
            assert answered(chosen) == expected
        except IndexStateError as error:
            assert "--rebuild" in str(error)
        if found.is_dir():  # else the folder was read anew, and the old generation is gone
            (found / name).write_bytes(whole)


def test_a_part_cut_short_or_gone_is_noticed(chosen: Settings, generation: Path) -> None:
    for name in parts_of(generation):
        path = generation / name
        whole = path.read_bytes()
        for left in (whole[:-2], b"", None):
            path.unlink() if left is None else path.write_bytes(left)
            with pytest.raises(IndexStateError, match="--rebuild"):
                open_index(chosen.index, HashEncoder.model_id)
        path.write_bytes(whole)


def test_a_large_file_is_hashed_on_request(
    chosen: Settings, generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "CHECKED_BYTES", 16)  # now every part is a large file
    flipped(generation / "sentences.npy", -1)
    open_index(chosen.index, HashEncoder.model_id).close()
    with pytest.raises(IndexStateError, match="altered"):
        check_current(chosen.index, HashEncoder.model_id)


@pytest.mark.parametrize("left", ["", "\n", "../../etc", "no such generation", "\x00", "."])
def test_a_damaged_pointer_is_one_sentence(chosen: Settings, generation: Path, left: str) -> None:
    (chosen.index / "CURRENT").write_text(left)
    with pytest.raises(IndexStateError, match="--rebuild"):
        Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
    with_faq(chosen, rebuild=True)
    assert answered(chosen)


def test_the_clock_may_jump(chosen: Settings, generation: Path) -> None:
    expected = answered(chosen)
    path = chosen.corpus / "a.md"
    for then in (0, 1, 4_000_000_000):
        os.utime(path, (then, then))
        assert answered(chosen) == expected
    path.write_text(path.read_text().replace("Steam", "Vapour"))
    os.utime(path, (0, 0))  # as edited before it was made
    assistant = Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
    assert "Vapour" in assistant.document("a.md").text
    assistant.close()


def test_two_syncs_at_once_give_one_index(chosen: Settings, generation: Path) -> None:
    class Slow(HashEncoder):
        def encode_spans(self, texts, spans):
            time.sleep(0.3)
            return super().encode_spans(texts, spans)

    (chosen.corpus / "b.md").write_text("# Pots\n\nA pot is deep.\n")
    busy: list[str] = []

    def bring_up() -> None:
        try:
            sync_index(chosen, Slow())
        except IndexBusyError as error:
            busy.append(str(error))

    threads = [threading.Thread(target=bring_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(busy) <= 3
    assert all("try again" in sentence for sentence in busy)
    index = open_index(chosen.index, HashEncoder.model_id)
    assert "b.md" in [document.doc_id for document in index.store.documents()]
    index.close()


def test_documents_edited_during_questions_give_no_mixed_answer(chosen: Settings) -> None:
    versions = [f"# Kettles\n\nA kettle of number {n} boils water.\n" for n in range(8)]
    path = chosen.corpus / "a.md"
    path.write_text(versions[0])
    assistant = Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
    wrong: list[object] = []
    stop = threading.Event()

    def ask_once() -> None:
        with assistant.pinned():
            answer = assistant.ask(ASKED)
            texts = {c: assistant.document(c.doc_id).text for c in answer.citations}
        assert answer.statements
        assert all(text[c.start : c.end] == c.quote for c, text in texts.items())

    def ask() -> None:
        while not stop.is_set():
            try:
                ask_once()
            except Exception as error:  # whatever it is, it is what this looks for
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in versions:
        path.write_text(version)
        assistant.sync()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert "number 7" in assistant.document("a.md").text
    assistant.close()


def test_a_folder_that_vanishes_leaves_the_answers(chosen: Settings, generation: Path) -> None:
    assistant = Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
    expected = assistant.ask(ASKED).statements
    chosen.corpus.rename(chosen.corpus.with_name("gone"))
    with pytest.raises(Exception, match="does not exist"):
        assistant.sync()
    assert assistant.ask(ASKED).statements == expected
    assistant.close()
