"""The normalised text while it is written, with its blocks and page starts.

Every reader of a format with markup writes through it, so each block is a slice of the text
by construction. It knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.datatypes import Block, BlockKind, PageUnit
from assistant.reading.plaintext import normalise
from assistant.reading.structure import Draft

_BLANKS = re.compile(r"\s+")
_MONTH_FIRST = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_WORD_CHARS = 80
_UNITS = frozenset("m s h g l cm mm nm km kg mg mcg ml dl µm μm min day week month year".split())
_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_SMALL = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_MARK = re.compile(r"[\s\d,;.\[\]()a-c*†‡§–−-]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file; ``known`` are fields of Document, such as 'published'."""

    text: str
    drafts: list[Draft]
    title: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()
    page_numbers: tuple[int, ...] = ()
    page_unit: PageUnit = "page"


@dataclass(slots=True)
class TextWriter:
    """Collects contents in order; blank lines part them, list markers stay outside the blocks."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    drafts: list[Draft] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(
        self,
        content: str,
        kind: BlockKind,
        *,
        level: int = 0,
        marker: str = "",
        tight: bool = False,
        notice: bool = False,
        pages: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Write one block of normalised content; nothing when it is empty.

        Args:
            content: The block's text, without blank edges.
            kind: The block's kind.
            level: The heading's level or the list's depth.
            marker: Written before the block, such as '- '.
            tight: Whether only a line end parts it from what stands before.
            notice: Whether the markup says that it is a notice.
            pages: (offset within the content, page number) where a page begins.
        """
        if not content:
            return
        gap = "" if not self.parts else ("\n" if tight else "\n\n")
        self.parts.append(gap + marker + content)
        start = self.length + len(gap) + len(marker)
        self.length = start + len(content)
        self.drafts.append(Draft(Block(start, self.length, kind, level), notice))
        for offset, number in pages:
            if not self.numbers or self.numbers[-1] != number:
                self.starts.append(start + offset)
                self.numbers.append(number)

    @property
    def text(self) -> str:
        """The text written so far."""
        return "".join(self.parts)

    def reading(
        self, title: str = "", known: Mapping[str, str] | None = None, unit: PageUnit = "page"
    ) -> Reading:
        """Return what was written, with the document's title and metadata."""
        facts = {key: value for key, value in (known or {}).items() if value}
        return Reading(
            self.text, self.drafts, title, facts, tuple(self.starts), tuple(self.numbers), unit
        )


def clean(raw: str) -> str:
    """Return text in NFC on one line, without control characters and double blanks."""
    return _BLANKS.sub(" ", normalise(_BLANKS.sub(" ", raw))).strip()


def iso_date(raw: str) -> str:
    """Return the date at the start of a timestamp as YYYY, YYYY-MM or YYYY-MM-DD, or ''."""
    match = _MONTH_FIRST.match(raw.strip().removeprefix("D:"))
    if match is None:
        return ""
    year, month, day = match.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{month}-{day}" if day and 1 <= int(day) <= 31 else f"{year}-{month}"


def raised(before: str, content: str) -> str:
    """Return how a superscript reads in plain text: '' for a reference mark, else 10⁶, m², Ca²⁺.

    ``before`` is the text in front of it. A number raised behind a word or a full stop points to
    a note or a reference and is no part of the sentence.
    """
    plain = content.strip()
    if not plain:
        return content
    last = re.search(r"(?:[^\W\d_]+|[\d.]+)$", before[-_WORD_CHARS:])
    word = last.group() if last else ""
    exponent = word in _UNITS or word == "10" or (len(word) == 1 and word.isalnum())
    if "+" in plain or (plain[:1] in "−-–" and plain[1:].isdigit()) or exponent:
        small = plain.translate(_RAISED)
        return small if set(small) <= _SMALL else content
    return "" if _MARK.fullmatch(plain) and len(plain) <= 30 else content
