"""Documents of every format, made for the tests: nothing binary is kept in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading import list_files, read_file

BOILERPLATE = ("Accept all cookies", "Home", "Privacy", "Follow us", "Subscribe", "Log in")


def read_all(folder: Path) -> tuple[list[Document], list[str]]:
    documents, problems = [], []
    for file in list_files(folder):
        for found in read_file(file):
            if isinstance(found, FileProblem):
                problems.append(str(found))
            else:
                documents.append(found)
    return documents, problems


def read_one(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    (document,), problems = read_all(folder)
    assert not problems
    return document


def blocks_of(document: Document, kind: str) -> list[str]:
    return [
        document.text[block.start : block.end]
        for section in document.sections
        for block in section.blocks
        if block.kind == kind
    ]


def page_html(body: str, head: str = "") -> bytes:
    """A page with all that surrounds an article on the web."""
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Kettles explained | Household Weekly</title>
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<meta property="og:site_name" content="Household Weekly">{head}
<script>var x = "script text";</script><style>.a {{color: red}}</style></head>
<body><a class="skip-link" href="#main">Skip to content</a>
<header class="site-header"><a href="/">Home</a><nav><ul><li><a href="/a">Kettles</a></li>
<li><a href="/b">Stoves</a></li><li><a href="/c">Log in</a></li></ul></nav></header>
<div id="cookie-banner"><p>We use cookies to improve your visit.</p>
<button>Accept all cookies</button></div>
<main id="main"><article><h1>Kettles explained</h1>{body}
<div class="social-share"><a href="#">Follow us</a></div></article>
<aside class="related"><h2>Related articles</h2><ul><li><a href="/1">Ten best pans</a></li>
<li><a href="/2">Oven care</a></li><li><a href="/3">Knives</a></li></ul></aside></main>
<div class="newsletter-signup"><p>Subscribe to our letter for weekly tips.</p></div>
<footer><p>© 2024 Household Weekly. <a href="/p">Privacy</a></p></footer></body></html>""".encode()


ARTICLE = """<p>A kettle boils water for tea.<sup><a href="#r1">[1]</a></sup> It holds
10<sup>3</sup> millilitres at most.</p>
<h2>How it works</h2><p>An element heats the water. A thermostat <em>switches</em> it off.</p>
<ol><li>Fill the kettle.</li><li>Press the switch.</li></ol>
<ul><li>Steel lasts<ul><li>brushed steel too</li></ul></li><li>Plastic is light</li></ul>
<table><tr><th>Model</th><th>Volume</th></tr><tr><td>Alpha</td><td>1.7 l</td></tr></table>
<h2>Common questions</h2>
<h3>How long does a kettle take?</h3><p>About four minutes for a litre.</p>
<details><summary>Can it run dry?</summary><p>No, a switch stops it.</p></details>
<h2>Myths</h2><h3>Myth: Salt makes a kettle boil faster.</h3>
<p><strong>Reality:</strong> Salt raises the boiling point a little.</p>
<div class="disclaimer"><p>Read the manual before use.</p></div>"""


def docx(
    paragraphs: Sequence[tuple[str, str]], table: Sequence[Sequence[str]] = (), **core: Any
) -> bytes:
    import docx as library

    document = library.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style or None)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    for name, value in core.items():
        setattr(document.core_properties, name, value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], bold_header: bool = False) -> bytes:
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if bold_header:
            for cell in sheet[1]:
                cell.font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pptx(slides: Sequence[tuple[str, Sequence[str]]], notes: str = "") -> bytes:
    import pptx as library

    presentation = library.Presentation()
    for title, bullets in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        frame = slide.placeholders[1].text_frame
        frame.text = bullets[0]
        for bullet in bullets[1:]:
            frame.add_paragraph().text = bullet
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


_OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Kettle Book</dc:title>
<dc:language>en</dc:language><dc:date>2021-05-06</dc:date><dc:publisher>Tea Press</dc:publisher>
</metadata><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml"
properties="nav"/>{items}</manifest><spine><itemref idref="nav"/>{refs}</spine></package>"""


def epub(chapters: Mapping[str, str], extra: Mapping[str, str] | None = None) -> bytes:
    """A book: file name -> body of a chapter, in the order of the spine, not of the names."""
    names = list(chapters)
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    refs = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    links = "".join(f'<li><a href="{name}">Part {n}</a></li>' for n, name in enumerate(names, 1))
    xhtml = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" \
xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{}</body></html>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr("OPS/book.opf", _OPF.format(items=items, refs=refs))
        archive.writestr(
            "OPS/nav.xhtml", xhtml.format(f'<nav epub:type="toc"><ol>{links}</ol></nav>')
        )
        for name, body in sorted(chapters.items()):
            archive.writestr(f"OPS/{name}", xhtml.format(body))
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return stream.getvalue()


class Pdf:
    """A PDF set line by line with reportlab; places are points from the upper left corner."""

    def __init__(self, **options: Any) -> None:
        from reportlab.lib.pagesizes import A4
        from reportlab.pdfgen.canvas import Canvas

        self.stream = io.BytesIO()
        self.width, self.height = A4
        self.canvas = Canvas(self.stream, pagesize=A4, pageCompression=1, **options)

    def line(self, x: float, y: float, text: str, size: float = 10, bold: bool = False) -> None:
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, self.height - y, text)

    def column(
        self, x: float, y: float, text: str, width: float = 60, step: float = 12, size: float = 10
    ) -> float:
        """Set a text wrapped at a number of letters; return where the next line would stand."""
        line = ""
        for word in text.split(" "):
            if len(line) + len(word) > width:
                self.line(x, y, line.rstrip(), size)
                y, line = y + step, ""
            line += word + " "
        self.line(x, y, line.rstrip(), size)
        return y + step

    def next(self) -> None:
        self.canvas.showPage()

    def data(self) -> bytes:
        self.canvas.save()
        return self.stream.getvalue()


def small_pdf() -> bytes:
    pdf = Pdf()
    pdf.line(60, 60, "A sentence about tea in a file.")
    return pdf.data()
