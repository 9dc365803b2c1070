from __future__ import annotations

import pytest

from assistant.answering.smalltalk import introduction, is_small_talk
from assistant.datatypes import CorpusInfo


@pytest.mark.parametrize(
    "text",
    ["Hello!", "hi there", "Thanks", "thank you very much", "Who are you?", "what can you do",
     "What's your name?", "Are you a robot?", "OK thanks", "Help", "test", "How does this work?"],
)  # fmt: skip
def test_small_talk_is_noticed(text) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["Hello world programs in C", "What is a kettle?", "Who are the authors?", "help with pain",
     "Thanks to whom was it found?", "what do you know about copper", "test results of 1990"],
)  # fmt: skip
def test_a_question_is_no_small_talk(text) -> None:
    assert not is_small_talk(text)


def test_the_introduction_names_the_documents_and_offers_examples() -> None:
    notice, examples = introduction(CorpusInfo("Tea", "All about tea.", "No advice.", ("Why?",)))
    assert "All about tea." in notice.text
    assert examples == ("Why?",)


def test_small_talk_is_answered_with_an_introduction(bundled) -> None:
    answer = bundled.ask("Hello!")
    assert answer.outcome == "not_covered"
    assert answer.notices[0].kind == "about"
    assert answer.related == bundled.info.examples[:4]
    assert answer.disclaimer
