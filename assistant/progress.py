"""A progress line on stderr: files done, passages, rate, time left.

Where stderr is not a terminal nothing is drawn, unless it is asked for: then a line every few
seconds.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

from assistant.indexing import Progress, ProgressState

_WIDTH = 24
_LINE_SECONDS = 5.0


class ProgressLine(Progress):
    """The progress of a build, drawn as a bar.

    Args:
        always: Print lines where stderr is not a terminal, too.
    """

    def __init__(self, always: bool = False) -> None:
        super().__init__(self.draw)
        self._always = always
        self._drawn = 0.0
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> ProgressLine:
        return self

    def draw(self, state: ProgressState) -> None:
        """Draw a state, at most ten times a second."""
        now = time.perf_counter()
        every = 0.1 if self._terminal else _LINE_SECONDS
        if state.phase == "done" or (self._drawn and now - self._drawn < every):
            return
        if not (self._terminal or self._always):
            return
        self._drawn = now
        if self._terminal:
            filled = int(_WIDTH * state.share)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            sys.stderr.write(f"\rIndexing {bar} {describe(state)}\x1b[K")
        else:
            sys.stderr.write(f"Indexing: {describe(state)}\n")
        sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal and self._drawn:
            sys.stderr.write("\n")


def describe(state: ProgressState) -> str:
    """Return a state in words: files, passages, rate and time left as far as they are known."""
    if state.phase == "writing":
        return f"{state.files}/{state.total} files, {state.passages} passages, writing the index"
    parts = [f"{state.files}/{state.total} files", f"{state.passages} passages"]
    if state.rate:
        parts.append(f"{state.rate:.0f}/s")
    if state.seconds_left is not None:
        parts.append(f"{_span(state.seconds_left)} left")
    return ", ".join(parts)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
