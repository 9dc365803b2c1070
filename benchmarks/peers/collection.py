"""A collection in BEIR's form: read, cut to a subset, handed to the systems as one file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Record

CORPUS_FILE = "corpus.jsonl"


class CollectionError(Exception):
    """The collection cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, judged queries by id, and judgements as (query id, document id, score)."""

    records: tuple[Record, ...]
    queries: dict[str, str]
    judgements: tuple[tuple[str, str, int], ...]


def read_collection(folder: Path, split: str) -> Collection:
    """Read corpus.jsonl[.gz], queries.jsonl and qrels/SPLIT.tsv; keep the judged queries.

    Raises:
        CollectionError: When a file is missing or has another form.
    """
    packed = folder / f"{CORPUS_FILE}.gz"
    records = tuple(read_records(packed if packed.exists() else folder / CORPUS_FILE))
    judgements = tuple(_judgements(folder / "qrels" / f"{split}.tsv"))
    judged = {query_id for query_id, _, _ in judgements}
    path = folder / "queries.jsonl"
    texts = {_text(row, "_id", path): _text(row, "text", path) for row in _rows(path)}
    queries = {query_id: text for query_id, text in texts.items() if query_id in judged}
    if not records or not queries:
        raise CollectionError(f"{folder} has no documents or no judged queries; check its files.")
    return Collection(records, queries, judgements)


def subset(collection: Collection, documents: int | None, queries: int | None) -> Collection:
    """Return the first ``queries`` queries and ``documents`` documents, all their answers kept.

    The documents judged relevant to the queries come first and are never dropped, the others
    fill up in their order; None takes all.
    """
    chosen = dict(list(collection.queries.items())[:queries])
    judgements = tuple(row for row in collection.judgements if row[0] in chosen)
    if documents is None:
        return Collection(collection.records, chosen, judgements)
    relevant = {doc_id for _, doc_id, score in judgements if score > 0}
    others = [record.doc_id for record in collection.records if record.doc_id not in relevant]
    kept = relevant.union(others[: max(0, documents - len(relevant))])
    records = tuple(record for record in collection.records if record.doc_id in kept)
    return Collection(records, chosen, judgements)


def read_records(path: Path) -> Iterator[Record]:
    """Yield the documents of a corpus.jsonl or corpus.jsonl.gz.

    Raises:
        CollectionError: When the file is missing or has another form.
    """
    for row in _rows(path):
        yield Record(_text(row, "_id", path), str(row.get("title") or ""), _text(row, "text", path))


def write_corpus(collection: Collection, folder: Path) -> None:
    """Write the documents to ``folder`` as the only file, in BEIR's form."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CORPUS_FILE).open("w", encoding="utf-8") as out:
        for record in collection.records:
            row = {"_id": record.doc_id, "title": record.title, "text": record.text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_queries(queries: dict[str, str], path: Path) -> None:
    """Write queries in BEIR's form."""
    with path.open("w", encoding="utf-8") as out:
        for query_id, text in queries.items():
            out.write(json.dumps({"_id": query_id, "text": text}, ensure_ascii=False) + "\n")


def read_queries(path: Path) -> dict[str, str]:
    """Return the queries by id.

    Raises:
        CollectionError: When the file is missing or has another form.
    """
    return {_text(row, "_id", path): _text(row, "text", path) for row in _rows(path)}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise CollectionError(f"{path}, line {number} is not a JSON object; mend it.")
                yield row
    except FileNotFoundError as error:
        raise CollectionError(
            f"{path} is missing; name a folder with corpus.jsonl[.gz], queries.jsonl and qrels/."
        ) from error
    except (OSError, EOFError, ValueError) as error:
        raise CollectionError(f"{path} cannot be read ({error}); mend or replace it.") from error


def _text(row: dict[str, Any], field: str, path: Path) -> str:
    value = row.get(field)
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise CollectionError(f"{path}: a line has no '{field}'; each needs '_id' and 'text'.")
    return str(value)


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise CollectionError(
            f"{path} cannot be read ({error.strerror}); name the judgements with --split."
        ) from error
    for number, line in enumerate(lines, start=2):
        try:
            query_id, doc_id, score = line.split()
            yield query_id, doc_id, int(score)
        except ValueError as error:
            raise CollectionError(
                f"{path}, line {number} is not 'query-id corpus-id score'; mend it."
            ) from error
