"""Blocking work in a few threads, with a bound on what waits and on how long it may take.

All that makes the assistant work goes through here, from the API, the pages, the chat and MCP
alike: what runs at once is what the processors can do at once, and the rest waits its turn.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from assistant.errors import BusyError

Result = TypeVar("Result")
_LONG_WAITING = 4


class Workers:
    """Threads for work called from the event loop or from other threads.

    Args:
        threads: How much runs at once; by default two to four, by the number of cores, for
            more would only keep the event loop from its turn.
        waiting: How much may wait beside it before more is refused.
        timeout: Seconds after which the caller is told to try again. What runs cannot be
            stopped and keeps its place until it is done; what only waits is dropped.
    """

    def __init__(self, threads: int = 0, waiting: int = 64, timeout: float = 30.0) -> None:
        threads = threads or min(4, max(2, os.cpu_count() or 2))
        self._short = _Pool(threads, waiting, "assistant")
        self._long = _Pool(1, _LONG_WAITING, "assistant-long")
        self._timeout = timeout

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Return what the work returns.

        Raises:
            BusyError: When too much waits already, or it took too long.
        """
        return await self._awaited(self._short.submit(work, *arguments))

    async def run_long(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do the same for work of many steps, one at a time beside the short work.

        Raises:
            BusyError: When too much waits already, or it took too long.
        """
        return await self._awaited(self._long.submit(work, *arguments))

    def wait(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Do the same as ``run`` for a caller in a thread of its own, which is blocked.

        Raises:
            BusyError: When too much waits already, or it took too long.
        """
        job = self._short.submit(work, *arguments)
        try:
            return job.result(self._timeout)
        except TimeoutError as error:
            job.cancel()
            raise self._late() from error

    def close(self) -> None:
        """Take no more work and drop what waits; what runs goes on to its end."""
        self._short.close()
        self._long.close()

    async def _awaited(self, job: Future[Result]) -> Result:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), self._timeout)
        except TimeoutError as error:
            raise self._late() from error

    def _late(self) -> BusyError:
        return BusyError(
            f"This took longer than {self._timeout:g} seconds; try again, or ask for less.", 5
        )


class _Pool:
    """A few threads and a bound on what waits for them."""

    def __init__(self, threads: int, waiting: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = threading.BoundedSemaphore(threads + waiting)

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Return the work as it runs or waits.

        Raises:
            BusyError: When too much waits already.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("Too many questions are waiting; try again in a few seconds.", 2)
        try:
            job = self._threads.submit(work, *arguments)
        except RuntimeError as error:
            self._places.release()
            raise BusyError("The server is stopping; try again later.", 10) from error
        job.add_done_callback(self._release)
        return job

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _release(self, _job: Future[Any]) -> None:
        self._places.release()
