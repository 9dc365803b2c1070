"""One generation opened for answering, and the switch to the next without a pause.

What belongs together (the index, its search, its FAQ entries, the corpus's own facts) is one
immutable value. A request leases the value that is current; the next one may become current at
any time, and the old one is closed when its last lease ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from assistant.answering.faq import FaqHit, FaqIndex
from assistant.answering.retrieve import Retriever
from assistant.datatypes import Answer, CorpusInfo, Notice, Verdict
from assistant.errors import NotFoundError
from assistant.indexing import Index, PartIndex
from assistant.lately import Lately
from assistant.protocols import Encoder

_REMEMBERED = 500
_REMEMBERED_OF_PART = 50
_PARTS = 8  # selections of documents
_NAMED = 3
Asked = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open generation, all that answers are made from, and what was answered lately.

    The same question has the same answer as long as the generation is the same, so that
    ``answers`` and ``verdicts`` need not forget any for being old. ``parts`` are the same for
    some of the documents alone; there ``scope`` is a notice that names them.
    """

    info: CorpusInfo
    index: Index
    retriever: Retriever
    faq: FaqIndex
    answers: Lately[Asked, tuple[Answer, tuple[FaqHit, ...]]]
    verdicts: Lately[Asked, Verdict]
    parts: Lately[frozenset[str], Opened]
    scope: tuple[Notice, ...] = ()

    @classmethod
    def of(cls, info: CorpusInfo, index: Index, encoder: Encoder) -> Opened:
        """Return what answers are made from, for an open index."""
        retriever, faq = Retriever(index, encoder), FaqIndex(index, encoder)
        return cls(
            info, index, retriever, faq, Lately(_REMEMBERED), Lately(_REMEMBERED), Lately(_PARTS)
        )

    def within(self, doc_ids: Sequence[str]) -> Opened:
        """Return the same for these documents alone; without any, for all of them.

        Raises:
            NotFoundError: When the index does not hold one of them.
        """
        ids = frozenset(doc_ids)
        return self.parts.get(ids, lambda: self._part(ids)) if ids else self

    def _part(self, ids: frozenset[str]) -> Opened:
        titles = []
        for doc_id in sorted(ids):
            rows = self.index.store.rows_where("doc_id", doc_id)
            if not rows:
                raise NotFoundError(
                    f"There is no document '{doc_id[:100]}' here; choose one that is listed."
                )
            titles.append(f"“{self.index.store.passages(rows[:1])[0][0].title}”")
        more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
        told = f"Looked only at {', '.join(titles[:_NAMED])}{more}."
        part = PartIndex(self.index, ids)
        return Opened(
            self.info, part, self.retriever.on(part), FaqIndex(part, self.retriever.encoder),
            Lately(_REMEMBERED_OF_PART), Lately(_REMEMBERED_OF_PART), Lately(0),
            (Notice("scope", "info", told),),
        )  # fmt: skip


def id_within(found_id: str, doc_ids: Sequence[str]) -> str:
    """Return an id of its own for what was asked of some documents only."""
    joined = "\0".join([found_id, *sorted(set(doc_ids))])
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(slots=True)
class _Slot:
    opened: Opened
    owner: Switch
    leases: int = 0
    retired: bool = False


# The lease that the running request holds, so that everything it does sees one generation.
_LEASED: ContextVar[_Slot | None] = ContextVar("leased", default=None)


class Switch:
    """Holds the current generation and counts who uses it; safe to use from several threads."""

    def __init__(self, opened: Opened) -> None:
        self._lock = threading.Lock()
        self._slot = _Slot(opened, self)

    @property
    def current(self) -> Opened:
        """The generation leased by this request, else the current one, without a lease."""
        slot = _LEASED.get()
        return slot.opened if slot is not None and slot.owner is self else self._slot.opened

    @contextlib.contextmanager
    def lease(self) -> Iterator[Opened]:
        """Hold one generation open; leases inside it, in the same context, are the same."""
        slot = _LEASED.get()
        if slot is not None and slot.owner is self:
            yield slot.opened
            return
        slot = self._take()
        token = _LEASED.set(slot)
        try:
            yield slot.opened
        finally:
            _LEASED.reset(token)
            self._give_back(slot)

    @contextlib.contextmanager
    def hold(self) -> Iterator[Opened]:
        """Hold one generation open without marking the context, for use in generators."""
        held = _LEASED.get()
        slot = self._take(held if held is not None and held.owner is self else None)
        try:
            yield slot.opened
        finally:
            self._give_back(slot)

    def to(self, opened: Opened) -> None:
        """Make another generation current; close the old one when nobody uses it any more."""
        with self._lock:
            old, self._slot = self._slot, _Slot(opened, self)
            old.retired = True
            idle = old.leases == 0
        if idle:
            old.opened.index.close()

    def close(self) -> None:
        """Close the current generation, as soon as nobody uses it."""
        with self._lock:
            self._slot.retired = True
            idle = self._slot.leases == 0
        if idle:
            self._slot.opened.index.close()

    def _take(self, slot: _Slot | None = None) -> _Slot:
        with self._lock:
            slot = slot or self._slot
            slot.leases += 1
            return slot

    def _give_back(self, slot: _Slot) -> None:
        with self._lock:
            slot.leases -= 1
            last = slot.retired and slot.leases == 0
        if last:
            slot.opened.index.close()
