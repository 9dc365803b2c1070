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
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from assistant.datatypes import Block, Document, Section, SectionKind
from assistant.indexing.passages import section_sentences
from assistant.web.pages import View, address_of
from assistant.web.render import escape
from assistant.words import fold

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
_SLUG = re.compile(r"[\W_]+")
_CONTENTS_FROM = 4  # headings from which a table of contents helps
_CONTENTS_MOST = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document's text to highlight; empty when start equals end."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: where its block starts, its level from 2, id and text."""

    start: int
    level: int
    ident: str
    text: str


def document_view(document: Document, span: Span = Span()) -> View:
    """Return the view of a document with a slice of it highlighted."""
    headings = headings_of(document)
    writer = _Writer(document, span, _sentences(document), {h.start: h for h in headings},
                     _neighbours(headings))  # fmt: skip
    body = "".join(writer.section(section) for section in document.sections)
    # Text is escaped, so the first <mark> is the writer's own.
    body = body.replace("<mark>", f'<mark id="c{span.start}-{span.end}">', 1)
    ask = address_of("/", q=f"What is “{document.title}” about?")
    return View(
        "/doc/",
        document.title,
        f'{_facts(document)}<p class="view-links"><a href="{ask}">Ask about this document</a>'
        f'<a href="/doc/">All sources</a></p>{_contents(headings)}{body}',
        kind="reader",
    )


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


def headings_of(document: Document) -> list[Heading]:
    """Return the headings of a document but its title, each with an id of its own."""
    found: list[Heading] = []
    taken: dict[str, int] = {}
    for section in document.sections:
        for block in section.blocks:
            text = document.text[block.start : block.end]
            if block.kind != "heading" or text.strip() == document.title:
                continue
            slug = _SLUG.sub("-", fold(text)).strip("-")[:60].strip("-") or "part"
            taken[slug] = taken.get(slug, 0) + 1
            again = f"-{taken[slug]}" if taken[slug] > 1 else ""
            level = min(max(block.level, 2), 6)
            found.append(Heading(block.start, level, f"h-{slug}{again}", text))
    return found


@dataclass(frozen=True, slots=True)
class _Writer:
    document: Document
    span: Span
    sentences: _Sentences
    headings: dict[int, Heading]
    neighbours: dict[int, tuple[Heading | None, Heading | None]]

    def section(self, section: Section) -> str:
        """Return a section; kinds that change how a text is to be read carry a label."""
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
        return _steps(*self.neighbours.get(block.start, (None, None))) + shown

    def _text(self, start: int, end: int) -> str:
        """Return a slice of the text, each of its sentences in an element with its id."""
        parts, at = [], start
        number = self.sentences.first_from(start)
        while self.sentences.start_of(number) < end:
            low, high = self.sentences.spans[number]
            parts.append(
                f'{self._marked(at, low)}<span id="s{number}">{self._marked(low, high)}</span>'
            )
            at = high
            number += 1
        return "".join(parts) + self._marked(at, end)

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


def _sentences(document: Document) -> _Sentences:
    return _Sentences(sentences_of(document))


def _neighbours(headings: Sequence[Heading]) -> dict[int, tuple[Heading | None, Heading | None]]:
    """Return for each heading of the top level the ones before and after it, by its start."""
    if len(headings) < _CONTENTS_FROM:
        return {}
    top = [h for h in headings if h.level == 2]
    around = zip([None, *top], [*top[1:], None], strict=False)
    return {h.start: pair for h, pair in zip(top, around, strict=False)}


def _steps(before: Heading | None, after: Heading | None) -> str:
    links = "".join(
        f'<a href="#{heading.ident}"><span aria-hidden="true">{arrow}</span>'
        f'<span class="vh">{word} section: {escape(heading.text)}</span></a>'
        for heading, arrow, word in ((before, "↑", "Previous"), (after, "↓", "Next"))
        if heading is not None
    )
    return f'<p class="doc-steps">{links}</p>' if links else ""


def _contents(headings: Sequence[Heading]) -> str:
    """Return the table of contents of a long document, folded."""
    if len(headings) < _CONTENTS_FROM:
        return ""
    shown = [h for h in headings if h.level <= 3]
    if len(shown) > _CONTENTS_MOST:
        shown = [h for h in shown if h.level == 2]
    rows = "".join(
        f'<li class="depth-{heading.level - 1}"><a href="#{heading.ident}">'
        f"{escape(heading.text)}</a></li>"
        for heading in shown
    )
    return (
        '<details class="doc-contents"><summary>Contents</summary>'
        f'<nav aria-label="Contents"><ol>{rows}</ol></nav></details>'
    )


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
