"""Text -> HTML: the one place where anything from a document or a visitor is made safe."""

from __future__ import annotations

import html

_WHITE = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def escape(text: str) -> str:
    """Return text as HTML that shows exactly this text, on one line of source."""
    escaped = html.escape(text.encode("utf-8", "replace").decode("utf-8"))
    return escaped.translate(_WHITE)
