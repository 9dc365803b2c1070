"""Documents -> an index on disk, and the search over it.

It knows nothing of questions or answers.
"""

from assistant.indexing.generations import current_generation, tidy
from assistant.indexing.index import LocalIndex
from assistant.indexing.interface import Index
from assistant.indexing.part import PartIndex
from assistant.indexing.placed import in_use, open_placed, sync_placed
from assistant.indexing.progress import Progress, ProgressState
from assistant.indexing.report import SyncReport
from assistant.indexing.sync import check_current, open_index, sync_index

__all__ = [
    "Index",
    "LocalIndex",
    "PartIndex",
    "Progress",
    "ProgressState",
    "SyncReport",
    "check_current",
    "current_generation",
    "in_use",
    "open_index",
    "open_placed",
    "sync_index",
    "sync_placed",
    "tidy",
]
