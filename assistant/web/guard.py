"""ASGI middleware around everything served: closed routes, a body limit, security headers.

Gradio sends no security headers and serves uploads, streams, monitoring and code tools whether
or not an app uses them; only the routes its chat needs stay open. A server on a loopback
address answers only to the names of this machine, so that no site can reach it under its own
name. It limits no request rate and knows no users.
"""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.hosting import Hosting
from assistant.web.refusal import refuse

MAX_BODY_BYTES = 64 * 1024
BODY_SECONDS = 15.0
_GRADIO = "/gradio_api/"
# run/predict serves the events outside the queue, here the prefill of the box.
_OPEN = ("queue/join", "queue/data", "run/predict", "heartbeat/", "startup-events", "info",
         "theme.css", "cancel", "reset", "app_id")  # fmt: skip
_LOGIN = ("/login", "/logout")
_LOCAL = ("localhost", "127.0.0.1", "[::1]", "")
# Our own pages; the chat's page, which Gradio makes, stands at all other addresses.
_PAGES = ("/doc", "/faq", "/check", "/answer", "/map", "/healthz", "/readyz", "/api", "/mcp",
          *_LOGIN)  # fmt: skip
_LONGEST_NAME = 255  # bytes
_CLOSED = ("/monitoring", "/svelte", "/login", "/logout", "/pwa_icon", "/openapi.json")
_COMMON_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
)
# Gradio's page needs inline scripts and styles, but no eval; our own pages need neither.
CHAT_POLICY = _COMMON_POLICY + "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
PAGE_POLICY = _COMMON_POLICY + "script-src 'self'; style-src 'self'"
_BUSY = (429, 503)
_RETRY = (b"retry-after", b"2")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """Wraps an ASGI app; refuses what is closed or too large, and adds the headers."""

    def __init__(self, app: ASGIApp, hosting: Hosting | None = None) -> None:
        self.app = app
        self.hosting = hosting or Hosting()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = _without_root(scope, self.hosting.root_path)
        send = _with_headers(send, scope["path"], self.hosting.frame_ancestors)
        if not self._may_call(scope):
            sentence = "This server is called by another name; set ASSISTANT_HOSTS to allow it."
            await refuse(scope, send, 403, sentence)
        elif self._is_closed(scope["path"]):
            await refuse(scope, send, 404, "Not found")
        elif scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
        else:
            await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_read(receive), BODY_SECONDS)
        except TimeoutError:
            await refuse(scope, send, 408, "The request came too slowly")
            return
        if body is None:
            await refuse(scope, send, 413, "The request is too large")
            return
        await self.app(scope, _replay(body, receive), send)

    def _is_closed(self, path: str) -> bool:
        return is_closed(path) and not (self.hosting.auth and path in _LOGIN)

    def _may_call(self, scope: Scope) -> bool:
        """Refuse foreign names on a loopback address: a site's name may point to it."""
        try:
            loopback = ip_address((scope.get("server") or ("", 0))[0]).is_loopback
        except ValueError:
            return True
        called = Headers(scope=scope).get("host", "").lower()
        name = called.rsplit(":", 1)[0] if not called.endswith("]") else called
        allowed = (*_LOCAL, *self.hosting.hosts)
        return not loopback or name in allowed or "*" in allowed


def _without_root(scope: Scope, root_path: str) -> Scope:
    """Return the scope as if the app were at the root, whether or not a proxy cut its path."""
    path: str = scope["path"]
    if not root_path or not (path + "/").startswith(root_path + "/"):
        return scope
    raw = scope.get("raw_path") or path.encode()
    return {
        **scope,
        "path": path[len(root_path) :] or "/",
        "raw_path": raw[len(root_path) :] or b"/",
    }


def _is_own(path: str) -> bool:
    return any(path == page or path.startswith(page + "/") for page in _PAGES)


def is_closed(path: str) -> bool:
    """Tell whether a path is one of Gradio's that the chat does not use, or no path of ours."""
    path = "/" + path.lstrip("/")
    if any(c < " " for c in path):  # a line end would slip past the routes
        return True
    if path.startswith(_GRADIO) or path == _GRADIO[:-1]:
        rest = path[len(_GRADIO) :]
        return not any(rest == o or (o.endswith("/") and rest.startswith(o)) for o in _OPEN)
    if any(path == closed or path.startswith(closed + "/") for closed in _CLOSED):
        return True
    # Gradio asks the file system for other names, which takes none as long as this.
    return not _is_own(path) and any(
        len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in path.split("/")
    )


async def _read(receive: Receive) -> bytes | None:
    """Return the body, counted as it streams in; None once it is over the limit."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send, path: str, ancestors: str) -> Send:
    own = _is_own(path)
    ours = [
        *_HEADERS,
        (
            b"content-security-policy",
            f"{PAGE_POLICY if own else CHAT_POLICY}; frame-ancestors {ancestors}".encode(),
        ),
        *([(b"x-frame-options", b"DENY")] if ancestors == "'none'" else []),
    ]
    names = {name for name, _ in ours} | {b"x-frame-options"}

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in names]
            if message["status"] in _BUSY and all(n.lower() != _RETRY[0] for n, _ in kept):
                kept.append(_RETRY)  # such as Gradio's own, when its queue is full
            message = {**message, "headers": [*kept, *ours]}
        await send(message)

    return wrapped
