"""A disagreement between a claim and a sentence: what every guard yields."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Veto:
    """A disagreement: its kind, what the claim says and what the evidence says instead."""

    kind: str
    claim: str
    evidence: str

    def __str__(self) -> str:
        """Return it as shown in JSON: ``number: 12 / 14``."""
        return f"{self.kind}: {self.claim or 'none'} / {self.evidence or 'none'}"
