"""The answers and verdicts given last, by id, so that feedback can name what it is about.

Chat and API fill the same store. It is bounded, kept in memory only, and never read out to a
visitor: who sends an id learns nothing but whether it is known.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from assistant.datatypes import Answer, Verdict
from assistant.jsonio import dump

Kind = Literal["answer", "verdict"]
Found = Answer | Verdict


class Recent:
    """A store of the last ``capacity`` answers and verdicts; safe to use from several threads.

    ``listener`` is called with each, for a log that the operator has switched on.
    """

    def __init__(
        self, capacity: int = 2_000, listener: Callable[[Found], None] | None = None
    ) -> None:
        self._capacity = capacity
        self._listener = listener
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, dict[str, Found]] = OrderedDict()

    def remember(self, found: Found) -> None:
        """Keep an answer or verdict; the oldest id goes when the store is full."""
        kind = "answer" if isinstance(found, Answer) else "verdict"
        with self._lock:
            kinds = self._kept.setdefault(found.id, {})
            kinds.pop(kind, None)
            kinds[kind] = found  # the last key is the newest
            self._kept.move_to_end(found.id)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        if self._listener is not None:
            self._listener(found)

    def find(self, answer_id: str, kind: Kind | None = None) -> Found | None:
        """Return what was given under an id, the newest of any kind unless one is named."""
        with self._lock:
            kinds = self._kept.get(answer_id, {})
            if kind is not None:
                return kinds.get(kind)
            return next(reversed(kinds.values()), None)


def log_question(found: Found) -> None:
    """Write what was asked to stderr as a JSON line; only where ASSISTANT_LOG says so."""
    asked = found.question if isinstance(found, Answer) else found.claim
    told = found.outcome if isinstance(found, Answer) else found.label
    kind = "question" if isinstance(found, Answer) else "claim"
    time = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"time": time, kind: asked, "result": told, "ms": found.timings_ms.get("total")}
    sys.stderr.write(dump(line) + "\n")
