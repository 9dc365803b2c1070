"""Who is logged in: a signed cookie for browsers, HTTP Basic for programs.

Cookies are signed with a key made when the server starts and with the user's hash, so that a
restart or a changed password ends the sessions. Nothing is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping

from assistant.web.passwords import MAX_PASSWORD_CHARS, check_password, hash_password

LASTS = 7 * 24 * 3600
_PROVED_FOR, _PROVED_KEPT = 600.0, 1_000


class Sessions:
    """The users of one server.

    Args:
        users: Hashes by name.
        clock: Seconds since the epoch.
    """

    def __init__(self, users: Mapping[str, str], clock: Callable[[], float] = time.time) -> None:
        self._users = users
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._nobody = hash_password(secrets.token_urlsafe(16))
        self._lock = threading.Lock()
        self._proved: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def check(self, name: str, password: str) -> bool:
        """Tell whether a name has this password; takes as long for a name that is unknown."""
        stored = self._users.get(name)
        right = check_password(password[:MAX_PASSWORD_CHARS], stored or self._nobody)
        return right and stored is not None

    def cookie(self, name: str) -> str:
        """Return a cookie's value for a user who has just proved the password."""
        told = f"{name}|{int(self._clock()) + LASTS}"
        return f"{_text(told.encode())}.{_text(self._sign(told, name))}"

    def user_of_cookie(self, value: str) -> str | None:
        """Return the user of a cookie's value, None when it is forged, altered or too old."""
        head, _, tail = value.partition(".")
        try:
            told, signature = _bytes(head).decode(), _bytes(tail)
            name, _, until = told.rpartition("|")
            alive = float(until) > self._clock()
        except ValueError:
            return None
        signed = hmac.compare_digest(signature, self._sign(told, name))
        return name if signed and alive and name in self._users else None

    def proved(self, header: str) -> str | None:
        """Return the user of a Basic header that was right within the last ten minutes."""
        with self._lock:
            name, until = self._proved.get(self._digest(header), ("", 0.0))
        return name if until > self._clock() else None

    def prove(self, header: str) -> str | None:
        """Return the user of a Basic header, checking the password; some 50 ms."""
        name, password = read_basic(header)
        if not self.check(name, password):
            return None
        with self._lock:
            self._proved[self._digest(header)] = (name, self._clock() + _PROVED_FOR)
            while len(self._proved) > _PROVED_KEPT:
                self._proved.popitem(last=False)
        return name

    def _sign(self, told: str, name: str) -> bytes:
        key = self._key + self._users.get(name, "").encode()
        return hmac.digest(key, told.encode(), "sha256")

    def _digest(self, header: str) -> bytes:
        return hmac.digest(self._key, header.encode(), hashlib.sha256)


def read_basic(header: str) -> tuple[str, str]:
    """Return the name and password of a Basic header, empty when it is none."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, password = b64decode(value.strip()).decode().partition(":")
    except ValueError:
        return "", ""
    return name, password


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
