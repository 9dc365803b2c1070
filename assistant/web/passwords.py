"""Passwords for the web app: hashes, and the file of names and hashes.

A line of the file is ``name:scrypt$N$r$p$salt$hash``; blank lines and lines that start with
``#`` are left out. ``python -m assistant password NAME`` prints one.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import secrets
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from assistant.errors import SettingsError, why_unread

MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 8, 200
_COST, _BLOCK, _LANES = 2**14, 8, 1  # 16 MiB and some 50 ms for each guess
_MEMORY = 64 * 1024 * 1024


def hash_password(password: str) -> str:
    """Return the salted scrypt hash of a password, as text."""
    salt = secrets.token_bytes(16)
    parts = (_COST, _BLOCK, _LANES, _text(salt), _text(_scrypt(password, salt, _COST)))
    return "$".join(["scrypt", *map(str, parts)])


def check_password(password: str, stored: str) -> bool:
    """Tell whether a password has this hash, in the same time whether or not it does."""
    _, cost, _, _, salt, expected = stored.split("$")
    found = _scrypt(password, b64decode(salt), int(cost))
    return hmac.compare_digest(found, b64decode(expected))


def read_users(path: Path) -> dict[str, str]:
    """Return the hashes by name.

    Raises:
        SettingsError: When the file cannot be read, holds no name, or a line cannot be used.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"ASSISTANT_AUTH: {path} cannot be read ({why_unread(error)}); check the path."
        ) from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        if not name or not _is_hash(stored) or name in users:
            raise SettingsError(
                f"ASSISTANT_AUTH: line {number} of {path} is not a new name:hash; "
                "make one with: python -m assistant password NAME"
            )
        users[name] = stored
    if not users:
        raise SettingsError(
            f"ASSISTANT_AUTH: {path} holds no name; "
            "make one with: python -m assistant password NAME"
        )
    return users


def _is_hash(stored: str) -> bool:
    parts = stored.split("$")
    try:
        return (
            len(parts) == 6
            and parts[0] == "scrypt"
            and 2**10 <= int(parts[1]) <= 2**15
            and int(parts[1]).bit_count() == 1
            and (int(parts[2]), int(parts[3])) == (_BLOCK, _LANES)
            and bool(b64decode(parts[4], validate=True))
            and len(b64decode(parts[5], validate=True)) == 32
        )
    except ValueError:
        return False


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=cost, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def ask_password() -> str:
    """Read a password, twice from a terminal, else from the first line of standard input.

    Raises:
        SettingsError: When it is too short or too long, or the two differ.
    """
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise SettingsError("The two passwords differ; try again.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise SettingsError(
            f"The password must have {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters."
        )
    return password
