"""Every page below a root path: no link, form or file leaves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.web.hosting import Hosting
from assistant.web.links import rooted
from assistant.web.render import Turn
from assistant.web.server import create_app
from assistant.web.ui import head, messages

ROOT = "/tools/assistant"
PAGES = ("/", "/faq", "/faq?q=kettle", "/check", "/doc/", "/doc/sub%20dir/kettles.md",
         "/doc/none.md", "/map", "/answer?q=What+is+a+kettle%3F", "/api/docs", "/faq?part=1",
         "/doc/?part=1")  # fmt: skip


@pytest.fixture(scope="module")
def below(kettles: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(kettles, Hosting(root_path=ROOT))) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("left", ["", ROOT], ids=["cut by the proxy", "left by the proxy"])
def test_links_keep_to_the_path(below: TestClient, path: str, left: str) -> None:
    found = below.get(left + path)
    assert found.status_code in (200, 404)
    links = re.findall(r'\s(?:href|src|action)="(/[^"]*)"', found.text)
    assert links or path == "/faq?part=1"  # there are no such questions
    links = [link for link in links if link != "/manifest.json"]  # Gradio's, of no use here
    assert [link for link in links if not link.startswith(f"{ROOT}/")] == []


def test_the_linked_pages_and_files_are_there(below: TestClient) -> None:
    links = set(re.findall(r'(?:href|src)="(/[^"#]*)', below.get(f"{ROOT}/doc/").text))
    assert len(links) > 5
    assert {link: below.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_saved_answers_name_the_whole_address(below: TestClient) -> None:
    text = below.get(f"{ROOT}/answer?q=What+is+a+kettle%3F&format=md").text
    assert f"http://testserver{ROOT}/?q=What" in text


def test_the_chat_keeps_to_the_path(below: TestClient) -> None:
    assert re.findall(r'="(/[^"]*)"', head(ROOT))
    assert all(link.startswith(ROOT) for link in re.findall(r'="(/[^"]*)"', head(ROOT)))
    turn = Turn(1, "q", '<p><a href="/doc/a.md">a</a></p>', "")
    assert f'href="{ROOT}/doc/a.md"' in messages((turn,), ROOT)[1]["content"]


def test_only_own_links_are_changed() -> None:
    html = (
        '<a href="/a" title="see /b">href=&quot;/c&quot;</a><img src="/d">'
        '<a href="https://e.example/f">g</a><a href="#h">i</a><a href="//j.example">k</a>'
    )
    assert rooted(html, "") == html
    assert rooted(html, "/r") == html.replace('"/a"', '"/r/a"').replace('"/d"', '"/r/d"')


def test_pages_take_title_and_disclaimer_from_the_corpus_as_it_stands(
    corpus_of: Callable[[dict[str, str]], Path], open_with_hashes: Callable[[Path], Assistant]
) -> None:
    corpus = corpus_of({
        "corpus.toml": 'title = "Before"\ndisclaimer = "The first."\n',
        "a.md": "# Kettles\n\nA kettle boils water.\n",
    })  # fmt: skip
    assistant = open_with_hashes(corpus)
    with TestClient(create_app(assistant)) as client:
        assert "Before" in client.get("/doc/").text
        (corpus / "corpus.toml").write_text('title = "After"\ndisclaimer = "The second."\n')
        (corpus / "b.md").write_text("# Pots\n\nA pot is deep.\n")
        assistant.sync()
        for path in ("/faq", "/check?claim=A+kettle+boils+water.", "/doc/", "/doc/b.md",
                     "/answer?q=What+boils+water%3F", "/doc/none.md"):  # fmt: skip
            text = client.get(path).text
            assert "After" in text, path
            assert "The second." in text, path
            assert "The first." not in text, path
        saved = client.get("/check?claim=A+kettle+boils+water.&format=md").text
        assert "The second." in saved
