"""A generation on disk -> Milvus: only what is not there yet, and away with what is gone.

What is sent has numbers made of its content, so the difference is one of two sets. New things
come first, then the old ones go, then the manifest is written: a push that was cut short leaves
both, and the next one mends it. Readers may see old and new together for that long.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.indexing.bm25 import passage_weights
from assistant.indexing.files import NAME as FILES
from assistant.indexing.index import LocalIndex
from assistant.indexing.milvus import (
    DOCUMENT,
    LAYOUT,
    LISTED,
    MANIFEST,
    PASSAGE,
    SENTENCES,
    TABLE,
    TERMS,
    WORDS,
    bucket,
    pack,
    read_state,
)
from assistant.indexing.milvusdb import Collections, number, parts_of, search_for
from assistant.indexing.store import passage_of
from assistant.words import terms_of, words

_DRIFT = 0.1  # of the mean length of passages, before their weights are made anew
_CHUNK = 500
_ROW, _FIRST = 0, 11  # of a passage's record: places in one generation, not content


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: whether anything, passages added and removed, whether all were sent."""

    changed: bool = False

    added: int = 0
    removed: int = 0
    whole: bool = False


def push(index: LocalIndex, held: Collections, *, rebuild: bool = False) -> Pushed:
    """Bring Milvus to the state of a generation.

    Raises:
        IndexStateError: When Milvus cannot be used.
    """
    state = read_state(held)
    generation = index.folder.name
    if state and state.get("generation") == generation and not rebuild:
        return Pushed()
    rows, counts, length = _survey(index)
    search = search_for(len(index))
    dim = index.dense.all_vectors().shape[1]
    kept = state is not None and not rebuild and _fits(state, index, length, search, dim)
    if state is None or not kept:
        held.drop()
        held.create(dim, search)
    else:
        length = float(state["length"])
    there = held.all_rows()
    known = {found[0]: found for found in held.all_texts()}
    _add_rows(index, held, {row: at for row, at in rows.items() if row not in there}, length)
    wanted: set[int] = set()
    for some in _portions(_texts(index, counts)):
        wanted.update(part["id"] for part in some)
        held.add_texts(part for part in some if part["id"] not in known)
    held.remove_rows(sorted(there - rows.keys()))
    held.remove_texts([
        text for text, kind, owner in known.values()
        if kind != MANIFEST
        and (owner not in rows if kind in (PASSAGE, SENTENCES) else text not in wanted)
    ])  # fmt: skip
    _write_state(held, known.values(), {
        "layout": LAYOUT, "generation": generation, "length": length, "dim": dim,
        "search": search, "manifest": asdict(index.manifest),
    })  # fmt: skip
    return Pushed(True, len(rows.keys() - there), len(there - rows.keys()), not kept)


def _fits(
    state: dict[str, Any], index: LocalIndex, length: float, search: dict[str, Any], dim: int
) -> bool:
    """Tell whether what is in Milvus can be added to."""
    return (
        state.get("layout") == LAYOUT
        and state["manifest"]["model"] == index.manifest.model
        and state["dim"] == dim
        and state["search"] == search
        and abs(state["length"] / length - 1) <= _DRIFT
    )


def _survey(index: LocalIndex) -> tuple[dict[int, int], Counter[str], float]:
    """Return row in Milvus -> row on disk, passages of each term, mean number of terms."""
    rows: dict[int, int] = {}
    counts: Counter[str] = Counter()
    total = 0
    for record in index.store.passage_records():
        rows[number(_content(record))] = record[_ROW]
        found = _terms(record)
        counts.update(set(found))
        total += len(found)
    return rows, counts, max(1.0, total / max(1, len(rows)))


def _content(record: tuple[Any, ...]) -> str:
    fields = list(record)
    fields[_ROW] = fields[_FIRST] = 0
    return json.dumps(fields)


def _terms(record: tuple[Any, ...]) -> list[str]:
    passage = passage_of(record)
    return terms_of(words(f"{passage.context}\n{passage.text}"))


def _add_rows(index: LocalIndex, held: Collections, new: dict[int, int], length: float) -> None:
    """Send passages, row in Milvus -> row on disk; their texts first."""
    on_disk = {at: row for row, at in new.items()}
    texts: list[dict[str, Any]] = []
    rows: list[tuple[int, dict[str, Any]]] = []

    def send() -> None:
        held.add_texts(texts)
        vectors = index.dense.vectors(np.array([on for on, _ in rows], dtype=np.int64))
        held.add_rows([row | {"vector": v} for (_, row), v in zip(rows, vectors, strict=True)])
        texts.clear()
        rows.clear()

    for record in index.store.passage_records():
        row = on_disk.get(record[_ROW])
        if row is None:
            continue
        passage = passage_of(record)
        vectors = index.sentence_rows(record[_FIRST], len(passage.sentences))
        texts += parts_of(PASSAGE, row, _content(record))
        texts += parts_of(SENTENCES, row, pack(vectors))
        rows.append((record[_ROW], {
            "row": row, "document": number(passage.doc_id), "kind": number(passage.kind),
            "passage": number(passage.passage_id),
            "terms": passage_weights(_terms(record), length),
        }))  # fmt: skip
        if len(rows) >= _CHUNK:
            send()
    if rows:
        send()


def _texts(index: LocalIndex, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """Yield the parts of every text that belongs to no single passage."""
    listing = index.store.listing()
    for listed in listing:
        record = json.dumps(index.store.document_record(listed.doc_id))
        yield from parts_of(DOCUMENT, number(listed.doc_id), record)
    facts = [asdict(listed) for listed in listing]
    yield from parts_of(LISTED, 0, json.dumps(facts))
    initials: dict[str, dict[str, int]] = {}
    for word, n in sorted(index.store.words()):
        initials.setdefault(word[:1], {})[word] = n
    for initial, found in initials.items():
        yield from parts_of(WORDS, number(initial), json.dumps(found))
    buckets: dict[int, dict[str, int]] = {}
    for term, n in sorted(counts.items()):
        buckets.setdefault(bucket(term), {})[term] = n
    for place, found in buckets.items():
        yield from parts_of(TERMS, place, json.dumps(found))
    table = (index.folder / FILES).read_text(encoding="utf-8", errors="surrogateescape")
    yield from parts_of(TABLE, 0, json.dumps(json.loads(table)))


def _write_state(
    held: Collections, known: Iterable[tuple[int, int, int]], state: dict[str, Any]
) -> None:
    parts = parts_of(MANIFEST, 0, json.dumps(state, sort_keys=True))
    new = {part["id"] for part in parts}
    held.remove_texts([text for text, kind, _ in known if kind == MANIFEST and text not in new])
    held.add_texts(parts)


def _portions(parts: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for part in parts:
        some.append(part)
        if len(some) >= _CHUNK:
            yield some
            some = []
    if some:
        yield some
