from __future__ import annotations

import pytest

from assistant.answering.question import clean_text, read_question
from assistant.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who led the 2009 study?", "who"),
        ("When was it published?", "when"),
        ("which year was the trial", "when"),
        ("How many complexes are there?", "count"),
        ("Why does it matter?", "why"),
        ("What is autophagy?", "define"),
        ("what does TOR stand for", "define"),
        ("List the steps of the cascade", "order"),
        ("Which factors activate it?", "list"),
        ("Is coffee an activator?", "yesno"),
        ("difference between A and B", "compare"),
        ("In which journal did it appear?", "where"),
    ],
)
def test_the_kind_of_answer_wanted(text: str, kind: str) -> None:
    assert kind in read_question(text).kinds


def test_terms_are_stemmed_without_stop_words_or_repeats() -> None:
    question = read_question("Which signals signal the signalling of mTORC1 and 4E-BP1?")
    assert question.terms == ("signal", "mtorc1", "4e-bp1", "4e", "bp1", "4ebp1")


def test_a_question_of_stop_words_still_searches_for_them() -> None:
    assert read_question("what about it?").terms


@pytest.mark.parametrize(
    ("raw", "word"), [("", "empty"), (" \n\t", "empty"), ("x" * 2_001, "2,001"), ("?!", "no words")]
)
def test_what_cannot_be_asked(raw: str, word: str) -> None:
    with pytest.raises(QuestionError, match=word):
        read_question(raw)


def test_control_characters_and_runs_of_blanks_go() -> None:
    assert clean_text("a\x00b \u200b c\n\nd") == "a b c d"


def test_names_are_told_from_words() -> None:
    question = read_question("Does collagen or Humira act on p53?")
    assert question.is_name("humira")
    assert question.is_name("p53")
    assert not question.is_name("collagen")
    assert question.surface(["humira", "p53"]) == "“Humira” or “p53”"


def test_question_words_without_their_apostrophe_are_no_subject() -> None:
    assert read_question("whats the role of leucine").subject == ("leucin",)
