"""The words that the model's vocabulary has whole: what is in it is no slip and no rare name."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from assistant.words import stem, stems

_SHORTEST_STEM = 5  # shorter ones are those of too many words


class Vocabulary:
    """Whole words of a word-piece vocabulary, and their stems."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._words = frozenset(piece for piece in pieces if piece.isalnum())

    def __contains__(self, word: str) -> bool:
        """Tell whether a folded word, or another form of it, is in the vocabulary."""
        if word in self._words:
            return True
        found = stem(word)
        return found in self._words or found in self._stems

    @functools.cached_property
    def _stems(self) -> frozenset[str]:
        plain = [word for word in self._words if word.isalpha() and word.isascii()]
        return frozenset(found for found in stems(plain) if len(found) >= _SHORTEST_STEM)
