from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.datatypes import Document
from assistant.reading.assemble import make_document
from assistant.reading.markdown import read_markdown, split_front_matter
from assistant.web.pages import Frame
from assistant.web.reader import Reader, Span, sentences_of

TEXT = """---
title: Kettles
url: "javascript:alert(1)"
published: 2026-01-02
---

# Kettles

Kettles boil water.

> [!WARNING]
> Steam is hot.

## Steps

3. Fill it.
4. Switch it on.

- one
  - nested

| part | use |
| --- | --- |
| lid | `<img src=x onerror=alert(1)>` |

## Myths

### Myth: Kettles are alive

Reality: They are machines.
"""

NOWHERE = Span()


@pytest.fixture
def kettles(corpus_of, open_with_hashes: Callable[[Path], Assistant]) -> Document:
    return open_with_hashes(corpus_of({"kettles.md": TEXT})).document("kettles.md")


def document_page(document: Document, disclaimer: str, span: Span = NOWHERE) -> str:
    return Frame("Corpus", disclaimer).page(Reader().view(document, span))


def shown(page: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page))


def test_all_text_is_shown_with_its_structure(kettles: Document) -> None:
    page = document_page(kettles, "Not advice.")
    assert page.count('<h1 class="view-title">Kettles</h1>') == 1
    assert '<li class="depth-1" value="3"><span id="s2">Fill it.</span></li>' in page
    assert '<li class="depth-2"><span id="s5">nested</span></li>' in page
    assert "<td>lid</td><td>&lt;img src=x onerror=alert(1)&gt;</td>" in page
    assert '<section class="kind-notice"><p class="label">Warning</p>' in page
    assert "Myth: Kettles are alive" in page
    assert '<p class="label">Reality:</p>' in page
    assert "published 2026-01-02" in page
    assert "javascript:" not in page
    assert "Not advice." in page
    for section in kettles.sections:
        for block in section.blocks:
            if block.kind != "row":
                assert kettles.text[block.start : block.end] in shown(page)


@pytest.mark.parametrize("slice_", ["Fill it.\n4. Switch it on.", "boil", "part | use\nlid"])
def test_a_slice_is_marked_wherever_it_runs(kettles: Document, slice_: str) -> None:
    start = kettles.text.index(slice_)
    span = Span(start, start + len(slice_))
    page = document_page(kettles, "Not advice.", span)
    assert page.count(f'<mark id="c{span.start}-{span.end}">') == 1
    marked = " ".join(re.findall("<mark[^>]*>(.*?)</mark>", page))
    words = re.findall(r"[A-Za-z]\S*", slice_)
    assert re.findall(r"[A-Za-z]\S*", marked) == words
    assert document_page(kettles, "Not advice.") == re.sub("</?mark[^>]*>", "", page)


def test_a_slice_of_several_sentences_is_one_mark() -> None:
    document = _document("# T\n\nOne is here. Two is here. Three is here.\n")
    for quote in ("One is here. Two is here.", "is here. Two", "Two is here. Three is here."):
        start = document.text.index(quote)
        page = Reader().view(document, Span(start, start + len(quote))).body
        marks = re.findall("<mark[^>]*>(.*?)</mark>", page)
        assert [re.sub("<[^>]+>", "", mark) for mark in marks] == [quote]
        assert [page.count(f' id="s{n}"') for n in range(3)] == [1, 1, 1]
        assert "One is here. Two is here. Three is here." in shown(page)


def test_nothing_is_marked_without_a_slice_or_beyond_the_text(kettles: Document) -> None:
    for span in (Span(), Span(10**6, 10**6 + 5)):
        assert "<mark" not in document_page(kettles, "x", span)


def test_each_sentence_has_its_number_as_anchor(kettles: Document) -> None:
    page = document_page(kettles, "Not advice.")
    spans = sentences_of(kettles)
    assert re.findall(r' id="s(\d+)"', page) == [str(n) for n in range(len(spans))]
    assert [kettles.text[a:b] for a, b in spans[:3]] == [
        "Kettles boil water.", "Steam is hot.", "Fill it.",
    ]  # fmt: skip
    for number, (start, end) in enumerate(spans):
        found = re.search(rf'<(span|tr) id="s{number}">(.*?)</\1>', page)
        assert found is not None
        if found.group(1) == "span":
            assert html.unescape(found.group(2)) == kettles.text[start:end]


def test_headings_have_anchors_and_contents() -> None:
    text = "# T\n\n" + "".join(f"## Same & b\n\nText {n}.\n\n" for n in range(5))
    reader = Reader()
    document = _document(text)
    page = reader.view(document).body
    again = [f"h-same-b-{number}" for number in range(2, 6)]
    assert re.findall(r'<h2 id="([^"]+)"', page) == ["h-same-b", *again]
    assert page.count('<a href="#h-same-b-3">Same &amp; b</a>') == 1
    assert "Next section: Same &amp; b</span></a>" in page
    few = reader.view(_document("# T\n\n## One\n\nText.\n")).body
    assert "doc-contents" not in few
    assert "doc-steps" not in few


def test_a_kept_document_is_told_from_its_next_version() -> None:
    reader = Reader()
    assert "first" in reader.view(_document("# T\n\nThe first text.\n")).body
    assert "second" in reader.view(_document("# T\n\nThe second text.\n")).body


def _document(text: str) -> Document:
    known, body = split_front_matter(text)
    read, drafts, heading = read_markdown(body)
    made = make_document(read, drafts, "t.md", "t.md", heading, known)
    return replace(made, sha256=hashlib.sha256(text.encode()).hexdigest())
