"""An element of HTML -> blocks: headings, paragraphs, lists, tables, notices, questions.

Reads web pages and the chapters of EPUB books alike. It decides nothing about what belongs
to the main content; inline markup is dropped, so a quote reads as it does on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from assistant.datatypes import BlockKind
from assistant.reading.labels import label_of
from assistant.reading.plaintext import normalise, reads_like_heading
from assistant.reading.writer import TextWriter, clean, raised

_BLOCKS = frozenset(
    """address article aside blockquote body center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table
    tbody td tfoot th thead tr ul caption legend""".split()
)
_SKIP = frozenset("script style noscript template svg math head title img rt rp".split())
_HEADING = re.compile(r"h([1-6])$")
_NOTICE = re.compile(
    r"(^|[\s_-])(admonition|alert|callout|caution|danger|disclaimer|warning)([\s_-]|$)", re.I
)
_NESTED = ".//table|.//ul|.//ol|.//h1|.//h2|.//h3|.//h4"
_BOLD = ("b", "strong")
_MAX_DEPTH = 150  # of elements that are told apart; deeper ones give their text


def write_blocks(writer: TextWriter, root: Any) -> None:
    """Write the blocks of an element and of what is in it, in the order of the document."""
    walk = _Walk(writer)
    walk.children(root, 0)
    walk.flush()


class _Walk:
    """One pass over the elements; ``text`` is the block that is open now."""

    def __init__(self, writer: TextWriter) -> None:
        self.writer = writer
        self.text: list[str] = []
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self.last_heading = 1
        self.asking = False
        self.lists: list[int | None] = []
        self.fresh_item = False
        self.tight = False
        self.notice = 0

    def children(self, element: Any, depth: int) -> None:
        """Take in an element's text and children."""
        self.text.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str) and depth < _MAX_DEPTH:
                self.element(child, depth + 1)
            elif isinstance(child.tag, str):
                self.text.extend(child.itertext())
            self.text.append(child.tail or "")

    def element(self, element: Any, depth: int) -> None:
        """Take in one element: inline ones extend the open block, others close it."""
        tag = element.tag.lower()
        if tag in _SKIP or (element.get("aria-hidden") == "true" and tag not in _BLOCKS):
            return
        if tag == "br":
            self._line_break()
        elif tag == "sup":
            content = "".join(element.itertext())
            self.text.append(raised("".join(self.text[-6:]).rstrip(), content))
        elif tag in _BLOCKS:
            self.flush()
            opens_notice = self._is_notice(element)
            self.notice += opens_notice
            getattr(self, f"_{tag}", self._block)(element, depth)
            self.flush()
            self.notice -= opens_notice
        else:
            self.children(element, depth)

    def flush(self) -> None:
        """Write the open block."""
        content = clean("".join(self.text))
        self.text.clear()
        if content:
            self._write(content)

    def _write(self, content: str) -> None:
        if self.kind == "paragraph" and self.lists and self.fresh_item:
            number = self.lists[-1]
            self.writer.add(
                content,
                "item" if number is None else "step",
                level=len(self.lists),
                marker="  " * (len(self.lists) - 1) + ("- " if number is None else f"{number}. "),
                tight=self.tight,
                notice=bool(self.notice),
            )
            self.fresh_item, self.tight = False, True
            return
        self.writer.add(content, self.kind, level=self.level, notice=bool(self.notice))
        self.tight = False

    def _is_notice(self, element: Any) -> bool:
        names = f"{element.get('class', '')} {element.get('role', '')}"
        return bool(_NOTICE.search(names)) and element.tag not in ("body", "main", "article")

    def _line_break(self) -> None:
        """A forced line end parts paragraphs where the line before it is complete."""
        line = "".join(self.text).rstrip()
        if self.kind == "paragraph" and not self.fresh_item and line.endswith((".", "?", "!", ":")):
            self.flush()
        else:
            self.text.append(" ")

    def _block(self, element: Any, depth: int) -> None:
        self.children(element, depth)

    def _p(self, element: Any, depth: int) -> None:
        if self._is_bold_heading(element):
            self._heading(element, self._minor_level())
        else:
            self.children(element, depth)

    def _is_bold_heading(self, element: Any) -> bool:
        inner = [child for child in element if isinstance(child.tag, str) and child.tag != "br"]
        if len(inner) != 1 or inner[0].tag not in _BOLD or self.lists:
            return False
        content = clean("".join(element.itertext()))
        alone = content == clean("".join(inner[0].itertext()))
        return alone and reads_like_heading(content) and label_of(content) in ("", "myth")

    def _heading(self, element: Any, level: int) -> None:
        self.kind, self.level = "heading", level
        content = clean("".join(_visible(element)))
        self.text.append(content.rstrip("¶#§ "))
        self.flush()
        self.kind, self.level = "paragraph", 0

    def _h1(self, element: Any, _depth: int) -> None:
        level = int(element.tag[1])
        self._heading(element, level)
        self.last_heading = level
        self.asking = clean("".join(element.itertext())).endswith("?")

    def _minor_level(self) -> int:
        """Return the level of a heading that is none by its element: below the last that is.

        Questions stand side by side, whatever elements they are set in.
        """
        return self.last_heading if self.asking else min(self.last_heading + 1, 6)

    _h2 = _h3 = _h4 = _h5 = _h6 = _h1

    def _summary(self, element: Any, _depth: int) -> None:
        inner = element.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6")
        self._heading(element, int(inner[0].tag[1]) if inner else self._minor_level())

    def _dl(self, element: Any, depth: int) -> None:
        for term in element.xpath("./dt|./div/dt"):
            if clean("".join(term.itertext())).endswith("?"):
                term.tag = "summary"
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, depth + 1)

    def _dt(self, element: Any, depth: int) -> None:
        """A term and its definition read as one item: 'term: definition'."""
        definition = element.getnext()
        simple = definition is not None and definition.tag == "dd" and not definition.xpath(_NESTED)
        self.children(element, depth)
        if simple and definition is not None:
            term = clean("".join(self.text)).rstrip(":")
            meaning = clean(" ".join(definition.itertext()))
            self.text[:] = [f"{term}: {meaning}"]
            for child in list(definition):
                definition.remove(child)
            definition.text = ""
            self.lists.append(None)
            self.fresh_item = True
            self.flush()
            self.lists.pop()

    def _ul(self, element: Any, depth: int) -> None:
        self.lists.append(None if element.tag == "ul" else _number(element.get("start")))
        self.tight = len(self.lists) > 1
        self.children(element, depth)
        self.flush()
        self.lists.pop()
        self.tight = bool(self.lists)

    _ol = _ul

    def _li(self, element: Any, depth: int) -> None:
        self.fresh_item = bool(self.lists)
        self.children(element, depth)
        self.flush()
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
        self.fresh_item = False

    def _pre(self, element: Any, _depth: int) -> None:
        self.writer.add(normalise("".join(element.itertext())).strip(), "code")

    def _table(self, element: Any, depth: int) -> None:
        rows = [row for row in element.iter("tr")]
        wide = [row for row in rows if len(row.xpath("./td|./th")) > 1]
        if element.get("role") == "presentation" or element.xpath(_NESTED) or not wide:
            self.children(element, depth)
            return
        for caption in element.xpath("./caption"):
            self.text.append("".join(caption.itertext()))
            self.flush()
        self.tight = False
        for row in rows:
            cells = (clean("".join(_visible(cell))) for cell in row.xpath("./td|./th"))
            content = " | ".join(cell for cell in cells if cell)
            if content:
                self.writer.add(content, "row", tight=self.tight, notice=bool(self.notice))
                self.tight = True
        self.tight = False


def _number(start: str | None) -> int:
    return int(start) if start and start.isdigit() else 1


def _visible(element: Any) -> Iterable[str]:
    """Yield the text of an element with reference marks gone and line breaks as blanks."""
    parts: list[str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIP:
            if child.tag == "sup":
                parts.append(raised("".join(parts[-6:]).rstrip(), "".join(child.itertext())))
            else:
                blank = child.tag == "br" or child.tag in _BLOCKS
                parts.extend([" "] if blank else [])
                parts.extend(_visible(child))
                parts.extend([" "] if blank else [])
        parts.append(child.tail or "")
    return parts
