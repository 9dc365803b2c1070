from __future__ import annotations

import pytest

from assistant.claims.guess import looks_like_claim


@pytest.mark.parametrize(
    "text",
    [
        "Copper conducts heat better than steel.",
        "Kettles are never made of glass",
        "Regular exercise increases bone density",
        "The treaty was signed in 1848.",
        "Steam drives the piston.",
        "Bees dance to tell the others.",
        "Tea contains caffeine.",
        "It is a myth that bulls hate red.",
        "Vitamin C prevents the common cold.",
    ],
)
def test_statements_are_claims(text) -> None:
    assert looks_like_claim(text)


@pytest.mark.parametrize(
    "text",
    [
        "What conducts heat?",
        "is copper a metal",
        "side effects of aspirin",
        "causes and effects of the war",
        "Tell me what copper is used for.",
        "how bees dance for the others",
        "I have a headache and take aspirin",
        "my dog is ill",
        "treaty of 1848",
        "Kettles",
        "hello there",
        "the uses of steam engines",
        "",
        "???",
    ],
)
def test_all_else_is_a_question(text) -> None:
    assert not looks_like_claim(text)
