"""Accessibility of a page by axe-core, which comes with axe-playwright-python."""

from __future__ import annotations

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_violations(page, selector: str | None = None) -> list[str]:
    """Return what breaks WCAG 2.2 A or AA on a page, or in one element of it."""
    module = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    found = module.Axe().run(
        page, context=selector, options={"runOnly": {"type": "tag", "values": TAGS}}
    )
    return [
        f"{v['id']}: {v['help']}: {node['html'][:200]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]
