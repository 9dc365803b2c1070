from __future__ import annotations

import pytest

from assistant.answering.followup import stand_alone


@pytest.mark.parametrize(
    ("previous", "question", "expected"),
    [
        ("What activates mTORC1?", "and what about mTORC2?", "What activates mTORC2?"),
        ("Does coffee activate mTOR?", "what about berberine?", "Does berberine activate mTOR?"),
        ("What is autophagy?", "Why does it matter?", "Why does autophagy matter?"),
        ("What is mTORC2?", "What are its functions?", "What are mTORC2's functions?"),
        ("What is mTORC2?", "why?", "why mTORC2?"),
        ("Does fasting turn off mTOR?", "is that true?", "Does fasting turn off mTOR?"),
        ("Does fasting turn off mTOR?", "tell me more", "Does fasting turn off mTOR?"),
        # A question with its own subject inherits nothing.
        ("What activates mTORC1?", "What is autophagy?", "What is autophagy?"),
        ("What activates mTORC1?", "Who wrote the 2012 review?", "Who wrote the 2012 review?"),
        ("What is mTORC1?", "Is it true that coffee helps?", "Is it true that coffee helps?"),
        ("What is mTORC1?", "Does AKT act on its target?", "Does AKT act on its target?"),
        ("", "and what about mTORC2?", "and what about mTORC2?"),
    ],
)
def test_what_is_inherited(encoder, previous: str, question: str, expected: str) -> None:
    assert stand_alone(question, previous, encoder.encode, lambda term: 1.0) == expected


def test_that_after_a_verb_of_saying_is_no_pronoun(bundled) -> None:
    asked = "Who found that rapamycin extends life in mice?"
    answer = bundled.ask(asked, previous="What is autophagy?")
    assert "autophagy" not in answer.resolved_question
