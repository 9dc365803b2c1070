from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import AssistantError
from assistant.indexing import sync_index
from assistant.watching import Watcher
from tests.fakes import HashEncoder, WordVerifier

FILES = {
    "a.md": "# Kettles\n\nA kettle boils water. Steam leaves through the spout.\n",
    "b.md": "# Teapots\n\nA teapot holds the tea that was brewed in it before.\n",
}


@pytest.fixture
def assistant(corpus_of) -> Iterator[Assistant]:
    corpus = corpus_of(FILES)
    settings = Settings(corpus, corpus.parent / "index", corpus.parent / "cache")
    opened = Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier())
    yield opened
    opened.close()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def titles(assistant: Assistant) -> list[str]:
    return [document.title for document in assistant.documents()]


@pytest.mark.slow
def test_changes_of_the_folder_are_followed(assistant: Assistant) -> None:
    said: list[str] = []
    corpus = assistant.settings.corpus
    with Watcher(assistant, say=said.append):
        time.sleep(1)
        (corpus / "new").mkdir()
        (corpus / "new" / "c.md").write_text("# Saucers\n\nA saucer is under a cup.\n")
        until(lambda: "Saucers" in titles(assistant))
        (corpus / "corpus.toml").write_text('title = "Things for tea"\n')
        until(lambda: assistant.info.title == "Things for tea")
        (corpus / "corpus.toml").write_text("title = 3\n")
        until(lambda: any("'title' must be" in told for told in said))
        (corpus / "a.md").unlink()
        (corpus / "corpus.toml").unlink()
        until(lambda: titles(assistant) == ["Teapots", "Saucers"])
    assert any("1 added" in told for told in said)
    assert any("1 deleted" in told for told in said)


def test_an_answer_is_remembered_until_the_documents_change(assistant: Assistant) -> None:
    def asked(*more: str) -> tuple[str, ...]:
        answer, entries = assistant.ask_faq("What lies under a cup, a saucer?", *more)
        entries.clear()  # what a caller does with its list is no matter
        return answer.id, *(statement.text for statement in answer.statements)

    before = asked()
    assert asked() == before
    assert asked("my id") == ("my id", *before[1:])
    (assistant.settings.corpus / "c.md").write_text("# Saucers\n\nA saucer lies under a cup.\n")
    assistant.sync()
    assert "A saucer lies under a cup." in asked()
    assert asked()[0] == before[0] != asked("my id")[0]
    assert "A saucer lies under a cup." not in before


@pytest.mark.slow
def test_a_generation_made_by_another_process_is_taken_up(assistant: Assistant) -> None:
    with Watcher(assistant, folder=False):
        (assistant.settings.corpus / "c.md").write_text("# Saucers\n\nA saucer lies under it.\n")
        sync_index(assistant.settings, HashEncoder())
        until(lambda: "Saucers" in titles(assistant))
    generations = assistant.settings.index / "generations"
    until(lambda: len(list(generations.iterdir())) == 1)


@pytest.mark.slow
def test_a_corpus_that_goes_away_is_said_once_and_the_old_index_serves(
    assistant: Assistant,
) -> None:
    said: list[str] = []
    corpus = assistant.settings.corpus
    with Watcher(assistant, say=said.append):
        time.sleep(0.5)
        corpus.rename(corpus.with_name("away"))
        until(lambda: any("does not exist" in told for told in said))
        assert titles(assistant) == ["Kettles", "Teapots"]
        corpus.with_name("away").rename(corpus)


def test_a_pinned_request_sees_one_generation(assistant: Assistant) -> None:
    with assistant.pinned():
        before = assistant.index
        (assistant.settings.corpus / "a.md").unlink()
        seen: list[list[str]] = []
        thread = threading.Thread(target=lambda: (assistant.sync(), seen.append(titles(assistant))))
        thread.start()
        thread.join(timeout=20)
        assert seen == [["Teapots"]]
        assert assistant.index is before
        assert titles(assistant) == ["Kettles", "Teapots"]
        assert assistant.document("a.md").title == "Kettles"
    assert titles(assistant) == ["Teapots"]
    assert assistant.index is not before
    with pytest.raises(AssistantError, match="no document"):
        assistant.document("a.md")


def test_questions_go_on_while_generations_change(assistant: Assistant) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []
    asked = [0]

    def ask() -> None:
        while not stop.is_set():
            try:
                with assistant.pinned():
                    answer = assistant.ask("What boils water?")
                    for citation in answer.citations:
                        text = assistant.document(citation.doc_id).text
                        assert text[citation.start : citation.end] == citation.quote
                asked[0] += 1
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(6):
        text = "Filler comes first. " * number + "A kettle boils water at home."
        (assistant.settings.corpus / "a.md").write_text(f"# Kettles\n\n{text}\n")
        assert assistant.sync().built
    until(lambda: asked[0] > 6 or bool(failures))
    stop.set()
    for thread in threads:
        thread.join(timeout=20)
    assert failures == []
    assert len(list((assistant.settings.index / "generations").iterdir())) <= 2


def test_a_generator_of_documents_holds_its_generation(assistant: Assistant) -> None:
    documents = assistant.documents()
    assert next(documents).title == "Kettles"
    (assistant.settings.corpus / "b.md").unlink()
    assistant.sync()
    assert next(documents).title == "Teapots"
    assert titles(assistant) == ["Kettles"]


def test_stopping_breaks_a_sync_off(assistant: Assistant) -> None:
    watcher = Watcher(assistant, folder=False).start()
    watcher.stop()
    (assistant.settings.corpus / "c.md").write_text("# Cups\n\nA cup is full.\n")
    with pytest.raises(AssistantError, match="Stopped"):
        assistant.sync(watcher.progress)
    assert titles(assistant) == ["Kettles", "Teapots"]
