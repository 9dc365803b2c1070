"""The frequently asked questions -> a page: grouped by document, searchable, each linkable.

An entry keeps its anchor for as long as its document and its question stay: the anchor is made
from those two, not from the place in the list.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.faq import FaqHit
from assistant.answering.faqdata import FaqEntry
from assistant.datatypes import Citation
from assistant.web.escaping import escape
from assistant.web.pages import (
    View,
    address_of,
    counted,
    cut,
    document_address,
    pager,
    source_note,
)
from assistant.web.render import quote_lines
from assistant.words import fold

PAGE = 50
NEAR = 0.45  # score from which an entry is near enough to what was typed to be offered
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with its anchor and its text as it is searched."""

    entry: FaqEntry
    anchor: str
    question: str
    answer: str


class FaqBook:
    """The items of the entries last seen, made again when the index has others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[FaqEntry, ...] | None = None
        self._items: tuple[Item, ...] = ()

    def items(self, entries: tuple[FaqEntry, ...]) -> tuple[Item, ...]:
        """Return an item for each entry, in the order of the corpus."""
        with self._lock:
            if self._seen is not entries:
                self._items = _items(entries)
                self._seen = entries
            return self._items


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of the view: words to search for, a page, an entry to open."""

    query: str = ""
    page: int = 1
    entry: str = ""


def faq_view(items: Sequence[Item], asked: Asked, hits: Sequence[FaqHit] = ()) -> View:
    """Return the view; ``hits`` are the entries nearest to the query by meaning, best first."""
    found = find(items, asked.query, hits) if asked.query else list(items)
    page = asked.page
    if asked.entry:
        page = 1 + next((n for n, i in enumerate(found) if i.anchor == asked.entry), 0) // PAGE
    page, pages, first = cut(found, page, PAGE)
    shown = found[first : first + PAGE]
    if asked.query:
        body = "".join(_entry(item, asked.entry, named=True) for item in shown)
    else:
        body = _grouped(shown, asked.entry)
    if not items:
        body = "<p>The documents hold no frequently asked questions.</p>"
    elif not found:
        body = _nothing(asked.query)
    more = pager("/faq", page, pages, q=asked.query)
    return View(
        "/faq",
        "Frequently asked questions",
        f"{_form(asked.query) if items else ''}"
        f'<p class="view-status" id="faq-status" role="status">'
        f"{escape(_status(asked.query, found, items))}</p>"
        f'<div id="faq-results">{body}{more}</div>',
        lead="The questions that the documents themselves ask, each with its whole answer, word "
        "for word.",
    )


def find(items: Sequence[Item], query: str, hits: Sequence[FaqHit]) -> list[Item]:
    """Return the items that hold every word typed, or mean nearly the same, best first.

    A question that asks the same stands first, then what holds the words in the question, then
    what is near in meaning, then what holds the words only in the answer.
    """
    words = fold(query).split()
    near = {h.faq_id: h for h in hits if h.score >= NEAR}
    ranked: list[tuple[int, float, int, Item]] = []
    for at, item in enumerate(items):
        hit = near.get(item.entry.faq_id)
        in_question = all(word in item.question for word in words)
        if hit is not None and hit.probability > 0:
            kind = 0
        elif in_question:
            kind = 1
        elif hit is not None:
            kind = 2
        elif all(word in item.question or word in item.answer for word in words):
            kind = 3
        else:
            continue
        ranked.append((kind, -hit.score if hit else 0.0, at, item))
    return [item for *_, item in sorted(ranked, key=lambda r: r[:3])]


def anchor_of(entry: FaqEntry) -> str:
    """Return the permanent name of an entry, as ``#faq-`` links have it."""
    slug = _SLUG.sub("-", fold(entry.question)).strip("-")[:48].strip("-")
    place = f"{entry.passage.doc_id}\0{entry.question}".encode("utf-8", "surrogatepass")
    return "-".join(filter(None, (slug, hashlib.sha256(place).hexdigest()[:6])))


def _items(entries: Sequence[FaqEntry]) -> tuple[Item, ...]:
    items, taken = [], set[str]()
    for entry in entries:
        anchor = name = anchor_of(entry)
        again = 1
        while anchor in taken:
            again += 1
            anchor = f"{name}-{again}"
        taken.add(anchor)
        items.append(Item(entry, anchor, fold(entry.question), fold(entry.answer)))
    return tuple(items)


def _form(query: str) -> str:
    return (
        '<form class="view-search" role="search" action="/faq" method="get" data-live="faq">'
        '<label for="faq-q">Search the questions</label><div class="view-row">'
        f'<input type="search" id="faq-q" name="q" value="{escape(query)}" maxlength="500" '
        'autocomplete="off" spellcheck="false"><button type="submit">Search</button></div></form>'
    )


def _status(query: str, found: Sequence[Item], items: Sequence[Item]) -> str:
    if query:
        return f"{counted(len(found), 'question')} for “{query}”" if found else "Nothing found"
    documents = len({item.entry.passage.doc_id for item in items})
    if not items:
        return ""
    return f"{counted(len(items), 'question')} in {counted(documents, 'document')}"


def _nothing(query: str) -> str:
    return (
        f"<p>No question matches “{escape(query)}”. The documents may still say something of it: "
        f'<a href="{address_of("/", q=query)}">ask it in the chat</a>, or '
        '<a href="/faq">see all questions</a>.</p>'
    )


def _grouped(items: Sequence[Item], opened: str) -> str:
    """Return the items under their documents and, within those, under their topics."""
    parts = []
    for doc_id, group in groupby(items, key=lambda i: i.entry.passage.doc_id):
        members = list(group)
        title = members[0].entry.passage.title
        parts.append(
            f'<section class="faq-group"><h2><a href="{document_address(doc_id)}">'
            f"{escape(title)}</a></h2>"
        )
        for topic, entries in groupby(members, key=lambda i: i.entry.topic):
            if topic and topic != title:
                parts.append(f"<h3>{escape(topic)}</h3>")
            parts += [_entry(item, opened) for item in entries]
        parts.append("</section>")
    return "".join(parts)


def _entry(item: Item, opened: str, named: bool = False) -> str:
    entry = item.entry
    passage = entry.passage
    citation = Citation(
        1, passage.doc_id, passage.title, passage.heading, passage.text,
        passage.start, passage.end, passage.page,
    )  # fmt: skip
    about = f'<span class="vh">: {escape(entry.question)}</span>'
    origin = f'<span class="faq-origin">{escape(passage.title)}</span>' if named else ""
    link = address_of("/faq", entry=item.anchor) + f"#faq-{item.anchor}"
    unfolded = ' open=""' if item.anchor == opened else ""
    return (
        f'<details class="faq-item" id="faq-{item.anchor}"{unfolded}>'
        f'<summary><span class="faq-question">{escape(entry.question)}</span>{origin}</summary>'
        f'<div class="faq-answer"><q>{quote_lines(entry.answer)}</q></div>{source_note(citation)}'
        f'<p class="view-links"><a href="{address_of("/", q=entry.question)}">Ask this{about}</a>'
        f'<a href="{link}">Link{about}</a></p></details>'
    )
