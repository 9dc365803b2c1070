"""Text and blocks -> a Document: its title, sections, dates and hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from assistant.datatypes import Document
from assistant.reading.labels import PUBLISHED
from assistant.reading.plaintext import guess_title, normalise, read_blocks
from assistant.reading.structure import Draft, build_sections
from assistant.reading.writer import Reading

_DATE_FORMS = ("%Y-%m-%d", "%B %d %Y", "%d %B %Y", "%b %d %Y", "%d %b %Y")


def plain_document(
    raw: str,
    *,
    doc_id: str,
    source: str,
    title: str = "",
    known: Mapping[str, str] | None = None,
) -> Document:
    """Return the document of a plain text; the title is guessed when none is given."""
    text = normalise(raw)
    title = title.strip() or guess_title(text) or title_from_name(doc_id)
    facts = dict(known or {})
    if "published" not in facts and (match := PUBLISHED.search(text[:2_000])):
        facts["published"] = _iso_date(match.group(1))
    return make_document(text, read_blocks(text), doc_id, source, title, facts)


def reading_document(reading: Reading, *, doc_id: str, source: str) -> Document:
    """Return the document of what a reader found; without a title the file's name gives one."""
    document = make_document(
        reading.text, reading.drafts, doc_id, source,
        normalise(reading.title) or title_from_name(doc_id), reading.known,
    )  # fmt: skip
    return replace(
        document,
        page_starts=reading.page_starts,
        page_numbers=reading.page_numbers,
        page_unit=reading.page_unit,
    )


def make_document(
    text: str,
    drafts: list[Draft],
    doc_id: str,
    source: str,
    title: str,
    known: Mapping[str, str],
) -> Document:
    """Return the document of a normalised text and its blocks."""
    return Document(
        doc_id=doc_id,
        title=title,
        text=text,
        sections=build_sections(text, drafts, title),
        source=source,
        sha256=hashlib.sha256(f"{title}\0{text}".encode()).hexdigest(),
        kind=known.get("kind", ""),
        url=known.get("url", ""),
        publisher=known.get("publisher", ""),
        published=known.get("published", ""),
        licence=known.get("licence", known.get("license", "")),
        restates=known.get("restates", ""),
        language=known.get("language", known.get("lang", "")),
    )


def title_from_name(name: str) -> str:
    """Return a title made from a file's name."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.rsplit("/", 1)[-1])
    words = re.sub(r"[-_]+", " ", stem).strip()
    return words[:1].upper() + words[1:] if words else name


def _iso_date(found: str) -> str:
    plain = found.replace(",", "")
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    return found
