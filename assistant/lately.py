"""Values that were made lately, kept up to a bound and made once more when they are gone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Lately(Generic[Key, Value]):
    """The values used last; safe to use from several threads.

    Values are made outside the lock, so that one may be made twice where two threads want it at
    once, and nobody waits for another's.

    Args:
        room: What all values kept may weigh together.
        weigh: Returns what a value weighs; by default each weighs 1.
    """

    def __init__(self, room: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._room = room
        self._weigh = weigh
        self._left = room
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of a key; ``make`` makes it where it is not kept, or raises."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        weight = self._weigh(value)
        with self._lock:
            if weight <= self._room and key not in self._kept:
                self._kept[key] = value
                self._left -= weight
                while self._left < 0:
                    self._left += self._weigh(self._kept.popitem(last=False)[1])
        return value
