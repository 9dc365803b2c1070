"""ASGI middleware around everything served: closed routes, a body limit, security headers.

Gradio sends no security headers and serves uploads, streams, monitoring and code tools whether
or not an app uses them; only the routes its chat needs stay open. It limits no request rate.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
_GRADIO = "/gradio_api/"
# run/predict serves the events outside the queue, here the prefill of the box.
_OPEN = ("queue/join", "queue/data", "run/predict", "heartbeat/", "startup-events", "info",
         "theme.css", "cancel", "reset", "app_id")  # fmt: skip
# Our own pages; the chat's page, which Gradio makes, stands at all other addresses.
_PAGES = ("/doc", "/faq", "/check", "/answer", "/map", "/healthz", "/api")
_CLOSED = ("/monitoring", "/svelte", "/login", "/logout", "/pwa_icon", "/openapi.json")
_COMMON_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
)
# Gradio's page needs inline scripts and styles, but no eval; our own pages need neither.
CHAT_POLICY = _COMMON_POLICY + "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
PAGE_POLICY = _COMMON_POLICY + "script-src 'self'; style-src 'self'"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """Wraps an ASGI app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is closed or too large; pass the rest on and add the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send, scope["path"])
        if is_closed(scope["path"]):
            await _refuse(send, 404, b"Not found")
            return
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await _refuse(send, 413, b"The request is too large")
            return
        await self.app(scope, _replay(body, receive), send)


def is_closed(path: str) -> bool:
    """Tell whether a path is one of Gradio's that the chat does not use."""
    path = "/" + path.lstrip("/")
    if path.startswith(_GRADIO) or path == _GRADIO[:-1]:
        rest = path[len(_GRADIO) :]
        return not any(rest == o or (o.endswith("/") and rest.startswith(o)) for o in _OPEN)
    return any(path == closed or path.startswith(closed + "/") for closed in _CLOSED)


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


def _with_headers(send: Send, path: str) -> Send:
    own = any(path == page or path.startswith(page + "/") for page in _PAGES)
    policy = (b"content-security-policy", (PAGE_POLICY if own else CHAT_POLICY).encode())

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = (*_HEADERS, policy)
            names = {name for name, _ in ours}
            kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in names]
            message = {**message, "headers": [*kept, *ours]}
        await send(message)

    return wrapped


async def _refuse(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
