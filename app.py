"""Start the web chat: ``python app.py`` does what ``python -m assistant serve`` does."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.cli import main as run


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the chat; return 0 when stopped and more after a problem, told in one sentence."""
    return run(["serve", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    sys.exit(main())
