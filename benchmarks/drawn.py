"""Corpora of any size made of public sentences, and vectors drawn around their real ones.

A pool of real abstracts is indexed once by the product itself. A drawn passage has two or three
neighbouring sentences of one abstract and some of an abstract near to it. Its vector is the mean
of the real vectors of its sentences plus noise, so that passages gather in topics as real ones
do; the vectors of its sentences are the real ones. Questions and terms are real throughout.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.config import Settings
from assistant.datatypes import Vectors
from assistant.indexing import open_index, sync_index
from assistant.protocols import Encoder, Encoding, TokenStates

_NOISE = 0.3  # length of the noise, against 1 of the mean
_NEAR = 20  # abstracts that lend a passage its other sentences
_WORDS = 150
_BATCH = 64  # real passages encoded together


class Pool:
    """Real abstracts: titles, sentences, their vectors, and which are near to each other."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        sync_index(settings, encoder)
        index = open_index(settings.index, encoder.model_id)
        self.titles: list[str] = []
        self.sentences: list[list[str]] = []
        self.row_of: dict[str, int] = {}
        vectors: list[Vectors] = []
        means: list[Vectors] = []
        for document in index.store.documents():
            rows = index.store.rows_where("doc_id", document.doc_id)
            texts: list[str] = []
            for (passage, _), row in zip(index.store.passages(rows), rows, strict=True):
                found = [passage.slice(s.start, s.end) for s in passage.sentences]
                for text, vector in zip(found, index.sentence_vectors(row), strict=True):
                    self.row_of[text] = len(vectors)
                    vectors.append(vector)
                texts += found
            if len(texts) > 2:
                self.titles.append(document.title)
                self.sentences.append(texts)
                means.append(np.mean([vectors[self.row_of[text]] for text in texts], axis=0))
        index.close()
        self.vectors = np.stack(vectors)
        all_means = np.stack(means)
        all_means /= np.linalg.norm(all_means, axis=1, keepdims=True)
        near = np.argpartition(-(all_means @ all_means.T), _NEAR, axis=1)[:, :_NEAR]
        self.near: list[list[int]] = near.tolist()


def pool_corpus(collection: Path, folder: Path, limit: int) -> None:
    """Write the first abstracts of a collection in BEIR's form into a corpus folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(collection, "rb") as lines, (folder / "corpus.jsonl").open("wb") as out:
        out.writelines(islice(lines, limit))


def write_corpus(pool: Pool, folder: Path, count: int, most: int = _WORDS) -> None:
    """Write so many passages, one a line, each a document of its own.

    A passage takes no further sentence once it has ``most`` words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(0)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as out:
        for number in range(count):
            anchor = chance.randrange(len(pool.titles))
            own, other = pool.sentences[anchor], pool.sentences[chance.choice(pool.near[anchor])]
            at, extra = chance.randrange(len(own) - 1), chance.randrange(len(other) - 1)
            chosen = own[at : at + 3] + other[extra : extra + 2]
            words, text = 0, []
            for sentence in chosen:
                if words < most:
                    text.append(sentence)
                    words += sentence.count(" ") + 1
            record = {"_id": f"d{number}", "title": pool.titles[anchor], "text": " ".join(text)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


class DrawnEncoder:
    """Gives passages drawn vectors; encodes questions for real, by the model it stands for."""

    def __init__(self, pool: Pool, encoder: Encoder) -> None:
        self.model_id, self.dim = encoder.model_id, encoder.dim
        self._pool = pool
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return real vectors, shape (len(texts), dim)."""
        return self._encoder.encode(texts)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Return drawn vectors of the texts with the real ones of their sentences."""
        chance = np.random.default_rng(zlib.crc32("\0".join(texts).encode()))
        noise = chance.normal(scale=_NOISE / self.dim**0.5, size=(len(texts), self.dim))
        found = []
        for text, parts, added in zip(texts, spans, noise, strict=True):
            rows = [self._row(text[a:b]) for a, b in parts]
            sentences = self._pool.vectors[rows]
            mean = sentences.mean(axis=0)
            vector = mean / np.linalg.norm(mean) + added
            vector /= np.linalg.norm(vector)
            found.append(Encoding(vector.astype(np.float32), sentences))
        return found

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the real states."""
        return self._encoder.token_states(texts)

    def is_common(self, word: str) -> bool:
        """Ask the model."""
        return self._encoder.is_common(word)

    def _row(self, sentence: str) -> int:
        """Return the row of a sentence; one that was cut differently gets any, always the same."""
        row = self._pool.row_of.get(sentence)
        return zlib.crc32(sentence.encode()) % len(self._pool.vectors) if row is None else row
