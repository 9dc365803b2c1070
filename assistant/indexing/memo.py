"""Vectors made by a build that has not ended yet, so that a kill repeats no work.

A small database beside the generations, written as the build goes and removed when its
generation is in use: from then on the generation itself remembers them. Only the build, which
holds the lock, opens it. A damaged one is thrown away.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.datatypes import Vectors
from assistant.indexing.generations import UNFINISHED
from assistant.indexing.index import LocalIndex

_AT_ONCE = 500  # keys of one SQL statement
Found = tuple[
    Vectors, NDArray[np.float16]
]  # of a passage (dim,), of its sentences (sentences, dim)


class Unfinished:
    """Content hash -> vectors, on disk."""

    def __init__(self, folder: Path, model: str, dim: int) -> None:
        self._path = folder / UNFINISHED
        self._dim = dim
        try:
            self._db = self._open(model)
        except sqlite3.DatabaseError:
            self._remove()
            self._db = self._open(model)

    def _open(self, model: str) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False)
        # Locked exclusively it needs no shared memory; a kill leaves what was committed.
        db.executescript(
            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS made_by (model TEXT);"
            "CREATE TABLE IF NOT EXISTS vectors "
            "(key TEXT PRIMARY KEY, whole BLOB, sentences BLOB) WITHOUT ROWID;"
        )
        if db.execute("SELECT model FROM made_by").fetchall() != [(model,)]:
            db.execute("DELETE FROM vectors")
            db.execute("DELETE FROM made_by")
            db.execute("INSERT INTO made_by VALUES (?)", (model,))
            db.commit()
        return db

    def find(self, keys: Sequence[str]) -> dict[str, Found]:
        """Return what is known of some content hashes."""
        found: dict[str, Found] = {}
        for some in _portions(keys):
            marks = ",".join("?" * len(some))
            sql = f"SELECT key, whole, sentences FROM vectors WHERE key IN ({marks})"
            for key, whole, sentences in self._db.execute(sql, some):
                vector = np.frombuffer(whole, dtype=np.float32)
                rows = np.frombuffer(sentences, dtype=np.float16).reshape(-1, self._dim)
                if vector.shape == (self._dim,):
                    found[key] = vector, rows
        return found

    def add(self, made: Mapping[str, Found]) -> None:
        """Keep vectors; they are on disk when this returns."""
        rows = [
            (key, whole.astype(np.float32).tobytes(), parts.astype(np.float16).tobytes())
            for key, (whole, parts) in made.items()
        ]
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        self._db.commit()

    def close(self, *, remove: bool) -> None:
        """Close the database, and remove it when its generation is in use."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        if remove:
            self._remove()

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(UNFINISHED + end).unlink(missing_ok=True)


def remembered(index: LocalIndex, keys: Iterable[str]) -> dict[str, Found]:
    """Return what a generation knows of some content hashes."""
    places: dict[str, tuple[int, int, int]] = {}
    for some in _portions(list(keys)):
        places |= index.store.places(some)
    rows = np.array([row for row, _, _ in places.values()], dtype=np.int64)
    whole = index.dense.vectors(rows)
    return {
        key: (whole[at], index.sentence_rows(first, count))
        for at, (key, (_, first, count)) in enumerate(places.items())
    }


def _portions(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))
