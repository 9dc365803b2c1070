"""PowerPoint presentations (PPTX) -> slides: titles as headings, texts, tables and notes.

Parsing is python-pptx's. Each slide is a page of the unit 'slide'.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.reading.html import missing
from assistant.reading.packed import damaged
from assistant.reading.writer import Reading, TextWriter, clean

_FURNITURE = frozenset(("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"))


def read_pptx(data: bytes, name: str) -> Reading:
    """Return the text of a presentation.

    Raises:
        FileProblem: When it is damaged, or the library for it is missing.
    """
    try:
        import pptx
    except ImportError as error:
        raise missing(name, "PowerPoint files", "python-pptx") from error
    try:
        presentation = pptx.Presentation(io.BytesIO(data))
        writer = TextWriter()
        for number, slide in enumerate(presentation.slides, start=1):
            _Slide(writer, number).write(slide)
        core = presentation.core_properties
        given = clean(core.title or "")
        title = "" if given.lower() in ("powerpoint presentation", "presentation", "") else given
        known = {
            "published": core.created.date().isoformat() if core.created else "",
            "language": core.language or "",
        }
        return writer.reading(title or _first_heading(writer), known, "slide")
    except Exception as error:
        # The library raises whatever a broken part makes it stumble over.
        raise damaged(name) from error


def _first_heading(writer: TextWriter) -> str:
    text = writer.text
    heads = (d.block for d in writer.drafts if d.block.kind == "heading")
    return next((text[b.start : b.end] for b in heads), "")


class _Slide:
    """Writes one slide; its number goes with whatever is written first."""

    def __init__(self, writer: TextWriter, number: int) -> None:
        self.writer = writer
        self.pages = ((0, number),)

    def write(self, slide: Any) -> None:
        """Write title, then the other shapes from top to bottom, then the notes."""
        title = slide.shapes.title
        content = clean(title.text_frame.text) if title is not None else ""
        if content:
            self.writer.add(content, "heading", level=1, pages=self.pages)
        for shape in _in_order(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                self._shape(shape)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                self.writer.add(clean(paragraph.text), "paragraph", pages=self.pages)

    def _shape(self, shape: Any) -> None:
        if shape.is_placeholder and shape.placeholder_format.type.name in _FURNITURE:
            return
        if shape.has_text_frame:
            self._frame(shape)
        elif getattr(shape, "has_table", False) and shape.has_table:
            tight = False
            for row in shape.table.rows:
                cells = (clean(cell.text) for cell in row.cells if not cell.is_spanned)
                content = " | ".join(filter(None, cells))
                self.writer.add(content, "row", tight=tight, pages=self.pages)
                tight = tight or bool(content)

    def _frame(self, shape: Any) -> None:
        """A body placeholder is a list; a text box or a single paragraph is not."""
        paragraphs = [p for p in shape.text_frame.paragraphs if clean(p.text)]
        kind = shape.placeholder_format.type.name if shape.is_placeholder else ""
        listed = kind in ("BODY", "OBJECT", "VERTICAL_BODY") and len(paragraphs) > 1
        tight = False
        for paragraph in paragraphs:
            content = clean(paragraph.text)
            if listed:
                level = paragraph.level + 1
                marker = "  " * (level - 1) + "- "
                self.writer.add(
                    content, "item", level=level, marker=marker, tight=tight, pages=self.pages
                )
                tight = True
            else:
                self.writer.add(content, "paragraph", pages=self.pages)


def _in_order(shapes: Iterable[Any]) -> Iterator[Any]:
    """Yield shapes from top to bottom and left to right, groups taken apart."""
    placed = sorted(shapes, key=lambda s: ((s.top or 0) // 200_000, s.left or 0))
    for shape in placed:
        if shape.shape_type is not None and shape.shape_type.name == "GROUP":
            yield from _in_order(shape.shapes)
        else:
            yield shape
