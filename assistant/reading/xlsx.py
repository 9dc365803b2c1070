"""Excel workbooks (XLSX) -> rows labelled by their columns, sheets as headings.

Parsing is openpyxl's, row by row. Each row is a page of the unit 'row'. A sheet with the columns
'question' and 'answer' holds entries of a FAQ, each a document of its own as in a CSV file.
"""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading.assemble import reading_document
from assistant.reading.html import missing
from assistant.reading.packed import damaged
from assistant.reading.qafiles import entry_document
from assistant.reading.writer import TextWriter, clean

_HEADER_WITHIN = 10  # rows in which the names of the columns are looked for
_MAX_NAME = 80


class Row(NamedTuple):
    """A row that holds something: its number in the sheet, its cells, whether they are bold."""

    number: int
    cells: list[str]
    bold: bool


def read_xlsx(data: bytes, doc_id: str, name: str) -> Iterator[Document | FileProblem]:
    """Yield the documents of a workbook and the problems of its rows.

    Raises:
        FileProblem: When it is damaged, or the library for it is missing.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise missing(name, "Excel files", "openpyxl") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [(sheet.title, _rows(sheet)) for sheet in book.worksheets]
            title, created = book.properties.title, book.properties.created
            book.close()
    except Exception as error:
        # The library raises whatever a broken part makes it stumble over.
        raise damaged(name) from error
    writer = TextWriter()
    entries: list[Document | FileProblem] = []
    for sheet, rows in sheets:
        at = _header_at(rows)
        names = [cell.casefold() for cell in rows[at].cells] if at is not None else []
        if at is not None and {"question", "answer"} <= set(names):
            entries.extend(_entries(sheet, rows[at + 1 :], names, doc_id, name))
        elif rows:
            _write_sheet(writer, sheet, rows, at)
    if writer.drafts or not entries:
        known = {"published": created.date().isoformat() if created else ""}
        reading = writer.reading(clean(title or ""), known, "row")
        yield reading_document(reading, doc_id=doc_id, source=doc_id)
    yield from entries


def _rows(sheet: Any) -> list[Row]:
    """Return the rows that hold something, each with its number in the sheet."""
    sheet.reset_dimensions()
    found: list[Row] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_shown(cell.value, cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            near = len(found) < _HEADER_WITHIN
            bold = near and all(c.font and c.font.b for c in row if c.value is not None)
            found.append(Row(number, cells, bold))
    return found


def _shown(value: Any, cell: Any) -> str:
    """Return a cell's value as a reader sees it, but for colours and currencies."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, int | float):
        form = cell.number_format or ""
        percent = form.endswith("%")
        number = f"{value * 100 if percent else value:.12g}"
        return number + "%" if percent else number
    return clean(str(value))


def _header_at(rows: Sequence[Row]) -> int | None:
    """Return the position of the row that names the columns, None when there is none.

    Names are short, distinct and no numbers. Of two columns of words alone the first row is a
    pair like any other, unless it is bold.
    """
    width = max((len([c for c in row.cells if c]) for row in rows), default=0)
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row.cells if cell]
        if len(filled) < max(2, 0.6 * width):
            continue
        names = [c for c in filled if len(c) <= _MAX_NAME and any(map(str.isalpha, c))]
        distinct = len(set(map(str.casefold, filled))) == len(filled)
        if len(names) < len(filled) or not distinct or at + 1 == len(rows):
            return None
        known = {"question", "answer"} <= set(map(str.casefold, filled))
        pairs = width == 2 and not row.bold and not known
        return None if pairs and _all_words(rows[at + 1 :]) else at
    return None


def _all_words(rows: Sequence[Row]) -> bool:
    return all(any(map(str.isalpha, cell)) for row in rows for cell in row.cells if cell)


def _write_sheet(writer: TextWriter, sheet: str, rows: Sequence[Row], header: int | None) -> None:
    writer.add(clean(sheet), "heading", level=1, pages=((0, rows[0].number),))
    names = rows[header].cells if header is not None else []
    tight = False
    for at, (number, cells, _) in enumerate(rows):
        if at == header:
            continue
        labelled = names if header is not None and at > header else []
        content = " | ".join(
            f"{labelled[i]}: {cell}" if i < len(labelled) and labelled[i] else cell
            for i, cell in enumerate(cells)
            if cell
        )
        alone = len([cell for cell in cells if cell]) == 1 and not labelled
        writer.add(content, "paragraph" if alone else "row", tight=tight, pages=((0, number),))
        tight = not alone


def _entries(
    sheet: str, rows: Sequence[Row], names: Sequence[str], doc_id: str, name: str
) -> Iterator[Document | FileProblem]:
    for number, cells, _ in rows:
        record = dict(zip(names, cells, strict=False))
        try:
            document = entry_document(record, f"{name}, sheet {sheet}", number, "row")
        except FileProblem as problem:
            yield problem
            continue
        given = any(record.get(key) for key in ("id", "_id", "faq_id"))
        yield replace(
            document,
            doc_id=document.doc_id if given else f"{doc_id}:{sheet}:{number}",
            source=f"{name}:{sheet}:{number}",
            page_starts=(0,), page_numbers=(number,), page_unit="row",
        )  # fmt: skip
