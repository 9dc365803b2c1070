"""Keep an open assistant in step: with its folder, its corpus.toml, and other processes.

A thread of its own looks once a second whether another process has made a new generation and
switches to it. With ``folder`` it also follows the corpus: changes are gathered until they
pause, then one sync runs in the background while questions are answered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.assistant import Assistant
from assistant.errors import AssistantError, IndexBusyError
from assistant.indexing import Progress, ProgressState, SyncReport
from assistant.reading.folder import IGNORE_FILE

_TICK_SECONDS = 1.0
_PAUSE_MS, _AT_MOST_MS = 400, 5_000  # changes are gathered until they pause, but not longer
_LOOK_SECONDS = 300.0  # a full look, for file systems that tell of no changes
_RETRY_SECONDS = 5.0
_STOP_SECONDS = 20.0
Say = Callable[[str], None]


class Watcher:
    """Follows the folder of an open assistant until it is stopped; a context manager.

    Args:
        assistant: What is kept in step.
        folder: Whether to follow the documents; else only other processes' generations.
        say: Called with one sentence for each thing that happened or failed.

    ``progress`` tells how far a sync in the background has come.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        folder: bool = True,
        say: Say = lambda told: None,
    ) -> None:
        self._assistant = assistant
        self._folder = folder
        self._say = say
        self._told = ""
        self.progress = Progress(self._go_on)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def __enter__(self) -> Watcher:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> Watcher:
        """Begin to watch; return at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop; a sync that is running is broken off, and what it has embedded is kept."""
        self._stop.set()
        self._thread.join(timeout=_STOP_SECONDS)

    def _go_on(self, state: ProgressState) -> None:
        if self._stop.is_set():
            raise AssistantError("Stopped.")

    def _run(self) -> None:
        due = self._folder  # what changed while the app started
        looked = time.monotonic()
        for changed in self._ticks():
            due = due or changed
            if self._folder and time.monotonic() - looked > _LOOK_SECONDS:
                due, looked = True, time.monotonic()
            due = not self._step(due)

    def _step(self, due: bool) -> bool:
        """Do what is due; tell whether it is done, else it is tried again."""
        try:
            if due:
                self._tell(self._assistant.sync(self.progress))
            elif self._assistant.refresh():
                self._say_once("Switched to a new index or corpus.toml.")
        except IndexBusyError:
            return False
        except AssistantError as error:
            if self._stop.is_set():
                return True
            self._say_once(f"{error} The index as it was goes on serving.")
            self._stop.wait(_RETRY_SECONDS)
        return True

    def _tell(self, report: SyncReport) -> None:
        if report.built:
            counts = ", ".join(f"{n} {kind}" for kind, n in report.counts.items() if n)
            self._told = ""
            self._say_once(f"Index brought up to date: {counts} ({report.seconds:.1f} s).")

    def _say_once(self, told: str) -> None:
        """Say a sentence, but not the same one again and again."""
        if told != self._told:
            self._told = told
            self._say(told)

    def _ticks(self) -> Iterator[bool]:
        """Yield about once a second whether the folder has changed, until stopped."""
        yield False
        while not self._stop.is_set():
            if not self._folder:
                self._stop.wait(_TICK_SECONDS)
                yield False
                continue
            try:
                yield from self._changes()
            except (OSError, RuntimeError) as error:  # the folder is gone, or no watch is left
                self._say_once(
                    f"The folder {self._assistant.settings.corpus} cannot be watched "
                    f"({error}); it is looked at every {_RETRY_SECONDS:.0f} seconds."
                )
                self._stop.wait(_RETRY_SECONDS)
                yield True

    def _changes(self) -> Iterator[bool]:
        import watchfiles

        for found in watchfiles.watch(
            self._assistant.settings.corpus,
            watch_filter=lambda change, path: self._matters(Path(path)),
            step=_PAUSE_MS,
            debounce=_AT_MOST_MS,
            rust_timeout=int(1000 * _TICK_SECONDS),
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
        ):
            yield bool(found)

    def _matters(self, path: Path) -> bool:
        settings = self._assistant.settings
        if path.is_relative_to(settings.index):
            return False
        try:
            parts = path.relative_to(settings.corpus).parts
        except ValueError:
            parts = path.parts[-1:]
        return all(not part.startswith(".") or part == IGNORE_FILE for part in parts)
