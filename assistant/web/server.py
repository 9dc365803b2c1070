"""Start the web chat: claim the port, open the index with progress, serve until stopped."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import AssistantError, SettingsError
from assistant.progress import ProgressLine

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.web.hosting import Hosting

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 7860
_LISTED = 20
_GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_GRADIO": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    # After each question Gradio would sum up all questions so far with pandas, for a page
    # that is switched off.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}


def create_app(assistant: Assistant, hosting: Hosting | None = None) -> FastAPI:
    """Return the whole web app: plain routes with the chat mounted at the root.

    Raises:
        SettingsError: When the file of users cannot be used.
    """
    os.environ.update(_GRADIO)  # before Gradio is imported, or it calls home
    # Without a running event loop Gradio makes several that it never closes; in a thread of
    # its own there can be one whatever the caller runs.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _mount(assistant, hosting)).result()


async def _mount(assistant: Assistant, hosting: Hosting | None) -> FastAPI:
    import gradio as gr

    from assistant.web import ui
    from assistant.web.api import build_api
    from assistant.web.programs import open_service

    service = open_service(assistant, hosting)
    app: FastAPI = gr.mount_gradio_app(
        build_api(assistant, service, hosting),
        ui.build_ui(assistant, service),
        path="/",
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size=1,
        allowed_paths=[],
        ssr_mode=False,
        mcp_server=False,
        theme=ui.theme(),
        head=ui.HEAD,
    )
    return app


def serve(
    settings: Settings, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, *, mcp: bool = False
) -> None:
    """Serve the chat and the API until interrupted, with ``mcp`` the tools for models too.

    Raises:
        SettingsError: When the host, the port or a variable cannot be used.
        AssistantError: When the corpus, index or model cannot be opened.
    """
    from assistant.web.hosting import read_hosting

    hosting = read_hosting(mcp=mcp)
    listener = claim_port(host, port)
    with listener:
        with ProgressLine() as progress:
            assistant = Assistant.open(settings, progress=progress)
        try:
            app = create_app(assistant, hosting)
            manifest = assistant.index.manifest
            _say(f"{assistant.info.title}: {manifest.documents:,} documents, "
                 f"{manifest.passages:,} passages.\n")  # fmt: skip
            for problem in manifest.problems[:_LISTED]:
                _say(f"Not read: {problem}\n")
            if len(manifest.problems) > _LISTED:
                _say(f"Not read: {len(manifest.problems) - _LISTED:,} more\n")
            _say(f"Open {address(listener)} in a browser; Ctrl+C stops it.\n")
            # The first claim should not wait for the verifier to be loaded or converted.
            threading.Thread(target=_load_verifier, args=[assistant], daemon=True).start()
            _run(app, listener, hosting.proxies)
        finally:
            assistant.close()


def _load_verifier(assistant: Assistant) -> None:
    with suppress(AssistantError):  # said again, in a sentence, when a claim is checked
        _ = assistant.verifier


def claim_port(host: str, port: int) -> socket.socket:
    """Return a listening socket, before anything slow is started.

    Raises:
        SettingsError: When the port is in use or the host is none of this machine.
    """
    if not 0 <= port <= 65_535:
        raise SettingsError(f"The port {port} cannot be used; --port goes from 0 to 65535.")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(
            f"The host '{host}' cannot be used ({_reason(error)}); check --host."
        ) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({_reason(error)}); "
            "stop the program that has it or choose another with --port."
        ) from error
    return listener


def address(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _run(app: FastAPI, listener: socket.socket, proxies: str) -> None:
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=2,
        server_header=False, forwarded_allow_ips=proxies,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        _say("Stopped.\n")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", "") or str(error)).lower()


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
