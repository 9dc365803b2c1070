from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import ROOT, Settings
from assistant.errors import AssistantError, IndexBusyError, IndexWriteError
from assistant.indexing import Progress, ProgressState, current_generation, open_index, sync_index
from assistant.indexing.files import compare, load_table, shielded
from assistant.indexing.generations import write_lock
from assistant.indexing.intake import Intake
from assistant.reading import SourceFile, list_files
from benchmarks.kills import difference, run
from tests.fakes import HashEncoder, WordVerifier

FILES = {
    "a.md": "# Kettles\n\nA kettle boils water. Steam leaves through the spout.\n",
    "b.txt": "Teapots\n\nA teapot holds the tea that was brewed in it before.\n",
    "sub/c.md": "# Cups\n\nA cup is filled with coffee or tea by whoever is thirsty.\n",
}


@pytest.fixture
def chosen(corpus_of) -> Settings:
    corpus = corpus_of(FILES)
    return Settings(corpus, corpus.parent / "index", corpus.parent / "cache")


def ids(settings: Settings) -> list[str]:
    index = open_index(settings.index, HashEncoder.model_id)
    try:
        return [document.doc_id for document in index.store.documents()]
    finally:
        index.close()


def assert_as_fresh(settings: Settings) -> None:
    fresh = Settings(settings.corpus, settings.index.parent / "fresh", settings.cache)
    sync_index(fresh, HashEncoder(), rebuild=True)
    left = open_index(settings.index, HashEncoder.model_id)
    right = open_index(fresh.index, HashEncoder.model_id)
    assert difference(left, right) == ""
    left.close()
    right.close()


def test_each_file_is_counted_once(chosen: Settings) -> None:
    (chosen.corpus / "broken.txt").write_text("")
    first = sync_index(chosen, HashEncoder())
    assert first.counts == {
        "added": 3, "changed": 0, "renamed": 0, "deleted": 0, "failed": 1, "unchanged": 0,
    }  # fmt: skip
    (chosen.corpus / "a.md").write_text("# Kettles\n\nA kettle whistles.\n")
    (chosen.corpus / "b.txt").rename(chosen.corpus / "teapots of mine.txt")
    (chosen.corpus / "sub" / "c.md").unlink()
    (chosen.corpus / "d.md").write_text("# Saucers\n\nA saucer is under a cup.\n")
    second = sync_index(chosen, HashEncoder())
    assert (second.added, second.changed, second.deleted) == (["d.md"], ["a.md"], ["sub/c.md"])
    assert second.renamed == {"teapots of mine.txt": "b.txt"}
    assert second.failed == ["broken.txt"]
    assert second.embedded == 2
    assert_as_fresh(chosen)


def test_a_second_run_does_nothing(chosen: Settings) -> None:
    sync_index(chosen, HashEncoder())
    before = current_generation(chosen.index)
    encoder = HashEncoder()
    report = sync_index(chosen, encoder, retry=True)
    assert not report.built
    assert encoder.encoded == 0
    assert len(report.unchanged) == 3
    assert current_generation(chosen.index) == before


def test_a_rename_embeds_nothing_even_without_a_title(chosen: Settings) -> None:
    (chosen.corpus / "manual of the stove.txt").write_text("it is hot, so do not touch it.\n")
    sync_index(chosen, HashEncoder())
    (chosen.corpus / "manual of the stove.txt").rename(chosen.corpus / "z.txt")
    encoder = HashEncoder()
    report = sync_index(chosen, encoder)
    assert report.renamed == {"z.txt": "manual of the stove.txt"}
    assert (report.embedded, encoder.encoded) == (0, 0)
    assert_as_fresh(chosen)


def test_same_content_is_indexed_once_under_both_names(chosen: Settings) -> None:
    text = (chosen.corpus / "a.md").read_text()
    (chosen.corpus / "sub" / "kettle again.md").write_text(text)
    (chosen.corpus / "windows.md").write_bytes(text.replace("\n", "\r\n").encode())
    report = sync_index(chosen, HashEncoder())
    assert report.copies == {"sub/kettle again.md": "a.md", "windows.md": "a.md"}
    index = open_index(chosen.index, HashEncoder.model_id)
    document = index.document("a.md")
    index.close()
    assert document is not None
    assert document.also == ("sub/kettle again.md", "windows.md")
    (chosen.corpus / "a.md").unlink()
    report = sync_index(chosen, HashEncoder())
    assert report.embedded == 0
    assert ids(chosen) == ["b.txt", "sub/c.md", "sub/kettle again.md"]
    (chosen.corpus / "0.md").write_text(text)
    sync_index(chosen, HashEncoder())
    assert ids(chosen)[0] == "0.md"
    assert_as_fresh(chosen)


def test_an_edit_that_keeps_size_and_time_is_seen(chosen: Settings) -> None:
    path = chosen.corpus / "a.md"
    sync_index(chosen, HashEncoder())
    status = path.stat()
    path.write_text(path.read_text().replace("spout", "snout"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert sync_index(chosen, HashEncoder()).changed == ["a.md"]


def test_touching_changes_nothing_and_full_hashes_all(chosen: Settings) -> None:
    sync_index(chosen, HashEncoder())
    os.utime(chosen.corpus / "a.md", ns=(1, 1))
    assert not sync_index(chosen, HashEncoder()).built
    assert not sync_index(chosen, HashEncoder(), full=True).built


def test_a_clash_of_ids_is_resolved_when_its_cause_goes(chosen: Settings) -> None:
    line = '{"_id": "x", "title": "T", "text": "%s words."}\n'
    (chosen.corpus / "k.jsonl").write_text(line % "Some")
    (chosen.corpus / "l.jsonl").write_text(line % "Other")
    report = sync_index(chosen, HashEncoder())
    assert "the id 'x' is taken" in report.problems[0]
    (chosen.corpus / "k.jsonl").unlink()
    report = sync_index(chosen, HashEncoder())
    assert report.problems == []
    assert_as_fresh(chosen)


def test_vectors_of_a_build_that_was_cut_short_are_not_made_again(chosen: Settings) -> None:
    class Stops(HashEncoder):
        def encode_spans(self, texts, spans):
            if self.encoded:
                raise AssistantError("The power went.")
            return super().encode_spans(texts, spans)

    many = "".join(
        f'{{"_id": "{n}", "title": "Note {n}", "text": "Note number {n} is short."}}\n'
        for n in range(900)
    )
    (chosen.corpus / "many.jsonl").write_text(many)
    with pytest.raises(AssistantError, match="power"):
        sync_index(chosen, Stops())
    assert current_generation(chosen.index) is None
    report = sync_index(chosen, HashEncoder())
    assert report.passages == 903
    assert 0 < report.embedded < 500
    assert not list(chosen.index.glob("unfinished*"))
    assert_as_fresh(chosen)


def test_who_holds_the_lock_is_said(chosen: Settings) -> None:
    sync_index(chosen, HashEncoder())
    (chosen.corpus / "d.md").write_text("# New\n\nNew words.\n")
    with write_lock(chosen.index):
        with pytest.raises(IndexBusyError, match=f"Process {os.getpid()} is bringing"):
            sync_index(chosen, HashEncoder())
        assistant = Assistant.open(chosen, encoder=HashEncoder(), verifier=WordVerifier())
        assert "answered from the index as it was" in assistant.notice
        assert assistant.ask("What boils water?").disclaimer
        assistant.close()


def test_a_sync_waits_for_the_lock(chosen: Settings) -> None:
    told: list[str] = []
    done = threading.Event()

    def wait_and_sync() -> None:
        sync_index(chosen, HashEncoder(), wait=told.append)
        done.set()

    with write_lock(chosen.index):
        thread = threading.Thread(target=wait_and_sync)
        thread.start()
        while not told:
            time.sleep(0.01)
        assert not done.is_set()
    thread.join(timeout=20)
    assert done.is_set()
    assert "waiting for it" in told[0]


def test_a_generation_that_is_read_is_not_removed(chosen: Settings) -> None:
    sync_index(chosen, HashEncoder())
    reader = open_index(chosen.index, HashEncoder.model_id)
    for number in range(3):
        (chosen.corpus / "d.md").write_text(f"# New\n\nNew words {number}.\n")
        sync_index(chosen, HashEncoder())
    assert reader.document("a.md") is not None
    assert len(list((chosen.index / "generations").iterdir())) == 2
    reader.close()
    sync_index(chosen, HashEncoder())
    assert len(list((chosen.index / "generations").iterdir())) == 1


def test_a_file_that_changes_while_it_is_read_keeps_its_last_version(chosen: Settings) -> None:
    sync_index(chosen, HashEncoder())
    path = chosen.corpus / "a.md"
    path.write_text(path.read_text() + "More. " * 20_000)
    stop = threading.Event()

    def scribble() -> None:
        with path.open("a") as stream:
            while not stop.is_set():
                stream.write("more ")
                stream.flush()

    thread = threading.Thread(target=scribble)
    thread.start()
    try:
        report = sync_index(chosen, HashEncoder())
    finally:
        stop.set()
        thread.join()
    assert report.failed == ["a.md"]
    assert "changed while it was being read" in report.problems[0]
    assert "its last version is kept" in report.problems[0]
    assert "a.md" in ids(chosen)
    assert sync_index(chosen, HashEncoder()).changed == ["a.md"]
    assert_as_fresh(chosen)


def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_taken_for_deleted(
    chosen: Settings,
) -> None:
    sync_index(chosen, HashEncoder())
    generation = current_generation(chosen.index)
    assert generation is not None
    table = load_table(generation)
    listed = [file for file in list_files(chosen.corpus) if file.name != "sub/c.md"]
    shut = SourceFile("sub/", chosen.corpus / "sub", 0, 0, problem="the folder cannot be read")
    files = shielded([*listed, shut], table)
    assert [file.name for file in files] == ["a.md", "b.txt", "sub/", "sub/c.md"]
    changes = compare(files, table)
    assert changes.deleted == []
    assert changes.changed == ["sub/c.md"]
    index = open_index(chosen.index, HashEncoder.model_id)
    intake = Intake(files, table, changes, index, index)
    found = [document.doc_id for document, _, _ in intake.documents(lambda done, share: None)]
    index.close()
    assert found == ["a.md", "b.txt", "sub/c.md"]
    assert intake.records["sub/c.md"].kept
    assert "its last version is kept" in intake.records["sub/c.md"].problems[0]


def test_progress_is_told_from_the_first_file_to_the_last(chosen: Settings) -> None:
    seen: list[ProgressState] = []
    sync_index(chosen, HashEncoder(), Progress(seen.append))
    assert (seen[0].phase, seen[0].files, seen[0].total) == ("indexing", 0, 3)
    assert (seen[-1].phase, seen[-1].files) == ("done", 3)


def test_odd_names_are_indexed(chosen: Settings) -> None:
    deep = chosen.corpus.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    for name in ("with space.md", "new\nline.md", "emoji 🫖.md", "x" * 252 + ".md"):
        (deep / name).write_text(f"# {name[:4]!r}\n\nThe teapot sings {name[:9]!r}.\n")
    (Path(os.fsdecode(os.fsencode(chosen.corpus) + b"/caf\xe9.md"))).write_text("# Cafe\n\nTea.\n")
    report = sync_index(chosen, HashEncoder())
    assert report.failed == []
    assert report.documents == 8
    assert not sync_index(chosen, HashEncoder()).built


@pytest.mark.slow
def test_kills_leave_a_working_index(tmp_path: Path) -> None:
    tally = run(tmp_path, kills=10, seed=11)
    assert tally.kills == 10
    assert tally.wrong == []
    assert tally.compared > 0


_LIMITED = """
import resource, signal, sys
from pathlib import Path
from assistant.config import Settings
from assistant.errors import IndexWriteError
from assistant.indexing import sync_index
from tests.fakes import HashEncoder
corpus, index, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    sync_index(Settings(corpus, index, index), HashEncoder())
except IndexWriteError as error:
    print(error)
else:
    print("it fitted")
"""


@pytest.mark.slow
@pytest.mark.parametrize("limit", [100, 3_000, 20_000, 60_000, 120_000])
def test_a_full_disk_is_one_sentence_and_the_old_index_stays(chosen: Settings, limit: int) -> None:
    sync_index(chosen, HashEncoder())
    before = current_generation(chosen.index)
    for number in range(60):
        text = f"# Note {number}\n\n" + f"The kettle number {number} boils. " * 40
        (chosen.corpus / f"note {number}.md").write_text(text)
    found = subprocess.run(
        [sys.executable, "-c", _LIMITED, chosen.corpus, chosen.index, str(limit)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "cannot be written" in found.stdout
    assert len(found.stdout.splitlines()) == 1
    assert "Traceback" not in found.stderr
    assert current_generation(chosen.index) == before
    assert ids(chosen) == ["a.md", "b.txt", "sub/c.md"]
    sync_index(chosen, HashEncoder())
    assert_as_fresh(chosen)


def test_an_index_folder_that_cannot_be_made_is_one_sentence(chosen: Settings) -> None:
    (chosen.corpus.parent / "file").write_text("")
    there = Settings(chosen.corpus, chosen.corpus.parent / "file" / "index", chosen.cache)
    with pytest.raises(IndexWriteError, match="cannot be written"):
        sync_index(there, HashEncoder())
