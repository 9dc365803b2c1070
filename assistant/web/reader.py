"""A document -> a plain HTML page that works without JavaScript.

The text is shown by the blocks of its sections, so every character keeps its offset and any
slice can be marked: the part of each block inside the slice is marked, and the first mark
carries the id ``c{start}-{end}`` that links point to. Each sentence carries the id ``s{n}``,
``n`` counting the sentences of the document from 0, and each heading ``h-{its words}``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlsplit

from assistant.datatypes import Block, Document, Section, SectionKind
from assistant.indexing.passages import section_sentences
from assistant.lately import Lately
from assistant.web.contents import (
    Heading,
    Neighbours,
    contents_of,
    headings_of,
    neighbours_of,
    steps_of,
)
from assistant.web.escaping import escape
from assistant.web.pages import View, address_of

LABELS: dict[SectionKind, str] = {
    "faq": "Question and answer",
    "myth": "Myth",
    "reality": "Reality",
    "belief": "Why people believe it",
    "scenario": "Example situation",
    "notice": "Notice",
    "takeaways": "Key points",
}
_NUMBER = re.compile(r"(\d{1,4})[.)] \Z")
_KEPT = 4  # documents


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document's text to highlight; empty when start equals end."""

    start: int = 0
    end: int = 0


class Reader:
    """Makes the views of documents; the last few are kept, for a large one takes a second."""

    def __init__(self) -> None:
        self._kept: Lately[tuple[str, str], _Rendered] = Lately(_KEPT)

    def view(self, document: Document, span: Span = Span()) -> View:
        """Return the view of a document with a slice of it highlighted."""
        key = document.doc_id, document.sha256
        rendered = self._kept.get(key, lambda: _rendered(document))
        body = "".join(
            rendered.writer.section(section, span)
            if section.start < span.end and span.start < section.end
            else shown
            for section, shown in zip(document.sections, rendered.sections, strict=True)
        )
        # Text is escaped, so the first <mark> is the writer's own.
        body = body.replace("<mark>", f'<mark id="c{span.start}-{span.end}">', 1)
        ask = address_of("/", doc=document.doc_id)
        return View(
            "/doc/",
            document.title,
            f'{_facts(document)}<p class="view-links"><a href="{ask}">Ask only this document</a>'
            f'<a href="/doc/">All sources</a></p>{rendered.contents}{body}',
            kind="reader",
        )


def _rendered(document: Document) -> _Rendered:
    headings = headings_of(document)
    writer = _Writer(document, _Sentences(sentences_of(document)),
                     {h.start: h for h in headings}, neighbours_of(headings))  # fmt: skip
    sections = tuple(writer.section(section) for section in document.sections)
    return _Rendered(writer, sections, contents_of(headings))


def sentences_of(document: Document) -> list[tuple[int, int]]:
    """Return the (start, end) of the sentences of a document; the n-th has the id ``s{n}``.

    Headings, labels and what belongs to the page and not to the text are no sentences; a list
    item and a table row is one.
    """
    spans = [
        (sentence.start, sentence.end)
        for section in document.sections
        for group in section_sentences(document.text, section)
        for sentence in group
    ]
    return sorted(spans)


@dataclass(frozen=True, slots=True)
class _Writer:
    document: Document
    sentences: _Sentences
    headings: dict[int, Heading]
    neighbours: Neighbours
    span: Span = Span()

    def section(self, section: Section, span: Span = Span()) -> str:
        """Return a section; kinds that change how a text is to be read carry a label."""
        return replace(self, span=span)._section(section)

    def _section(self, section: Section) -> str:
        blocks = [b for b in section.blocks if not self._is_title(b)]
        if not blocks:
            return ""
        label = "" if blocks[0].kind == "label" else self._label(section, blocks)
        runs = "".join(self._run(kind, list(run)) for kind, run in groupby(blocks, _run_kind))
        return f'<section class="kind-{section.kind}">{label}{runs}</section>'

    def _is_title(self, block: Block) -> bool:
        text = self.document.text[block.start : block.end]
        return block.kind == "heading" and text.strip() == self.document.title

    def _label(self, section: Section, blocks: list[Block]) -> str:
        name = LABELS.get(section.kind, "")
        opening = self.document.text[blocks[0].start : blocks[0].end].casefold()
        if not name or opening.startswith(name.casefold()):
            return ""
        return f'<p class="label">{name}</p>'

    def _run(self, kind: str, blocks: list[Block]) -> str:
        if kind == "item":
            return f"<ul>{''.join(self._item(b) for b in blocks)}</ul>"
        if kind == "step":
            return f"<ol>{''.join(self._item(b) for b in blocks)}</ol>"
        if kind == "row":
            rows = "".join(f"<tr{self._row_id(b)}>{self._cells(b)}</tr>" for b in blocks)
            return f'<div class="table"><table>{rows}</table></div>'
        return "".join(self._block(b) for b in blocks)

    def _block(self, block: Block) -> str:
        text = self._text(block.start, block.end)
        if block.kind == "heading":
            return self._heading(block, text)
        if block.kind == "code":
            return f"<pre>{text}</pre>"
        if block.kind in ("label", "furniture"):
            return f'<p class="{block.kind}">{text}</p>'
        return f"<p>{text}</p>"

    def _item(self, block: Block) -> str:
        found = _NUMBER.search(self.document.text[max(0, block.start - 8) : block.start])
        value = f' value="{found.group(1)}"' if found else ""
        depth = min(max(block.level, 1), 6)
        return f'<li class="depth-{depth}"{value}>{self._text(block.start, block.end)}</li>'

    def _cells(self, block: Block) -> str:
        at, cells = block.start, []
        for cell in self.document.text[block.start : block.end].split(" | "):
            cells.append(f"<td>{self._marked(at, at + len(cell))}</td>")
            at += len(cell) + len(" | ")
        return "".join(cells)

    def _row_id(self, block: Block) -> str:
        number = self.sentences.first_from(block.start)
        return f' id="s{number}"' if self.sentences.start_of(number) < block.end else ""

    def _heading(self, block: Block, text: str) -> str:
        heading = self.headings.get(block.start)
        if heading is None:
            level = min(max(block.level, 2), 6)
            return f"<h{level}>{text}</h{level}>"
        shown = f'<h{heading.level} id="{heading.ident}">{text}</h{heading.level}>'
        return steps_of(*self.neighbours.get(block.start, (None, None))) + shown

    def _text(self, start: int, end: int) -> str:
        """Return a slice of the text, with its sentences and what is highlighted of it.

        A highlight of several sentences is one element around them, so that it reads, and is
        found, as one quote; a sentence that it cuts has its id where it begins.
        """
        low, high = max(start, self.span.start), min(end, self.span.end)
        if low >= high or self.sentences.first_from(low + 1) == self.sentences.first_from(high):
            return self._numbered(start, end)
        return (
            f"{self._numbered(start, low, plain=True)}<mark>{self._numbered(low, high, plain=True)}"
            f"</mark>{self._numbered(high, end, plain=True)}"
        )

    def _numbered(self, start: int, end: int, plain: bool = False) -> str:
        """Return a slice of the text, each sentence that begins in it in an element with its id."""
        shown = self._plain if plain else self._marked
        parts, at = [], start
        number = self.sentences.first_from(start)
        while self.sentences.start_of(number) < end:
            low, high = self.sentences.spans[number]
            high = min(high, end)
            parts.append(f'{shown(at, low)}<span id="s{number}">{shown(low, high)}</span>')
            at = high
            number += 1
        return "".join(parts) + shown(at, end)

    def _plain(self, start: int, end: int) -> str:
        return escape(self.document.text[start:end])

    def _marked(self, start: int, end: int) -> str:
        """Return a slice of the text, with the part of it that is highlighted marked."""
        low, high = max(start, self.span.start), min(end, self.span.end)
        text = self.document.text
        if low >= high:
            return escape(text[start:end])
        marked = f"<mark>{escape(text[low:high])}</mark>"
        return escape(text[start:low]) + marked + escape(text[high:end])


@dataclass(frozen=True, slots=True)
class _Sentences:
    spans: Sequence[tuple[int, int]]

    def first_from(self, offset: int) -> int:
        """Return the number of the first sentence that starts at an offset or after it."""
        return bisect_left(self.spans, (offset, 0))

    def start_of(self, number: int) -> float:
        """Return where a sentence starts, beyond all texts for one that is not there."""
        return self.spans[number][0] if number < len(self.spans) else float("inf")


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A document's sections as HTML with nothing marked, in order, and its contents."""

    writer: _Writer
    sections: tuple[str, ...]
    contents: str


def _run_kind(block: Block) -> str:
    return block.kind if block.kind in ("item", "step", "row") else ""


def _facts(document: Document) -> str:
    """Return what is known about a document's origin; only web addresses become links."""
    facts = [document.kind, document.publisher, _dated(document.published), document.licence]
    lines = [escape(" · ".join(fact for fact in facts if fact)), escape(document.restates)]
    if urlsplit(document.url).scheme in ("http", "https"):
        url = escape(document.url)
        lines.append(f'Source: <a rel="noopener noreferrer" href="{url}">{url}</a>')
    shown = "".join(f'<p class="facts">{line}</p>' for line in lines if line)
    return f'<div class="about">{shown}</div>'


def _dated(published: str) -> str:
    return f"published {published}" if published[:1].isdigit() else published
