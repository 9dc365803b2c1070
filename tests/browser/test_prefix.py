"""The whole page below a path of a site, as behind a proxy with GRADIO_ROOT_PATH."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.assistant import Assistant
from assistant.web.hosting import Hosting
from tests.browser.conftest import Visit
from tests.live import serving

pytestmark = pytest.mark.browser
ROOT = "/tools/assistant"


@pytest.fixture(scope="session")
def prefixed_url(playwright_api, bundled: Assistant) -> Iterator[str]:
    with serving(bundled, Hosting(root_path=ROOT)) as url:
        yield url + ROOT


@pytest.fixture(scope="session", autouse=True)
def _before_the_browser(prefixed_url: str, browser: object) -> None:
    """Build the app before Playwright keeps an event loop running."""


def test_no_request_and_no_link_leaves_the_path(
    visit: Callable[..., Visit], prefixed_url: str
) -> None:
    found = visit(prefixed_url, "/")
    card = found.ask("What activates mTORC1?")
    assert card.locator("a.cite").count()
    page = found.page
    page.get_by_role("tab", name="FAQ").click()
    page.locator("#view-faq .view-search").wait_for()
    page.get_by_role("tab", name="Map").click()
    page.locator("#view-map svg.pathway").wait_for()
    page.get_by_role("tab", name="Sources").click()
    page.locator("#view-doc a[href*='mtor-pathway-explained']").first.wait_for()
    inside = page.eval_on_selector_all(
        "#chat a[href], #views a[href], form",
        "all => all.map(a => a.getAttribute('href') || a.getAttribute('action'))",
    )
    ours = [address for address in inside if address and address.startswith("/")]
    assert len(ours) > 20
    assert [address for address in ours if not address.startswith(f"{ROOT}/")] == []


def test_the_pages_work_below_the_path(visit: Callable[..., Visit], prefixed_url: str) -> None:
    found = visit(prefixed_url, "/check?claim=Leucine+activates+mTORC1.")
    page = found.page
    assert "Supported" in page.locator("#check-result").inner_text()
    page.locator("#check-claim").fill("Leucine inhibits mTORC1.")
    page.locator("form[data-check] button[type=submit]").click()
    page.locator("#check-result", has_text="Contradicted").wait_for()
    page.get_by_role("link", name="Map").click()
    page.locator("svg.pathway a.node").first.click()
    page.locator("#map-about h2", has_text="Choose").wait_for(state="detached")
    assert page.url.startswith(prefixed_url)
    page.get_by_role("link", name="Ask", exact=True).click()
    page.locator("#box textarea:enabled").wait_for()
