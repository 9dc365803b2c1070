"""Ask questions of a set of documents and read verbatim, cited sentences.

    from assistant import Assistant, read_settings

Importing this package loads no model, no index library and no web framework.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from assistant.config import Settings, read_settings
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

# numpy reads this when it is first imported. Matrices here are small: more threads would only
# wait for each other, a sixth of the time of a check where several are made at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "1.0.0"
__all__ = ["Assistant", "AssistantError", "Settings", "__version__", "read_settings"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    raise AttributeError(f"module 'assistant' has no attribute '{name}'")
