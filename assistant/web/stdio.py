"""Serve an assistant's tools on standard input and output, for desktop clients of MCP."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.warming import warm_up
from assistant.web.mcpserver import serve_stdio
from assistant.web.service import service_of
from assistant.web.workers import Workers


def serve_models(assistant: Assistant) -> None:
    """Serve until the client closes standard input; the models load meanwhile."""
    threading.Thread(target=_warm_up, args=[assistant], daemon=True).start()
    workers = Workers()
    try:
        asyncio.run(serve_stdio(service_of(assistant), workers))
    finally:
        workers.close()
        assistant.close()


def _warm_up(assistant: Assistant) -> None:
    with suppress(AssistantError):  # told, in a sentence, with each question and claim
        warm_up(assistant)
