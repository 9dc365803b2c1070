from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.datatypes import Document
from assistant.web.reader import Span, document_page, list_page
from tests.web.test_render import HOSTILE, Reader

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


@pytest.fixture
def kettles(corpus_of, open_with_hashes: Callable[[Path], Assistant]) -> Document:
    return open_with_hashes(corpus_of({"kettles.md": TEXT})).document("kettles.md")


def shown(page: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page))


def test_all_text_is_shown_with_its_structure(kettles: Document) -> None:
    page = document_page(kettles, "Not advice.")
    assert page.count("<h1>Kettles</h1>") == 1
    assert '<li class="depth-1" value="3">Fill it.</li>' in page
    assert '<li class="depth-2">nested</li>' in page
    assert "<td>lid</td><td>&lt;img src=x onerror=alert(1)&gt;</td>" in page
    assert '<section class="kind-notice"><p class="label">Warning</p>' in page
    assert "Myth: Kettles are alive" in page
    assert '<p class="label">Reality:</p>' in page
    assert "published 2026-01-02" in page
    assert "javascript" not in page
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


def test_nothing_is_marked_without_a_slice_or_beyond_the_text(kettles: Document) -> None:
    for span in (Span(), Span(10**6, 10**6 + 5)):
        assert "<mark" not in document_page(kettles, "x", span)


def test_the_list_escapes_ids_and_titles() -> None:
    page = list_page("Corpus", [("a b/<c>.md", HOSTILE)], 3, "Not advice.")
    assert 'href="/doc/a%20b/%3Cc%3E.md"' in page
    assert "and 3 more" in page
    assert not any(tag == "img" for tag, _ in Reader(page).tags)
