import pytest

from assistant.claims.guards import numbers_of, vetoes


def kinds(claim: str, evidence: str, context: str = "") -> set[str]:
    return {veto.kind for veto in vetoes(claim, evidence, context)}


@pytest.mark.parametrize(
    ("claim", "evidence", "kind"),
    [
        ("The bridge is 12 metres long.", "The bridge is 14 metres long.", "number"),
        ("Seven birds were seen.", "Nine birds were seen.", "number"),
        ("It was built in 1975.", "It was built in 1957.", "number"),
        ("The dose was 5 mg.", "The dose was 5 g.", "unit"),
        ("It lasted 3 weeks.", "It lasted 3 days.", "unit"),
        ("RNA2 binds the coat.", "RNA1 binds the coat.", "name"),
        ("Heat increases the yield.", "Heat decreases the yield.", "opposite"),
        ("A lies upstream of B.", "A lies downstream of B.", "opposite"),
        ("The red valve is more sensitive.", "The red valve is less sensitive.", "opposite"),
        ("Heat does not raise the yield.", "Heat raises the yield.", "negation"),
        ("Heat raises the yield.", "Heat does not raise the yield.", "negation"),
        ("Heat always raises the yield.", "Heat can raise the yield.", "absolute"),
        ("Only heat raises the yield.", "Heat and light raise the yield.", "absolute"),
        ("The valve blocks the pump.", "The pump blocks the valve.", "direction"),
        ("The valve is blocked by the pump.", "The valve blocks the pump.", "direction"),
    ],
)
def test_a_changed_word_is_a_veto(claim: str, evidence: str, kind: str) -> None:
    assert kind in kinds(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The bridge is 12 metres long.", "At 12 metres, the bridge is long."),
        ("Seven birds were seen.", "In all, 7 birds were seen."),
        ("A quarter of them failed.", "25 % of them failed."),
        ("The pump is blocked by the valve.", "The valve blocks the pump."),
        ("Heat raises the yield.", "Heat increases the yield."),
        ("Heat does not lower the yield.", "Heat raises the yield."),
        ("Heat is not always useful.", "Heat is useful in some cases."),
        ("Heat raises the yield.", "Heat raises the yield, but cold does not."),
        ("The dose was 5 milligrams.", "The dose was 5 mg."),
    ],
)
def test_what_says_the_same_has_no_veto(claim: str, evidence: str) -> None:
    assert kinds(claim, evidence) == set()


def test_a_name_in_the_heading_is_not_missing() -> None:
    assert "name" in kinds("The ABC1 valve leaks.", "It leaks.")
    assert "name" not in kinds("The ABC1 valve leaks.", "It leaks.", context="ABC1 valve")


def test_a_veto_says_both_sides() -> None:
    found = vetoes("It was built in 1975.", "It was built in 1957.")
    assert [str(veto) for veto in found] == ["number: 1975 / 1957"]


def test_numbers_in_words_and_digits_are_values() -> None:
    assert numbers_of("Twenty-five of 1,200") == {25, 1200}
    assert numbers_of("no one knows") == set()
    assert numbers_of("half a day") == set()
    assert list(numbers_of("a third of them")) == [pytest.approx(100 / 3)]
