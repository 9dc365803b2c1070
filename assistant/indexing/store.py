"""Texts and passages in SQLite: written once with a generation, then read on demand.

Rows of passages are numbered from 0 in the order of the vectors; ``first_sentence`` and
the sentence count give the rows of a passage's sentence vectors.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.datatypes import Block, Document, Passage, Section, Sentence

_SCHEMA = """
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, position INTEGER, file TEXT, also TEXT,
                        meta TEXT, text TEXT, sections TEXT);
CREATE INDEX documents_by_file ON documents (file, position);
CREATE TABLE passages (row INTEGER PRIMARY KEY, passage_id TEXT UNIQUE, doc_id TEXT, title TEXT,
                       heading TEXT, kind TEXT, text TEXT, start INTEGER, end INTEGER,
                       page INTEGER, sentences TEXT, first_sentence INTEGER, content_hash TEXT);
CREATE TABLE words (word TEXT PRIMARY KEY, passages INTEGER) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX passages_by_content ON passages (content_hash);
CREATE INDEX passages_by_document ON passages (doc_id, row);
CREATE INDEX passages_by_kind ON passages (kind);
"""
_META = ("title", "source", "sha256", "kind", "url", "publisher", "published", "licence",
         "restates", "page_starts", "page_numbers", "page_unit", "language")  # fmt: skip
_DOCUMENT = "doc_id, also, meta, text, sections"
_CACHED_PASSAGES = 4_096
_AT_ONCE = 500  # rows of one SQL statement


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a list shows it; the text itself is left out.

    ``also`` names the other files with the same content.
    """

    doc_id: str
    title: str
    source: str
    kind: str
    publisher: str
    published: str
    sections: int
    passages: int
    also: tuple[str, ...] = ()


class StoreWriter:
    """Writes the database of a new generation."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self._documents = 0

    def add_document(self, document: Document, file: str) -> None:
        """Store a document of a file, with its structure."""
        meta = {name: getattr(document, name) for name in _META}
        sections = [
            [s.heading, s.kind, s.level, s.start, s.end,
             [[b.start, b.end, b.kind, b.level] for b in s.blocks]]
            for s in document.sections
        ]  # fmt: skip
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (document.doc_id, self._documents, file, "[]", _dump(meta), document.text,
             _dump(sections)),
        )  # fmt: skip
        self._documents += 1

    def add_names(self, file: str, also: Sequence[str]) -> None:
        """Store the names of other files with the content of one that is stored."""
        self._db.execute("UPDATE documents SET also = ? WHERE file = ?", (_dump(also), file))

    def add_passage(self, row: int, passage: Passage, first: int, content_hash: str) -> None:
        """Store a passage under its row; ``first`` is the row of its first sentence vector."""
        sentences = [[s.start, s.end, s.kind, s.list_start] for s in passage.sentences]
        self._db.execute(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (row, passage.passage_id, passage.doc_id, passage.title, _dump(passage.heading),
             passage.kind, passage.text, passage.start, passage.end, passage.page,
             _dump(sentences), first, content_hash),
        )  # fmt: skip

    def add_words(self, counts: Mapping[str, int]) -> None:
        """Store in how many passages each word as written (folded, not stemmed) occurs."""
        self._db.executemany("INSERT INTO words VALUES (?, ?)", sorted(counts.items()))

    def close(self) -> None:
        """Make the indexes, commit and close the file."""
        self._db.executescript(_INDEXES)
        self._db.commit()
        self._db.close()

    def abandon(self) -> None:
        """Close the file of a build that failed."""
        self._db.close()


class Store:
    """Reads the database of a generation; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(
            f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._cache: OrderedDict[int, tuple[Passage, int]] = OrderedDict()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _all(self, sql: str, values: Iterable[object] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, tuple(values)).fetchall()

    def passages(self, rows: Iterable[int]) -> list[tuple[Passage, int]]:
        """Return passages by row, in the order asked, each with its first sentence row."""
        wanted = [int(row) for row in rows]
        with self._lock:
            missing = sorted({row for row in wanted if row not in self._cache})
            for at in range(0, len(missing), _AT_ONCE):
                some = missing[at : at + _AT_ONCE]
                marks = ",".join("?" * len(some))
                sql = f"SELECT * FROM passages WHERE row IN ({marks})"
                for record in self._db.execute(sql, some):
                    self._cache[record[0]] = (passage_of(record), record[11])
            found = [self._cache[row] for row in wanted]
            while len(self._cache) > max(_CACHED_PASSAGES, len(wanted)):
                self._cache.popitem(last=False)
        return found

    def rows_where(self, column: str, value: object) -> list[int]:
        """Return the rows of the passages of one document ('doc_id') or kind ('kind')."""
        if column not in ("doc_id", "kind", "passage_id"):
            raise ValueError(f"passages are not looked up by {column}")
        found = self._all(f"SELECT row FROM passages WHERE {column} = ? ORDER BY row", (value,))
        return [row for (row,) in found]

    def words(self) -> list[tuple[str, int]]:
        """Return every folded word with the number of passages it occurs in."""
        return [(word, count) for word, count in self._all("SELECT * FROM words")]

    def word_count(self, word: str) -> int:
        """Return in how many passages a folded word occurs."""
        found = self._all("SELECT passages FROM words WHERE word = ?", (word,))
        return int(found[0][0]) if found else 0

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return (word, passages) of words with this initial and a length in these bounds."""
        found = self._all(
            "SELECT word, passages FROM words WHERE word >= ? AND word < ? "
            "AND length(word) BETWEEN ? AND ?",
            (initial, chr(ord(initial) + 1), shortest, longest),
        )
        return [(word, count) for word, count in found]

    def document(self, doc_id: str) -> Document | None:
        """Return a document, None when there is none of that id."""
        found = self._all(f"SELECT {_DOCUMENT} FROM documents WHERE doc_id = ?", (doc_id,))
        return document_of(*found[0]) if found else None

    def document_record(self, doc_id: str) -> list[str]:
        """Return a document as it is stored, for ``document_of``."""
        return list(self._all(f"SELECT {_DOCUMENT} FROM documents WHERE doc_id = ?", (doc_id,))[0])

    def passage_records(self) -> Iterator[tuple[Any, ...]]:
        """Yield every passage as it is stored, by row, for ``passage_of``."""
        last = -1
        while found := self._all(
            "SELECT * FROM passages WHERE row > ? ORDER BY row LIMIT ?", (last, _AT_ONCE)
        ):
            yield from found
            last = found[-1][0]

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of the corpus."""
        for (doc_id,) in self._all("SELECT doc_id FROM documents ORDER BY position"):
            document = self.document(doc_id)
            if document is not None:
                yield document

    def documents_of(self, file: str) -> Iterator[Document]:
        """Yield the documents of one file in order."""
        sql = "SELECT doc_id FROM documents WHERE file = ? ORDER BY position"
        for (doc_id,) in self._all(sql, (file,)):
            document = self.document(doc_id)
            if document is not None:
                yield document

    def passages_of(self, doc_id: str) -> list[Passage]:
        """Return the passages of a document in order, without keeping them."""
        sql = "SELECT * FROM passages WHERE doc_id = ? ORDER BY row"
        return [passage_of(record) for record in self._all(sql, (doc_id,))]

    def listing(self) -> list[Listed]:
        """Return every document in the order of the corpus, without its text."""
        found = self._all(
            "SELECT doc_id, also, meta, json_array_length(sections), (SELECT count(*) FROM "
            "passages p WHERE p.doc_id = d.doc_id) FROM documents d ORDER BY position"
        )
        listed = []
        for doc_id, also, meta, sections, passages in found:
            known = json.loads(meta)
            facts = {n: known[n] for n in ("title", "source", "kind", "publisher", "published")}
            names = tuple(json.loads(also))
            listed.append(Listed(doc_id, **facts, sections=sections, passages=passages, also=names))
        return listed

    def places(self, content_hashes: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        """Return content hash -> (row, first sentence row, number of sentences)."""
        marks = ",".join("?" * len(content_hashes))
        found = self._all(
            "SELECT content_hash, row, first_sentence, json_array_length(sentences) "
            f"FROM passages WHERE content_hash IN ({marks})",
            content_hashes,
        )
        return {key: (row, first, count) for key, row, first, count in found}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def passage_of(record: Sequence[Any]) -> Passage:
    """Return the passage of a row of the table."""
    _, passage_id, doc_id, title, heading, kind, text, start, end, page, sentences, _, _ = record
    return Passage(
        passage_id, doc_id, title, tuple(json.loads(heading)), kind, text, start, end, page,
        tuple(Sentence(*s) for s in json.loads(sentences)),
    )  # fmt: skip


def document_of(doc_id: str, also: str, meta: str, text: str, sections: str) -> Document:
    """Return the document of a row of the table, as ``document_record`` gives it."""
    known = json.loads(meta)
    known["page_starts"] = tuple(known["page_starts"])
    known["page_numbers"] = tuple(known["page_numbers"])
    return Document(
        doc_id=doc_id,
        text=text,
        also=tuple(json.loads(also)),
        sections=tuple(
            Section(tuple(path), kind, level, start, end, tuple(Block(*b) for b in blocks))
            for path, kind, level, start, end, blocks in json.loads(sections)
        ),
        **known,
    )
