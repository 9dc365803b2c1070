import pytest

from assistant.claims.guards import Veto, numbers_of, vetoes


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
        ("Tea wakes people.", "Tea does not wake people, at least not all day.", "negation"),
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


@pytest.mark.parametrize(
    ("claim", "evidence", "kind"),
    [
        ("Vitamin C prevents scurvy.", "Vitamin D prevents scurvy.", "name"),
        ("Type 1 diabetes is autoimmune.", "Type 2 diabetes is autoimmune.", "number"),
        ("World War I ended in winter.", "World War II ended in winter.", "number"),
        ("Henry VII founded the navy.", "Henry VIII founded the navy.", "name"),
        ("The treaty was signed by the US.", "The treaty was signed by the UK.", "name"),
        ("The fair in Paris is big.", "In comparison, the fair in Milan is big.", "name"),
        ("The city has 5 million people.", "The city has 5 billion people.", "number"),
        ("Two thirds of them agreed.", "Two fifths of them agreed.", "number"),
        ("He was the third president.", "He was the second president.", "number"),
        ("The yield rose threefold.", "The yield rose fourfold.", "number"),
        ("Give 5 mg for 3 days.", "Give 5 mg for 3 weeks.", "unit"),
        ("The wall is 12 feet high.", "The wall is 12 metres high.", "unit"),
        ("Bake the bread at 200 °C.", "Bake the bread at 200 °F.", "unit"),
        ("It costs $5.", "It costs €5.", "unit"),
        ("All swans are white.", "Not all swans are white.", "negation"),
        ("Swans are always white.", "Swans are not always white.", "negation"),
        ("It lasted more than 5 days.", "It lasted no more than 5 days.", "negation"),
        ("The court convicted him.", "The court acquitted him.", "opposite"),
        ("The mushroom is edible.", "The mushroom is inedible.", "opposite"),
        ("The mushroom is toxic.", "The mushroom is non-toxic.", "opposite"),
        ("The plan failed.", "The plan succeeded.", "opposite"),
        ("The lake contains salt.", "The lake lacks salt.", "opposite"),
        ("The river flows north.", "The river flows south.", "opposite"),
        ("The North won the war.", "The North lost the war.", "opposite"),
        ("Fibre raises fat.", "Fibre lowers fat and increases satiety.", "opposite"),
        ("Germany invaded Poland.", "Poland invaded Germany.", "direction"),
        ("France defeated Prussia in 1806.", "Prussia defeated France in 1806.", "direction"),
        ("Jupiter is larger than Saturn.", "Saturn is larger than Jupiter.", "direction"),
        ("Rome fell after Carthage.", "Carthage fell after Rome.", "direction"),
    ],
)
def test_a_changed_word_of_any_field_is_a_veto(claim: str, evidence: str, kind: str) -> None:
    assert kind in kinds(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The city has 5 million people.", "The city has 5,000,000 people."),
        ("The dose is 5 kg.", "The dose is 5kg."),
        ("Sales doubled.", "Sales increased twofold."),
        ("The price halved.", "The price fell by half."),
        ("One in four adults smokes.", "25% of adults smoke."),
        ("It was in the 19th century.", "It was in the nineteenth century."),
        ("He died in 44 BCE.", "He died in 44 BC."),
        ("VACCINES DO NOT CAUSE AUTISM.", "Autism is not caused by vaccines."),
        ("The KLF2-driven programme ran.", "The programme driven by KLF2 ran."),
        ("The United Nations was founded here.", "The UN was founded here."),
        ("The EU made the law.", "The European Union made the law."),
        ("Every state has two senators.", "Each state has two senators."),
        ("The test proves guilt.", "Guilt was proved by the test."),
        ("Most bats eat insects.", "At least 70% of bats eat insects."),
        ("The act does not apply to minors.", "Minors are exempt from the act."),
        ("Spiders are arachnids.", "Spiders are arachnids, not insects."),
        ("Everest is the highest mountain.", "No mountain is higher than Everest."),
        ("The volcano is inactive.", "The volcano is not active."),
        ("Gold is heavier than iron.", "Iron is lighter than gold."),
        ("Ice is less dense than water.", "Water is denser than ice."),
        ("Peru lost the war.", "Chile won the war against Peru."),
        ("The treaty ended the war.", "The war ended with the treaty."),
        ("Supply falls when demand falls.", "When demand falls, supply falls."),
        ("Voting is only for citizens.", "Voting is restricted to citizens."),
    ],
)
def test_a_paraphrase_of_any_field_has_no_veto(claim: str, evidence: str) -> None:
    assert kinds(claim, evidence) == set()


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("A kettle is no more than a pot.", "A kettle is just a pot."),
        ("There is nothing more to a kettle than being a pot.", "A kettle is just a pot."),
        ("A kettle is nothing but a pot.", "Basically, a kettle is a pot."),
    ],
)
def test_no_more_than_is_no_negation(claim: str, evidence: str) -> None:
    assert not [v for v in vetoes(claim, evidence) if v.kind == "negation"]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Rapamycin inhibits nothing but mTORC1.", "Rapamycin inhibits mTORC1 and mTORC2."),
        ("Mice ate nothing other than protein.", "Mice ate protein and fat."),
        ("A kettle is no more than a pot.", "A kettle is a pot with a spout."),
        ("The dose was no more than 5 mg.", "The dose exceeded 5 mg."),
        ("The trial lasted no more than three years.", "The trial lasted over three years."),
    ],
)
def test_what_says_only_or_at_most_does_not_pass(claim: str, evidence: str) -> None:
    assert vetoes(claim, evidence)


DISTINCT = "KLF1 and KLF2 are distinct proteins, and most studies of growth deal with KLF1."


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("Studies of growth mostly deal with KLF2.", True),
        ("Studies of growth mostly deal with KLF1.", False),
        ("KLF2 is distinct from KLF1.", False),
        ("Growth is studied with KLF1 more than with KLF2.", False),
    ],
)
def test_a_name_with_its_sibling_in_its_place_is_vetoed(claim: str, found: bool) -> None:
    assert (Veto("sibling", "klf2", "klf1") in vetoes(claim, DISTINCT)) == found
