from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.web.api import build_api
from assistant.web.diagram import KINDS, VERBS, drawn_edges, text_width, wrapped
from assistant.web.pathway import pathway_json
from tests.web.test_render import Reader

HOSTILE = "<img src=x onerror=alert(1)> & \"x\" ${1} 'y'"
MAP = """
title = "Kettles <b>&</b>"

[[nodes]]
id = "heat"
label = '''LABEL'''
kind = "input"
document = "a <b>.md"
quote = '''The QUOTE is hot.'''

[[nodes]]
id = "water"
label = "Water"
""".replace("LABEL", HOSTILE).replace("QUOTE", HOSTILE)
EDGES = "".join(
    f"""
[[edges]]
from = "heat"
to = "water"
kind = "{kind}"
document = "a <b>.md"
quote = '''The {HOSTILE} is hot.'''
"""
    for kind in (*VERBS, "affects")
)


@pytest.fixture
def client_of(corpus_of, open_with_hashes: Callable[[Path], Assistant]):
    def open_it(pathway: str = "") -> TestClient:
        text = f"# Kettles\n\n## Heat\n\n```\nThe {HOSTILE} is hot.\n```\n"
        files = {"a <b>.md": text} | ({"pathway.toml": pathway} if pathway else {})
        return TestClient(build_api(open_with_hashes(corpus_of(files))))

    return open_it


@pytest.fixture(scope="module")
def page(bundled: Assistant) -> str:
    return TestClient(build_api(bundled)).get("/map").text


def test_the_page_shows_every_relation_with_its_quote(page: str, bundled: Assistant) -> None:
    pathway = bundled.pathway()
    assert pathway is not None
    read = Reader(page)
    assert page.count('<tr role="row" id="map-e') == len(pathway.edges)
    links = {found.get("href") for tag, found in read.tags if tag == "a"}
    for edge in pathway.edges:
        c = edge.citation
        assert f"/doc/{c.doc_id}?start={c.start}&end={c.end}#c{c.start}-{c.end}" in links
        assert c.quote in read.text
    for node in pathway.nodes:
        assert f"/map?node={node.id}#map-about" in links
    assert bundled.info.disclaimer in read.text
    assert page.count("<h1>") == 1


def test_every_node_and_edge_is_a_link_with_a_name(page: str, bundled: Assistant) -> None:
    pathway = bundled.pathway()
    assert pathway is not None
    svg = re.findall(r"<svg class=\"pathway.*?</svg>", page)
    assert len(svg) == 1
    tags = [found for tag, found in Reader(svg[0]).tags if tag == "a"]
    assert len(tags) == len(pathway.nodes) + len(drawn_edges(pathway))
    assert all(found["href"] and found["aria-label"] for found in tags)
    assert len({found["aria-label"] for found in tags}) == len(tags)
    names = [found["aria-label"] for found in tags]
    assert "AKT inhibits TSC2: read the quote" in names
    assert "AKT, kinase: relations and quotes" in names


def test_a_chosen_node_shows_all_that_is_said_of_it(bundled: Assistant) -> None:
    client = TestClient(build_api(bundled))
    pathway = bundled.pathway()
    assert pathway is not None
    found = client.get("/map?node=mtorc1").text
    about = found[found.index('id="map-about"') : found.index('class="disclaimer"')]
    edges = [e for e in pathway.edges if "mtorc1" in (e.source, e.target)]
    assert about.count("<q>") == len(edges) + 1
    assert found.count(' on" data-from') == len(edges)
    assert found.count('aria-current="true"') == 1
    plain = client.get("/map").text
    assert client.get("/map?node=%3Cscript%3E").text == plain
    assert 'aria-current="true"' not in plain


def test_a_part_is_what_stands_in_main(bundled: Assistant) -> None:
    client = TestClient(build_api(bundled))
    part = client.get("/map?part=1").text
    assert part.startswith('<div class="map"><h2>')
    assert not re.search("<(html|head|body|main|h1|script|link|style)", part)
    assert bundled.info.disclaimer in part
    assert 'href="#' not in part
    assert part.count('target="_blank"') == part.count('href="/doc/')


def test_hostile_labels_and_quotes_are_shown_as_text(client_of) -> None:
    client = client_of(MAP + EDGES)
    for path in ("/map", "/map?node=heat", "/map?part=1", "/map?node=heat&part=1"):
        found = client.get(path)
        assert found.status_code == 200
        read = Reader(found.text)
        assert not any(tag == "img" for tag, _ in read.tags)
        assert "<b>&" not in found.text
        names = {name for _, attributes in read.tags for name in attributes}
        assert not any(name == "style" or name.startswith("on") for name in names)
        assert HOSTILE in read.text
        links = [a["href"] for tag, a in read.tags if tag == "a"]
        assert all(link.startswith(("/", "#")) for link in links)
        assert any(link.startswith("/doc/a%20%3Cb%3E.md?start=") for link in links)


def test_what_several_passages_state_alike_is_one_line_and_several_rows(client_of) -> None:
    found = client_of(MAP + EDGES).get("/map").text
    assert found.count("data-from=") == len(VERBS)
    assert found.count('<tr role="row" id="map-e') == len(VERBS) + 1
    for kind in VERBS:
        assert f'class="edge {kind}"' in found


def test_the_page_needs_nothing_that_its_policy_forbids(page: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src=)", page)


@pytest.mark.parametrize("path", ["/map", "/map?part=1", "/api/v1/pathway"])
def test_a_corpus_without_a_map_says_so(client_of, path: str) -> None:
    found = client_of().get(path)
    assert found.status_code == 404
    assert "no pathway map" in found.text


@pytest.mark.parametrize("path", ["/map", "/map?part=1", "/api/v1/pathway"])
def test_a_wrong_file_is_told_where_the_map_would_be(client_of, path: str) -> None:
    client = client_of(MAP + EDGES.replace('to = "water"', 'to = "tea"', 1))
    found = client.get(path)
    assert found.status_code == 404
    assert "pathway.toml: edge 1 names the node" in found.text
    assert client.get("/healthz").status_code == 200


def test_the_json_is_the_map(bundled: Assistant) -> None:
    pathway = bundled.pathway()
    assert pathway is not None
    found = TestClient(build_api(bundled)).get("/api/v1/pathway").json()
    assert found == pathway_json(pathway, bundled.info.disclaimer)
    assert found["disclaimer"] == bundled.info.disclaimer
    ids = {node["id"] for node in found["nodes"]}
    for edge in found["edges"]:
        assert {edge["from"], edge["to"]} <= ids
        text = bundled.document(edge["citation"]["doc_id"]).text
        quote = text[edge["citation"]["start"] : edge["citation"]["end"]]
        assert quote == edge["citation"]["quote"]
        assert edge["says"] in quote


def test_its_pages_have_the_strict_policy_and_its_files_are_served(client_of) -> None:
    client = client_of(MAP + EDGES)
    for path in ("/map", "/api/v1/pathway"):
        policy = client.get(path).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert client.head(path).status_code == 200
    assert client.get("/static/map.css").headers["content-type"].startswith("text/css")
    assert "javascript" in client.get("/static/map.js").headers["content-type"]
    assert client.get("/static/api.py").status_code == 404


def test_every_kind_is_told_apart_without_colour(client_of) -> None:
    css = (Path(__file__).parents[2] / "assistant/web/static/map.css").read_text(encoding="utf-8")
    assert "stroke-dasharray" in css
    found = client_of(MAP + EDGES).get("/map").text
    heads = {
        kind: re.search(rf'class="edge {kind}".*?class="head" d="M[\d. ]+([^"]+)"', found)
        for kind in VERBS
    }
    assert len({head and head.group(1) for head in heads.values()}) == len(VERBS)
    for words in (*VERBS.values(), KINDS["input"], KINDS["molecule"]):
        assert words in found


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("AKT", ("AKT",)),
        ("Growth factor receptor", 2),
        ("x" * 60, 3),
        ("", ()),
        ("細胞成長" * 4, 1),
    ],
)
def test_labels_are_broken_into_even_lines(label: str, lines: object) -> None:
    found = wrapped(label)
    assert "".join(found).replace(" ", "") == label.replace(" ", "")
    assert lines in (found, len(found))
    if len(found) == 2:
        first, second = map(text_width, found)
        assert 0.6 < first / second < 1.7
