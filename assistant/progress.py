"""A progress line on stderr: files done, passages, rate.

Where stderr is not a terminal it is one line when the work begins.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

_WIDTH = 24


class ProgressLine:
    """A callable ``(files done, files in all, passages)`` that draws a bar."""

    def __init__(self) -> None:
        self._started = 0.0
        self._drawn = 0.0
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> ProgressLine:
        self._started = time.perf_counter()
        return self

    def __call__(self, done: int, total: int, passages: int) -> None:
        """Redraw the line, at most ten times a second."""
        now = time.perf_counter()
        if now - self._drawn < 0.1 and done < total:
            return
        first = not self._drawn
        self._drawn = now
        if self._terminal:
            filled = _WIDTH * done // max(1, total)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            rate = passages / max(1e-6, now - self._started)
            sys.stderr.write(
                f"\rIndexing {bar} {done}/{total} files, {passages} passages, {rate:.0f}/s "
            )
            sys.stderr.flush()
        elif first:
            sys.stderr.write(f"Indexing {total} files...\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal and self._drawn:
            sys.stderr.write("\n")
