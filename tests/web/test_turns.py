from __future__ import annotations

import json

import pytest

from assistant.assistant import Assistant
from assistant.web.recent import Recent
from assistant.web.turns import Input, option, read_option, take_turn


@pytest.mark.parametrize(
    ("text", "mode", "read_as"),
    [
        ("What is a kettle?", "auto", "Answer"),
        ("kettle steel", "auto", "Answer"),
        ("A kettle is a vessel.", "auto", "Verdict"),
        ("A kettle is a vessel.", "ask", "Answer"),
        ("What is a kettle?", "check", "Verdict"),
        ("What is a kettle?", "faq", "Answer"),
    ],
)
def test_a_text_is_read_in_its_mode(kettles, text, mode, read_as) -> None:
    assert f"{read_as}: </span>" in take_turn(kettles, 1, Input(text, mode)).message


def test_each_reading_offers_the_other(kettles: Assistant) -> None:
    stated = "A kettle is a vessel."
    checked = take_turn(kettles, 1, Input(stated))
    assert read_option(checked.options[-1].value) == Input(stated, "ask")
    asked = take_turn(kettles, 2, Input(stated, "ask"))
    assert read_option(asked.options[-1].value) == Input(stated, "check")


def test_a_carried_topic_can_be_left_out(kettles: Assistant) -> None:
    turn = take_turn(kettles, 1, Input("What is it made of?", "ask", "What is a kettle?"))
    assert "Searched for: " in turn.message
    again = next(o for o in turn.options if "without" in o.label)
    assert read_option(again.value) == Input("What is it made of?", "ask")


def test_a_faq_without_a_match_says_so(kettles: Assistant) -> None:
    assert (
        "No question of the FAQ" in take_turn(kettles, 1, Input("What is a kettle?", "faq")).message
    )


def test_a_problem_can_be_tried_again_in_the_same_mode(kettles: Assistant) -> None:
    turn = take_turn(kettles, 1, Input("x" * 9_000, "check"))
    assert "Please try again" in turn.message
    assert read_option(turn.options[0].value) == Input("x" * 9_000, "check")
    assert take_turn(kettles, 1, Input("")).options == ()


@pytest.mark.parametrize(
    "value",
    [None, 7, [], {"text": 3}, {}, "[", "[]", "7", "null", '["ask"]', '["ask", 3]', '["rm", "x"]',
     '{"a": 1}', "What is a kettle?", {"text": "What is a kettle?"}],
)  # fmt: skip
def test_any_clicked_value_is_read(value) -> None:
    found = read_option(value)
    assert found.mode == "auto"
    assert isinstance(found.text, str)


def test_an_option_brings_its_text_back() -> None:
    text = 'A "quoted" <b>γ</b> text'
    made = option("x", text, "faq")
    assert json.loads(made.value) == ["faq", text]
    assert read_option(made.value) == Input(text, "faq")


def test_what_is_shown_is_remembered_for_ratings(kettles: Assistant) -> None:
    recent = Recent()
    take_turn(kettles, 1, Input("What is a kettle?", "ask"), recent.remember)
    take_turn(kettles, 2, Input("A kettle is a vessel.", "check"), recent.remember)
    take_turn(kettles, 3, Input("", "ask"), recent.remember)
    answer = kettles.ask("What is a kettle?")
    verdict = kettles.check("A kettle is a vessel.")
    assert recent.find(answer.id, "answer") is not None
    assert recent.find(verdict.id, "verdict") is not None
    assert len(recent._kept) == 2
