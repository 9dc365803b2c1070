"""How the web app is hosted: who may ask, how often, from where. Read once from variables.

docs/hosting.md describes each of them. The defaults are those of a private machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import SettingsError

_TRUE = ("1", "true", "yes", "on")
_SOURCE = re.compile(r"\*|https?://[\w*.:-]+|'self'")
_ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?")
_ROOT = re.compile(r"(?:/[\w.~-]+)+")
_SPACE = "'self' https://huggingface.co https://*.hf.space"


@dataclass(frozen=True, slots=True)
class Hosting:
    """What may be set from outside.

    ``rate`` is in calls a minute from one address (0: no limit), ``timeout`` in seconds;
    ``origins`` are the other sites whose pages may read answers, ``hosts`` the names under
    which a server on a loopback address may be called; ``root_path`` starts with a slash, or
    is empty.
    """

    rate: int = 60
    timeout: float = 30.0
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    frame_ancestors: str = "'none'"
    auth: Path | None = None
    root_path: str = ""
    proxies: str = "127.0.0.1"
    log_questions: bool = False
    mcp: bool = False


def read_hosting(environ: Mapping[str, str] = os.environ, *, mcp: bool = False) -> Hosting:
    """Return the hosting that the environment asks for.

    Raises:
        SettingsError: When a variable cannot be used; the sentence names it.
    """
    space = bool(environ.get("SPACE_ID"))  # a Hugging Face Space: framed, behind one proxy
    auth = environ.get("ASSISTANT_AUTH", "").strip()
    return Hosting(
        rate=int(_number(environ, "ASSISTANT_RATE", 60, whole=True)),
        timeout=_number(environ, "ASSISTANT_TIMEOUT", 30) or 30.0,
        origins=_list(environ, "ASSISTANT_ORIGINS", _is_origin, "https://example.org"),
        hosts=_list(environ, "ASSISTANT_HOSTS", _is_host, "assistant.example.org"),
        frame_ancestors=_ancestors(environ, _SPACE if space else "'none'"),
        auth=Path(auth).expanduser().absolute() if auth else None,
        root_path=_root_path(environ),
        proxies=environ.get("FORWARDED_ALLOW_IPS") or ("*" if space else "127.0.0.1"),
        log_questions=_log_questions(environ),
        mcp=mcp or environ.get("GRADIO_MCP_SERVER", "").strip().lower() in _TRUE,
    )


def _number(environ: Mapping[str, str], name: str, default: int, *, whole: bool = False) -> float:
    value = environ.get(name, "").strip() or str(default)
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 1_000_000:
        raise SettingsError(f"{name} is '{value}'; set it to a number from 0 to 1000000.")
    return number


def _list(
    environ: Mapping[str, str], name: str, is_one: Callable[[str], bool], example: str
) -> tuple[str, ...]:
    found = tuple(part.strip().rstrip("/") for part in environ.get(name, "").split(","))
    for part in filter(None, found):
        if not is_one(part):
            raise SettingsError(f"{name} holds '{part}'; write one like {example}, with commas.")
    return tuple(filter(None, found))


def _is_origin(text: str) -> bool:
    return text == "*" or _ORIGIN.fullmatch(text) is not None


def _is_host(text: str) -> bool:
    return re.fullmatch(r"[\w.-]+|\*", text) is not None


def _ancestors(environ: Mapping[str, str], default: str) -> str:
    value = " ".join(environ.get("ASSISTANT_FRAME_ANCESTORS", "").split())
    if not value:
        return default
    if value != "'none'" and not all(_SOURCE.fullmatch(part) for part in value.split()):
        raise SettingsError(
            f"ASSISTANT_FRAME_ANCESTORS is \"{value}\"; set it to 'none', 'self' or addresses "
            "like https://example.org, with blanks between."
        )
    return value


def _root_path(environ: Mapping[str, str]) -> str:
    value = environ.get("GRADIO_ROOT_PATH", "").strip().rstrip("/")
    path = urlsplit(value).path if "://" in value else value
    if path and not _ROOT.fullmatch(path):
        raise SettingsError(f"GRADIO_ROOT_PATH is '{value}'; set it to a path like /assistant.")
    return path


def _log_questions(environ: Mapping[str, str]) -> bool:
    value = environ.get("ASSISTANT_LOG", "").strip().lower()
    if value not in ("", "questions"):
        raise SettingsError(f"ASSISTANT_LOG is '{value}'; set it to 'questions' or leave it out.")
    return bool(value)
