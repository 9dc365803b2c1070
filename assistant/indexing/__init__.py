"""Documents -> an index on disk, and the search over it.

It knows nothing of questions or answers.
"""

from assistant.indexing.build import BuildReport, build_index, is_fresh, open_index
from assistant.indexing.index import Index

__all__ = ["BuildReport", "Index", "build_index", "is_fresh", "open_index"]
