"""The chat as a visitor uses it, in a real browser."""

from __future__ import annotations

import time

import pytest

pytestmark = pytest.mark.browser

FAQ = "How do mTORC1 and mTORC2 differ?"
ELSEWHERE = "What is the capital of France?"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_an_answer_has_citation_disclaimer_and_its_source_marked(visit, chat_url, bundled) -> None:
    found = visit(chat_url)
    before = len(found.requests)
    card = found.ask(FAQ)
    answer = bundled.ask(FAQ)
    assert card.locator("q").all_inner_texts() == [s.text for s in answer.statements]
    assert card.locator(".disclaimer").inner_text() == bundled.info.disclaimer
    assert card.locator("a.cite").count() >= 1
    assert card.locator(".state").is_visible()
    mark = found.page.locator("#src-a1-1 mark")
    assert mark.is_visible()
    assert mark.text_content() == answer.citations[0].quote
    asked = found.requests[before:]
    assert [r.split("?")[0].rsplit("/", 1)[1] for r in asked] == ["join", "data"]


def test_an_answer_is_there_within_a_second(visit, chat_url) -> None:
    found, took = visit(chat_url), []
    for number, question in enumerate([FAQ, "What activates mTORC1?", "What is autophagy?"], 1):
        started = time.perf_counter()
        found.ask(question, number)
        took.append(time.perf_counter() - started)
    assert min(took) < 1  # the best of three, for others may be at work on the machine


def test_the_first_screen_tells_what_it_covers(visit, chat_url, bundled) -> None:
    page = visit(chat_url).page
    assert page.locator("h1").all_inner_texts() == [bundled.info.title]
    assert f"{bundled.index.manifest.passages} passages" in page.locator(".facts").inner_text()
    welcome = page.locator(".welcome").inner_text()
    assert "not covered" in welcome
    assert bundled.info.disclaimer in welcome
    assert page.locator("button.example").count() == len(bundled.info.examples)
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


@pytest.mark.parametrize("path", ["/", "/?x=y&__theme=dark"])
def test_a_citation_focuses_its_source_and_escape_returns(visit, chat_url, path) -> None:
    found = visit(chat_url, path)
    found.ask(FAQ)
    found.ask("What does mTOR stand for?", 2)
    page = found.page
    page.evaluate("window.stayed = 1")
    for press in (lambda link: link.click(), lambda link: link.press("Enter")):
        press(page.locator("#a1 a.cite").first)
        assert focused(page) == "src-a1-1"
        assert page.locator("#src-a1-1 mark").is_visible()
        page.keyboard.press("Escape")
        assert focused(page) == "cite-a1-1"
    assert page.evaluate("window.stayed") == 1
    ids = page.evaluate("[...document.querySelectorAll('#columns [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_what_is_not_covered_is_said_and_cites_nothing(visit, chat_url, bundled) -> None:
    card = visit(chat_url).ask(ELSEWHERE)
    assert card.locator(".state").inner_text() == "Not covered"
    assert card.locator("a.cite, q").count() == 0
    assert card.locator(".disclaimer").inner_text() == bundled.info.disclaimer


def test_an_unusable_question_gets_a_sentence(visit, chat_url) -> None:
    assert "no words" in visit(chat_url).ask("???").inner_text()


def test_examples_and_related_questions_each_ask_once(visit, chat_url, bundled) -> None:
    found = visit(chat_url)
    page = found.page
    page.locator("button.example").nth(1).click()
    page.locator("#a1").wait_for()
    assert page.locator(".asked").all_inner_texts() == [bundled.info.examples[1]]
    before = len(found.requests)
    page.locator("button.option").first.click()
    page.locator("#a2").wait_for()
    assert page.locator(".asked").count() == 2
    assert len(found.requests) - before == 2


def test_clear_empties_chat_and_sources(visit, chat_url) -> None:
    found = visit(chat_url)
    found.ask(FAQ)
    found.page.get_by_role("button", name="Clear").click()
    found.page.locator("button.example").first.wait_for()
    found.page.locator(".source").first.wait_for(state="detached")
    assert found.page.locator(".answer").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_only_down_and_has_the_sources_below(visit, chat_url, scheme) -> None:
    found = visit(chat_url, width=360, color_scheme=scheme, has_touch=True)
    page = found.page
    assert not page.evaluate(WIDE)
    assert page.locator("#box textarea").is_visible()
    found.ask("How does AKT activate mTORC1?")
    assert not page.evaluate(WIDE)
    chat, sources = page.locator("#a1").bounding_box(), page.locator("#sources").bounding_box()
    assert sources["y"] >= chat["y"] + chat["height"]
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")


def test_targets_are_large_enough_to_tap(visit, chat_url) -> None:
    found = visit(chat_url, width=360)
    found.ask(FAQ)
    for selector in (
        "button.option",
        "button.copy",
        "#box button",
        ".panel .open",
        "#box textarea",
    ):
        assert found.page.locator(selector).first.bounding_box()["height"] >= 43.5, selector


def test_copy_gives_plain_text_with_sources(visit, chat_url, bundled) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    found = visit(chat_url, permissions=permissions)
    card = found.ask(FAQ)
    card.get_by_role("button", name="Copy").click()
    card.get_by_text("Copied", exact=True).wait_for()
    text = found.page.evaluate("navigator.clipboard.readText()")
    assert bundled.ask(FAQ).statements[0].text in text
    assert "Sources\n[1] " in text
    assert text.endswith(bundled.info.disclaimer)


def test_hostile_text_is_shown_letter_by_letter(visit, hostile_url, hostile) -> None:
    question = "What is the zorblatt formula <img src=x onerror=window.hacked=6> ${hacked=7}?"
    found = visit(hostile_url)
    card = found.ask(question)
    page = found.page
    assert page.locator(".asked").inner_text() == question
    answer = hostile.ask(question)
    assert answer.statements
    assert card.locator("q").all_inner_texts() == [s.text for s in answer.statements]
    assert page.locator("#src-a1-1 mark").text_content() == answer.citations[0].quote
    page.locator("#src-a1-1 .open").wait_for()
    assert page.locator("#columns img, #columns script").count() == 0
    assert page.evaluate("window.hacked") is None
    reader = visit(hostile_url, page.locator("#src-a1-1 .open").get_attribute("href"))
    assert reader.page.locator("mark").text_content() == answer.citations[0].quote
    assert reader.page.evaluate("window.hacked") is None


def test_a_link_asks_its_question(visit, chat_url) -> None:
    page = visit(chat_url, "/?q=Is%20%3Cimg%20src=x%20onerror=hacked=1%3E%20it%3F").page
    page.locator("#a1").wait_for()
    assert page.locator(".asked").inner_text() == "Is <img src=x onerror=hacked=1> it?"
    assert page.locator("#chat img").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_source_is_previewed_on_hover_and_focus(visit, chat_url, bundled) -> None:
    page = visit(chat_url).ask(FAQ).page
    quote = bundled.ask(FAQ).citations[0].quote
    preview = page.locator("#preview")
    page.locator("#a1 a.cite").first.hover()
    preview.wait_for(state="visible")
    assert preview.locator("mark").text_content() == quote
    page.mouse.move(0, 0)
    preview.wait_for(state="hidden")
    page.locator("#box textarea").focus()
    page.locator("#a1 a.cite").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    preview.wait_for(state="visible")
    page.keyboard.press("Escape")
    preview.wait_for(state="hidden")


def test_arrows_recall_what_was_asked(visit, chat_url) -> None:
    found = visit(chat_url)
    found.ask(FAQ, 1)
    found.ask(ELSEWHERE, 2)
    box = found.page.locator("#box textarea")
    for key, shown in (
        ("ArrowUp", ELSEWHERE),
        ("ArrowUp", FAQ),
        ("ArrowDown", ELSEWHERE),
        ("ArrowDown", ""),
    ):
        box.press(key)
        assert box.input_value() == shown


def test_a_claim_is_recognised_checked_and_can_be_asked_instead(visit, chat_url) -> None:
    found = visit(chat_url)
    card = found.ask("Rapamycin activates mTORC1.")
    assert "Contradicted" in card.locator(".state").inner_text()
    assert card.get_by_role("heading", name="Contradicts").count() == 1
    found.page.get_by_role("button", name="Answer it as a question").click()
    found.page.locator("#a2").wait_for()
    assert "Contradicted" not in found.page.locator("#a2 .state").inner_text()


def test_a_carried_topic_is_shown_edited_and_left_out(visit, chat_url) -> None:
    found = visit(chat_url)
    found.ask("What does mTORC1 do?", 1)
    card = found.ask("and what about mTORC2?", 2)
    resolved = card.locator(".resolved").inner_text()
    card.get_by_role("button", name="Edit").click()
    assert found.page.locator("#box textarea").input_value() == resolved
    found.page.get_by_role("button", name="Ask without the earlier topic").click()
    found.page.locator("#a3").wait_for()
    assert found.page.locator("#a3 .resolved").count() == 0


def test_the_theme_is_switched_and_kept(visit, chat_url) -> None:
    page = visit(chat_url, color_scheme="light").page
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert page.locator("body.dark").count() == 1
    page.reload()
    page.locator("#box textarea:enabled").wait_for()
    page.get_by_role("button", name="Switch to the light theme").wait_for()
    assert page.locator("body.dark").count() == 1


def test_the_link_of_an_answer_is_copied(visit, chat_url) -> None:
    found = visit(chat_url, permissions=["clipboard-read", "clipboard-write"])
    found.ask(FAQ).get_by_text("Copy link").click()
    found.page.locator("a.permalink", has_text="Copied").wait_for()
    link = found.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{chat_url}/?q=")
    again = visit(chat_url, link.removeprefix(chat_url)).page
    again.locator("#a1").wait_for()
    assert again.locator(".asked").inner_text() == FAQ


@pytest.mark.parametrize("form", ["?start={0}&end={1}", "#c{0}-{1}", "?start={0}&end={1}#c{0}-{1}"])
def test_the_reader_highlights_a_slice(visit, chat_url, bundled, form) -> None:
    citation = bundled.ask(FAQ).citations[0]
    path = f"/doc/{citation.doc_id}" + form.format(citation.start, citation.end)
    mark = visit(chat_url, path).page.locator(f"#c{citation.start}-{citation.end}")
    mark.wait_for()
    assert mark.text_content() == citation.quote
    assert "#" not in form or mark.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_one_document_is_asked_from_its_reader(visit, chat_url, bundled) -> None:
    first = next(iter(bundled.documents()))
    found = visit(chat_url, f"/doc/{first.doc_id}")
    found.page.get_by_text("Ask only this document").click()
    found.page.locator("#scope p", has_text=first.title).wait_for()
    found.ask(FAQ)
    titles = found.page.locator("#sources .source h3").all_inner_texts()
    assert titles
    assert all(first.title in title for title in titles)
    found.page.get_by_text("Ask all documents").click()
    found.page.locator("#scope").wait_for(state="detached")


def test_the_reader_needs_no_javascript(visit, chat_url, bundled) -> None:
    citation = bundled.ask(FAQ).citations[0]
    path = f"/doc/{citation.doc_id}?start={citation.start}&end={citation.end}"
    page = visit(chat_url, path, width=320, java_script_enabled=False).page
    assert page.locator("mark").text_content() == citation.quote
    assert "not" in page.locator("footer").inner_text()


def test_two_visitors_do_not_see_each_other(visit, chat_url) -> None:
    visit(chat_url).ask(FAQ)
    other = visit(chat_url)
    other.ask(ELSEWHERE)
    assert other.page.locator(".asked").all_inner_texts() == [ELSEWHERE]
