"""After the warm-up a question costs one encoding, its own; a stop ends it early."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.config import BUNDLED_CORPUS, Settings
from assistant.protocols import Encoder
from assistant.warming import warm_up


class Counting:
    """An encoder that notes the texts whose token states were asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts: list[str] = []

    def token_states(self, texts: Sequence[str]) -> Any:
        self.texts.extend(texts)
        return self._encoder.token_states(texts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)


@pytest.fixture
def opened(bundled: Assistant, encoder: Encoder, cache) -> Any:
    counting = Counting(encoder)
    settings = Settings(BUNDLED_CORPUS, bundled.settings.index, cache)
    assistant = Assistant.open(settings, encoder=counting)
    yield assistant, counting
    assistant.close()


def test_the_sentences_are_encoded_before_they_are_asked_for(opened):
    assistant, counting = opened
    warm_up(assistant, seconds=60)
    assert assistant.is_warm
    counting.texts.clear()
    assistant.ask("Does leucine stimulate mTORC1 in muscle?")
    assert len(counting.texts) <= 3


def test_a_stop_ends_it_after_the_question_at_hand(opened):
    assistant, counting = opened
    warm_up(assistant, lambda: True)
    titles = [d.title for d in assistant.documents()]
    assert titles[0] in counting.texts
    assert titles[1] not in counting.texts
