"""Word documents (DOCX) -> headings, paragraphs, lists, tables and core properties.

python-docx opens the package and knows styles and properties; the paragraphs are walked here,
so that tracked insertions and content controls are read and deletions are not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from assistant.reading.html import missing
from assistant.reading.labels import label_of
from assistant.reading.packed import damaged
from assistant.reading.plaintext import reads_like_heading
from assistant.reading.writer import Reading, TextWriter, clean, raised

_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_LIST = re.compile(r"list (bullet|number|paragraph)", re.IGNORECASE)
_TOC = re.compile(r"(toc( heading| ?\d)|table of (figures|contents))", re.IGNORECASE)
_NO_TITLE = re.compile(r"document\d*|untitled|word document|title", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"


def read_docx(data: bytes, name: str) -> Reading:
    """Return the text of a Word document.

    Raises:
        FileProblem: When it is damaged, or the library for it is missing.
    """
    try:
        import docx
    except ImportError as error:
        raise missing(name, "Word files", "python-docx") from error
    try:
        document = docx.Document(io.BytesIO(data))
        writer = TextWriter()
        walk = _Walk(writer, document)
        for element in _blocks(document.element.body):
            walk.block(element)
        core = document.core_properties
        known = {
            "published": core.created.date().isoformat() if core.created else "",
            "language": core.language or "",
        }
        return writer.reading(_title(core.title or "", walk.title), known)
    except Exception as error:
        # The library raises whatever a broken part makes it stumble over.
        raise damaged(name) from error


def _title(given: str, shown: str) -> str:
    """Return the title on the first page, else the property, unless that is a left-over."""
    return shown or ("" if _NO_TITLE.fullmatch(clean(given)) else clean(given))


def _blocks(body: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables in order, also those in content controls."""
    for child in body:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child)


class _Walk:
    """One pass over the paragraphs: the lists that are counted now, the title found."""

    def __init__(self, writer: TextWriter, document: Any) -> None:
        self.writer = writer
        self.styles = _styles(document)
        self.bullets = _bullets(document)
        self.counters: dict[tuple[str, int], int] = {}
        self.title = ""
        self.last_heading = 1
        self.in_list = False

    def block(self, element: Any) -> None:
        """Write a paragraph or a table."""
        if element.tag == f"{_W}tbl":
            self._table(element)
            return
        content = _text(element)
        if content:
            self._paragraph(element, content)

    def _paragraph(self, element: Any, content: str) -> None:
        style, outline = self._style(element)
        if _TOC.match(style):
            return
        level = self._heading_level(element, content, style, outline)
        listed = self._list_of(element, style) if not level else None
        if level:
            if level == 1 and style.lower() == "title":
                self.title = self.title or content
            self.writer.add(content, "heading", level=level)
        elif listed is not None:
            self._item(content, *listed)
        else:
            self.writer.add(content, "paragraph")
        self.in_list = listed is not None

    def _style(self, element: Any) -> tuple[str, int]:
        """Return the paragraph's style name and outline level (0: none)."""
        found = element.find(f"{_W}pPr/{_W}pStyle")
        name, level = self.styles.get(found.get(_VAL) if found is not None else "", ("", 0))
        own = element.find(f"{_W}pPr/{_W}outlineLvl")
        if own is not None and (own.get(_VAL) or "").isdigit():
            level = int(own.get(_VAL)) + 1
        return name, level if level < 10 else 0

    def _heading_level(self, element: Any, content: str, style: str, outline: int) -> int:
        match = _HEADING.match(style)
        known = 1 if style.lower() == "title" else int(match.group(1)) if match else outline
        if known:
            self.last_heading = min(known, 6)
            return self.last_heading
        if element.find(f"{_W}pPr/{_W}numPr") is not None or _LIST.match(style):
            return 0
        fitting = reads_like_heading(content) and label_of(content) in ("", "myth")
        return min(self.last_heading + 1, 6) if fitting and _all_bold(element) else 0

    def _list_of(self, element: Any, style: str) -> tuple[str, int, bool] | None:
        """Return (list, depth, bulleted) of a list item, None for other paragraphs."""
        number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        depth = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        level = int(depth.get(_VAL) or 0) if depth is not None else 0
        if number is not None and number.get(_VAL) != "0":
            key = number.get(_VAL) or ""
            return key, level, self.bullets.get((key, level), True)
        match = _LIST.match(style)
        if match and match.group(1).lower() != "paragraph":
            trailing = style[-1:]
            return style, int(trailing) - 1 if trailing.isdigit() else 0, "ullet" in style
        return None

    def _item(self, content: str, key: str, level: int, bulleted: bool) -> None:
        marker = "- "
        if not bulleted:
            fresh = not self.in_list and not key.isdigit()
            count = 1 if fresh else self.counters.get((key, level), 0) + 1
            self.counters[key, level] = count
            for other in [k for k in self.counters if k[0] == key and k[1] > level]:
                del self.counters[other]
            marker = f"{count}. "
        self.writer.add(
            content,
            "item" if bulleted else "step",
            level=level + 1,
            marker="  " * level + marker,
            tight=self.in_list,
        )

    def _table(self, table: Any) -> None:
        rows = table.findall(f"{_W}tr")
        wide = any(len(row.findall(f"{_W}tc")) > 1 for row in rows)
        tight = False
        for row in rows:
            cells = list(row.iter(f"{_W}tc"))
            if not wide:  # a box around text
                for cell in cells:
                    for element in _blocks(cell):
                        self.block(element)
                continue
            content = " | ".join(filter(None, (_cell(cell) for cell in cells)))
            if content:
                self.writer.add(content, "row", tight=tight)
                tight = True
        self.in_list = False


def _cell(cell: Any) -> str:
    return clean(" ".join(_text(p) for p in cell.findall(f"{_W}p")))


def _text(paragraph: Any) -> str:
    """Return what a paragraph shows: insertions but not deletions, no reference marks."""
    parts: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        if any(a.tag in (f"{_W}del", f"{_W}moveFrom") for a in run.iterancestors()):
            continue
        content = "".join(_run_text(run))
        align = run.find(f"{_W}rPr/{_W}vertAlign")
        if align is not None and align.get(_VAL) == "superscript":
            content = raised("".join(parts[-6:]).rstrip(), content)
        parts.append(content)
    return clean("".join(parts))


def _run_text(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"


def _all_bold(paragraph: Any) -> bool:
    runs = [r for r in paragraph.iter(f"{_W}r") if "".join(_run_text(r)).strip()]
    bold = [r.find(f"{_W}rPr/{_W}b") for r in runs]
    return bool(runs) and all(b is not None and b.get(_VAL) not in ("0", "false") for b in bold)


def _styles(document: Any) -> dict[str, tuple[str, int]]:
    """Return style id -> (name in English, outline level or 0); '' is the default style."""
    found: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.findall(f"{_W}style"):
        name = style.find(f"{_W}name")
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        outline = int(level.get(_VAL) or 9) + 1 if level is not None else 0
        shown = (name.get(_VAL) or "") if name is not None else ""
        found[style.get(f"{_W}styleId") or ""] = (shown, outline)
    return found


def _bullets(document: Any) -> dict[tuple[str, int], bool]:
    """Return (list id, depth) -> whether it has bullets rather than numbers."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {
        item.get(f"{_W}abstractNumId"): {
            int(level.get(f"{_W}ilvl") or 0): _is_bullet(level)
            for level in item.findall(f"{_W}lvl")
        }
        for item in numbering.findall(f"{_W}abstractNum")
    }
    found: dict[tuple[str, int], bool] = {}
    for item in numbering.findall(f"{_W}num"):
        link = item.find(f"{_W}abstractNumId")
        levels = abstract.get(link.get(_VAL), {}) if link is not None else {}
        for depth, bulleted in levels.items():
            found[item.get(f"{_W}numId"), depth] = bulleted
    return found


def _is_bullet(level: Any) -> bool:
    form = level.find(f"{_W}numFmt")
    return form is None or form.get(_VAL) in ("bullet", "none")
