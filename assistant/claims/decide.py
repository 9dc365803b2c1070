"""Judged sentences -> a label and how sure it is.

The nearest sentence counts in full, others by how near they come to it: the verifier is at times
sure of a sentence that is about something else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims.evidence import Premise
from assistant.datatypes import Stance, VerdictLabel

# Set with the own claims (tests/data/claims.jsonl) and 240 others in view. Support has to be
# surer, for a false claim called supported does the greater harm.
_SUPPORTED, _REFUTED = 0.6, 0.35
_DISPUTED = 0.7
_MYTH = 0.5
_FAR, _NEAR = 0.4, 0.65
_FALL = 0.15  # of cosine, over which the weight of a sentence falls to 1/e
_DESPITE_UNKNOWN = 0.6
# A sentence that says the same but for one of these leans to a contradiction.
_CONTRARY = ("number", "unit", "opposite", "negation", "direction", "sibling")
_LEAN = 0.3
_INTRODUCED = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """A premise with the verifier's three probabilities, its vetoes, and its myth's likeness.

    ``relevance`` is how much the sentence counts, 0 to 1; ``myth`` the probability that the
    claim says what the myth says that the sentence corrects; ``introduced`` tells that what is
    contrary to the claim stands in the words that introduce the sentence, not in itself.
    """

    premise: Premise
    supports: float
    refutes: float
    neither: float
    relevance: float = 1.0
    vetoes: tuple[str, ...] = ()
    myth: float = 0.0
    introduced: bool = False

    @property
    def is_myth(self) -> bool:
        """Whether the claim says what the myth says that this sentence corrects."""
        return self.myth >= _MYTH

    @property
    def support(self) -> float:
        """The weight of the sentence as support; 0 with a veto or under a matched myth."""
        if self.vetoes or self.is_myth:
            return 0.0
        return self.supports * self.relevance

    @property
    def refute(self) -> float:
        """The weight of the sentence as a contradiction."""
        if not self.premise.stated:
            return 0.0
        own = self.refutes
        if self.introduced:
            own *= _INTRODUCED
        elif contrary(self.vetoes):
            own = min(1.0, own + _LEAN * (self.supports + self.refutes))
        own *= self.relevance
        return max(own, self.myth) if self.is_myth else own

    @property
    def weight(self) -> float:
        """The greater of the two weights."""
        return max(self.support, self.refute)


def contrary(vetoes: Sequence[str]) -> list[str]:
    """Return the vetoes by which a sentence leans to a contradiction."""
    return [veto for veto in vetoes if veto.split(":")[0] in _CONTRARY]


def relevances(premises: Sequence[Premise]) -> list[float]:
    """Return how much each sentence counts, by its nearness to the claim and to the nearest."""
    near = [max(p.similarity, p.match - 0.1) for p in premises]
    best = max(near, default=0.0)
    return [
        min(1.0, max(0.0, (value - _FAR) / (_NEAR - _FAR))) * math.exp((value - best) / _FALL)
        for value in near
    ]


def decide(judged: Sequence[Judged], *, unknown: bool) -> tuple[VerdictLabel, float]:
    """Return the label of a claim and how sure it is, 0 to 1.

    ``unknown`` says that the claim names something that the documents do not have at all.
    """
    support = max((j.support for j in judged), default=0.0)
    refute = max((j.refute for j in judged), default=0.0)
    if unknown:
        support, refute = 0.0, refute * _DESPITE_UNKNOWN
    if min(support, refute) >= _DISPUTED:
        return "disputed", min(support, refute)
    if _counts_as_support(support, refute):
        return "supported", support
    if refute >= _REFUTED:
        return "refuted", refute
    return "not_enough_info", 1 - max(support, refute)


def _counts_as_support(support: float, refute: float) -> bool:
    return support >= max(_SUPPORTED, refute)


def stance_of(judged: Judged) -> Stance:
    """Return what one sentence does to the claim."""
    if _counts_as_support(judged.support, judged.refute):
        return "supports"
    return "refutes" if judged.refute >= _REFUTED else "mentions"
