from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.datatypes import PathwayEdge
from assistant.errors import AssistantError, FileProblem

KETTLES = """# Kettles

## Heat

Heat makes the water boil. Steam moves the whistle. Steam is hot. Steam is hot.
"""
NODES = """
[[nodes]]
id = "heat"
label = "Heat"
kind = "input"

[[nodes]]
id = "water"
"""
EDGE = """
[[edges]]
from = "heat"
to = "water"
kind = "activates"
says = "makes"
document = "kettles.md"
quote = "Heat makes the water boil."
"""


@pytest.fixture
def opened(corpus_of, open_with_hashes: Callable[[Path], Assistant]) -> Callable[[str], Assistant]:
    return lambda text: open_with_hashes(corpus_of({"kettles.md": KETTLES, "pathway.toml": text}))


def test_every_quote_of_the_bundled_map_stands_in_its_document(bundled: Assistant) -> None:
    pathway = bundled.pathway()
    assert pathway is not None
    assert 20 <= len(pathway.nodes) <= 40 <= len(pathway.edges) + 5
    cited = [e.citation for e in pathway.edges] + [n.citation for n in pathway.nodes if n.citation]
    for citation in cited:
        text = bundled.document(citation.doc_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.heading
    places = {(c.number, c.doc_id, c.start, c.end) for c in cited}
    assert {number for number, *_ in places} == set(range(1, len(places) + 1))
    joined = {n for e in pathway.edges for n in (e.source, e.target)}
    assert {n.id for n in pathway.nodes} == joined


def test_the_bundled_map_names_both_ends_of_a_relation_or_says_where(bundled: Assistant) -> None:
    """A guard against an edge whose quote is about something else altogether."""
    pathway = bundled.pathway()
    assert pathway is not None
    label = {n.id: n.label for n in pathway.nodes}
    for edge in pathway.edges:
        quote = edge.citation.quote.casefold()
        words = [{w.casefold()[:6] for w in label[n].split()} for n in (edge.source, edge.target)]
        assert any(w in quote for ends in words for w in ends), edge


def test_a_map_is_read_with_its_defaults(opened) -> None:
    pathway = opened(NODES + EDGE).pathway()
    assert pathway.title == "Pathway map"
    assert [(n.id, n.label, n.kind, n.row) for n in pathway.nodes] == [
        ("heat", "Heat", "input", None),
        ("water", "water", "molecule", None),
    ]
    (edge,) = pathway.edges
    assert (edge.source, edge.target, edge.kind, edge.says) == (
        "heat", "water", "activates", "makes",
    )  # fmt: skip
    assert edge.citation.heading == ("Heat",)
    assert edge.citation.quote == "Heat makes the water boil."


def test_the_file_is_no_document_and_a_corpus_without_one_has_no_map(
    opened, corpus_of, open_with_hashes
) -> None:
    assistant = opened(NODES + EDGE)
    assert [d.doc_id for d in assistant.documents()] == ["kettles.md"]
    assert assistant.index.manifest.problems == []
    (assistant.settings.corpus / "pathway.toml").unlink()
    assert assistant.pathway() is None


def test_it_is_read_once_and_follows_its_file(opened) -> None:
    assistant = opened(NODES + EDGE)
    first = assistant.pathway()
    assert assistant.pathway() is first
    path = assistant.settings.corpus / "pathway.toml"
    path.write_text('title = "Kettle"\n' + NODES + EDGE, encoding="utf-8")
    assert assistant.pathway().title == "Kettle"
    path.write_text("nodes = 3", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(FileProblem):
            assistant.pathway()
    assert assistant.ask("What makes the water boil?").disclaimer


def changed(old: str, new: str) -> str:
    text = NODES + EDGE
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nodes = [", "it is not TOML"),
        ("", "it has no [[nodes]]"),
        ("nodes = 3", "it has no [[nodes]]"),
        ("nodes = [1]", "it has no [[nodes]]"),
        (NODES, "it has no [[edges]]"),
        ('colour = "red"\n' + NODES + EDGE, "the file has an unknown field 'colour'"),
        ("title = 3\n" + NODES + EDGE, "'title' of the file must be text"),
        (changed('id = "water"', 'id = "heat"'), "two nodes have the id 'heat'"),
        (changed('id = "water"', 'id = "a b"'), "node 2 has no usable id"),
        (changed('id = "water"', 'label = "x"'), "node 2 has no usable id"),
        (changed('id = "water"', 'id = "water"\nrow = -1'), "the row of node 'water'"),
        (changed('id = "water"', 'id = "water"\nrow = true'), "the row of node 'water'"),
        (changed('"input"', '"engine"'), "the kind of node 'heat' is 'engine'; known are input"),
        (changed('"Heat"', '"' + "h" * 81 + '"'), "the label of node 'heat' is over 80"),
        (changed('id = "water"', 'id = "water"\nquote = "x"'), "node 'water' has no 'document'"),
        (changed('to = "water"', 'to = "tea"'), "edge 1 names the node 'tea'"),
        (changed('to = "water"', ""), "edge 1 has no 'to'"),
        (changed('to = "water"', 'to = "heat"'), "edge 1 (heat -> heat) joins a node to itself"),
        (changed('kind = "activates"', ""), "the kind of edge 1 (heat -> water) is ''"),
        (changed('"activates"', '"warms"'), "known are activates, inhibits"),
        (changed('"makes"', '"heats"'), "'says' of edge 1 (heat -> water) is not in its quote"),
        (changed('"kettles.md"', '"pots.md"'), "the document 'pots.md', which is not in the"),
        (changed("Heat makes the water", "Heat makes water"), "is not in kettles.md as written"),
        (
            changed('says = "makes"', "").replace("Heat makes the water boil.", "Steam is hot."),
            "the quote of edge 1 (heat -> water) stands in kettles.md more than once",
        ),
        (changed('quote = "Heat makes the water boil."', ""), "has no 'quote'"),
        (NODES + EDGE * 251, "over the limit of 250"),
    ],
)
def test_a_wrong_file_gets_one_sentence_with_place_and_remedy(opened, text, says) -> None:
    with pytest.raises(FileProblem) as problem:
        opened(text).pathway()
    assert problem.value.path == "pathway.toml"
    assert says in problem.value.reason
    assert "; " in problem.value.reason
    assert "\n" not in str(problem.value)


def test_a_file_that_is_no_utf8_gets_a_sentence(opened) -> None:
    assistant = opened(NODES + EDGE)
    (assistant.settings.corpus / "pathway.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(FileProblem, match="not UTF-8"):
        assistant.pathway()


def test_words_that_the_quote_lacks_cannot_be_represented(opened) -> None:
    (edge,) = opened(NODES + EDGE).pathway().edges
    with pytest.raises(AssistantError):
        PathwayEdge(edge.source, edge.target, edge.kind, edge.citation, "cools")
