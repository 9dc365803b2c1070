"""The pathway map in a real browser."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SPILLING = """() => [...document.querySelectorAll('svg.pathway a.node')].filter((node) => {
  const text = node.querySelector('text').getBBox();
  const box = node.querySelector('.shape').getBBox();
  return text.x < box.x + 3 || text.x + text.width > box.x + box.width - 3
    || text.y < box.y || text.y + text.height > box.y + box.height;
}).map((node) => node.id)"""


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_fits_the_page_and_its_labels_fit_their_boxes(
    visit, chat_url, width, scheme
) -> None:
    page = visit(chat_url, "/map", width=width, color_scheme=scheme).page
    assert not page.evaluate(WIDE)
    page.evaluate("document.fonts.ready")
    assert page.evaluate(SPILLING) == []
    assert page.locator(".map .disclaimer").is_visible()
    canvas = page.locator(".map .canvas")
    assert canvas.evaluate("e => e.scrollWidth > e.clientWidth") == (width == 320)
    canvas.focus()
    assert canvas.evaluate("e => e === document.activeElement")


def test_an_edge_leads_to_its_highlighted_quote(visit, chat_url, bundled) -> None:
    edge = next(e for e in bundled.pathway().edges if e.source == "akt")
    page = visit(chat_url, "/map").page
    link = page.get_by_role("link", name="AKT inhibits TSC2: read the quote")
    link.focus()
    page.keyboard.press("Enter")
    mark = page.locator("mark").first
    mark.wait_for()
    assert mark.text_content() == edge.citation.quote
    assert mark.evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_a_node_shows_its_quotes_in_place_and_back_undoes_it(visit, chat_url) -> None:
    page = visit(chat_url, "/map").page
    page.evaluate("window.stayed = 1")
    page.locator("#n-tsc2").hover()
    assert page.locator("a.edge.lit").count() == 2
    page.locator("#n-tsc2").click()
    page.locator("#map-about h2", has_text="TSC2").wait_for()
    assert page.evaluate("[window.stayed, document.activeElement.id]") == [1, "n-tsc2"]
    assert page.url.endswith("/map?node=tsc2#map-about")
    assert page.locator("#map-about q").count() == 2
    page.go_back()
    page.locator("#map-about h2", has_text="Choose").wait_for()
    assert page.locator("a.selected").count() == 0


def test_the_map_needs_no_javascript(visit, chat_url) -> None:
    page = visit(chat_url, "/map", width=360, java_script_enabled=False).page
    page.locator("#n-mtorc2").click()
    page.locator("#map-about h2", has_text="mTORC2").wait_for()
    assert page.locator("a.selected").count() == 1
    assert page.locator("#map-about").bounding_box()["y"] < 200


def test_on_a_phone_the_chosen_node_is_in_view(visit, chat_url) -> None:
    page = visit(chat_url, "/map?node=training", width=360, has_touch=True).page
    canvas = page.locator(".map .canvas").bounding_box()
    node = page.locator("#n-training").bounding_box()
    assert canvas["x"] <= node["x"]
    assert node["x"] + node["width"] <= canvas["x"] + canvas["width"]
    for selector in ("#n-akt .hit", ".map .links a"):
        assert page.locator(selector).first.bounding_box()["height"] >= 43.5


def test_a_relation_can_be_asked_about(visit, chat_url) -> None:
    page = visit(chat_url, "/map").page
    page.locator("#map-e7 a.ask").click()
    page.locator("#a1").wait_for()
    assert page.locator(".asked").inner_text() == "What is the effect of AKT on TSC2?"


def test_a_relation_is_asked_about_without_leaving_the_chat(visit, chat_url) -> None:
    found = visit(chat_url)
    found.ask("What does mTOR stand for?", 1)
    found.page.get_by_role("tab", name="Map").click()
    found.page.locator("#map-e7 a.ask").click()
    found.page.locator("#a2").wait_for()
    asked = found.page.locator(".asked").all_inner_texts()
    assert asked == ["What does mTOR stand for?", "What is the effect of AKT on TSC2?"]
    assert found.page.locator("#a2").is_visible()
