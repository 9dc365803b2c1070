"""No WCAG violation that axe-core finds: every tab, light and dark, empty and answered."""

from __future__ import annotations

import pytest

from tests.browser.axe import axe_violations

pytestmark = pytest.mark.browser

FAQ = "How do mTORC1 and mTORC2 differ?"
CLAIM = "More mTOR activity always helps muscle."
NOT_COVERED = "What is the capital of France?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_view_of_the_chat_has_a_violation(visit, chat_url, scheme, width) -> None:
    found = visit(chat_url, width=width, color_scheme=scheme, bypass_csp=True)
    page = found.page
    assert axe_violations(page) == []
    for number, text in enumerate((FAQ, CLAIM, NOT_COVERED), start=1):
        card = found.ask(text, number)
        card.locator(".why summary").click()
        # To the end: elsewhere the box, which stays in view, may lie over half a button.
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        assert axe_violations(page) == [], text
    page.locator("#a1 .saves summary").click()
    page.locator("#a1 .rate.down").click()
    page.locator("#a2 a.cite").first.hover()
    assert axe_violations(page) == []
    for tab in page.get_by_role("tab").all()[1:]:
        tab.click()
        page.locator(
            "[role=tabpanel]:visible .view-title, [role=tabpanel]:visible .map"
        ).first.wait_for()
        assert axe_violations(page) == [], tab.inner_text()
