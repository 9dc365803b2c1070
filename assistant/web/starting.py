"""The web app while it starts: a page that says what is being done, then the app itself.

The port answers at once. Until the models are loaded and the index stands, every page is a
short one that tells how far it is and loads itself again; then requests go to the app.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.web.escaping import escape

if TYPE_CHECKING:
    from fastapi import FastAPI

_RETRY_SECONDS = 1
_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; frame-ancestors 'none'"
Make = Callable[[], "FastAPI"]


class Starting:
    """An ASGI app that makes another one in a thread and then hands everything to it.

    ``make`` returns the app and may take minutes; ``told`` says what it is doing just now.
    Where it fails, ``failure`` holds the problem and ``on_failure`` is called.
    """

    def __init__(self, make: Make, told: Callable[[], str], on_failure: Callable[[], None]) -> None:
        self.failure: AssistantError | None = None
        self._make = make
        self._told = told
        self._on_failure = on_failure
        self._app: ASGIApp | None = None
        self._stack = AsyncExitStack()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or the start and end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._wait_page(scope["path"], send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._task = asyncio.create_task(self._start())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._task.cancel()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        try:
            app = await asyncio.to_thread(self._make)
        except AssistantError as error:
            self.failure = error
            self._on_failure()
            return
        context: AbstractAsyncContextManager[object] = app.router.lifespan_context(app)
        await self._stack.enter_async_context(context)
        self._app = app

    async def _wait_page(self, path: str, send: Send) -> None:
        told = self._told()
        if path == "/healthz":
            await _reply(send, 200, "application/json", json.dumps({"status": "starting"}))
        elif path.startswith(("/api/", "/readyz", "/gradio_api/", "/mcp")):
            problem = {
                "error": f"The assistant is starting: {told} Please try again.", "field": None,
            }  # fmt: skip
            await _reply(send, 503, "application/json", json.dumps(problem))
        else:
            await _reply(send, 503, "text/html; charset=utf-8", wait_page(told))


def wait_page(told: str) -> str:
    """Return the page shown until the app is there; it loads itself again without scripts."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{_RETRY_SECONDS}"><title>Starting</title></head>'
        f"<body><main><h1>Starting</h1><p>{escape(told)}</p>"
        "<p>This page opens the assistant by itself as soon as it is ready.</p>"
        "</main></body></html>"
    )


async def _reply(send: Send, status: int, kind: str, body: str) -> None:
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", kind.encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", _POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", str(_RETRY_SECONDS).encode()))
    message: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(message)
    await send({"type": "http.response.body", "body": body.encode("utf-8")})
