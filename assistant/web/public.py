"""The three functions that ``gradio_client`` may call; all other events of the chat are private.

They wait in the same queue as the chat's events, are made by the same workers and return the
JSON of the command line.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.service import Service
from assistant.web.workers import Workers

AT_ONCE = 4


def add_public(service: Service, workers: Workers | None = None) -> None:
    """Add ``/ask``, ``/check`` and ``/faq`` to the Blocks that are being built.

    The workers make the replies, by default the thread that wants one.
    """

    def ask(question: str, previous: str = "") -> dict[str, Any]:
        """Answer a question with verbatim, cited sentences; previous is the one before it."""
        return _told(workers, service.ask, question, previous)

    def check(claim: str) -> dict[str, Any]:
        """Tell which documents support a claim and which contradict it."""
        return _told(workers, service.check, claim)

    def faq(question: str = "") -> dict[str, Any]:
        """Find the frequently asked question that asks the same; without one, list them."""
        return _told(workers, service.faq, question)

    for function in (ask, check, faq):
        gr.api(function, concurrency_limit=AT_ONCE, concurrency_id="public")


def _told(workers: Workers | None, work: Any, *arguments: Any) -> dict[str, Any]:
    """Return what the work returns, its errors as what Gradio shows."""
    try:
        texts = [value if isinstance(value, str) else "" for value in arguments]
        found: dict[str, Any] = workers.wait(work, *texts) if workers else work(*texts)
        return found
    except AssistantError as error:
        raise gr.Error(str(error), print_exception=False) from error
