"""Links of our own HTML, set below the path at which a proxy shows the app.

Everywhere else addresses are written as if the app stood at the root of its site.
"""

from __future__ import annotations

import re

from assistant.web.escaping import escape

# Text is escaped, so a quote after "=" always begins an attribute of ours.
_OWN = re.compile(r'( (?:href|src|action)=")/(?!/)')


def rooted(html: str, root_path: str) -> str:
    """Return HTML whose own links begin with the root path.

    Args:
        html: HTML in which everything that is not ours is escaped.
        root_path: Empty, or a path such as ``/assistant``.
    """
    if not root_path:
        return html
    return _OWN.sub(lambda found: f"{found[1]}{escape(root_path)}/", html)
