"""EPUB -> its chapters in reading order, with the book's title, date and language.

The package is read with the standard library and lxml; chapters are XHTML and are read like
web pages. A chapter without a heading of its own gets its name from the table of contents.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from typing import Any
from urllib.parse import unquote

from assistant.errors import FileProblem
from assistant.reading.html import decode_html, missing, parse_html
from assistant.reading.htmlblocks import write_blocks
from assistant.reading.packed import damaged
from assistant.reading.writer import Reading, TextWriter, clean, iso_date

_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_SKIPPED_PARTS = frozenset(("toc", "landmarks", "page-list", "pagebreak", "cover", "index"))
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LOCAL = ".//*[local-name()='{}']"


def read_epub(archive: zipfile.ZipFile, name: str) -> Reading:
    """Return the book's text, a chapter after the other.

    Raises:
        FileProblem: When it is damaged or locked, or the library for it is missing.
    """
    try:
        return _Book(archive, name).reading()
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise damaged(name) from error
    except RuntimeError as error:
        raise FileProblem(name, "it is protected by a password; save it without one") from error


class _Book:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self._refuse_locked()
        rootfile = self._xml("META-INF/container.xml").xpath(_LOCAL.format("rootfile"))
        if not rootfile:
            raise damaged(name)
        self.package_path = unquote(rootfile[0].get("full-path") or "")
        self.package = self._xml(self.package_path)
        self.items = {item.get("id"): item for item in self._all("item")}

    def reading(self) -> Reading:
        """Return the chapters of the spine as one text."""
        names = self._contents()
        writer = TextWriter()
        for entry in self._all("itemref"):
            item = self.items.get(entry.get("idref"))
            if item is None or "nav" in (item.get("properties") or "").split():
                continue
            path = self._path(item.get("href") or "")
            root = parse_html(decode_html(self.archive.read(path)), self.name)
            if root is not None and "html" in (item.get("media-type") or "html"):
                self._write(writer, root, names.get(path, ""))
        return writer.reading(self._fact("title"), self._known())

    def _write(self, writer: TextWriter, root: Any, name: str) -> None:
        for element in list(root.iter()):
            kinds = set((element.get(_TYPE) or element.get("epub:type") or "").split())
            parent = element.getparent()
            if kinds & _SKIPPED_PARTS and parent is not None and element.tag != "body":
                element.text = ""
                for child in list(element):
                    element.remove(child)
        body = next(iter(root.iter("body")), root)
        heads = body.xpath(".//h1|.//h2|.//h3")
        before = len(writer.drafts)
        if name and not heads:
            writer.add(clean(name), "heading", level=1)
        write_blocks(writer, body)
        if name and not heads and len(writer.drafts) == before + 1:  # a picture, such as a cover
            self._take_back(writer)

    @staticmethod
    def _take_back(writer: TextWriter) -> None:
        writer.drafts.pop()
        writer.length -= len(writer.parts.pop())

    def _contents(self) -> dict[str, str]:
        """Return path of a chapter -> its name in the table of contents."""
        found: dict[str, str] = {}
        for item in self.items.values():
            properties = (item.get("properties") or "").split()
            kind = item.get("media-type") or ""
            path = self._path(item.get("href") or "")
            if "nav" not in properties and "dtbncx" not in kind:
                continue
            if path not in self.archive.namelist():
                continue
            links = self._nav_links(path) if "nav" in properties else self._ncx_links(path)
            for href, label in links:
                target = posixpath.join(posixpath.dirname(path), unquote(href.split("#")[0]))
                found.setdefault(posixpath.normpath(target), clean(label))
        return found

    def _nav_links(self, path: str) -> list[tuple[str, str]]:
        anchors = self._all("a", self._xml(path))
        return [(a.get("href") or "", "".join(a.itertext())) for a in anchors]

    def _ncx_links(self, path: str) -> list[tuple[str, str]]:
        found = []
        for point in self._all("navPoint", self._xml(path)):
            labels = point.xpath("./*[local-name()='navLabel']")
            sources = point.xpath("./*[local-name()='content']/@src")
            if labels and sources:
                found.append((str(sources[0]), "".join(labels[0].itertext())))
        return found

    def _refuse_locked(self) -> None:
        if "META-INF/encryption.xml" not in self.archive.namelist():
            return
        methods = self._all("EncryptionMethod", self._xml("META-INF/encryption.xml"))
        if any(method.get("Algorithm") not in _FONTS for method in methods):
            raise FileProblem(
                self.name, "it is locked by copy protection (DRM); get a copy without"
            )

    def _known(self) -> dict[str, str]:
        return {
            "published": iso_date(self._fact("date")),
            "language": self._fact("language"),
            "publisher": self._fact("publisher"),
            "licence": self._fact("rights"),
        }

    def _fact(self, name: str) -> str:
        path = f".//*[local-name()='metadata']//*[local-name()='{name}']"
        return next((clean("".join(e.itertext())) for e in self.package.xpath(path)), "")

    def _all(self, tag: str, root: Any = None) -> list[Any]:
        found: list[Any] = (self.package if root is None else root).xpath(_LOCAL.format(tag))
        return found

    def _path(self, href: str) -> str:
        folder = posixpath.dirname(self.package_path)
        return posixpath.normpath(posixpath.join(folder, unquote(href)))

    def _xml(self, path: str) -> Any:
        try:
            from lxml import etree
        except ImportError as error:
            raise missing(self.name, "EPUB files", "lxml") from error
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=True
        )
        root = etree.fromstring(self.archive.read(path), parser)
        if root is None:
            raise damaged(self.name)
        return root
