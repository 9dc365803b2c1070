"""Serve an assistant's tools on standard input and output, for desktop clients of MCP."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.web.mcpserver import serve_stdio
from assistant.web.service import service_of
from assistant.web.workers import Workers


def serve_models(assistant: Assistant) -> None:
    """Serve until the client closes standard input; the verifier loads meanwhile."""
    threading.Thread(target=_load_verifier, args=[assistant], daemon=True).start()
    workers = Workers()
    try:
        asyncio.run(serve_stdio(service_of(assistant), workers))
    finally:
        workers.close()
        assistant.close()


def _load_verifier(assistant: Assistant) -> None:
    with suppress(AssistantError):  # said again, in a sentence, when a claim is checked
        _ = assistant.verifier
