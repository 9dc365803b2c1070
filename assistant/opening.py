"""Before an index is opened: it is brought to the folder's state, where that can be done now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.answering.faq import FaqIndex
from assistant.config import Settings
from assistant.errors import IndexBusyError, IndexWriteError
from assistant.indexing import Index, Progress, SyncReport, in_use, sync_placed
from assistant.protocols import Encoder

Wait = Callable[[str], None]


def bring_up_to_date(
    settings: Settings, encoder: Encoder, progress: Progress | None, wait: Wait | None
) -> tuple[SyncReport | None, str]:
    """Return what a sync did, and a sentence when the index as it is has to serve."""
    old = in_use(settings)
    try:
        report = sync_placed(
            settings,
            encoder,
            progress,
            wait=(wait or (lambda told: None)) if old is None else None,
            prepare=keep_faq(encoder),
        )
    except (IndexBusyError, IndexWriteError) as error:
        if old is None:
            raise
        return None, f"{str(error).split(';')[0]}; this is answered from the index as it was."
    return (report if report.built else None), ""


def keep_faq(encoder: Encoder) -> Callable[[Index, Path | None], None]:
    """Return what keeps the encoded questions beside a new generation."""

    def keep(index: Index, old: Path | None) -> None:
        FaqIndex(index, encoder).save()

    return keep
