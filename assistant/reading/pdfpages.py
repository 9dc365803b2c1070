"""A PDF's pages -> runs of text with their places, sizes and weights; and its metadata.

The only importer of pypdfium2. Coordinates are points from the upper left corner of the page
as it is shown. PDFium is not safe to use from two threads, so one document is read at a time.
"""

from __future__ import annotations

import ctypes
import re
import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from assistant.errors import FileProblem
from assistant.reading.html import missing
from assistant.reading.packed import damaged
from assistant.reading.writer import clean, iso_date

_LOCK = threading.Lock()
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY
_BOLD = re.compile(r"bold|black|heavy|demi|cmbx|[-.,]b$|\+b$", re.IGNORECASE)
_HYPHENS = (0xFFFE, 0x02)  # PDFium's marks for a hyphen at a line's end
_GAP = 1.3  # a wider gap, in letter heights, parts runs on one line
MAX_PAGES = 5_000


class Letter(NamedTuple):
    """A character, its height and its baseline; blanks have the height of what precedes."""

    text: str
    x0: float
    x1: float
    height: float
    baseline: float


@dataclass(slots=True)
class Run:
    """Letters of one line without a wide gap; ``hyphen`` when it ends in a broken word.

    The edges, the height (near the size of the font) and the baseline of most letters are known
    once the run is complete.
    """

    letters: list[Letter] = field(default_factory=list)
    bold: bool = False
    hyphen: bool = False
    x0: float = 0.0
    x1: float = 0.0
    height: float = 0.0
    baseline: float = 0.0

    def complete(self) -> None:
        """Measure the run."""
        middle = len(self.letters) // 2
        self.x0 = self.letters[0].x0
        self.x1 = max(self.letters[-1].x1, self.letters[0].x1)
        self.height = sorted(letter.height for letter in self.letters)[middle]
        self.baseline = sorted(letter.baseline for letter in self.letters)[middle]


@dataclass(slots=True)
class Page:
    """One page: its number from 1, its size in points, its runs, whether it shows a picture."""

    number: int
    width: float
    height: float
    runs: list[Run]
    picture: bool = False


@dataclass(frozen=True, slots=True)
class PdfFile:
    """All pages; ``outline`` holds (level from 1, title, page) of the bookmarks."""

    pages: list[Page]
    title: str
    published: str
    language: str
    outline: list[tuple[int, str, int]]


def load_pdf(data: bytes, name: str) -> PdfFile:
    """Return what is on a PDF's pages.

    Raises:
        FileProblem: When it is locked or damaged, or the library for it is missing.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise missing(name, "PDF files", "pypdfium2") from error
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY):
                raise FileProblem(
                    name, "it is protected by a password; save it without one"
                ) from error
            raise damaged(name) from error
        try:
            if len(document) > MAX_PAGES:
                raise FileProblem(name, f"it has over {MAX_PAGES:,} pages; split it")
            return _load(document, pdfium.raw, name)
        except pdfium.PdfiumError as error:
            raise damaged(name) from error
        finally:
            document.close()


def _load(document: Any, raw: Any, name: str) -> PdfFile:
    pages = []
    for at in range(len(document)):
        page = document[at]
        try:
            pages.append(_page(page, at + 1, raw))
        finally:
            page.close()
    if not pages:
        raise damaged(name)
    meta = document.get_metadata_dict()
    return PdfFile(
        pages,
        clean(meta.get("Title") or ""),
        iso_date(meta.get("CreationDate") or ""),
        _language(document, raw),
        _outline(document),
    )


def _language(document: Any, raw: Any) -> str:
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return clean(buffer.raw.decode("utf-16-le", "ignore").rstrip("\0"))


def _outline(document: Any) -> list[tuple[int, str, int]]:
    found = []
    for mark in document.get_toc(max_depth=8):
        target = mark.get_dest()
        index = target.get_index() if target is not None else None
        title = clean(mark.get_title() or "")
        if title and index is not None:
            found.append((mark.level + 1, title, index + 1))
    return found


def _page(page: Any, number: int, raw: Any) -> Page:
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        runs = _Reader(textpage, raw, page.get_rotation(), page.get_cropbox()).runs()
    finally:
        textpage.close()
    picture = not runs and any(
        page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    )
    return Page(number, width, height, runs, picture)


class _Reader:
    """Walks over the characters of a page in PDFium's order and cuts them into runs."""

    def __init__(
        self, textpage: Any, raw: Any, rotation: int, box: tuple[float, float, float, float]
    ) -> None:
        self.textpage = textpage
        self.raw = raw
        self.rotation = rotation
        self.box = box
        self.found: list[Run] = []
        self.run = Run()
        self.blank = False
        self.angled = False
        self.last = 0  # the index of the open run's last letter
        self.rect = raw.FS_RECTF()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()

    def runs(self) -> list[Run]:
        """Return the runs of the page; text set at an angle to the page is left out."""
        code_of = self.raw.FPDFText_GetUnicode
        for at in range(self.textpage.count_chars()):
            code = code_of(self.textpage, at)
            if code in (10, 13):
                self._close()
            elif code in _HYPHENS:
                self.run.hyphen = bool(self.run.letters)
                self._close()
            elif code in (9, 32, 160):
                self.blank = bool(self.run.letters)
            elif code >= 32:
                self._letter(at, code)
        self._close()
        return self.found

    def _letter(self, at: int, code: int) -> None:
        raw, textpage = self.raw, self.textpage
        if not raw.FPDFText_GetLooseCharBox(textpage, at, self.rect):
            return
        raw.FPDFText_GetCharOrigin(textpage, at, self.x, self.y)
        letter = self._placed(chr(code))
        if letter.height <= 0:
            return
        if self.run.letters:
            last = self.run.letters[-1]
            if _is_apart(last, letter):
                self._close()
            elif self.blank:
                blank = Letter(" ", last.x1, letter.x0, last.height, last.baseline)
                self.run.letters.append(blank)
        if not self.run.letters:
            self._open(at)
        self.blank = False
        if not self.angled:
            self.run.letters.append(letter)
            self.last = at

    def _placed(self, text: str) -> Letter:
        """Return a letter in the coordinates of the page as it is shown."""
        left, bottom, right, top = self.box
        rect, x, y = self.rect, self.x.value, self.y.value
        if self.rotation == 90:
            return Letter(text, rect.bottom - bottom, rect.top - bottom,
                          rect.right - rect.left, x - left)  # fmt: skip
        if self.rotation == 180:
            return Letter(text, right - rect.right, right - rect.left,
                          rect.top - rect.bottom, y - bottom)  # fmt: skip
        if self.rotation == 270:
            return Letter(text, top - rect.top, top - rect.bottom,
                          rect.right - rect.left, right - x)  # fmt: skip
        return Letter(text, rect.left - left, rect.right - left,
                      rect.top - rect.bottom, top - y)  # fmt: skip

    def _open(self, at: int) -> None:
        """Note at a run's first letter whether it is bold and whether it stands at an angle."""
        raw = self.raw
        turned = raw.FPDFText_GetCharAngle(self.textpage, at) * 57.29578
        upright = (turned - self.rotation) % 360
        self.angled = 5 < upright < 355 and 5 < (turned + self.rotation) % 360 < 355
        self.run.bold = self._is_bold(at)

    def _is_bold(self, at: int) -> bool:
        weight = self.raw.FPDFText_GetFontWeight(self.textpage, at)
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self.raw.FPDFText_GetFontInfo(self.textpage, at, buffer, 128, flags)
        return weight >= 600 or bool(_BOLD.search(buffer.value.decode("utf-8", "ignore")))

    def _close(self) -> None:
        if self.run.letters:
            # A bold opening does not make the line bold.
            self.run.bold = self.run.bold and self._is_bold(self.last)
            self.run.complete()
            self.found.append(self.run)
        self.run, self.blank = Run(), False


def _is_apart(last: Letter, letter: Letter) -> bool:
    """Tell whether a letter stands too far from the last one to belong to the same run."""
    size = max(last.height, letter.height)
    gap = letter.x0 - last.x1
    return not -2 * size <= gap <= _GAP * size or (
        abs(letter.baseline - last.baseline) > 0.7 * size
    )
