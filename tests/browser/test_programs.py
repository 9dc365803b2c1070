"""What the browser needs of the routes for programs: ratings, the login, the API's page."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.feedback import feedback_file, read_feedback
from assistant.web.hosting import Hosting
from assistant.web.passwords import hash_password
from tests.live import serving

pytestmark = pytest.mark.browser
PASSWORD = "a long password"


def test_a_rating_is_kept_with_its_reason(visit, chat_url: str, bundled: Assistant) -> None:
    path = feedback_file(bundled.settings)
    before = len(read_feedback(path)) if path else 0
    found = visit(chat_url)
    card = found.ask("What activates mTORC1?")
    card.get_by_role("button", name="Not helpful").click()
    card.get_by_role("button", name="Incomplete").click()
    card.get_by_text("Thank you").wait_for()
    record = read_feedback(path)[before:][0]
    assert record["question"] == "What activates mTORC1?"
    assert (record["rating"], record["reason"]) == ("down", "incomplete")


def test_the_chat_works_after_logging_in(browser, bundled: Assistant, tmp_path: Path) -> None:
    users = tmp_path / "users.txt"
    users.write_text(f"ada:{hash_password(PASSWORD)}\n")
    problems: list[str] = []
    with serving(bundled, Hosting(auth=users)) as url:
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.goto(f"{url}/?q=What+is+mTOR%3F")
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.locator("#a1").wait_for()
        assert page.url == f"{url}/?q=What+is+mTOR%3F"
        context.close()
    assert problems == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_the_api_fits(visit, chat_url: str, width: int) -> None:
    page = visit(chat_url, "/api/docs", width).page
    assert page.locator("section").count() >= 7
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
