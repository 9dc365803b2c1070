"""The pages beside the chat as a visitor uses them, in a real browser."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest

from assistant.web.faqview import anchor_of
from assistant.web.reader import sentences_of
from tests.browser.axe import axe_violations

pytestmark = pytest.mark.browser

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
DOC = "mtor-pathway-explained.md"
SUPPORTED = "Leucine activates mTORC1."
REFUTED = "For muscle, more mTOR activity is always better."
OPEN = "Violins are older than pianos."
VIEWS = {
    "faq": "/faq",
    "faq searched": "/faq?q=coffee",
    "faq without a match": "/faq?q=zzzz",
    "check": "/check",
    "checked": "/check?claim=" + quote(REFUTED),
    "text checked": "/check?claim=" + quote(f"{SUPPORTED}\n{REFUTED}\n{OPEN}"),
    "sources": "/doc/",
    "reader": f"/doc/{DOC}#s12",
    "answer": "/answer?q=How+does+AKT+activate+mTORC1%3F",
    "claim to print": "/check?format=html&claim=" + quote(REFUTED),
}


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


@pytest.fixture
def read(visit, chat_url):
    """Open a view of the bundled corpus."""

    def open_view(path: str, **options):
        found = visit(chat_url, path, **options)
        found.page.locator("main .view-title").wait_for()
        return found.page

    return open_view


@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS)
def test_a_view_is_accessible_and_fits_a_phone(read, path) -> None:
    for scheme, width in (("light", 1280), ("dark", 360)):
        page = read(path, width=width, color_scheme=scheme)
        for fold in page.locator("main details").all():
            fold.evaluate("e => { e.open = true }")
        assert axe_violations(page) == []
        assert not page.evaluate(WIDE)
        assert page.locator("h1").count() == 1
        assert page.locator(".page-foot [role=note]").is_visible()


def test_the_faq_is_searched_and_opened_by_keyboard(read, bundled) -> None:
    page = read("/faq")
    status = page.locator("#faq-status")
    before = status.inner_text()
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused(page) == "faq-q":
            break
    page.keyboard.type("coffee", delay=20)
    status.get_by_text("1 question").wait_for()
    assert status.inner_text() != before
    assert focused(page) == "faq-q"
    item = page.locator(".faq-item")
    assert item.count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    entry = next(e for e in bundled.faq.entries if "coffee" in e.question)
    assert item.locator("q").inner_text() == entry.answer
    assert item.locator("q").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doc/{DOC}?start={entry.passage.start}*")
    assert "".join(page.locator("mark").all_text_contents()) == entry.answer


def test_an_entry_has_a_link_of_its_own(read, bundled) -> None:
    entry = bundled.faq.entries[2]
    for path in (f"/faq?entry={anchor_of(entry)}", f"/faq#faq-{anchor_of(entry)}"):
        page = read(path)
        item = page.locator(f"#faq-{anchor_of(entry)}")
        assert item.locator("q").is_visible()
        assert page.locator(".faq-item[open]").count() == 1


def test_typing_quickly_ends_with_the_results_of_the_last_word(read) -> None:
    page = read("/faq")
    page.locator("#faq-q").press_sequentially("berberine", delay=5)
    page.locator("#faq-status").get_by_text("“berberine”").wait_for()
    page.locator("#faq-q").fill("")
    page.locator("#faq-status").get_by_text("5 questions in").wait_for()


@pytest.mark.parametrize(
    ("claim", "said", "stance"),
    [
        (SUPPORTED, "Supported by the documents", "Supports"),
        (REFUTED, "Contradicted by the documents", "Contradicts"),
        (OPEN, "The documents do not decide this", None),
    ],
)
def test_a_claim_is_checked_on_the_spot(read, bundled, claim, said, stance) -> None:
    page = read("/check")
    page.evaluate("window.stayed = 1")
    page.locator("#check-claim").fill(claim)
    page.keyboard.press("Control+Enter")
    card = page.locator(".check-card")
    card.wait_for()
    assert said in card.locator("h2").inner_text()
    assert page.evaluate("window.stayed") == 1
    assert focused(page) == "check-result"
    verdict = bundled.check(claim)
    assert card.locator("q").all_inner_texts() == [
        e.citation.quote
        for wanted in ("supports", "refutes", "mentions")
        for e in verdict.evidence
        if e.stance == wanted
    ]
    titles = card.locator(".check-stance h3").all_inner_texts()
    assert stance in titles if stance else "Supports" not in titles


def test_a_text_is_checked_sentence_by_sentence_and_saved(read) -> None:
    page = read("/check", width=360)
    page.locator("#check-claim").fill(f"{SUPPORTED}\n{OPEN}")
    page.get_by_role("button", name="Check", exact=True).click()
    rows = page.locator(".check-table tbody tr")
    rows.first.wait_for()
    assert rows.count() == 2
    assert not page.evaluate(WIDE)
    rows.first.locator("summary").click()
    assert rows.first.locator(".check-evidence").first.is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    kept = waiting.value
    assert kept.suggested_filename == "check-2.csv"
    found = list(csv.DictReader(io.StringIO(kept.path().read_text(encoding="utf-8-sig"))))
    assert found[0]["sentence"] == SUPPORTED


def test_what_cannot_be_checked_is_said_beside_the_field(visit, chat_url) -> None:
    found = visit(chat_url, "/check")
    page = found.page
    page.locator("#check-claim").fill("???")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#check-problem").wait_for()
    assert "The claim is empty" in page.locator("#check-problem").inner_text()
    assert page.locator("#check-claim").get_attribute("aria-invalid") == "true"
    assert focused(page) == "check-claim"
    assert axe_violations(page) == []
    # The browser itself reports the 400 that the field explains.
    assert all("400" in problem for problem in found.problems)
    found.problems.clear()


def test_a_result_is_copied_as_text(read, bundled) -> None:
    page = read(
        "/check?claim=" + quote(SUPPORTED), permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied", exact=True).wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(SUPPORTED)
    assert text.endswith(bundled.info.disclaimer)


def test_from_the_sources_to_a_highlighted_sentence(read, bundled) -> None:
    page = read("/doc/")
    page.locator("#lib-q").press_sequentially("explained", delay=10)
    page.locator("#lib-status").get_by_text("1 source of 2").wait_for()
    page.locator(".lib-item a").click()
    page.wait_for_url(f"**/doc/{DOC}")
    page.locator(".doc-contents summary").click()
    page.locator(".doc-contents a").nth(4).click()
    assert "#h-" in page.url
    document = bundled.document(DOC)
    start, end = sentences_of(document)[40]
    page = read(f"/doc/{DOC}#s40")
    sentence = page.locator("#s40")
    assert sentence.inner_text() == document.text[start:end]
    assert sentence.evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }"
    )
    plain = page.locator("#s39").evaluate("e => getComputedStyle(e).backgroundColor")
    assert sentence.evaluate("e => getComputedStyle(e).backgroundColor") != plain


@pytest.mark.parametrize("path", ["/faq?q=coffee", "/check?claim=" + quote(REFUTED), "/doc/",
                                  f"/doc/{DOC}#s3"])  # fmt: skip
def test_every_view_works_without_javascript(visit, chat_url, path) -> None:
    page = visit(chat_url, path, width=320, java_script_enabled=False).page
    assert page.locator("h1").is_visible()
    assert page.locator(".faq-item, .check-card, .lib-item, #s3").first.is_visible()
    assert not page.locator(".view-copy, .theme-switch, .view-print").first.is_visible()


def test_the_form_works_without_javascript(visit, chat_url) -> None:
    page = visit(chat_url, "/check", java_script_enabled=False).page
    page.locator("#check-claim").fill(SUPPORTED)
    page.get_by_role("button", name="Check", exact=True).click()
    assert "Supported" in page.locator(".check-card h2").inner_text()


def test_the_first_tab_leads_past_the_navigation(read) -> None:
    page = read("/faq")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "faq-q"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_switched_and_kept(read, scheme) -> None:
    page = read("/faq", color_scheme=scheme)
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.locator(".theme-switch").click()
    after = page.evaluate(paper)
    assert before != after
    page.goto(page.url.replace("/faq", "/doc/"))
    assert page.evaluate(paper) == after
    assert axe_violations(page) == []


def test_targets_are_large_enough_to_tap(read) -> None:
    for path in ("/faq?q=coffee", "/check?claim=" + quote(REFUTED), "/doc/", f"/doc/{DOC}"):
        page = read(path, width=360)
        for fold in page.locator("main details").all():
            fold.evaluate("e => { e.open = true }")
        small = page.evaluate(
            "[...document.querySelectorAll('a:not(.facts a):not(.skip), button, summary, textarea,"
            " input:not([type=hidden])')].filter(e => e.offsetParent"
            " && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 120))"
        )
        assert small == []


def test_hostile_documents_and_claims_are_shown_letter_by_letter(
    visit, hostile_url, hostile
) -> None:
    claim = "The zorblatt formula is <img src=x onerror=window.hacked=8> ${window.hacked=9} today."
    for path in (
        "/check?claim=" + quote(claim), "/doc/", "/faq?q=" + quote(claim), "/doc/odd.md",
        "/answer?q=" + quote("What is the zorblatt formula <img src=x onerror=window.hacked=1>?"),
    ):  # fmt: skip
        page = visit(hostile_url, path).page
        assert page.evaluate("window.hacked") is None
        assert page.locator("main img, main script").count() == 0
    page = visit(hostile_url, "/check?claim=" + quote(claim)).page
    assert page.locator(".check-said").inner_text() == claim
    verdict = hostile.check(claim)
    assert page.locator(".check-card q").count() == len(verdict.evidence)


def test_the_check_for_accessibility_finds_what_is_wrong(browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>x</title><img src=x><input></html>")
    found = axe_violations(page)
    page.close()
    assert any(problem.startswith("image-alt") for problem in found)
    assert any(problem.startswith("label") for problem in found)
