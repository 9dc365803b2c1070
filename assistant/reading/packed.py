"""Documents that are ZIP archives (DOCX, PPTX, XLSX, EPUB): told apart and checked first.

What an archive claims to unpack to is bounded before anything of it is parsed, and a part
with entity declarations is refused: neither a ZIP bomb nor an XML bomb reaches a parser.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from assistant.errors import FileProblem
from assistant.reading.detect import Family

MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200  # of one part; XML of real documents packs 5 to 60 times
MAX_PARTS = 20_000
_SMALL_PART = 4 * 1024 * 1024  # below it the ratio does not matter
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".vml")
_ENTITY = re.compile(rb"<!ENTITY|<\x00!\x00E\x00N\x00T\x00I\x00T\x00Y", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


def open_archive(data: bytes, name: str) -> tuple[Family, zipfile.ZipFile]:
    """Return what kind of document an archive is, and the archive, checked.

    Raises:
        FileProblem: When it is damaged, a bomb, locked, or no document that is read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        family = _family(archive, name)
        _check(archive, parts, name)
    except _BROKEN as error:
        raise damaged(name) from error
    except RuntimeError as error:  # zipfile's word for an encrypted part
        raise FileProblem(name, "it is protected by a password; save it without one") from error
    return family, archive


def damaged(name: str) -> FileProblem:
    """Return the problem of a document that its library cannot read."""
    return FileProblem(name, "it is damaged or cut off; save it again or get a new copy")


def _family(archive: zipfile.ZipFile, name: str) -> Family:
    names = set(archive.namelist())
    if "mimetype" in names:
        kind = archive.read("mimetype")[:100].strip()
        if kind == b"application/epub+zip":
            return "epub"
        if b"opendocument" in kind:
            raise FileProblem(
                name, "it is an OpenDocument file; save it as .docx, .xlsx, .pptx or PDF"
            )
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        families: tuple[tuple[str, Family], ...] = (
            ("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"),
        )  # fmt: skip
        for folder, family in families:
            if any(part.startswith(folder) for part in names):
                return family
    raise FileProblem(name, "it is a ZIP archive, not a document; unpack it into the folder")


def _check(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileProblem(
            name, f"it unpacks to more than {MAX_UNPACKED // 2**20} MB; split it into smaller files"
        )
    for part in parts:
        if part.file_size > _SMALL_PART and part.file_size > MAX_RATIO * part.compress_size:
            raise FileProblem(
                name, "a part of it unpacks to a suspicious size (a ZIP bomb); remove it"
            )
        if part.filename.lower().endswith(_MARKUP) and _ENTITY.search(_head(archive, part)):
            raise FileProblem(name, "its XML declares entities (an XML bomb); save it again")


def _head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return the start of a part: declarations must stand before the first element."""
    with archive.open(part) as stream:
        return stream.read(16_384)
