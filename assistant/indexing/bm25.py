"""The constants of BM25, and BM25 as sparse vectors, for stores that know inner products only.

The inner product of a passage's weights and a question's is its BM25 score, with the constants of
the lexical index on disk. Rarity is counted when a question is asked, so it is that of today; the
mean length is fixed when a collection is made, and made anew when it has drifted.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

_K1, _B = 1.2, 0.75
# Added to the length of every passage, in terms: b = 0.75, which tantivy fixes, then acts like
# b * mean / (mean + EXTRA_LENGTH), about 0.4 where passages have 100 terms. benchmarks/LOG.md has
# the measurement; 0.4 is also what Anserini uses unless told otherwise (Yang et al., SIGIR 2017).
EXTRA_LENGTH = 100
_DIMENSIONS = 2**32 - 2  # the greatest dimension Milvus takes; two terms share one very rarely


def dimension(term: str) -> int:
    """Return the dimension of a term."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest()) % _DIMENSIONS


def passage_weights(terms: Sequence[str], mean_length: float) -> dict[int, float]:
    """Return dimension -> weight of a passage's terms, given the mean number of terms."""
    length = (len(terms) + EXTRA_LENGTH) / (mean_length + EXTRA_LENGTH)
    norm = _K1 * (1 - _B + _B * length)
    return {
        dimension(term): count * (_K1 + 1) / (count + norm)
        for term, count in Counter(terms).items()
    }


def question_weights(
    terms: Iterable[str], passages: int, frequency: Callable[[str], int]
) -> dict[int, float]:
    """Return dimension -> inverse document frequency of a question's terms that occur."""
    weights = {}
    for term in dict.fromkeys(terms):
        n = frequency(term)
        if n:
            weights[dimension(term)] = math.log(1 + (passages - n + 0.5) / (n + 0.5))
    return weights
