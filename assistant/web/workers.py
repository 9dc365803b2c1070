"""Blocking work in a few threads, with a bound on what waits and on how long it may take."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from assistant.errors import BusyError

Result = TypeVar("Result")


class Workers:
    """Threads for work called from the event loop.

    Args:
        threads: How much runs at once; by default two to four, by the number of cores, for
            more would only keep the event loop from its turn.
        waiting: How much may wait beside it before more is refused.
        timeout: Seconds after which the caller is told to try again. What runs cannot be
            stopped and keeps its place until it is done; what only waits is dropped.
    """

    def __init__(self, threads: int = 0, waiting: int = 64, timeout: float = 30.0) -> None:
        threads = threads or min(4, max(2, os.cpu_count() or 2))
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="assistant")
        self._places = threading.BoundedSemaphore(threads + waiting)
        self._timeout = timeout

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Return what the work returns.

        Raises:
            BusyError: When too much waits already, or it took too long.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("Too many questions are waiting; try again in a few seconds.", 2)
        try:
            job = self._pool.submit(work, *arguments)
        except RuntimeError as error:
            self._places.release()
            raise BusyError("The server is stopping; try again later.", 10) from error
        job.add_done_callback(self._release)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), self._timeout)
        except TimeoutError as error:
            raise BusyError(
                f"This took longer than {self._timeout:g} seconds; try again, or ask for less.", 5
            ) from error

    def close(self) -> None:
        """Take no more work and drop what waits; what runs goes on to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _release(self, _job: Future[Any]) -> None:
        self._places.release()
