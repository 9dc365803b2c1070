"""What a file is, by its first bytes; its name decides only where the bytes cannot.

A PDF named .txt is read as a PDF. What is known and not read (pictures, old Word files,
other archives) is refused with what to do about it.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.errors import FileProblem

Family = Literal[
    "pdf", "docx", "pptx", "xlsx", "epub", "html", "json", "jsonl", "table", "markdown", "plain",
]  # fmt: skip

_SUFFIXES: dict[str, Family] = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "plain", ".text": "plain",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx",
    ".pptx": "pptx", ".xlsx": "xlsx", ".epub": "epub", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonl.gz": "jsonl",
    ".csv": "table", ".tsv": "table", ".csv.gz": "table", ".tsv.gz": "table",
}  # fmt: skip
_NOUNS: dict[Family, str] = {
    "pdf": "a PDF", "docx": "a Word document", "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook", "epub": "an EPUB book",
}  # fmt: skip
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    rb"<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "it is a rich text (RTF) file; save it as .docx"),
    (b"\x89PNG", "it is a picture; only text is read"),
    (b"\xff\xd8\xff", "it is a picture; only text is read"),
    (b"GIF8", "it is a picture; only text is read"),
    (b"Rar!", "it is a RAR archive; unpack it into the folder"),
    (b"7z\xbc\xaf", "it is a 7-Zip archive; unpack it into the folder"),
    (b"%!PS", "it is a PostScript file; convert it to PDF"),
)
HEAD_BYTES = 4096  # what ``family_of`` wants to see


def family_of(name: str, head: bytes) -> Family | Literal["zip", "ole"]:
    """Return how a file is to be read; 'zip' and 'ole' still have to be looked into.

    Args:
        name: The file's name with its ending.
        head: Its first HEAD_BYTES bytes.

    Raises:
        FileProblem: When files of this kind are not read, or the content is not what the
            ending says and cannot be read as what it is.
    """
    named = named_family(name)
    if not head.strip(b" \t\r\n"):
        raise FileProblem(name, "it is empty; fill it or remove it")
    packed = _packed_family(named, head)
    if packed:
        return packed
    if named is None:
        raise FileProblem(name, "files of this kind are not read; convert it to text")
    for magic, reason in _FOREIGN:
        if head.startswith(magic):
            raise FileProblem(name, reason)
    if _HTML.match(head):
        return "html"
    if named in _NOUNS:
        raise FileProblem(
            name, f"it is damaged or not {_NOUNS[named]}; save it again or give it its own ending"
        )
    return named


def _packed_family(named: Family | None, head: bytes) -> Literal["pdf", "zip", "ole"] | None:
    if head.lstrip().startswith(b"%PDF-") or (named == "pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "ole" if head.startswith(_OLE) else None


def named_family(name: str) -> Family | None:
    """Return what a file's ending says it is, None for an ending that is not read."""
    lowered = name.lower()
    fitting = [suffix for suffix in _SUFFIXES if lowered.endswith(suffix)]
    return _SUFFIXES[max(fitting, key=len)] if fitting else None


def ole_problem(name: str, data: bytes) -> FileProblem:
    """Return the problem of a file in Microsoft's older container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return FileProblem(name, "it is protected by a password; save it without one")
    return FileProblem(
        name, "it is in an old Office format (.doc, .xls, .ppt); save it as .docx, .xlsx or .pptx"
    )
