"""The words of made-up pairs, drawn from one random generator."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

from assistant.claims.lexicon import Verb, lexicon

_FILE = Path(__file__).parent / "data" / "template_words.toml"
WORDS: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_EFFECTS = frozenset("amount activity support regulation quality pace duration strength".split())


class Maker:
    """Draws the words of a pair; ``names`` are names of genes and the like."""

    def __init__(self, names: list[str], rng: random.Random) -> None:
        self.rng = rng
        self.names = names

    def pick(self, words: list[str]) -> str:
        """Return one entry of a list."""
        return self.rng.choice(words)

    def cause(self, *others: str) -> str:
        """Return something that acts, unlike the others."""
        while True:
            word = self.pick(self.names if self.rng.random() < 0.5 else WORDS["causes"])
            if word not in others:
                return word

    def thing(self, *others: str) -> str:
        """Return something that is acted upon, unlike the others."""
        while True:
            word = self.pick(self.names if self.rng.random() < 0.35 else WORDS["things"])
            if word not in others:
                return word

    def place(self) -> str:
        """Return where or when something holds."""
        return self.pick(WORDS["places"])

    def verbs(self) -> tuple[Verb, Verb, Verb]:
        """Return a verb of effect, one of its own side and one of the other."""
        group = self.rng.choice([g for g in lexicon().poles if g.name in _EFFECTS])
        sides = [group.plus, group.minus]
        self.rng.shuffle(sides)
        return self.rng.choice(sides[0]), self.rng.choice(sides[0]), self.rng.choice(sides[1])
