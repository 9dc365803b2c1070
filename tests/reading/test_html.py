from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.indexing.passages import split_document
from assistant.reading.assemble import reading_document
from assistant.reading.html import decode_html, read_html
from tests.reading.samples import ARTICLE, BOILERPLATE, blocks_of, page_html, read_one


def document_of(data: bytes) -> Document:
    return reading_document(read_html(data, "a.html"), doc_id="a.html", source="a.html")


def test_the_main_content_is_read_and_nothing_around_it(tmp_path: Path) -> None:
    document = read_one(tmp_path, "kettle.html", page_html(ARTICLE))
    assert document.title == "Kettles explained"
    assert (document.published, document.language) == ("2024-03-05", "en-GB")
    assert document.publisher == "Household Weekly"
    for words in (*BOILERPLATE, "cookies", "Related articles", "Ten best pans", "script text"):
        assert words not in document.text
    assert "A kettle boils water for tea. It holds 10³ millilitres at most." in document.text


def test_the_structure_of_a_page() -> None:
    document = document_of(page_html(ARTICLE))
    kinds = {section.kind for section in document.sections}
    assert {"prose", "faq", "myth", "reality", "notice"} <= kinds
    assert blocks_of(document, "step") == ["Fill the kettle.", "Press the switch."]
    assert blocks_of(document, "item") == ["Steel lasts", "brushed steel too", "Plastic is light"]
    assert blocks_of(document, "row") == ["Model | Volume", "Alpha | 1.7 l"]
    faq = [s.heading[-1] for s in document.sections if s.kind == "faq"]
    assert faq == ["How long does a kettle take?", "Can it run dry?"]
    (reality,) = [s for s in document.sections if s.kind == "reality"]
    assert "Myth: Salt makes a kettle boil faster." in reality.heading[-1]


@pytest.mark.parametrize(
    "body",
    [
        "<div class='nav-menu-open'>{}</div>",
        "<form id='aspnet'>{}</form>",
        "<div class='sidebar-layout'><div class='social-page'>{}</div></div>",
        "<table role='presentation'><tr><td>{}</td></tr></table>",
    ],
)
def test_what_holds_the_text_is_kept_whatever_its_name(body: str) -> None:
    text = "<p>" + "The kettle is a vessel for boiling water. " * 20 + "</p>"
    data = f"<html><body>{body.format(text)}</body></html>".encode()
    assert document_of(data).text.count("The kettle is a vessel") == 20


def test_a_page_without_elements_of_its_own_loses_its_menu() -> None:
    links = "".join(f'<li><a href="/{n}">Topic {n}</a></li>' for n in range(9))
    data = f"<body><div><ul>{links}</ul></div><h1>Tea</h1><p>Tea is brewed at ninety degrees."
    assert document_of(data.encode()).text == "Tea\n\nTea is brewed at ninety degrees."


def test_headings_that_are_only_bold_stand_side_by_side() -> None:
    data = b"""<body><h2>Care</h2><p><b>Daily care</b></p><p>Rinse it.</p>
    <p><strong>Weekly care</strong></p><p>Descale it.</p><p><b>Never</b> scrub it.</p>"""
    headings = [section.heading for section in document_of(data).sections]
    assert headings == [("Care",), ("Care", "Daily care"), ("Care", "Weekly care")]


def test_terms_and_questions_of_a_definition_list() -> None:
    data = b"""<body><h1>Tea</h1><dl><dt>Assam</dt><dd>A strong black tea.</dd></dl>
    <h2>FAQ</h2><dl><dt>Is it strong?</dt><dd>Yes, it is.</dd>
    <dt>Is it red?</dt><dd>No.</dd></dl>"""
    document = document_of(data)
    assert blocks_of(document, "item") == ["Assam: A strong black tea."]
    assert [s.heading[-1] for s in document.sections if s.kind == "faq"] == [
        "Is it strong?", "Is it red?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Café</p>".encode(), "Café"),
        ("<p>Café</p>".encode("cp1252"), "Café"),
        ("<meta charset='iso-8859-2'><p>Łódź</p>".encode("iso-8859-2"), "Łódź"),
        ("<p>Café</p>".encode("utf-16"), "Café"),
        ("\ufeff<p>Café</p>".encode(), "Café"),
        (b"<meta charset='nonsense'><p>Caf\xe9</p>", "Café"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert text in decode_html(data)


def test_xhtml_with_empty_elements_is_read_whole() -> None:
    data = b"""<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">
    <head><title/><script src="x.js"/></head><body><p>Tea&nbsp;&amp; milk.</p></body></html>"""
    assert document_of(data).text == "Tea & milk."


def test_deep_nesting_is_read_or_refused() -> None:
    for depth in (200, 5_000):
        data = b"<div>" * depth + b"<p>Deep down.</p>" + b"</div>" * depth + b"<p>And after.</p>"
        try:
            assert document_of(b"<body>" + data).text == "Deep down.\n\nAnd after."
        except FileProblem as problem:
            assert depth == 5_000
            assert "markup" in str(problem)


_TAGS = st.sampled_from("p div li ul ol h1 h2 table tr td dl dt dd sup b br details pre".split())


@given(st.lists(st.one_of(st.text(max_size=20), _TAGS.map(lambda t: f"<{t}>"),
                          _TAGS.map(lambda t: f"</{t}>")), max_size=40))  # fmt: skip
def test_every_block_is_a_slice(parts: list[str]) -> None:
    data = ("<body><p>Start here.</p>" + "".join(parts)).encode("utf-8", "replace")
    document = document_of(data)
    end = 0
    for section in document.sections:
        assert section.start >= end
        end = section.end
        for block in section.blocks:
            content = document.text[block.start : block.end]
            assert content and content == content.strip()
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text
