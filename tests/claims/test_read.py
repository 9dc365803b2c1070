import pytest

from assistant.claims.read import MAX_CLAIM_CHARS, read_claim
from assistant.errors import QuestionError


@pytest.mark.parametrize(
    ("typed", "checked"),
    [
        ("Does heat raise the yield?", "Heat raises the yield."),
        ("Is the bridge a safe place?", "The bridge is a safe place."),
        ("Can fasting slow growth", "Fasting can slow growth."),
        ("Did cold reduce the yield?", "Cold reduced the yield."),
        ("Are pumps and valves made of steel?", "Pumps and valves are made of steel."),
        ("Isn't the bridge safe?", "The bridge is not safe."),
        ("I think that heat raises the yield, right?", "Heat raises the yield."),
        ("Everyone knows that heat raises the yield", "Heat raises the yield."),
        ("<b>Heat</b> raises the&nbsp;yield &amp; more", "Heat raises the yield & more."),
        ("mTOR is a kinase", "mTOR is a kinase."),
    ],
)
def test_what_is_checked(typed: str, checked: str) -> None:
    claim = read_claim(typed)
    assert claim.text == checked
    assert not claim.problem


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("What raises the yield?", "question"),
        ("Take two tablets of it every day.", "do something"),
        ("heat", "too short"),
        ("It is so", "too short"),
    ],
)
def test_what_is_no_claim_says_why(typed: str, word: str) -> None:
    assert word in read_claim(typed).problem


@pytest.mark.parametrize("typed", ["", "   ", "?!", "<b></b>", "x" * (MAX_CLAIM_CHARS + 1)])
def test_what_cannot_be_read_is_one_sentence(typed: str) -> None:
    with pytest.raises(QuestionError, match="claim"):
        read_claim(typed)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Heat raises growth and lowers sleep.", ("Heat raises growth.", "Heat lowers sleep.")),
        ("Heat raises it, but cold lowers it all.", ("Heat raises it.", "Cold lowers it all.")),
        ("Heat is good. Cold is bad for it.", ("Heat is good.", "Cold is bad for it.")),
        ("Heat raises growth and yield.", ()),
        ("Although cold is bad, heat raises growth, and it is safe.", ()),
    ],
)
def test_a_compound_claim_is_taken_apart(typed: str, parts: tuple[str, ...]) -> None:
    assert read_claim(typed).parts == parts
