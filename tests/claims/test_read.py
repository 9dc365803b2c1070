import pytest

from assistant.claims.read import MAX_CLAIM_CHARS, MAX_PARTS, read_claim
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
        ("Was Napoleon born in Corsica?", "Napoleon was born in Corsica."),
        ("Is the Nile longer than the Amazon?", "The Nile is longer than the Amazon."),
        (
            "Did Leonardo da Vinci paint the Mona Lisa?",
            "Leonardo da Vinci did paint the Mona Lisa.",
        ),
        ("Are there seals in Lake Baikal?", "There are seals in Lake Baikal."),
        ("Was the Great Wall built by hand?", "The Great Wall was built by hand."),
        (
            "Was the Battle of Hastings fought in 1066?",
            "The Battle of Hastings was fought in 1066.",
        ),
        ("Is the current president elected?", "The current president is elected."),
        ("Was Shakespeare English or Scottish?", "Shakespeare was English or Scottish."),
        ("Is the liver the largest organ?", "The liver is the largest organ."),
        ("Are blue whales mammals?", "Blue whales are mammals."),
        ("Is this safe?", "This is safe."),
        ("Has Japan ever won the cup?", "Japan has won the cup."),
        ("Can't dogs eat grapes?", "Dogs cannot eat grapes."),
        ("Is the Earth flat.", "The Earth is flat."),
        ("May is the fifth month.", "May is the fifth month."),
        ("Will Smith is an actor.", "Will Smith is an actor."),
        ("Can openers are kitchen tools.", "Can openers are kitchen tools."),
        ("What goes up must come down.", "What goes up must come down."),
        ("The Earth is flat. True or false?", "The Earth is flat."),
        ("Is it right?", "It is right."),
        ("The claim was rejected by the court.", "The claim was rejected by the court."),
        ("My claim is that heat raises growth", "Heat raises growth."),
        ("I read books every day.", "I read books every day."),
        ("I believe in God", "I believe in God."),
        ("I believe that heat is good", "Heat is good."),
        ("It is a myth that heat raises growth.", "Heat does not raise growth."),
        ("It's not true that cats are blind", "Cats are not blind."),
        ("Is it a myth that heat raises growth?", "Heat does not raise growth."),
        ("It is false that everybody sleeps.", "It is false that everybody sleeps."),
        ("Stop codons end translation.", "Stop codons end translation."),
        ("Drink driving is illegal in the UK.", "Drink driving is illegal in the UK."),
        ("Show trials were held in Moscow.", "Show trials were held in Moscow."),
        ("Let It Be was released in 1970.", "Let It Be was released in 1970."),
        ("It holds that x<y and y>z", "It holds that x<y and y>z."),
        ('Heat is <a href="x">good</a> here', "Heat is good here."),
        ("地球是平的。", "地球是平的。"),
        ("Heat raises growth" + "!" * 3_000, "Heat raises growth!"),
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
        ("Who discovered penicillin", "question"),
        ("How many legs does a spider have", "question"),
        ("What is the capital of France", "question"),
        ("What causes rust", "question"),
        ("Take two tablets of it every day.", "do something"),
        ("Use a bus.", "do something"),
        ("Use caution when it is hot.", "do something"),
        ("heat", "too short"),
        ("I think that !", "too short"),
        ("It is so", "too short"),
    ],
)
def test_what_is_no_claim_says_why(typed: str, word: str) -> None:
    assert word in read_claim(typed).problem


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "?!",
        "<b></b>",
        "x" * (MAX_CLAIM_CHARS + 1),
        "Heat. " * (MAX_PARTS + 1) + "Is it?" * 9_000,
    ],
)
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
        ("Heat is good. It raises yield.", ()),
        (
            "Heat is good. It lasts long. Cold is bad.",
            ("Heat is good. It lasts long.", "Cold is bad."),
        ),
        (
            "Heat raises growth and lowers sleep. There is more.",
            ("Heat raises growth.", "Heat lowers sleep. There is more."),
        ),
        (
            "Heat raises growth, and it is safe, but cold lowers sleep.",
            ("Heat raises growth, and it is safe.", "Cold lowers sleep."),
        ),
        ("He lives in the U.S. Heat is good for him.", ()),
        ("Plants have roots and leaves in spring.", ()),
        ("A gene that binds iron and raises growth is rare.", ()),
        ("Heat raises growth; " * (MAX_PARTS + 1), ()),
    ],
)
def test_a_compound_claim_is_taken_apart(typed: str, parts: tuple[str, ...]) -> None:
    assert read_claim(typed).parts == parts


@pytest.mark.parametrize(
    ("typed", "checked", "remark"),
    [
        ("Heat is good. What is cold?", "Heat is good.", "Not checked: “What is cold?”."),
        (
            "I think that heat is good. Avoid cold! Sun is good.",
            "Heat is good. Sun is good.",
            "Checked without the words that frame it. Not checked: “Avoid cold!”.",
        ),
        (
            "Heat is good. Steel is strong. Use it now.",
            "Heat is good. Steel is strong.",
            "Not checked: “Use it now.”.",
        ),
    ],
)
def test_what_is_left_out_is_named(typed: str, checked: str, remark: str) -> None:
    claim = read_claim(typed)
    assert (claim.text, claim.remark) == (checked, remark)


def test_one_sentence_left_keeps_its_parts_and_its_remark() -> None:
    claim = read_claim("I think that heat raises growth and lowers sleep. What is cold?")
    assert claim.parts == ("Heat raises growth.", "Heat lowers sleep.")
    assert claim.remark.startswith("Checked without")


@pytest.mark.parametrize(
    "typed", ["Is heat good?", "What is heat?", "Heat is good. Cold is bad.", "Heat"]
)
def test_a_claim_keeps_what_was_typed(typed: str) -> None:
    assert read_claim(f" <b>{typed}</b> ").typed == typed


def test_what_is_untrue_says_how_it_was_checked() -> None:
    assert "contrary" in read_claim("It is untrue that heat raises growth.").remark


@pytest.mark.parametrize("piece", ["<script ", "<a b=c ", "< a ", "<a "])
def test_open_tags_end_at_once(piece: str) -> None:
    with pytest.raises(QuestionError, match="claim"):
        read_claim("heat " + piece * (45_000 // len(piece)))
