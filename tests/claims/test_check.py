"""Claims checked on small corpora, with the verifier that judges by words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.claims.check import Checker, check_claim, judge, says_myth
from assistant.claims.evidence import premises_for
from assistant.datatypes import Evidence, Verdict
from assistant.errors import AssistantError, QuestionError
from tests.fakes import WordVerifier

BRIDGES = """# Bridges

Steel carries the load of the Harlow bridge. The Harlow bridge is not open at night.
The Harlow bridge is 12 metres long. A blog claims that paint protects the Harlow bridge.

## Myths and realities

### Myth: Paint strengthens every bridge.

**Reality:** Paint keeps rust away and does nothing for strength.

**Why people believe it:** Painted bridges look new, so paint strengthens every bridge in the mind.
"""
OTHER = """# A report

Steel does not carry the load of the Harlow bridge.
"""


@pytest.fixture
def check(
    corpus_of: Callable[[dict[str, str]], Path], open_with_hashes: Callable[[Path], Assistant]
) -> Callable[..., Verdict]:
    def run(claim: str, **files: str) -> Verdict:
        texts = {f"{name}.md": text for name, text in files.items()} or {"bridges.md": BRIDGES}
        assistant = open_with_hashes(corpus_of(texts))
        return check_claim(claim, Checker(assistant.retriever, WordVerifier(), assistant.info))

    return run


def stances(verdict: Verdict) -> set[str]:
    return {e.stance for e in verdict.evidence}


def test_a_stated_fact_is_supported_by_its_sentence(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel carries the load of the Harlow bridge.")
    assert verdict.label == "supported"
    first = verdict.evidence[0]
    assert first.stance == "supports"
    assert first.citation.quote == "Steel carries the load of the Harlow bridge."
    assert [s.label for s in verdict.sources] == ["supported"]
    assert verdict.disclaimer


def test_a_negated_fact_is_refuted(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel does not carry the load of the Harlow bridge.")
    assert verdict.label == "refuted"
    assert verdict.evidence[0].stance == "refutes"


def test_a_changed_number_never_supports(check: Callable[..., Verdict]) -> None:
    verdict = check("The Harlow bridge is 14 metres long.")
    assert verdict.label != "supported"
    assert any("number: 14 / 12" in e.vetoes for e in verdict.evidence)


def test_what_is_only_reported_supports_nothing(check: Callable[..., Verdict]) -> None:
    verdict = check("Paint protects the Harlow bridge.")
    assert verdict.label == "not_enough_info"
    assert any("reported" in veto for e in verdict.evidence for veto in e.vetoes)


def test_a_myth_as_a_claim_is_refuted_by_its_reality(check: Callable[..., Verdict]) -> None:
    verdict = check("Paint strengthens every bridge.")
    assert verdict.label == "refuted"
    assert "Paint keeps rust away" in verdict.evidence[0].citation.quote
    assert any(n.kind == "myth" for n in verdict.notices)


def test_two_sources_that_disagree_are_a_dispute(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel carries the load of the Harlow bridge.", bridges=BRIDGES, other=OTHER)
    assert verdict.label == "disputed"
    assert {s.doc_id: s.label for s in verdict.sources} == {
        "bridges.md": "supported",
        "other.md": "refuted",
    }
    assert {"supports", "refutes"} <= stances(verdict)


def test_a_copied_document_counts_once(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel carries the load of the Harlow bridge.", a=BRIDGES, b=BRIDGES)
    quotes = [e.citation.quote for e in verdict.evidence]
    assert len(quotes) == len(set(quotes))


def test_what_the_documents_do_not_name_is_not_decided(check: Callable[..., Verdict]) -> None:
    verdict = check("Xyloquat carries the load of the Harlow bridge.")
    assert verdict.label == "not_enough_info"
    assert any("Xyloquat" in n.text for n in verdict.notices)


def test_a_compound_claim_needs_all_its_parts(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel carries the load of the Harlow bridge. The Harlow bridge is not open.")
    assert verdict.label == "supported"
    assert [p.label for p in verdict.parts] == ["supported", "supported"]
    assert [e.citation.number for e in verdict.evidence] == list(
        range(1, len(verdict.evidence) + 1)
    )
    verdict = check("Steel carries the load of the Harlow bridge. The Harlow bridge is open.")
    assert verdict.label == "refuted"


@pytest.mark.parametrize(
    "claim", ["What carries the load?", "Avoid the bridge at night.", "bridge"]
)
def test_what_is_no_claim_is_undecided_and_says_why(
    check: Callable[..., Verdict], claim: str
) -> None:
    verdict = check(claim)
    assert verdict.label == "not_enough_info"
    assert verdict.notices and not verdict.evidence


def test_an_empty_claim_is_one_sentence(check: Callable[..., Verdict]) -> None:
    with pytest.raises(QuestionError, match="empty"):
        check("  ")


def test_a_verdict_without_its_evidence_cannot_be_made(check: Callable[..., Verdict]) -> None:
    good = check("Steel carries the load of the Harlow bridge.")
    with pytest.raises(AssistantError, match="without evidence"):
        Verdict("x", "c", "refuted", 0.9, good.evidence[:1], (), "d")
    with pytest.raises(AssistantError, match="veto"):
        vetoed = Evidence("supports", 0.9, good.evidence[0].citation, ("number",))
        Verdict("x", "c", "supported", 0.9, (vetoed,), (), "d")
    with pytest.raises(AssistantError, match="disclaimer"):
        Verdict("x", "c", "supported", 0.9, good.evidence[:1], (), " ")


def test_a_dispute_keeps_both_sides_however_many_agree(check: Callable[..., Verdict]) -> None:
    steel = "steel carries the load of the Harlow bridge"
    told = [
        f"# Report\n\n{word} {steel}.\n" for word in ("So", "Here", "And", "Then", "Now", "But")
    ]
    texts = {f"r{n}": text for n, text in enumerate(told)}
    verdict = check(f"{steel}.", other=OTHER, **texts)
    assert verdict.label == "disputed"
    assert {"supports", "refutes"} <= stances(verdict)


def test_each_source_that_decides_is_listed(check: Callable[..., Verdict]) -> None:
    verdict = check("Steel carries the load of the Harlow bridge.", a=BRIDGES, other=OTHER)
    deciding = {e.citation.doc_id for e in verdict.evidence if e.stance != "mentions"}
    assert deciding <= {s.doc_id for s in verdict.sources}


def test_the_lead_of_a_list_states_nothing_by_itself(check: Callable[..., Verdict]) -> None:
    lead = "The cascade runs by way of ABC1 and XYZ2:"
    text = f"# Cascade\n\n{lead}\n\n- ABC1 slows XYZ2.\n- It ends.\n"
    verdict = check("The cascade runs by way of ABC1 and XYZ2.", cascade=text)
    found = [e for e in verdict.evidence if e.citation.quote.endswith(":")]
    assert found
    assert all(e.stance != "supports" and e.vetoes for e in found)


def test_an_opposite_in_the_words_that_introduce_a_list_counts_half(
    corpus_of: Callable[[dict[str, str]], Path], open_with_hashes: Callable[[Path], Assistant]
) -> None:
    text = "# Gates\n\nThese signals raise the gate of lock XYZ2:\n\n- ABC1, by way of lock XYZ2.\n"
    assistant = open_with_hashes(corpus_of({"gates.md": text}))
    claim = "ABC1 lowers lock XYZ2."
    _, premises = premises_for(claim, assistant.retriever, {})
    judged = judge(claim, premises, WordVerifier())
    item = next(j for j in judged if j.premise.quote.startswith("ABC1"))
    assert item.introduced
    assert any("raise" in veto for veto in item.vetoes)
    sure = replace(item, refutes=0.6, relevance=1.0)
    assert sure.refute == pytest.approx(0.3)
    assert replace(sure, introduced=False).refute > 0.6


LISTED = """# Bridges

The load of the Harlow bridge is carried in steps:

- Steel carries the deck.
- Stone under the steel.
"""


def premise_of(check_corpus, claim: str, quote: str) -> str:
    _, premises = premises_for(claim, check_corpus.retriever, {})
    return next(p.text for p in premises if p.quote == quote)


def test_a_list_item_that_is_a_sentence_is_judged_alone(corpus_of, open_with_hashes) -> None:
    opened = open_with_hashes(corpus_of({"bridges.md": LISTED}))
    claim = "Steel carries the deck of the Harlow bridge."
    assert premise_of(opened, claim, "Steel carries the deck.") == "Steel carries the deck."
    fragment = premise_of(opened, claim, "Stone under the steel.")
    assert fragment.startswith("The load of the Harlow bridge is carried in steps:")


def test_a_sentence_claimed_word_for_word_is_supported(check) -> None:
    verdict = check("the Harlow bridge is not open at night")
    assert verdict.label == "supported"
    assert verdict.confidence == 1.0


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Steel rusts in salt water.",
         "# Bridges\n\nThe following statements are false:\n\n- Steel rusts in salt water.\n"),
        ("The bridge sank by 5 metres.", "# Bridges\n\nThe bridge sank by -5 metres.\n"),
        ("The load is > 7 tons.", "# Bridges\n\nThe load is < 7 tons.\n"),
    ],
)  # fmt: skip
def test_what_only_looks_like_the_claim_is_not_taken_word_for_word(check, claim, text) -> None:
    verdict = check(claim, bridges=text)
    assert verdict.confidence < 1.0 or verdict.label != "supported"


def test_only_an_unknown_name_is_told_as_not_mentioned(check) -> None:
    told = check("The scarcity of zorblatt weakens the Harlow bridge.").notices
    assert [n.text for n in told if n.kind == "coverage"] == [
        "The documents do not mention “zorblatt”."
    ]


@pytest.mark.parametrize(
    ("claim", "follows", "is_myth"),
    [
        ("Paint makes any bridge stronger.", (0.9, 0.8), True),
        ("Some bridges get a coat every year.", (0.9, 0.1), False),  # it only follows from the myth
        ("Paint strengthens every bridge there is.", (0.9, 0.1), True),  # nearly its words
        ("Paint weakens every bridge.", (0.9, 0.9), False),  # the contrary
    ],
)
def test_a_claim_is_a_myth_where_each_follows_from_the_other(
    claim: str, follows: tuple[float, float], is_myth: bool
) -> None:
    assert (says_myth(claim, "Paint strengthens every bridge.", follows) >= 0.5) == is_myth
