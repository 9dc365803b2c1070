"""Two collections of Milvus: passages with their vectors, and texts of any length in parts.

The only module that imports pymilvus. It knows rows, vectors and parts of texts, and nothing of
what they mean; numbers stand for names, so that no name has to be quoted in a filter.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from assistant.config import MILVUS
from assistant.datatypes import Vectors
from assistant.errors import IndexStateError, SettingsError
from assistant.indexing.dense import FLAT_UP_TO

TOKEN = "ASSISTANT_MILVUS_TOKEN"
_AT_ONCE = 400  # rows of one request
_PART = 60_000  # bytes of one part of a text; Milvus takes 65,535
_MOST = 16_384  # rows Milvus gives at once
_STRONG = "Strong"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is kept: a server's URI or the file of Milvus Lite, and the collection."""

    uri: str
    collection: str


def parse_address(text: str) -> Address:
    """Return the address of ``milvus://host:port/collection`` or ``milvus:///path/to/file.db``.

    Raises:
        SettingsError: When it is neither.
    """
    found = urlsplit(text)
    if not text.startswith(MILVUS):
        raise SettingsError(f"'{text}' does not begin with {MILVUS}; write {_FORM}.")
    if found.username or found.password:
        raise SettingsError(f"The Milvus address holds a password; put it into {TOKEN} instead.")
    if not found.netloc:
        if not found.path.endswith(".db"):
            raise SettingsError(f"'{text}' names no server and no .db file; write {_FORM}.")
        return Address(str(Path(found.path).absolute()), found.fragment or "assistant")
    name = found.path.strip("/") or "assistant"
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,200}", name):
        raise SettingsError(
            f"'{name}' cannot name a Milvus collection; use letters, digits and underscores."
        )
    try:
        port = found.port or 19530
    except ValueError as error:
        raise SettingsError(f"'{text}' has no usable port; write {_FORM}.") from error
    return Address(f"http://{found.hostname}:{port}", name)


_FORM = "milvus://host:port/collection or milvus:///path/to/file.db"


def number(*parts: object) -> int:
    """Return a number of 63 bits that stands for some content."""
    content = "\0".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(content).digest()[:8]) >> 1


@functools.cache
def _client(uri: str) -> Any:
    """Return the one client of this process; Milvus Lite takes no second one for a file."""
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise SettingsError(
            "An index in Milvus needs pymilvus; run: pip install -r requirements-milvus.txt"
        ) from error
    # Both say on stderr what is raised, and told in one sentence, anyway.
    for name in ("pymilvus", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return MilvusClient(uri, token=os.environ.get(TOKEN, ""), timeout=30)


class Collections:
    """The two collections of one index."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._rows = address.collection
        self._texts = f"{address.collection}_texts"
        with self._one_sentence():
            self._db = _client(address.uri)

    @contextmanager
    def _one_sentence(self) -> Iterator[None]:
        try:
            yield
        except SettingsError:
            raise
        except Exception as error:  # pymilvus raises its own, grpc's and plain ones
            if not type(error).__module__.startswith(("pymilvus", "grpc", "milvus_lite")):
                raise
            told = str(getattr(error, "message", error)).strip().rstrip(".")
            raise IndexStateError(
                f"Milvus at {self.address.uri} cannot be used ({told}); see that it runs."
            ) from error

    def exist(self) -> bool:
        """Tell whether both collections are there, and have them loaded for search."""
        names = (self._rows, self._texts)
        with self._one_sentence():
            there = all(self._db.has_collection(name) for name in names)
            for name in names if there else ():
                self._db.load_collection(name)  # a server that was started anew has not
        return there

    def drop(self) -> None:
        """Remove both collections with all they hold."""
        with self._one_sentence():
            for name in (self._rows, self._texts):
                self._db.drop_collection(name)

    def create(self, dim: int, search: Mapping[str, Any]) -> None:
        """Make both collections; ``search`` is the index of the vectors, as ``search_for`` says."""
        from pymilvus import DataType

        with self._one_sentence():
            schema = self._db.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("row", DataType.INT64, is_primary=True)
            for name in ("document", "kind", "passage"):
                schema.add_field(name, DataType.INT64)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
            indexes = self._db.prepare_index_params()
            indexes.add_index("vector", metric_type="IP", index_name="vector", **search)
            indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP",
                              index_name="terms")  # fmt: skip
            for name in ("document", "kind", "passage"):
                indexes.add_index(name, index_type="INVERTED", index_name=name)
            self._db.create_collection(
                self._rows, schema=schema, index_params=indexes, consistency_level=_STRONG
            )
            schema = self._db.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            for name in ("kind", "owner", "part"):
                schema.add_field(name, DataType.INT64)
            schema.add_field("text", DataType.VARCHAR, max_length=65_535)
            # Milvus takes no collection without a vector.
            schema.add_field("none", DataType.FLOAT_VECTOR, dim=2)
            indexes = self._db.prepare_index_params()
            indexes.add_index("none", index_type="FLAT", metric_type="IP", index_name="none")
            indexes.add_index("owner", index_type="INVERTED", index_name="owner")
            self._db.create_collection(
                self._texts, schema=schema, index_params=indexes, consistency_level=_STRONG
            )

    def add_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add passages: row, document, kind, passage, vector, terms."""
        with self._one_sentence():
            for some in _portions(rows):
                self._db.upsert(self._rows, list(some))

    def add_texts(self, texts: Iterable[Mapping[str, Any]]) -> None:
        """Add parts of texts, as ``parts_of`` makes them."""
        with self._one_sentence():
            for some in _portions(list(texts), 100):
                self._db.upsert(self._texts, [{**text, "none": [0.0, 0.0]} for text in some])

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Remove passages."""
        with self._one_sentence():
            for some in _portions(rows):
                self._db.delete(self._rows, ids=list(some))

    def remove_texts(self, ids: Sequence[int]) -> None:
        """Remove parts of texts."""
        with self._one_sentence():
            for some in _portions(ids):
                self._db.delete(self._texts, ids=list(some))

    def all_rows(self) -> set[int]:
        """Return the row of every passage."""
        return {found["row"] for found in self._all(self._rows, ["row"])}

    def all_texts(self) -> list[tuple[int, int, int]]:
        """Return (id, kind, owner) of every part of a text."""
        found = self._all(self._texts, ["id", "kind", "owner"])
        return [(text["id"], text["kind"], text["owner"]) for text in found]

    def _all(
        self, collection: str, fields: list[str], filter_: str = ""
    ) -> Iterator[dict[str, Any]]:
        with self._one_sentence():
            iterator = self._db.query_iterator(
                collection, batch_size=_MOST // 4, filter=filter_, output_fields=fields
            )
            while found := iterator.next():
                yield from found
            iterator.close()

    def count(self) -> int:
        """Return the number of passages."""
        with self._one_sentence():
            found = self._db.query(self._rows, filter="", output_fields=["count(*)"])
        return int(found[0]["count(*)"])

    def search(
        self, field: str, query: Any, k: int, params: Mapping[str, Any]
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return the rows with the greatest inner products, best first, and those."""
        with self._one_sentence():
            found = self._db.search(
                self._rows, data=[query], anns_field=field, limit=min(k, _MOST),
                search_params={"metric_type": "IP", "params": dict(params)},
            )[0]  # fmt: skip
        rows = np.array([hit["row"] for hit in found], dtype=np.int64)
        return rows, np.array([hit["distance"] for hit in found], dtype=np.float32)

    def vectors(self, rows: Sequence[int]) -> dict[int, Vectors]:
        """Return row -> vector of the passages that are there."""
        found: dict[int, Vectors] = {}
        with self._one_sentence():
            for some in _portions(rows):
                for row in self._db.get(
                    self._rows, ids=list(some), output_fields=["row", "vector"]
                ):
                    found[row["row"]] = np.array(row["vector"], dtype=np.float32)
        return found

    def rows_where(self, field: str, value: int) -> list[int]:
        """Return the rows of the passages with a number in 'document', 'kind' or 'passage'."""
        return [found["row"] for found in self._query(self._rows, f"{field} == {value}", ["row"])]

    def _query(self, collection: str, filter_: str, fields: list[str]) -> list[dict[str, Any]]:
        with self._one_sentence():
            found: list[dict[str, Any]] = self._db.query(
                collection, filter=filter_, output_fields=fields, limit=_MOST
            )
        return found if len(found) < _MOST else list(self._all(collection, fields, filter_))

    def texts(self, kind: int, owners: Sequence[int]) -> dict[int, str]:
        """Return owner -> text of one kind, whole, for those that are there."""
        parts: dict[int, list[tuple[int, str]]] = {}
        for some in _portions(owners, 100):
            chosen = f"kind == {kind} and owner in {list(some)}"
            for text in self._query(self._texts, chosen, ["owner", "part", "text"]):
                parts.setdefault(text["owner"], []).append((text["part"], text["text"]))
        return {owner: "".join(t for _, t in sorted(found)) for owner, found in parts.items()}


def parts_of(kind: int, owner: int, text: str) -> list[dict[str, Any]]:
    """Return a text, which must be ASCII, as parts; equal ones get equal ids."""
    pieces = [text[at : at + _PART] for at in range(0, len(text), _PART)] or [""]
    return [
        {"id": number(kind, owner, at, piece), "kind": kind, "owner": owner, "part": at,
         "text": piece}
        for at, piece in enumerate(pieces)
    ]  # fmt: skip


def search_for(passages: int) -> dict[str, Any]:
    """Return the index of the vectors for a number of passages."""
    if passages <= FLAT_UP_TO:
        return {"index_type": "FLAT", "params": {}}
    return {"index_type": "HNSW", "params": {"M": 32, "efConstruction": 200}}


def _portions(items: Sequence[Any], size: int = _AT_ONCE) -> Iterator[Sequence[Any]]:
    return (items[at : at + size] for at in range(0, len(items), size))
