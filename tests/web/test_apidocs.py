from __future__ import annotations

import json
import shlex
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.web.api import build_api
from assistant.web.hosting import Hosting
from assistant.web.service import Service


class _Page(HTMLParser):
    """Collects tags, links and the text of <pre>."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.examples: list[str] = []
        self._in_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in ("href", "src") and v]
        assert not [k for k, _ in attrs if k == "style" or k.startswith("on")]
        if tag == "pre":
            self._in_pre = True
            self.examples.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_pre:
            self.examples[-1] += data


@pytest.fixture
def client(kettles: Assistant) -> TestClient:
    return TestClient(build_api(kettles, Service(kettles), Hosting(rate=0)))


def test_the_page_needs_no_script_and_no_other_site(client: TestClient) -> None:
    found = client.get("/api/docs")
    page = _Page()
    page.feed(found.text)
    assert not {"script", "style", "iframe"} & set(page.tags)
    assert all(link.startswith("/") for link in page.links)
    for link in page.links:
        assert client.get(link).status_code in (200, 404 if link == "/" else 200)
    policy = found.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert page.tags.count("h1") == 1


def test_its_examples_work(client: TestClient) -> None:
    page = _Page()
    page.feed(client.get("/api/docs").text)
    assert len(page.examples) == 8
    for example in page.examples:
        words = shlex.split(example.replace("\\\n", " "))
        address = urlsplit(words[1])
        assert (words[0], address.netloc) == ("curl", "testserver")
        if "-d" in words:
            found = client.post(address.path, json=json.loads(words[words.index("-d") + 1]))
        else:
            found = client.get(f"{address.path}?{address.query}")
        # An id is for the reader to put in; these documents have no map.
        wanted = 404 if "ID" in example or "pathway" in example else 200
        assert found.status_code == wanted, example


def test_the_api_leads_to_its_page(client: TestClient) -> None:
    assert client.get("/api").url.path == "/api/docs"


def test_a_root_path_stands_before_every_link(kettles: Assistant) -> None:
    hosting = Hosting(root_path="/assistant")
    client = TestClient(build_api(kettles, Service(kettles), hosting))
    for prefix in ("", "/assistant"):
        found = client.get(f"{prefix}/api/docs")
        page = _Page()
        page.feed(found.text)
        assert all(link.startswith("/assistant/") for link in page.links)
        assert "http://testserver/assistant/api/v1/ask" in found.text
    schema = client.get("/assistant/api/openapi.json").json()
    assert schema["servers"] == [{"url": "/assistant/api"}]
