from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.datatypes import Citation, Evidence, Verdict
from assistant.jsonio import answer_json, dump
from assistant.web.exports import CSV_COLUMNS, checked_csv, markdown
from tests.web.test_render import HOSTILE

CLAIM = "A kettle is a vessel for boiling water, usually made of steel."


def rendered(source: str) -> str:
    """Return the text that a reader of Markdown sees, line by line."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)
    text = re.sub(r"^<p>|</p>\n$", "", page).replace("<br />\n", "\n")
    assert "<" not in text, page
    return html.unescape(text)


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "1. one\n2) two\n- three\n+ four\n# five\n> six\n=====\n-----\n***",
        "a\n\nb\n   indented\n\ttab\n",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "~~no~~ **b** __b__ [x](http://e.org) ![i](u) <b> &amp; `c` \\* :smile: $x$ ~",
        "```\ncode\n```",
        "    code",
        "trailing  \nblank\\\nslash\\",
    ],
)
def test_markdown_renders_letter_for_letter(text: str) -> None:
    assert rendered(markdown(text)) == text
    quoted = "\n".join(f"> {line}" for line in markdown(text).split("\n"))
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(quoted)
    inside = re.sub(r"^<blockquote>\n|</blockquote>\n$", "", page)
    assert html.unescape(re.sub(r"^<p>|</p>\n$", "", inside).replace("<br />\n", "\n")) == text


@given(st.text(alphabet="ab1 .)-+*_#>|~`=[]()!<&;:\\\n\t$^", min_size=1, max_size=40))
def test_any_text_renders_letter_for_letter(text: str) -> None:
    if text.strip():
        assert rendered(markdown(text)) == text


def verdict(quote: str = "=1+1 is two.", claim: str = "@SUM is it.") -> Verdict:
    citation = Citation(1, "-a.md", "+Title", ("=x",), quote, 0, len(quote))
    evidence = (Evidence("mentions", 0.5, citation, ("number: 1 / 2",)),)
    return Verdict("1", claim, "not_enough_info", 0.5, evidence, (), "Not advice.")


def test_csv_cells_cannot_be_formulas() -> None:
    found = list(csv.reader(io.StringIO(checked_csv([verdict()]))))
    assert tuple(found[0]) == CSV_COLUMNS
    row = dict(zip(found[0], found[1], strict=True))
    assert row["sentence"] == "'@SUM is it."
    assert row["quote"] == "'=1+1 is two."
    assert row["doc_id"] == "'-a.md"
    assert row["disclaimer"] == "Not advice."
    assert not [cell for row in found for cell in row if cell[:1] in "=+-@\t\r" and cell]


def attached(found, ending: str) -> str:
    assert found.status_code == 200
    disposition = found.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="[\w-]+\.{ending}"', disposition)
    assert found.headers["cache-control"] == "no-store"
    assert "charset=utf-8" in found.headers["content-type"]
    return found.text


def test_an_answer_is_kept_in_every_format(client: TestClient, kettles: Assistant) -> None:
    question = "What is a kettle?"
    answer = kettles.ask(question)
    address = "/answer?q=What+is+a+kettle%3F&format="
    kept = json.loads(attached(client.get(address + "json"), "json"))
    expected = json.loads(dump(answer_json(answer)))
    assert {**kept, "timings_ms": 0} == {**expected, "timings_ms": 0}
    for ending in ("md", "txt"):
        text = attached(client.get(address + ending), ending)
        assert answer.statements[0].text in text
        assert kettles.info.disclaimer in text
    assert "http://testserver/?q=What+is+a+kettle%3F" in client.get(address + "md").text
    page = client.get(address + "html")
    assert f"<mark>{html.escape(answer.citations[0].quote)}</mark>" in page.text
    assert '<li id="source-1" value="1">' in page.text
    assert "http://testserver/?q=What+is+a+kettle%3F" in html.unescape(page.text)
    assert page.text == client.get("/answer?q=What+is+a+kettle%3F").text


def test_a_check_is_kept_in_every_format(client: TestClient, kettles: Assistant) -> None:
    for ending in ("md", "txt", "csv", "json"):
        for text in (CLAIM, f"{CLAIM}\nViolins are older than pianos."):
            one = attached(client.get("/check", params={"claim": text, "format": ending}), ending)
            two = attached(client.post("/check", data={"claim": text, "format": ending}), ending)
            strip = re.compile(r'"total": [\d.]+')
            assert strip.sub("", one) == strip.sub("", two)
            assert CLAIM in one
            assert kettles.info.disclaimer in one
    several = json.loads(
        client.post("/check", data={"claim": f"{CLAIM}\nViolins are old.", "format": "json"}).text
    )
    assert [v["label"] for v in several["sentences"]] == ["supported", "not_enough_info"]
    single = client.get("/check", params={"claim": CLAIM, "format": "json"}).json()
    assert single["label"] == "supported"
    page = client.get("/check", params={"claim": CLAIM, "format": "html"}).text
    assert "Supported by the documents" in page
    assert "<form" not in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/answer", "The question is empty"),
        ("/answer?q=%3F", "no words"),
        ("/answer?q=kettle&format=pdf", "choose html, md, json or txt"),
        ("/check?claim=x+y+z&format=pdf", "choose html, md, json, txt or csv"),
        ("/answer?q=" + "x" * 2_001, "the limit is 2,000"),
    ],
)
def test_what_cannot_be_kept_is_said(client: TestClient, path: str, said: str) -> None:
    found = client.get(path)
    assert found.status_code == 400
    assert said in found.text
    assert "content-disposition" not in found.headers
