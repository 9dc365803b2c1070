"""Learned weights, kept as readable JSON beside the code: linear models over named features.

Each file says what it was learned from and by which command. A model is
``sigmoid(intercept + sum(weight * value))`` where it gives a probability.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class LinearModel:
    """An intercept and one weight a feature; features without a weight count nothing."""

    intercept: float
    weights: Mapping[str, float]

    def score(self, values: Mapping[str, float]) -> float:
        """Return the weighted sum of the values."""
        return self.intercept + sum(w * values[name] for name, w in self.weights.items())

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the logistic function of the score, 0 to 1."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.score(values)))))


@functools.cache
def load_model(name: str) -> LinearModel:
    """Return the model kept in weights/NAME.json."""
    loaded = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return LinearModel(float(loaded["intercept"]), dict(loaded["weights"]))
