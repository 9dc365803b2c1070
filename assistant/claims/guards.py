"""What must agree between a claim and the sentence that is to support it.

A model of similarity and entailment can overlook one changed word. These checks cannot: each
looks for one kind of disagreement and names what it found. A sentence with a veto never counts
as support. Limits: they read words, not meaning, so a veto is no proof of a contradiction; and
what they miss is left to the verifier. Hedges ("may cause"), "at least" and the signs of numbers
are not compared.
"""

from __future__ import annotations

from assistant.claims.direction import direction_vetoes
from assistant.claims.names import name_vetoes, sibling_vetoes
from assistant.claims.negation import absolute_vetoes, negation_vetoes, partial_vetoes
from assistant.claims.opposites import opposite_vetoes, prefix_vetoes
from assistant.claims.quantities import number_vetoes, numbers_of
from assistant.claims.units import unit_vetoes
from assistant.claims.veto import Veto

__all__ = ["Veto", "numbers_of", "vetoes"]


def vetoes(claim: str, evidence: str, context: str = "") -> tuple[Veto, ...]:
    """Return every disagreement between a claim and a sentence.

    Args:
        claim: The claim.
        evidence: The sentence that is to support it.
        context: Headings and neighbours: names found there are not missing.
    """
    found = [
        *number_vetoes(claim, evidence, context),
        *unit_vetoes(claim, evidence),
        *name_vetoes(claim, f"{evidence} {context}"),
        *sibling_vetoes(claim, evidence),
        *opposite_vetoes(claim, evidence),
        *prefix_vetoes(claim, evidence),
        *negation_vetoes(claim, evidence),
        *partial_vetoes(claim, evidence),
        *absolute_vetoes(claim, evidence),
        *direction_vetoes(claim, evidence),
    ]
    return tuple(dict.fromkeys(found))
