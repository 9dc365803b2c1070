"""What the first questions after a start would have to wait for, done before they are asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from assistant.answering.answered import READ
from assistant.answering.safety import prepare
from assistant.assistant import Assistant
from assistant.errors import QuestionError

_SECONDS = 5.0
_DOCUMENTS = 60
_WORDS = range(4, 124, 8)  # in a question or sentence; each length is a shape to prepare for
_PREMISES = 12


def warm_up(
    assistant: Assistant, stopped: Callable[[], bool] = lambda: False, seconds: float = _SECONDS
) -> None:
    """Load every model and run each once, then ask what the documents are about.

    Asking for the headings of documents fills the caches that every question
    draws on, for so many seconds at most. It is made for a thread of its own, so that no answer
    waits for it. It ends early once ``stopped`` says so.

    Raises:
        ModelError: When the verifier's weights are missing or altered.
    """
    started = time.monotonic()
    prepare()
    lengths = [" ".join(["protein"] * words) for words in _WORDS]
    assistant.encoder.token_states(lengths)
    verifier = assistant.verifier
    with assistant.pinned():
        for topic in _topics(assistant):
            with suppress(QuestionError):  # a heading need not hold a word
                assistant.ask(topic)
            if stopped() or time.monotonic() - started > seconds:
                break
    for text in lengths:
        if stopped():
            return
        for count in (READ, _PREMISES):
            verifier.score([(text, "protein")] * count)
    assistant.check("Proteins are made in cells.")


def _topics(assistant: Assistant) -> Iterator[str]:
    """Yield the titles and headings of the first documents."""
    for document in islice(assistant.index.store.documents(), _DOCUMENTS):
        passages = assistant.index.passages_of(document.doc_id)
        yield from dict.fromkeys([document.title, *(h for p in passages for h in p.heading[-1:])])
