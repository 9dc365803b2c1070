"""HTML -> the text and structure of its main content, title, date, language and publisher.

Parsing is lxml's. The encoding is UTF-8 when the bytes are, else what the page declares.
"""

from __future__ import annotations

import codecs
import html as entities
import json
import re
from collections.abc import Iterator
from typing import Any

from assistant.errors import FileProblem
from assistant.reading.htmlblocks import write_blocks
from assistant.reading.htmlmain import main_element
from assistant.reading.writer import Reading, TextWriter, clean, iso_date

_DECLARED = re.compile(rb"<(?:meta[^>]+?charset|\?xml[^>]+?encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)
_TAG = re.compile(r"<(script|style|title)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.I | re.S)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_TITLE_TAIL = re.compile(r"\s+[|–—·•-]\s+[^|–—·•]{2,60}$")
_DATES = (
    "article:published_time", "citation_publication_date", "dc.date.issued", "dc.date",
    "dcterms.created", "date", "pubdate", "publishdate", "datepublished",
)  # fmt: skip


def read_html(data: bytes, name: str) -> Reading:
    """Return the main content of a web page.

    Args:
        data: The file's bytes.
        name: The file as named in messages.

    Raises:
        FileProblem: When it holds no text, or the library for it is missing.
    """
    root = parse_html(decode_html(data), name)
    if root is None:
        raise FileProblem(name, "it has no text; fill it or remove it")
    meta = _meta(root)
    known = _known(root, meta)
    main = main_element(root)
    writer = TextWriter()
    write_blocks(writer, main)
    if not writer.parts and any(map(str.isalnum, _TAG.sub("", decode_html(data)))):
        raise FileProblem(name, "its markup is damaged or shows nothing; save the page again")
    return writer.reading(_title(root, main, meta), known)


def parse_html(text: str, name: str) -> Any:
    """Return the lxml tree of a page or chapter, None when there is nothing in it.

    Raises:
        FileProblem: When the library for it is missing.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise missing(name, "HTML files", "lxml") from error
    strict = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    loose = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    head = text[:1_000]
    if "xmlns" in head and "<!ENTITY" not in head:
        # In XHTML <title/> and <script/> are complete; an HTML parser would read on.
        body = _NAMED.sub(lambda m: entities.unescape(m.group()), _PROLOGUE.sub("", text))
        try:
            return _without_namespaces(etree.fromstring(body.encode(), strict))
        except etree.XMLSyntaxError:
            pass
    try:
        root = etree.fromstring(_PROLOGUE.sub("", text).encode(), loose)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def decode_html(data: bytes) -> str:
    """Return a page's text: UTF-8 if it is, else as declared, else as Windows-1252."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        declared = _DECLARED.search(data[:4_096])
        chosen = declared.group(1).decode("ascii", "ignore").lower() if declared else ""
    if chosen in ("", "utf-8", "utf8", "iso-8859-1", "latin-1", "us-ascii"):
        chosen = "cp1252"
    try:
        return data.decode(chosen, "replace").replace("\0", "")
    except LookupError:
        return data.decode("cp1252", "replace").replace("\0", "")


def missing(name: str, kind: str, package: str) -> FileProblem:
    """Return the problem of a format whose library is not installed."""
    return FileProblem(
        name,
        f"reading {kind} needs {package}; run: python -m pip install -r requirements-formats.txt",
    )


def _without_namespaces(root: Any) -> Any:
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.split("}", 1)[1].lower()
    return root


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        key = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = clean(element.get("content") or "")
        if key and content:
            found.setdefault(key.lower(), content)
    return found


def _known(root: Any, meta: dict[str, str]) -> dict[str, str]:
    linked = _linked_data(root)
    dates = [meta.get(key, "") for key in _DATES]
    dates += [str(item.get("datePublished") or "") for item in linked]
    times = (t for t in root.iter("time") if any(True for _ in t.iterancestors("article")))
    dates += [next((t.get("datetime") for t in times if t.get("datetime")), "")]
    html = next(root.iter("html"), root)
    language = html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return {
        "published": next((d for d in map(iso_date, dates) if d), ""),
        "language": language or meta.get("dc.language", ""),
        "publisher": meta.get("og:site_name") or meta.get("dc.publisher", ""),
        "url": _link(root, "canonical") or meta.get("og:url", ""),
        "licence": _link(root, "license") or meta.get("dc.rights", ""),
    }


def _link(root: Any, relation: str) -> str:
    found = [e.get("href") or "" for e in root.iter("link", "a") if e.get("rel") == relation]
    return next((h for h in found if h.startswith(("http://", "https://"))), "")


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            try:
                loaded = json.loads(script.text or "")
            except (ValueError, RecursionError):
                continue
            graph = loaded.get("@graph", [loaded]) if isinstance(loaded, dict) else loaded
            yield from (item for item in graph if isinstance(item, dict))


def _title(root: Any, main: Any, meta: dict[str, str]) -> str:
    """Return the one main heading, else the page's title without the site's name."""
    heads = main.xpath(".//h1") or root.xpath(".//body//h1")
    if len(heads) == 1 and (heading := clean("".join(heads[0].itertext()))):
        return heading.rstrip("¶# ")
    given = meta.get("citation_title") or meta.get("og:title", "")
    if given:
        return given
    title = next((clean("".join(e.itertext())) for e in root.xpath(".//head/title")), "")
    return _TITLE_TAIL.sub("", title)
