"""A refusal in one sentence, from a layer that knows no route: JSON to programs, text to others."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope, Send

from assistant.jsonio import dump

_PROGRAMS = ("/api/", "/mcp", "/gradio_api/")


async def refuse(
    scope: Scope, send: Send, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> None:
    """Send a whole response: a status, a sentence, and the connection's end."""
    as_json = scope["path"].startswith(_PROGRAMS)
    told: dict[str, str | None] = {"error": sentence, "field": None}
    if scope["path"].startswith("/gradio_api/"):
        told["detail"] = sentence  # where Gradio's client looks for the reason
    body = dump(told) if as_json else sentence
    kind = "application/json" if as_json else "text/plain; charset=utf-8"
    fields = {"Content-Type": kind, "Connection": "close", **(headers or {})}
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body.encode()})
