"""Judged sentences -> a label and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims.evidence import Premise
from assistant.datatypes import Stance, VerdictLabel

DECIDED = 0.5
_MYTH = 0.5
_DISPUTED = 0.75
REPORTED = "reported"
_DESPITE_UNKNOWN = 0.8
_FAR, _NEAR = 0.3, 0.55


@dataclass(frozen=True, slots=True)
class Judged:
    """A premise with the verifier's three probabilities, its vetoes, and its myth's likeness."""

    premise: Premise
    supports: float
    refutes: float
    neither: float
    vetoes: tuple[str, ...] = ()
    myth: float = 0.0

    @property
    def is_myth(self) -> bool:
        """Whether the claim says what the myth says that this sentence corrects."""
        return self.myth >= _MYTH

    @property
    def relevance(self) -> float:
        """How likely the sentence is about what the claim is about, 0 to 1."""
        near = max(self.premise.similarity, self.premise.match - 0.1)
        return min(1.0, max(0.0, (near - _FAR) / (_NEAR - _FAR)))

    @property
    def support(self) -> float:
        """The weight of the sentence as support; 0 with a veto or under a matched myth."""
        if self.vetoes or self.is_myth:
            return 0.0
        return self.supports * self.relevance

    @property
    def refute(self) -> float:
        """The weight of the sentence as a contradiction."""
        reported = any(veto.startswith(REPORTED) for veto in self.vetoes)
        if not self.premise.stated or (reported and self.premise.is_window):
            return 0.0
        own = self.refutes * self.relevance
        return max(own, self.myth) if self.is_myth else own

    @property
    def weight(self) -> float:
        """The greater of the two weights."""
        return max(self.support, self.refute)


def decide(judged: Sequence[Judged], *, unknown: bool) -> tuple[VerdictLabel, float]:
    """Return the label of a claim and its probability.

    Windows of several sentences are heard only where no sentence decides by itself.
    ``unknown`` says that the claim names something that the documents do not have at all.
    """
    sentences = [j for j in judged if not j.premise.is_window]
    label, confidence = _decide(sentences, unknown)
    if label != "not_enough_info" or len(sentences) == len(judged):
        return label, confidence
    return _decide(judged, unknown)


def deciding(judged: Sequence[Judged]) -> list[Judged]:
    """Return the sentences that decide, or the windows where no sentence does."""
    sentences = [j for j in judged if not j.premise.is_window and stance_of(j) != "mentions"]
    return sentences or [j for j in judged if stance_of(j) != "mentions"]


def _decide(judged: Sequence[Judged], unknown: bool) -> tuple[VerdictLabel, float]:
    support = max((j.support for j in judged), default=0.0)
    refute = max((j.refute for j in judged), default=0.0)
    if unknown:
        support = 0.0
        refute = refute if refute >= _DESPITE_UNKNOWN else 0.0
    if max(support, refute) < DECIDED:
        return "not_enough_info", 1 - max(support, refute)
    if min(support, refute) >= _DISPUTED:
        return "disputed", min(support, refute)
    return ("supported", support) if support >= refute else ("refuted", refute)


def source_label(judged: Sequence[Judged], *, unknown: bool) -> VerdictLabel:
    """Return what one document's sentences say of the claim."""
    return decide(judged, unknown=unknown)[0]


def stance_of(judged: Judged) -> Stance:
    """Return what one sentence does to the claim."""
    if judged.weight < DECIDED:
        return "mentions"
    return "supports" if judged.support >= judged.refute else "refutes"
