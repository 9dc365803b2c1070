"""How often one address may ask: token buckets, and the middleware that empties them.

Only what makes the assistant work counts; pages, styles and health do not. A server behind a
proxy sees one address for all visitors unless uvicorn is told to trust that proxy.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.refusal import refuse

LOOPBACK_FACTOR = 100
_KEPT = 10_000
_COUNTED = ("/api/v1/", "/mcp", "/gradio_api/queue/join", "/gradio_api/run/", "/answer")
# These pages work only when something is asked of them.
_ASKED = {"/faq": b"q=", "/check": b"claim="}


class Buckets:
    """One token bucket for each key; safe to use from several threads.

    Args:
        rate: Tokens that come back in a minute, and how many a bucket holds; 0: no limit.
        clock: Seconds that only go forward.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, factor: int = 1) -> int:
        """Take a token; return 0, or after how many whole seconds there is one.

        ``factor`` makes the bucket of this key so many times as large and as fast.
        """
        size = self._rate * factor
        if not size:
            return 0
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(key, (float(size), now))
            left = min(size, left + (now - then) * size / 60)
            wait = 0 if left >= 1 else math.ceil((1 - left) * 60 / size)
            self._left[key] = (left if wait else left - 1, now)
            while len(self._left) > _KEPT:
                self._left.popitem(last=False)
        return wait


def client_of(scope: Scope) -> tuple[str, bool]:
    """Return the key of a client's address, and whether it is this machine.

    The addresses of one IPv6 network (/64) are one client.
    """
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host, False
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None and not address.is_loopback:
            return str(ipaddress.ip_network((address, 64), strict=False)), False
        address = mapped or address
    return str(address), address.is_loopback


class RateLimit:
    """ASGI middleware that answers 429 to an address that asks too often."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self.app = app
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it counts and its bucket is empty."""
        if scope["type"] == "http" and _counts(scope):
            key, here = client_of(scope)
            if wait := self.buckets.take(key, LOOPBACK_FACTOR if here else 1):
                sentence = f"Too many requests from this address; try again in {wait} s."
                await refuse(scope, send, 429, sentence, {"Retry-After": str(wait)})
                return
        await self.app(scope, receive, send)


def _counts(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] == "OPTIONS":
        return False
    asks = path in _ASKED and (scope["method"] == "POST" or _ASKED[path] in scope["query_string"])
    return asks or path.startswith(_COUNTED)
