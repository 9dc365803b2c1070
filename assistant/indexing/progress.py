"""How far a build has come, told in its thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Phase = Literal["waiting", "indexing", "writing", "done"]
_STEADY_SECONDS = 1.0  # before this no rate is told


@dataclass(frozen=True, slots=True)
class ProgressState:
    """One moment of a build.

    ``share`` is the part of the work done, 0 to 1, by the size of the files; ``seconds`` since
    the build began; ``embedded`` counts the passages that went through the encoder.
    """

    phase: Phase = "waiting"
    files: int = 0
    total: int = 0
    passages: int = 0
    embedded: int = 0
    share: float = 0.0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Passages a second, 0 while it is too early to say."""
        return self.passages / self.seconds if self.seconds >= _STEADY_SECONDS else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the files are done, None while it is too early to say."""
        if self.seconds < _STEADY_SECONDS or not 0.01 < self.share <= 1.0:
            return None
        return self.seconds * (1.0 - self.share) / self.share


class Progress:
    """The progress of one build, told to whoever shows it.

    Args:
        listener: Called with each new state, in the thread of the build.
    """

    def __init__(self, listener: Callable[[ProgressState], None] | None = None) -> None:
        self._listener = listener
        self._state = ProgressState()
        self._started = 0.0

    def begin(self, total: int) -> None:
        """Say that a build of so many files begins."""
        self._started = time.perf_counter()
        self._set(ProgressState("indexing", total=total))

    def step(self, files: int, passages: int, embedded: int, share: float) -> None:
        """Say what is done so far."""
        self._set(
            replace(self._state, files=files, passages=passages, embedded=embedded, share=share)
        )

    def phase(self, phase: Phase) -> None:
        """Say that the next phase begins."""
        self._set(replace(self._state, phase=phase))

    def _set(self, state: ProgressState) -> None:
        began = self._started or time.perf_counter()
        self._state = replace(state, seconds=time.perf_counter() - began)
        if self._listener is not None:
            self._listener(self._state)
