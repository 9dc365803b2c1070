"""PDF -> text in reading order with page numbers, headings, lists and tables.

Pages come from ``pdfpages``, lines from ``pdflayout``, running headers go in
``pdffurniture`` and blocks are made by ``pdfblocks``. A page that is only a picture is
reported: no text is recognised in pictures here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from assistant.errors import FileProblem
from assistant.reading.pdfblocks import Piece, build_pieces
from assistant.reading.pdffurniture import without_furniture
from assistant.reading.pdfheadings import body_size, find_headings
from assistant.reading.pdflayout import Line, page_lines
from assistant.reading.pdfpages import PdfFile, load_pdf
from assistant.reading.writer import Reading, TextWriter, clean

_NO_TITLE = re.compile(
    r"untitled.*|microsoft (word|powerpoint).*|slide \d+|title|.*\.(docx?|pptx?|indd|tex|pdf|qxd)|"
    r"[\W\d_]*|\S{1,3}|\S+[_-]\S+",
    re.IGNORECASE,
)
_SCANNED = "make it searchable with text recognition (OCR) first"
_MAX_GARBLED = 0.25


def read_pdf(data: bytes, name: str) -> tuple[Reading, list[FileProblem]]:
    """Return the text of a PDF, and a problem where single pages have none.

    Raises:
        FileProblem: When it is locked, damaged or without text, or the library is missing.
    """
    pdf = load_pdf(data, name)
    pages = [page_lines(page) for page in pdf.pages]
    lines = [line for found in without_furniture(pdf.pages, pages) for line in found]
    text = "".join(line.text for line in lines)
    if not any(map(str.isalnum, text)):
        raise FileProblem(name, f"it has no text, only pictures of pages; {_SCANNED}")
    if _garbled(text) > _MAX_GARBLED:
        raise FileProblem(name, f"its letters cannot be told (fonts without a code); {_SCANNED}")
    title, shown = _title(pdf, lines)
    lines, headings = find_headings(lines, pdf.outline)
    if shown:  # what is set large above the title names the journal or the series
        at = next((at for at, line in enumerate(lines) if line is shown[0]), 0)
        for line in lines[:at]:
            headings.levels.pop(id(line), None)
        headings.levels.update((id(line), 1) for line in shown)
    writer = TextWriter()
    _write(writer, build_pieces(lines, headings))
    known = {"published": pdf.published, "language": pdf.language}
    return writer.reading(title, known), _unread_pages(pdf, name)


def _write(writer: TextWriter, pieces: Sequence[Piece]) -> None:
    before = ""
    for piece in pieces:
        content = clean(piece.text)
        tight = piece.kind in ("row", "item", "step") and before == piece.kind
        writer.add(
            content, piece.kind, level=piece.level, marker=piece.marker, tight=tight,
            pages=[(min(at, max(len(content) - 1, 0)), page) for at, page in piece.pages],
        )  # fmt: skip
        before = piece.kind


def _garbled(text: str) -> float:
    letters = [c for c in text if not c.isspace()]
    strange = [c for c in letters if c == "�" or "\ue000" <= c <= "\uf8ff"]
    return len(strange) / max(len(letters), 1)


def _title(pdf: PdfFile, lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """Return the title, and its lines where it stands on the first page.

    What is set largest in the upper part of the first page is taken when the file does not
    say, or when it says the same.
    """
    first = [line for line in lines if line.page == 1 and any(map(str.isalpha, line.text))]
    upper = [line for line in first if line.top < 0.6 * pdf.pages[0].height]
    largest = max((line.size for line in upper), default=0.0)
    shown: list[Line] = []
    if largest > 1.2 * body_size(lines):
        runs = groupby(upper, key=lambda line: abs(line.size - largest) < 0.05 * largest)
        shown = next(list(run) for alike, run in runs if alike)[:5]
    text = clean(" ".join(line.text for line in shown))
    given = "" if _NO_TITLE.fullmatch(pdf.title) else pdf.title
    if given and _plain(given) != _plain(text):
        return given, []
    return (text, shown) if text else (given, [])


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _unread_pages(pdf: PdfFile, name: str) -> list[FileProblem]:
    numbers = [page.number for page in pdf.pages if page.picture]
    if not numbers:
        return []
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs[:8])
    more = " and more" if len(runs) > 8 else ""
    verb = "page {} has" if len(numbers) == 1 else "pages {} have"
    return [FileProblem(name, f"{verb.format(named + more)} no text, only pictures; {_SCANNED}")]
