"""A real server in a thread, on a free port."""

from __future__ import annotations

import asyncio
import threading
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from assistant.assistant import Assistant
from assistant.web.hosting import Hosting
from assistant.web.server import address, claim_port, create_app

Result = TypeVar("Result")


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread: beside Playwright the main thread has a running loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def serving(assistant: Assistant, hosting: Hosting | None = None) -> Iterator[str]:
    """Serve an assistant and give its address."""
    with serving_app(create_app(assistant, hosting)) as url:
        yield url


@contextmanager
def serving_app(app: FastAPI) -> Iterator[str]:
    """Serve an app and give its address."""
    listener = claim_port("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def wait_until_ready(address: str, seconds: float = 120) -> None:
    """Wait until a server that is starting answers questions."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=10):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
