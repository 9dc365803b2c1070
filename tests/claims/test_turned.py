import pytest

from assistant.claims.turned import is_statement, negated


@pytest.mark.parametrize(
    ("text", "contrary"),
    [
        ("Heat raises growth.", "Heat does not raise growth."),
        ("Dogs can't fly.", "Dogs can fly."),
        ("Dogs mustn’t fly.", "Dogs must fly."),
        ("It won't rain.", "It will rain."),
        ("It isn't safe.", "It is safe."),
        ("Heat doesn't raise growth.", "Heat raises growth."),
        ("Blood tests are common.", "Blood tests are not common."),
        ("Blood tests can show it.", "Blood tests cannot show it."),
        ("The cost rises.", "The cost does not rise."),
        ("Fuel cost rises in May.", "Fuel cost does not rise in May."),
        ("Autumn leaves fell early.", "Autumn leaves did not fall early."),
        ("Heat causes increased growth.", "Heat does not cause increased growth."),
        ("Heat caused increases in growth.", "Heat did not cause increases in growth."),
        ("Factor 8 raises growth.", "Factor 8 does not raise growth."),
        ("In 5 tests heat raised growth.", "In 5 tests heat did not raise growth."),
        ("This causes rust.", "This does not cause rust."),
        ("Stop codons end translation.", "Stop codons do not end translation."),
        ("The part that controls growth is rare.", "The part that controls growth is not rare."),
        ("Nobody and nothing moves.", None),
        ("A green house by the sea.", None),
    ],
)
def test_the_contrary_of_a_statement(text: str, contrary: str | None) -> None:
    assert negated(text) == contrary


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Heat raises growth.", True),
        ("Dogs are not cats.", True),
        ("A green house by the sea.", False),
        ("Amino acids, above all leucine.", False),
    ],
)
def test_a_text_without_a_verb_says_nothing_by_itself(text: str, says: bool) -> None:
    assert is_statement(text) is says
