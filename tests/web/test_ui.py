from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote_plus

import pytest

from assistant.assistant import Assistant
from assistant.web import ui
from assistant.web.render import Option, Turn
from assistant.web.verdict import explained


@pytest.fixture
def events(kettles: Assistant) -> ui._Events:
    return ui._Events(kettles, "chat", "box", "panel", "state")


def test_a_typed_question_gives_answer_sources_and_an_empty_box(events) -> None:
    shown = events.ask_typed("What is a kettle?", ui.Talk())
    assert [m["role"] for m in shown["chat"]] == ["user", "assistant"]
    assert "What is a kettle?" in shown["chat"][0]["content"]
    assert "information only" in shown["chat"][1]["content"]
    assert shown["box"] == ""
    assert len(shown["state"].turns) == 1


def test_a_typed_follow_up_builds_on_the_question_before(events) -> None:
    talk = events.ask_typed("What is a kettle?", ui.Talk())["state"]
    talk = events.ask_typed("???", talk)["state"]
    turns = events.ask_typed("What is it made of?", talk)["state"].turns
    assert "kettle" in turns[-1].resolved
    assert "Searched for: " in turns[-1].message


@pytest.mark.parametrize("question", ["", "   ", "???", "x" * 10_000, None, 7, {"a": 1}, ["b"]])
def test_what_cannot_be_asked_gets_a_sentence(events, question) -> None:
    content = events.ask_typed(question, ui.Talk())["chat"][1]["content"]
    assert "Please try again" in content
    assert "question" in content


@pytest.mark.parametrize("value", [{"text": "What is a kettle?"}, "What is a kettle?"])
def test_examples_and_related_questions_are_asked_when_clicked(events, value) -> None:
    shown = events.ask_clicked(ui.Talk(), SimpleNamespace(value=value))
    assert "What is a kettle?" in shown["chat"][0]["content"]
    assert "box" not in shown


def test_turns_are_numbered_on_and_bounded(events) -> None:
    talk = ui.Talk()
    for _ in range(ui._KEPT_TURNS + 3):
        talk = events.ask_typed("What is a kettle?", talk)["state"]
    assert [t.number for t in talk.turns] == list(range(4, ui._KEPT_TURNS + 4))
    assert events.clear(talk)["chat"] == []


def test_only_the_last_turn_offers_ways_to_go_on() -> None:
    options = (Option("Steel", "1"), Option("Why?", "2"))
    turns = tuple(Turn(n, "q", "m", "", options) for n in (1, 2))
    shown = ui.messages(turns)
    assert "options" not in shown[1]
    assert shown[3]["options"] == [
        {"label": "Steel", "value": "1"}, {"label": "Why?", "value": "2"},
    ]  # fmt: skip


def linked(events: ui._Events, **query: str) -> object:
    return events.ask_linked(SimpleNamespace(query_params=query))  # type: ignore[arg-type]


def test_a_link_asks_its_question(events, kettles: Assistant) -> None:
    assert "vessel" in linked(events, q="What is a kettle?")["chat"][1]["content"]
    assert "<b>kettle" not in linked(events, q="A <b>kettle</b>?")["chat"][0]["content"]
    checked = linked(events, q="Is a kettle a vessel?", mode="check")
    assert "Verdict" in checked["chat"][1]["content"]
    assert "Answer: " in linked(events, q="A kettle", mode="nonsense")["chat"][1]["content"]


def test_a_link_without_a_question_asks_nothing_and_a_long_one_gets_a_sentence(events) -> None:
    assert "chat" not in linked(events)
    assert "chat" not in linked(events, q="  ")
    assert "Please try again" in linked(events, q="x" * 9_000)["chat"][1]["content"]


def test_a_conversation_keeps_to_the_document_of_its_link(events, kettles: Assistant) -> None:
    (document,) = kettles.documents()
    begun = linked(events, doc=document.doc_id)
    assert document.title in begun["scope"].value
    assert "chat" not in begun
    shown = events.ask_typed("What is a kettle?", begun["state"])
    card = shown["chat"][1]["content"]
    assert f"Looked only at “{document.title}”." in card
    assert card.count(f"doc={quote_plus(document.doc_id)}") == 4  # the link and three files
    assert events.clear(shown["state"])["state"] == ui.Talk((), document.doc_id)
    both = linked(events, doc=document.doc_id, q="What is a kettle?")
    assert both["state"].document == document.doc_id
    assert len(both["state"].turns) == 1


def test_a_link_to_no_document_says_so_and_asks_all(events) -> None:
    begun = linked(events, doc="<b>none")
    assert "no such document here" in begun["scope"].value
    assert begun["state"] == ui.Talk()


def test_a_claim_is_checked_in_the_same_conversation(events, kettles: Assistant) -> None:
    shown = events.ask_typed("A kettle is not a <b>vessel</b>.", ui.Talk(), "Claim")
    content = shown["chat"][1]["content"]
    assert "by the documents" in content or "do not decide" in content
    assert "information only" in content
    assert "<b>vessel" not in content
    assert shown["box"] == ""
    turns = events.ask_typed("What is a kettle?", shown["state"], "Question")["state"].turns
    assert [turn.number for turn in turns] == [1, 2]


@pytest.mark.parametrize("claim", ["", "???", "x" * 10_000, None])
def test_what_cannot_be_checked_gets_a_sentence(events, kettles: Assistant, claim) -> None:
    assert "Please try again" in events.ask_typed(claim, ui.Talk(), "Claim")["chat"][1]["content"]


def test_a_veto_is_told_in_words() -> None:
    assert explained("number: 14 / 12") == "Differs in number: the claim says “14”, this “12”"
    assert "this does not" in explained("name: abc1 / none")
    assert "says nothing" in explained("negation: none / not")
    assert explained("reported: what others say") == "What others say"
    told = explained("name: mtorc1 / akt", "It is mTORC1.", "AKT is here.")
    assert told == "Differs in name: the claim says “mTORC1”, this “AKT”"


def test_a_page_opened_after_a_change_tells_the_new_counts(events) -> None:
    assert "head" not in linked(events)
    events.shown_first = "what the page showed at first"
    assert "Kettles &amp; co" in linked(events)["head"]
