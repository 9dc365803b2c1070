"""The pages through the whole app, without a browser and without JavaScript."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.web.server import create_app
from tests.fakes import HashEncoder, WordVerifier
from tests.web.test_render import HOSTILE, Reader

XSS = "<img src=x onerror=alert(1)>"
FOLDER = '"><img src=x onerror=alert(1)>'
ODD = f"""---
title: "Odd {XSS.replace('"', "")}"
publisher: "<script>alert(2)</script>"
---

# Odd {XSS}

## Common questions

### Is `{XSS}` a kettle?

No. `<script>alert(3)</script>` is not a kettle, whatever ${{7*7}} and {{{{constructor}}}} say.

### What is the `zorblatt` formula?

The zorblatt formula is `{HOSTILE}` today.

- one `<b>item</b>`
- two

## Key takeaways

- A lid keeps the heat inside the kettle.
"""
KETTLES = """# Kettles

## What a kettle is

A kettle is a vessel for boiling water. It is not a pan.

## Common questions

### How long does a kettle take?

A kettle takes three minutes.
"""
PATHS = ("/faq", "/faq?q=kettle", "/check", "/check?claim=A+kettle+is+a+vessel+for+boiling+water.",
         "/doc/", "/doc/kettles.md", "/answer?q=What+is+a+kettle%3F")  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("odd")
    corpus = folder / "corpus"
    (corpus / FOLDER.replace("/", "")).mkdir(parents=True)
    (corpus / "corpus.toml").write_text(
        f'title = "Corpus <i>{XSS}</i>"\ndisclaimer = "Not <b>advice</b>."\n'
        f'examples = ["A kettle is a {XSS}.", "Is it?"]\n'
    )
    (corpus / "kettles.md").write_text(KETTLES)
    (corpus / FOLDER.replace("/", "") / "a&b <c>.md").write_text(ODD)
    (corpus / "bad<u>.bin").write_bytes(b"\0\1")
    settings = Settings(corpus, folder / "index", folder / "cache")
    assistant = Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier())
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def pages(odd: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(odd)) as client:
        yield client


@pytest.fixture(scope="module")
def odd_id(odd: Assistant) -> str:
    return next(d.doc_id for d in odd.documents() if d.doc_id.endswith("<c>.md"))


def told(page: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", page))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_heading_the_frame_and_the_disclaimer(pages: TestClient, path: str) -> None:
    found = pages.get(path)
    assert found.status_code == 200
    tags = Reader(found.text).tags
    names = [tag for tag, _ in tags]
    assert names.count("h1") == names.count("main") == names.count("nav") - _extra_navs(tags) == 1
    assert ("a", {"class": "skip", "href": "#main"}) in tags
    assert found.text.count('<p role="note">Not &lt;b&gt;advice&lt;/b&gt;.</p>') == 1
    assert 'href="/map"' not in found.text
    current = [a["href"] for t, a in tags if t == "a" and a.get("aria-current") == "page"]
    place = "/" + path.split("/")[1].split("?")[0]
    assert current == ([] if place == "/answer" else ["/doc/" if place == "/doc" else place])
    assert "script-src 'self'" in found.headers["content-security-policy"]
    assert "unsafe" not in found.headers["content-security-policy"]
    assert not [a for _, a in tags if "style" in a or any(n.startswith("on") for n in a)]
    ids = Reader(found.text).ids()
    assert len(ids) == len(set(ids))


def _extra_navs(tags) -> int:
    return sum(t == "nav" and a.get("aria-label") != "Views" for t, a in tags)


@pytest.mark.parametrize("path", PATHS)
def test_a_part_is_what_stands_inside_main(pages: TestClient, path: str) -> None:
    part = pages.get(path + ("&" if "?" in path else "?") + "part=1").text
    names = [tag for tag, _ in Reader(part).tags]
    assert not {"html", "head", "body", "main", "header", "h1"} & set(names)
    assert names[:2] == ["div", "h2"]
    assert "Not &lt;b&gt;advice&lt;/b&gt;." in part
    inside = re.sub("</?h[12][^>]*>", "", part.partition('<p class="view-disclaimer"')[0])
    whole = re.sub("</?h[12][^>]*>", "", pages.get(path).text)
    assert inside in whole


def test_nothing_foreign_becomes_markup(pages: TestClient, odd: Assistant, odd_id: str) -> None:
    claim = quote(f"A kettle {XSS} is a vessel for boiling water. The {HOSTILE} is here now.")
    for path in (
        "/faq",
        f"/faq?q={quote(XSS)}",
        f"/faq?entry={quote(XSS)}",
        "/doc/",
        f"/doc/?q={quote(XSS)}",
        f"/doc/?folder={quote(FOLDER)}",
        f"/doc/{quote(odd_id)}",
        f"/doc/{quote(XSS)}",
        f"/check?claim={claim}",
        f"/check?claim={quote(XSS)}&format={quote(XSS)}",
        "/check",
        f"/answer?q={quote('What is the zorblatt formula ' + XSS)}",
        f"/answer?q=x&format={quote(XSS)}",
    ):
        page = pages.get(path).text
        tags = Reader(page).tags
        assert not [
            t for t, _ in tags if t in ("img", "i", "u") or (t == "b" and "view-source" not in page)
        ]
        scripts = [a for t, a in tags if t == "script"]
        assert scripts == [{"src": "/static/pages.js"}], path
        links = [a.get("href") or "" for t, a in tags if t == "a"]
        assert all(link.startswith(("/", "#", "http")) for link in links), path


def test_the_faq_shows_whole_answers_with_their_source(pages: TestClient, odd: Assistant) -> None:
    page = pages.get("/faq").text
    assert len(odd.faq.entries) == 3
    for entry in odd.faq.entries:
        assert entry.answer in told(page)
        passage = entry.passage
        assert f"start={passage.start}&amp;end={passage.end}#c" in page
    assert page.count("<details") == 3
    assert "3 questions in 2 documents" in page
    anchors = re.findall(r'id="(faq-[a-z0-9-]+-[0-9a-f]{6})"', page)
    assert len(anchors) == 3
    opened = pages.get(f"/faq?entry={anchors[0].removeprefix('faq-')}").text
    assert f'id="{anchors[0]}" open=""' in opened
    assert opened.count(' open=""') == 1


def test_the_faq_is_searched_by_text_and_meaning(pages: TestClient) -> None:
    found = pages.get("/faq?q=three+MINUTES").text
    assert found.count("<details") == 1
    assert "How long does a kettle take?" in found
    assert "1 question for “three MINUTES”" in found
    assert "Nothing found" in pages.get("/faq?q=xylophone").text
    assert 'href="/?q=xylophone"' in pages.get("/faq?q=xylophone").text
    assert "Traceback" not in pages.get("/faq?q=%3F%3F").text


def test_a_claim_is_checked_by_link_and_by_form(pages: TestClient) -> None:
    claim = "A kettle is a vessel for boiling water."
    for found in (
        pages.get("/check", params={"claim": claim}),
        pages.post("/check", data={"claim": claim}),
    ):
        assert found.status_code == 200
        assert "Supported by the documents" in found.text
        assert ">Supports</h3>" in found.text
        assert f"<q>{claim}</q>" in found.text
        assert found.headers["cache-control"] == "no-store"
    refuted = pages.get("/check?claim=A+kettle+is+not+a+vessel+for+boiling+water.").text
    assert "Contradicted by the documents" in refuted
    assert ">Contradicts</h3>" in refuted
    open_ = pages.get("/check?claim=Violins+are+older+than+pianos.").text
    assert "do not decide this" in open_


def test_a_text_becomes_a_table_of_its_sentences(pages: TestClient) -> None:
    text = "A kettle is a vessel for boiling water.\nViolins are older than pianos."
    page = pages.post("/check", data={"claim": text}).text
    assert "2 sentences checked" in page
    assert "1 supported · 1 not decided" in page
    assert page.count("<tr role=") == 3
    long = "A kettle is a vessel for boiling water.\n" * 61
    page = pages.post("/check", data={"claim": long}).text
    assert "Only the first 60 of 61 sentences were checked" in page
    assert "60 sentences checked" in page


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("", "The claim is empty"),
        ("???", "The claim is empty"),
        ("x" * 30_001, "the limit is 20,000"),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_sentence(
    pages: TestClient, claim: str, said: str
) -> None:
    found = pages.post("/check", data={"claim": claim})
    assert found.status_code == 400
    assert said in found.text
    assert 'aria-invalid="true" aria-describedby="check-problem"' in found.text
    assert pages.post("/check", content=b"\xff\xfe&&==%%").status_code == 400
    assert "The claim is empty" not in pages.get("/check").text


def test_the_sources_are_listed_and_filtered(pages: TestClient, odd: Assistant) -> None:
    page = pages.get("/doc/").text
    assert "2 documents" in page
    assert "3 FAQ entries" in page
    assert "1 FAQ entry" in page
    assert "last indexed" in page
    assert "Not read: 1" in page
    assert html.escape(odd.index.manifest.problems[0]) in page
    only = pages.get("/doc/?q=kettles").text
    assert only.count('class="lib-item"') == 1
    assert "1 source of 2" in only
    assert "No source matches" in pages.get("/doc/?q=none").text
    folder = pages.get("/doc/", params={"folder": FOLDER.replace("/", "")}).text
    assert folder.count('class="lib-item"') == 1


@pytest.mark.parametrize("path", ["/doc/none.md", "/doc/none.md?part=1", "/static/none.css"])
def test_what_is_not_there_is_a_404(pages: TestClient, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/doc/?page=999", "/faq?page=-3", "/doc/?page=x", "/faq?page=0"])
def test_a_page_number_that_is_none_shows_a_page(pages: TestClient, path: str) -> None:
    found = pages.get(path).text
    assert 'class="lib-item"' in found or 'class="faq-item"' in found


def test_a_source_with_a_twin_lists_both_names(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "corpus" / name).write_text("# Kettles\n\nA kettle boils water.\n")
    settings = Settings(tmp_path / "corpus", tmp_path / "index", tmp_path / "cache")
    assistant = Assistant.open(settings, encoder=HashEncoder(), verifier=WordVerifier())
    with TestClient(create_app(assistant)) as client:
        assert "The same content: b.md" in client.get("/doc/").text
    assistant.close()
