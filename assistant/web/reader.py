"""A document -> a plain HTML page that works without JavaScript.

The text is shown by the blocks of its sections, so every character keeps its offset and any
slice can be marked: the part of each block inside the slice is marked, and the first mark
carries the id ``c{start}-{end}`` that links point to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote as quote_url
from urllib.parse import urlsplit

from assistant.datatypes import Block, Document, Section, SectionKind
from assistant.web.escaping import escape

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


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document's text to highlight; empty when start equals end."""

    start: int = 0
    end: int = 0


def document_page(document: Document, disclaimer: str, span: Span = Span()) -> str:
    """Return the page of a document with a slice of it highlighted."""
    writer = _Writer(document, span)
    body = "".join(writer.section(section) for section in document.sections)
    # Text is escaped, so the first <mark> is the writer's own.
    body = body.replace("<mark>", f'<mark id="c{span.start}-{span.end}">', 1)
    return _page(
        document.title,
        f'<nav><a href="/">Ask a question</a> <a href="/doc/">All documents</a></nav>'
        f"<main><h1>{escape(document.title)}</h1>{_facts(document)}{body}</main>"
        f"{_footer(disclaimer)}",
    )


def list_page(title: str, documents: Iterable[tuple[str, str]], more: int, disclaimer: str) -> str:
    """Return the list of documents, each an (id, title); ``more`` counts those left out."""
    rows = "".join(
        f'<li><a href="/doc/{escape(quote_url(doc_id, safe="/"))}">{escape(name)}</a></li>'
        for doc_id, name in documents
    )
    rest = f"<p>and {more:,} more.</p>" if more else ""
    return _page(
        f"Documents: {title}",
        f'<nav><a href="/">Ask a question</a></nav><main><h1>Documents</h1>'
        f"<p>{escape(title)}</p><ul>{rows}</ul>{rest}</main>{_footer(disclaimer)}",
    )


def problem_page(sentence: str) -> str:
    """Return a page that holds one sentence, for what is not there."""
    return _page(
        "Not found",
        f'<nav><a href="/">Ask a question</a> <a href="/doc/">All documents</a></nav>'
        f"<main><h1>Not found</h1><p>{escape(sentence)}</p></main>",
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    document: Document
    span: Span

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
            rows = "".join(f"<tr>{self._cells(b)}</tr>" for b in blocks)
            return f'<div class="table"><table>{rows}</table></div>'
        return "".join(self._block(b) for b in blocks)

    def _block(self, block: Block) -> str:
        text = self._text(block.start, block.end)
        if block.kind == "heading":
            level = min(max(block.level, 2), 6)
            return f"<h{level}>{text}</h{level}>"
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
            cells.append(f"<td>{self._text(at, at + len(cell))}</td>")
            at += len(cell) + len(" | ")
        return "".join(cells)

    def _text(self, start: int, end: int) -> str:
        """Return a slice of the text, with the part of it that is highlighted marked."""
        low, high = max(start, self.span.start), min(end, self.span.end)
        text = self.document.text
        if low >= high:
            return escape(text[start:end])
        marked = f"<mark>{escape(text[low:high])}</mark>"
        return escape(text[start:low]) + marked + escape(text[high:end])


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


def _footer(disclaimer: str) -> str:
    return f'<footer><p role="note">{escape(disclaimer)}</p></footer>'


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/static/app.css">'
        '<script src="/static/app.js" defer></script></head>'
        f'<body class="reader">{body}</body></html>'
    )
