"""Start the web chat: claim the port, open the index with progress, serve until stopped."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import AssistantError, FileProblem, SettingsError
from assistant.indexing import Progress, ProgressState, in_use
from assistant.progress import ProgressLine, describe
from assistant.warming import warm_up
from assistant.watching import Watcher

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

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
    from assistant.web.hosting import Hosting
    from assistant.web.programs import open_service
    from assistant.web.workers import Workers

    workers = Workers(timeout=(hosting or Hosting()).timeout)
    root_path = hosting.root_path if hosting else ""
    service = open_service(assistant, hosting)
    app: FastAPI = gr.mount_gradio_app(
        build_api(assistant, service, hosting, workers),
        ui.build_ui(assistant, service, workers, root_path),
        path="/",
        root_path=root_path,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size=1,
        allowed_paths=[],
        ssr_mode=False,
        mcp_server=False,
        theme=ui.theme(),
        head=ui.head(root_path),
    )
    return app


def serve(
    settings: Settings,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    watch: bool = True,
    mcp: bool = False,
) -> None:
    """Serve the chat and the API until interrupted, with ``mcp`` the tools for models too.

    The page is there at once and says how the start goes.

    With ``watch`` the index of last time serves at once, is brought up to date meanwhile and
    follows the folder from then on.

    Raises:
        SettingsError: When the host, the port or a variable cannot be used.
        AssistantError: When the corpus, index or model cannot be opened.
    """
    from assistant.web.hosting import read_hosting
    from assistant.web.starting import Starting

    hosting = read_hosting(mcp=mcp)
    with claim_port(host, port) as listener:
        start = _Start(settings, hosting, address(listener), watch=watch)
        starting = Starting(start.make, start.told, lambda: server.stop())
        server = _Server(starting, hosting.proxies)
        try:
            server.run_on(listener)
        finally:
            start.stop()
        if starting.failure:
            raise starting.failure


class _Start:
    """Opens the assistant and makes the app, in a thread beside the server."""

    def __init__(self, settings: Settings, hosting: Hosting, where: str, *, watch: bool) -> None:
        self._settings = settings
        self._hosting = hosting
        self._watch = watch
        self._watcher: Watcher | None = None
        self._where = where
        self._told = "Loading the search and the language model."
        self._stopped = False
        self._assistant: Assistant | None = None
        self._warming = threading.Thread(target=self._warm_up)

    def told(self) -> str:
        """Return what is being done, in one sentence."""
        return self._told

    def make(self) -> FastAPI:
        """Return the app; what is worth knowing is said on stderr."""
        with ProgressLine() as line:

            def progress(state: ProgressState) -> None:
                if self._stopped:
                    raise AssistantError("Stopped.")
                self._told = f"Indexing: {describe(state)}."
                line.draw(state)

            there = in_use(self._settings) is not None
            self._assistant = assistant = Assistant.open(
                self._settings,
                progress=Progress(progress),
                sync=not (self._watch and there),
                wait=_say_line,
            )
        if assistant.notice:
            _say_line(assistant.notice)
        self._told = "Making the page."
        app = create_app(assistant, self._hosting)
        manifest = assistant.index.manifest
        _say(f"{assistant.info.title}: {manifest.documents:,} documents, "
             f"{manifest.passages:,} passages.\n")  # fmt: skip
        for problem in manifest.problems[:_LISTED]:
            _say(f"Not read: {problem}\n")
        if len(manifest.problems) > _LISTED:
            _say(f"Not read: {len(manifest.problems) - _LISTED:,} more\n")
        try:
            assistant.pathway()
        except FileProblem as problem:
            _say(f"The pathway map is left out: {problem}.\n")
        _say(f"Open {self._where} in a browser; Ctrl+C stops it.\n")
        # No visitor should wait for the verifier, or for what the first question prepares.
        if not self._stopped:
            self._warming.start()
            self._watcher = Watcher(assistant, folder=self._watch, say=_say_line).start()
        return app

    def stop(self) -> None:
        """Wait for what cannot be broken off, and close the index."""
        self._stopped = True
        if self._watcher:
            self._watcher.stop()
        if self._warming.ident:
            self._warming.join()
        if self._assistant:
            self._assistant.close()

    def _warm_up(self) -> None:
        if self._assistant and not self._stopped:
            try:
                warm_up(self._assistant, lambda: self._stopped)
            except AssistantError as error:  # told again with each question and claim
                _say(f"{error}\n")


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


class _Server:
    """uvicorn on a socket that is already listening."""

    def __init__(self, app: ASGIApp, proxies: str) -> None:
        import uvicorn

        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=2,
            server_header=False, forwarded_allow_ips=proxies,
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    def run_on(self, listener: socket.socket) -> None:
        """Serve until stopped or interrupted."""
        try:
            self._server.run(sockets=[listener])
        except KeyboardInterrupt:
            _say("Stopped.\n")

    def stop(self) -> None:
        """Make it stop soon; callable from its event loop."""
        self._server.should_exit = True


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", "") or str(error)).lower()


def _say_line(text: str) -> None:
    _say(f"{text}\n")


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
