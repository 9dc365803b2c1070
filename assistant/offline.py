"""A guard around this process: nothing in it may reach for a network.

It sees what Python's own sockets do, through the interpreter's audit events. What a library does
without Python it cannot see; tests/test_isolation.py runs everything where there is no route.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EPERM
from ipaddress import ip_address
from typing import Any

_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
_lock = threading.Lock()
_watching: list[list[str]] = []
_hooked = False


@contextmanager
def no_network() -> Iterator[list[str]]:
    """Refuse every connection and every look-up of a name, in all threads, while it is open.

    Yields:
        What was attempted and refused, one text each; it grows while the guard is open.
    """
    global _hooked
    attempts: list[str] = []
    with _lock:
        if not _hooked:
            sys.addaudithook(_heard)  # a hook cannot be removed, so it is added only once
            _hooked = True
        _watching.append(attempts)
    try:
        yield attempts
    finally:
        with _lock:
            _watching[:] = [one for one in _watching if one is not attempts]


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or not event.startswith("socket."):
        return
    attempt = ""
    if event in _CONNECTS and isinstance(arguments[1], tuple):  # other addresses are local paths
        attempt = f"connect to {arguments[1][0]}"
    elif event in _LOOKUPS and not _is_local(arguments[0]):
        attempt = f"look up {arguments[0]}"
    if attempt:
        for attempts in tuple(_watching):
            attempts.append(attempt)
        raise PermissionError(EPERM, f"No network is allowed here ({attempt}).")


def _is_local(host: Any) -> bool:
    """Tell whether looking this up needs nobody else: an address, this machine, any."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return True
