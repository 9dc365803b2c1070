"""pathway.toml: what acts on what in one corpus, each relation with the words that state it.

The file is optional. Every quote has to stand in its document exactly once, so that a citation
cannot be wrong; a file with a mistake is refused whole, with one sentence that names the place.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from assistant.datatypes import (
    Citation,
    Document,
    EdgeKind,
    NodeKind,
    Pathway,
    PathwayEdge,
    PathwayNode,
)
from assistant.errors import FileProblem, why_unread

FILE_NAME = "pathway.toml"
MAX_BYTES, MAX_NODES, MAX_EDGES, MAX_ROWS = 1_000_000, 100, 250, 60
_MAX_LABEL = 80
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_TOP = ("title", "description", "nodes", "edges")
_NODE = ("id", "label", "kind", "row", "document", "quote")
_EDGE = ("from", "to", "kind", "says", "document", "quote")

FindDocument = Callable[[str], Document | None]
Table = dict[str, Any]


def read_pathway(corpus: Path, document: FindDocument) -> Pathway | None:
    """Return the pathway map of a corpus, None when it has no such file.

    ``document`` gives the document of an id, None when there is none.

    Raises:
        FileProblem: When the file cannot be used; the reason names the entry and the remedy.
    """
    path = corpus / FILE_NAME
    if not path.is_file():
        return None
    loaded = _load(path)
    _check_fields(loaded, _TOP, "the file")
    reader = _Reader(document)
    nodes = [reader.node(n, table) for n, table in _tables(loaded, "nodes", MAX_NODES)]
    for node in nodes:
        if node.id in reader.labels:
            _fail(f"two nodes have the id '{node.id}'; give one of them another id")
        reader.labels[node.id] = node.label
    edges = [reader.edge(n, table) for n, table in _tables(loaded, "edges", MAX_EDGES)]
    title = _text(loaded, "title", "the file") or "Pathway map"
    description = _text(loaded, "description", "the file")
    return Pathway(title, tuple(nodes), tuple(edges), description)


def _load(path: Path) -> Table:
    try:
        if path.stat().st_size > MAX_BYTES:
            _fail("it is over 1 MB; keep only what belongs on one map")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        _fail(f"it is not TOML ({error}); mend it there")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{why_unread(error)}; save it as UTF-8 that may be read")


class _Reader:
    """Turns tables into nodes and edges; numbers each cited passage once, in order."""

    def __init__(self, document: FindDocument) -> None:
        self.document = document
        self.labels: dict[str, str] = {}
        self._numbers: dict[tuple[str, int, int], int] = {}

    def node(self, number: int, table: Table) -> PathwayNode:
        """Return a node; its quote is optional."""
        where = f"node {number}"
        ident = _text(table, "id", where)
        if not _ID.fullmatch(ident):
            _fail(f"{where} has no usable id; give it one of letters, digits, '-', '_' and '.'")
        where = f"node '{ident}'"
        _check_fields(table, _NODE, where)
        kind = cast(NodeKind, _choice(table, get_args(NodeKind), where, "molecule"))
        row = table.get("row")
        if row is not None and (type(row) is not int or not 0 <= row < MAX_ROWS):
            _fail(f"the row of {where} must be a whole number from 0 to {MAX_ROWS - 1}; mend it")
        label = _text(table, "label", where) or ident
        if len(label) > _MAX_LABEL:
            _fail(f"the label of {where} is over {_MAX_LABEL} characters; shorten it")
        cited = "quote" in table or "document" in table
        return PathwayNode(ident, label, kind, row, self._citation(table, where) if cited else None)

    def edge(self, number: int, table: Table) -> PathwayEdge:
        """Return an edge between two nodes that are known."""
        where = f"edge {number}"
        ends = [self._end(table, name, where) for name in ("from", "to")]
        where = f"edge {number} ({ends[0]} -> {ends[1]})"
        _check_fields(table, _EDGE, where)
        if ends[0] == ends[1]:
            _fail(f"{where} joins a node to itself; name another node")
        kind = cast(EdgeKind, _choice(table, get_args(EdgeKind), where))
        citation = self._citation(table, where)
        says = _text(table, "says", where)
        if says not in citation.quote:
            _fail(f"'says' of {where} is not in its quote; take its words from the quote")
        return PathwayEdge(ends[0], ends[1], kind, citation, says)

    def _end(self, table: Table, name: str, where: str) -> str:
        ident = _text(table, name, where)
        if not ident:
            _fail(f"{where} has no '{name}'; name the id of a node")
        if ident not in self.labels:
            _fail(f"{where} names the node '{ident}', which is not there; add it or mend the id")
        return ident

    def _citation(self, table: Table, where: str) -> Citation:
        quote = table.get("quote", "")
        name = _text(table, "document", where)
        if not name:
            _fail(f"{where} has no 'document'; name the one its quote stands in")
        if not isinstance(quote, str) or not quote.strip():
            _fail(f"{where} has no 'quote'; copy the words that state it from {name}")
        document = self.document(name)
        if document is None:
            _fail(f"{where} names the document '{name}', which is not in the corpus; mend the name")
        start = document.text.find(quote)
        if start < 0:
            _fail(f"the quote of {where} is not in {name} as written; copy it from there")
        if document.text.find(quote, start + 1) >= 0:
            _fail(f"the quote of {where} stands in {name} more than once; quote more of its place")
        citation = _cite(document, start, start + len(quote))
        key = (name, citation.start, citation.end)
        return replace(citation, number=self._numbers.setdefault(key, len(self._numbers) + 1))


def _cite(document: Document, start: int, end: int) -> Citation:
    """Return the citation of a range of a document, still without its number."""
    heading = next((s.heading for s in document.sections if s.start <= start < s.end), ())
    pages = document.page_starts
    return Citation(
        number=0,
        doc_id=document.doc_id,
        title=document.title,
        heading=heading,
        quote=document.text[start:end],
        start=start,
        end=end,
        page=bisect_right(pages, start) if pages else None,
        url=document.url,
    )


def _tables(loaded: Table, field: str, limit: int) -> list[tuple[int, Table]]:
    """Return the entries of an array of tables, numbered from 1."""
    found = loaded.get(field)
    if not isinstance(found, list) or not found or not all(isinstance(t, dict) for t in found):
        _fail(f"it has no [[{field}]]; add one for each of its {field}, or remove the file")
    if len(found) > limit:
        _fail(f"it has {len(found)} {field}, over the limit of {limit}; leave some out")
    return list(enumerate(found, start=1))


def _check_fields(table: Table, known: tuple[str, ...], where: str) -> None:
    for name in table:
        if name not in known:
            _fail(f"{where} has an unknown field '{name}'; known are {', '.join(known)}")


def _text(table: Table, name: str, where: str) -> str:
    """Return a text with its white space made single spaces, empty when it is not given."""
    value = table.get(name, "")
    if not isinstance(value, str):
        _fail(f"'{name}' of {where} must be text in quotes; mend it")
    return " ".join(value.split())


def _choice(table: Table, known: tuple[str, ...], where: str, default: str = "") -> str:
    value = _text(table, "kind", where) or default
    if value not in known:
        _fail(f"the kind of {where} is '{value}'; known are {', '.join(known)}")
    return value


def _fail(reason: str) -> NoReturn:
    raise FileProblem(FILE_NAME, reason)
