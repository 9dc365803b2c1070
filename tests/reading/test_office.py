from __future__ import annotations

import datetime
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.indexing.passages import split_document
from tests.reading.samples import blocks_of, docx, epub, pptx, read_all, read_one, xlsx

GUIDE = [
    ("Title", "The kettle guide"),
    ("Heading 1", "How it works"),
    ("", "An element heats the water."),
    ("List Number", "Fill the kettle."),
    ("List Number", "Press the switch."),
    ("List Bullet", "Steel lasts."),
    ("List Bullet", "Plastic is light."),
    ("Heading 1", "Common questions"),
    ("Heading 2", "How long does it take?"),
    ("", "About four minutes."),
    ("Heading 1", "Myths"),
    ("Heading 2", "Myth: Salt makes it boil faster."),
    ("", "Reality: Salt raises the boiling point a little."),
    ("", "This guide is for information purposes only."),
]


def slices_back(document: Document) -> None:
    end = 0
    for section in document.sections:
        assert section.start >= end
        end = section.end
        for block in section.blocks:
            content = document.text[block.start : block.end]
            assert content and content == content.strip()
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text


def test_a_word_document(tmp_path: Path) -> None:
    data = docx(
        GUIDE,
        [("Model", "Volume"), ("Alpha", "1.7 l")],
        title="left-over",
        language="en-GB",
        created=datetime.datetime(2023, 4, 5),
    )
    document = read_one(tmp_path, "guide.docx", data)
    assert document.title == "The kettle guide"
    assert (document.published, document.language) == ("2023-04-05", "en-GB")
    assert document.page_at(0) is None
    assert blocks_of(document, "step") == ["Fill the kettle.", "Press the switch."]
    assert "1. Fill the kettle.\n2. Press the switch." in document.text
    assert blocks_of(document, "item") == ["Steel lasts.", "Plastic is light."]
    assert blocks_of(document, "row") == ["Model | Volume", "Alpha | 1.7 l"]
    kinds = {section.kind for section in document.sections}
    assert {"faq", "reality", "myth", "notice"} <= kinds
    slices_back(document)


def test_word_insertions_are_read_deletions_and_reference_marks_are_not(tmp_path: Path) -> None:
    import docx as library

    source = library.Document()
    paragraph = source.add_paragraph("Tea is brewed at ninety degrees.")
    paragraph.add_run("12").font.superscript = True
    paragraph.add_run(" It holds 10")
    paragraph.add_run("6").font.superscript = True
    paragraph.add_run(" leaves.")
    stream = io.BytesIO()
    source.save(stream)
    changed = io.BytesIO()
    run = "<w:r><w:t>{}</w:t></w:r>"
    more = (
        f'<w:p><w:ins w:id="1" w:author="a">{run.format("Green tea is cooler.")}</w:ins>'
        f'<w:del w:id="2" w:author="a">{run.format("Gone.")}</w:del></w:p>'
        f"<w:sdt><w:sdtContent><w:p>{run.format('Within a control.')}</w:p></w:sdtContent></w:sdt>"
    )
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                content = content.replace(b"<w:sectPr", more.encode() + b"<w:sectPr")
            new.writestr(part, content)
    document = read_one(tmp_path, "tea.docx", changed.getvalue())
    assert document.text == (
        "Tea is brewed at ninety degrees. It holds 10⁶ leaves.\n\n"
        "Green tea is cooler.\n\nWithin a control."
    )


def test_slides_are_cited_by_number(tmp_path: Path) -> None:
    data = pptx(
        [("Kettles", ["An overview", "Three kinds"]), ("Steel", ["Steel lasts", "It is heavy"])],
        notes="Say that steel is best.",
    )
    document = read_one(tmp_path, "talk.pptx", data)
    assert document.title == "Kettles"
    assert document.page_unit == "slide"
    assert document.page_at(document.text.index("Three kinds")) == 1
    assert document.page_at(document.text.index("It is heavy")) == 2
    assert blocks_of(document, "item") == [
        "An overview",
        "Three kinds",
        "Steel lasts",
        "It is heavy",
    ]
    assert blocks_of(document, "paragraph") == ["Say that steel is best."] * 2
    assert [s.heading for s in document.sections if "heavy" in document.text[s.start : s.end]] == [
        ("Steel",)
    ]
    slices_back(document)


def test_rows_of_a_workbook_carry_their_sheet_and_number(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 2, 29)
    data = xlsx(
        {
            "Kettles": [
                ("Stock of the shop", None, None),
                (None, None, None),
                ("Model", "Price", "Since"),
                ("Alpha", 19.5, day),
                ("Beta", 0.1 + 0.2, None),
            ],
            "Owner": [("Shop", "Tea Corner"), ("Town", "Bergen")],
        }
    )
    document = read_one(tmp_path, "stock.xlsx", data)
    assert blocks_of(document, "row") == [
        "Model: Alpha | Price: 19.5 | Since: 2024-02-29", "Model: Beta | Price: 0.3",
        "Shop | Tea Corner", "Town | Bergen",
    ]  # fmt: skip
    assert document.page_unit == "row"
    at = document.text.index("Model: Beta")
    assert document.page_at(at) == 5
    assert document.page_at(document.text.index("Town")) == 2
    (section,) = [s for s in document.sections if s.start <= at < s.end]
    assert section.heading == ("Kettles",)
    slices_back(document)


def test_a_sheet_of_questions_is_a_faq(tmp_path: Path) -> None:
    rows = [("Question", "Answer"), ("How long?", "Four minutes."), ("Why?", None), ("Who?", "We.")]
    (tmp_path / "faq.xlsx").write_bytes(xlsx({"Help": rows}))
    documents, (problem,) = read_all(tmp_path)
    assert [d.doc_id for d in documents] == ["faq.xlsx:Help:2", "faq.xlsx:Help:4"]
    assert documents[0].sections[0].kind == "faq"
    assert (documents[1].page_unit, documents[1].page_at(0)) == ("row", 4)
    assert "sheet Help: row 3 has no 'answer'" in problem


def test_chapters_follow_the_spine(tmp_path: Path) -> None:
    data = epub(
        {
            "z.xhtml": "<h1>Water</h1><p>Fresh water is best.</p>",
            "cover.xhtml": "<img src='x.png'/>",
            "a.xhtml": "<p>Tea&nbsp;likes milk.</p>"
            "<aside epub:type='pagebreak'>17</aside>"
            "<h4>FAQ</h4><h5>Is milk needed?</h5><p>No.</p>",
        }
    )
    document = read_one(tmp_path, "book.epub", data)
    assert document.title == "The Kettle Book"
    assert (document.published, document.language) == ("2021-05-06", "en")
    assert document.publisher == "Tea Press"
    assert document.text.startswith("Water\n\nFresh water is best.\n\nPart 3\n\nTea likes milk.")
    assert "17" not in document.text
    assert [s.heading for s in document.sections if s.kind == "faq"] == [
        ("Part 3", "FAQ", "Is milk needed?")
    ]
    slices_back(document)


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ([{"id": "q1", "question": "How?", "answer": "So."}], ["q1"]),
        ({"data": [{"title": "A", "text": "One."}, {"body": "Two."}]}, ["f.json:1", "f.json:2"]),
        ({"name": "Alpha", "litres": 1.7, "steel": True, "parts": ["lid", "spout"]}, ["f.json"]),
        ([1, 2, "three"], ["f.json"]),
        ("Only a string of words.", ["f.json"]),
    ],
)  # fmt: skip
def test_json_files(tmp_path: Path, value: object, ids: list[str]) -> None:
    (tmp_path / "f.json").write_text(json.dumps(value))
    documents, problems = read_all(tmp_path)
    assert not problems
    assert [d.doc_id for d in documents] == ids
    for document in documents:
        slices_back(document)


def test_an_object_is_read_with_its_names(tmp_path: Path) -> None:
    value = {
        "title": "Shop",
        "opening_hours": {"monday": "9 to 17", "sunday": None},
        "faq": [{"question": "Is there tea?", "answer": "Yes, all day."},
                {"question": "Is there cake?", "answer": "No."}, {"other": 1}],
    }  # fmt: skip
    document = read_one(tmp_path, "shop.json", json.dumps(value).encode())
    assert document.title == "Shop"
    assert "opening hours\n\nmonday: 9 to 17" in document.text
    assert [s.heading[-1] for s in document.sections if s.kind == "faq"] == [
        "Is there tea?", "Is there cake?",
    ]  # fmt: skip


def test_broken_json_and_json_lines_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1,')
    (tmp_path / "b.json").write_text('{"_id": "x", "text": "One."}\n{"_id": "y", "text": "Two."}')
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    documents, problems = read_all(tmp_path)
    assert [d.doc_id for d in documents] == ["x", "y"]
    assert "not valid JSON" in problems[0]
    assert "nested too deeply" in problems[1]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["title", "text", "question", "answer", "a b", ""]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_JSON)
def test_any_json_slices_back_or_is_refused(tmp_path: Path, value: object) -> None:
    (tmp_path / "f.json").write_text(json.dumps(value))
    documents, problems = read_all(tmp_path)
    assert documents or problems
    for document in documents:
        slices_back(document)


_CELLS = st.one_of(
    st.none(), st.integers(), st.booleans(),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=12),
)  # fmt: skip


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_CELLS, max_size=4), max_size=6))
def test_any_sheet_slices_back(tmp_path: Path, rows: list[list[object]]) -> None:
    from openpyxl.utils.exceptions import IllegalCharacterError

    try:
        data = xlsx({"One": [["a", 1], *rows]})
    except (IllegalCharacterError, ValueError):
        return
    (tmp_path / "f.xlsx").write_bytes(data)
    documents, _ = read_all(tmp_path)
    for document in documents:
        slices_back(document)
