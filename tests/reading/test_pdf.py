from __future__ import annotations

import textwrap
import time
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.indexing.passages import split_document
from assistant.reading.assemble import reading_document
from assistant.reading.pdf import read_pdf
from tests.reading.samples import Pdf, blocks_of, read_all, read_one

LEFT = (
    "The kettle has been known for three thousand years and was at first made of bronze. "
    "Its spout keeps the steam away from the hand that pours, and its lid keeps the warmth in. "
    "People in many countries value it for the tempera-"
)
RIGHT = (
    "ture it holds. A modern kettle switches itself off when the water boils, because steam "
    "bends a strip of two metals. The strip opens the circuit and the element cools down again "
    "before it can be harmed by a lack of water."
)


def wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 44, break_on_hyphens=False)


def two_columns() -> bytes:
    pdf = Pdf()
    pdf.canvas.setTitle("Kettles of the world")
    for number in (1, 2, 3):
        pdf.line(60, 40, "Journal of Kitchen Studies", 8)
        pdf.line(480, 40, f"2024, volume {number + 6}", 8)
        if number == 1:
            pdf.line(60, 90, "Kettles of the world", 20, bold=True)
        pdf.line(60, 130, f"Chapter {number} begins here", 13, bold=True)
        # Row by row, as some programs write: the order of the file is not that of reading.
        columns = [wrapped(LEFT.replace("three", f"{number} times three")), wrapped(RIGHT)]
        for at, row in enumerate(zip_longest(*columns, fillvalue="")):
            for x, text in zip((60, 320), row, strict=True):
                pdf.line(x, 150 + 12 * at, text)
        pdf.line(290, 810, str(number + 40), 9)
        pdf.next()
    return pdf.data()


def test_columns_hyphens_headings_and_furniture(tmp_path: Path) -> None:
    document = read_one(tmp_path, "k.pdf", two_columns())
    assert document.title == "Kettles of the world"
    assert "Journal" not in document.text
    assert "volume" not in document.text
    assert not {"41", "42", "43"} & set(document.text.split())
    assert "value it for the temperature it holds. A modern kettle" in document.text
    assert [s.heading for s in document.sections if s.kind == "prose"][-1] == (
        "Chapter 3 begins here",
    )
    assert (document.page_unit, document.page_at(0)) == ("page", 1)
    assert document.page_at(document.text.index("2 times three")) == 2
    assert document.page_at(document.text.rindex("lack of water")) == 3


def test_a_justified_line_with_wide_gaps_is_no_row_of_a_table(tmp_path: Path) -> None:
    pdf = Pdf()
    left = wrapped("The first column speaks of kettles. " * 8)
    right = wrapped("The second column speaks of stoves. " * 8)
    left[3:3] = ["investigations of several considerable improvements"]
    for at, row in enumerate(zip_longest(left, right, fillvalue="")):
        for x, text in zip((60, 320), row, strict=True):
            if "investigations" in text:
                for number, word in enumerate(text.split()):
                    pdf.line(x + 90 * (number % 3), 150 + 12 * at, word if number < 3 else "")
            else:
                pdf.line(x, 150 + 12 * at, text)
    document = read_one(tmp_path, "k.pdf", pdf.data())
    assert "stoves" not in document.text[: document.text.rindex("kettles")]
    assert not blocks_of(document, "row")


def test_a_sentence_that_goes_over_a_page_and_keeps_its_hyphen(tmp_path: Path) -> None:
    pdf = Pdf()
    for at in range(30):
        pdf.line(
            60, 60 + 14 * at, f"Line {at} of a long-term plan that speaks of kettles and tea and"
        )
    pdf.next()
    pdf.line(60, 60, "milk as well, which is what all of this long-")
    pdf.line(60, 74, "term work of the well-known house is for.")
    document = read_one(tmp_path, "k.pdf", pdf.data())
    assert "tea and milk as well, which is what all of this long-term work" in document.text
    assert document.page_at(document.text.index("milk as well")) == 2
    assert document.page_at(document.text.index("Line 29")) == 1


def test_lists_rows_and_superscripts(tmp_path: Path) -> None:
    pdf = Pdf()
    y = pdf.column(60, 60, "Kettles come in three kinds, and each has a use of its own.", 80)
    for text in ("• Steel kettles last long", "• Glass kettles show the water"):
        pdf.line(60, y + 6, text)
        y += 14
    for number, text in enumerate(("Fill it.", "Close the lid.", "Press the switch."), 1):
        pdf.line(60, y + 16, f"{number}. {text}")
        y += 14
    y += 30
    for row in (("Model", "Volume", "Power"), ("Alpha", "1.7 l", "2 kW"), ("Beta", "1 l", "1 kW")):
        for x, cell in zip((60, 200, 340), row, strict=True):
            pdf.line(x, y, cell)
        y += 14
    pdf.line(60, y + 20, "The lid was invented early.")
    width = pdf.canvas.stringWidth("The lid was invented early.", "Helvetica", 10)
    pdf.line(60 + width, y + 16, "12,13", 6)
    pdf.line(60 + width + 20, y + 20, "It holds 10")
    pdf.line(
        60 + width + 20 + pdf.canvas.stringWidth("It holds 10", "Helvetica", 10), y + 16, "6", 6
    )
    pdf.line(60 + width + 80, y + 20, "drops of water.")
    document = read_one(tmp_path, "k.pdf", pdf.data())
    assert blocks_of(document, "item") == [
        "Steel kettles last long",
        "Glass kettles show the water",
    ]
    assert blocks_of(document, "step") == ["Fill it.", "Close the lid.", "Press the switch."]
    assert blocks_of(document, "row") == [
        "Model | Volume | Power", "Alpha | 1.7 l | 2 kW", "Beta | 1 l | 1 kW",
    ]  # fmt: skip
    assert "The lid was invented early. It holds 10⁶ drops of water." in document.text


def test_bookmarks_name_headings_and_structure_is_seen(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.canvas.setTitle("untitled")
    y = 60.0
    pdf.line(60, y, "A short guide to kettles", 18, bold=True)
    for level, heading, text in (
        (0, "Common questions", "Answers to what people ask most often about their kettles."),
        (1, "How long does a kettle take?", "About four minutes for a litre of cold water."),
        (1, "Can a kettle run dry?", "No, a switch stops it before that can happen at all."),
        (0, "Disclaimer", "Read the manual of your kettle before you use it at home."),
    ):
        pdf.canvas.bookmarkPage(heading)
        pdf.canvas.addOutlineEntry(heading, heading, level)
        pdf.line(60, y + 40, heading)
        pdf.line(60, y + 60, text)
        y += 60
    document = read_one(tmp_path, "k.pdf", pdf.data())
    assert document.title == "A short guide to kettles"
    faq = [s.heading[-1] for s in document.sections if s.kind == "faq"]
    assert faq == ["How long does a kettle take?", "Can a kettle run dry?"]
    assert any(s.kind == "notice" for s in document.sections)


def test_a_scan_has_no_text_and_a_mixed_file_names_its_pages(tmp_path: Path) -> None:
    scan = Pdf()
    for _ in range(2):
        scan.canvas.rect(50, 50, 400, 700, fill=1)
        scan.next()
    (tmp_path / "scan.pdf").write_bytes(scan.data())
    mixed = Pdf()
    mixed.line(60, 60, "One page of text, then pictures.")
    mixed.next()
    for _ in range(2):
        mixed.canvas.rect(50, 50, 400, 700, fill=1)
        mixed.next()
    (tmp_path / "mixed.pdf").write_bytes(mixed.data())
    (document,), problems = read_all(tmp_path)
    assert document.doc_id == "mixed.pdf"
    assert "pages 2-3 have no text" in problems[0]
    assert problems[1].startswith("scan.pdf: it has no text")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_shown(tmp_path: Path, turn: int) -> None:
    pdf = Pdf()
    canvas, width, height = pdf.canvas, pdf.width, pdf.height
    canvas.setPageRotation(turn)
    # The text is drawn so that it stands upright once the page is turned.
    if turn == 90:
        canvas.translate(width, 0)
    elif turn == 180:
        canvas.translate(width, height)
    elif turn == 270:
        canvas.translate(0, height)
    canvas.rotate(turn)
    canvas.setFont("Helvetica", 10)
    for at, text in enumerate(
        ("The first line of the page stands", "above the second line of it.")
    ):
        canvas.drawString(60, 400 - 12 * at, text)
    document = read_one(tmp_path, "k.pdf", pdf.data())
    assert document.text == "The first line of the page stands above the second line of it."


@pytest.mark.slow
def test_five_hundred_pages_in_a_minute(tmp_path: Path) -> None:
    pdf = Pdf()
    for number in range(500):
        y = 60.0
        for part in range(6):
            y = (
                pdf.column(60, y, f"Part {part} of page {number}. " + LEFT[:-7] + " " + RIGHT, 90)
                + 8
            )
        pdf.line(290, 815, str(number + 1), 9)
        pdf.next()
    data = pdf.data()
    started = time.process_time()
    document = read_one(tmp_path, "long.pdf", data)
    assert time.process_time() - started < 60
    assert document.page_at(document.text.index("Part 0 of page 321.")) == 322
    assert len(document.page_starts) == 500


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(
    st.integers(20, 500), st.integers(20, 800), st.text("abc deF-.1 •", max_size=60),
    st.sampled_from([7, 10, 14]), st.booleans()), min_size=1, max_size=30))  # fmt: skip
def test_every_block_is_a_slice_on_a_page(lines: list[tuple[int, int, str, int, bool]]) -> None:
    pdf = Pdf()
    pdf.line(60, 400, "One line that is always there.")
    for at, (x, y, text, size, bold) in enumerate(lines):
        pdf.line(x, y, text, size, bold)
        if at % 10 == 9:
            pdf.next()
    reading, _ = read_pdf(pdf.data(), "a.pdf")
    document = reading_document(reading, doc_id="a.pdf", source="a.pdf")
    assert list(document.page_starts) == sorted(document.page_starts)
    assert len(document.page_starts) == len(document.page_numbers)
    for section in document.sections:
        for block in section.blocks:
            content = document.text[block.start : block.end]
            assert content and content == content.strip()
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.page is not None and passage.page >= 1
