"""A small HTML page that works without JavaScript and under the strict policy."""

from __future__ import annotations

from assistant.web.escaping import escape


def plain_page(title: str, body: str, root_path: str = "") -> str:
    """Return a page; ``body`` is HTML, everything in it already escaped."""
    root = escape(root_path)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f'<link rel="stylesheet" href="{root}/static/app.css">'
        f'<link rel="stylesheet" href="{root}/static/plain.css"></head>'
        f'<body class="reader">{body}</body></html>'
    )
