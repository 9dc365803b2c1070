"""Where an index is kept, as the settings say: in its folder, or in Milvus.

An index in Milvus is synced like any other, into a folder, and then what is new is sent. That
folder is needed where it is synced and not where it is only asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Settings
from assistant.errors import IndexBusyError
from assistant.indexing.generations import current_generation, write_lock
from assistant.indexing.interface import Index
from assistant.indexing.report import SyncReport
from assistant.indexing.sync import open_index, sync_index
from assistant.protocols import Encoder

if TYPE_CHECKING:
    from assistant.indexing.milvusdb import Collections


def open_placed(settings: Settings, model: str) -> Index:
    """Open the index that the settings name.

    Raises:
        IndexStateError: When there is none, or it cannot be used.
        SettingsError: When its address or a library for it is wrong or missing.
    """
    if not settings.milvus:
        return open_index(settings.index, model)
    from assistant.indexing.milvus import MilvusIndex
    from assistant.indexing.milvusdb import parse_address

    return MilvusIndex(parse_address(settings.milvus), settings.cache, model)


def in_use(settings: Settings) -> Path | None:
    """Return the folder of the generation in use, None when nothing was built yet.

    Raises:
        IndexStateError: When Milvus cannot be used.
    """
    if not settings.milvus:
        return current_generation(settings.index)
    from assistant.indexing.milvus import cached_at, read_state
    from assistant.indexing.milvusdb import Collections, parse_address

    address = parse_address(settings.milvus)
    state = read_state(Collections(address))
    return None if state is None else cached_at(settings.cache, address, state["generation"])


def sync_placed(settings: Settings, encoder: Encoder, *args: Any, **kwargs: Any) -> SyncReport:
    """Bring the index to the folder's state; arguments and errors are those of ``sync_index``.

    Raises:
        IndexBusyError: Also when the collection is kept in step with another folder.
    """
    if settings.milvus:
        from assistant.indexing.milvusdb import Collections, parse_address

        held = Collections(parse_address(settings.milvus))  # a server that is away is told first
        _check_owner(settings, held, rebuild=bool(kwargs.get("rebuild")))
    report = sync_index(settings, encoder, *args, **kwargs)
    if settings.milvus:
        from assistant.indexing.push import push

        with write_lock(settings.index, kwargs.get("wait")):
            index = open_index(settings.index, encoder.model_id)
            try:
                pushed = push(index, held, rebuild=bool(kwargs.get("rebuild")))
            finally:
                index.close()
        prepare = kwargs.get("prepare")
        if prepare is not None and pushed.changed:
            prepare(open_placed(settings, encoder.model_id), None)
    return report


def _check_owner(settings: Settings, held: Collections, *, rebuild: bool) -> None:
    """See that a sync of one folder does not replace what was made of another."""
    from assistant.indexing.milvus import read_state

    state = None if rebuild else read_state(held)
    corpus = str(settings.corpus.resolve())
    if state is not None and state["manifest"]["corpus"] != corpus:
        raise IndexBusyError(
            f"The collection {held.address.collection} is kept in step with "
            f"{state['manifest']['corpus']}, not with {corpus}; index from there, name another "
            "collection, or replace it with: python -m assistant index --rebuild"
        )
