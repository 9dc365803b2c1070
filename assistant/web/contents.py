"""The headings of a document -> anchors, a table of contents, links between sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.datatypes import Document
from assistant.web.escaping import escape
from assistant.words import fold

Neighbours = dict[int, tuple["Heading | None", "Heading | None"]]
_SLUG = re.compile(r"[\W_]+")
_CONTENTS_FROM = 4  # headings from which a table of contents helps
_CONTENTS_MOST = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: where its block starts, its level from 2, id and text."""

    start: int
    level: int
    ident: str
    text: str


def headings_of(document: Document) -> list[Heading]:
    """Return the headings of a document but its title, each with an id of its own."""
    found: list[Heading] = []
    taken: dict[str, int] = {}
    for section in document.sections:
        for block in section.blocks:
            text = document.text[block.start : block.end]
            if block.kind != "heading" or text.strip() == document.title:
                continue
            slug = _SLUG.sub("-", fold(text)).strip("-")[:60].strip("-") or "part"
            taken[slug] = taken.get(slug, 0) + 1
            again = f"-{taken[slug]}" if taken[slug] > 1 else ""
            level = min(max(block.level, 2), 6)
            found.append(Heading(block.start, level, f"h-{slug}{again}", text))
    return found


def neighbours_of(headings: Sequence[Heading]) -> Neighbours:
    """Return for each heading of the top level the ones before and after it, by its start."""
    if len(headings) < _CONTENTS_FROM:
        return {}
    top = [h for h in headings if h.level == 2]
    around = zip([None, *top], [*top[1:], None], strict=False)
    return {h.start: pair for h, pair in zip(top, around, strict=False)}


def steps_of(before: Heading | None, after: Heading | None) -> str:
    """Return links to the section before and the one after, empty where there are none."""
    links = "".join(
        f'<a href="#{heading.ident}"><span aria-hidden="true">{arrow}</span>'
        f'<span class="vh">{word} section: {escape(heading.text)}</span></a>'
        for heading, arrow, word in ((before, "↑", "Previous"), (after, "↓", "Next"))
        if heading is not None
    )
    return f'<p class="doc-steps">{links}</p>' if links else ""


def contents_of(headings: Sequence[Heading]) -> str:
    """Return the table of contents of a long document, folded."""
    if len(headings) < _CONTENTS_FROM:
        return ""
    shown = [h for h in headings if h.level <= 3]
    if len(shown) > _CONTENTS_MOST:
        shown = [h for h in shown if h.level == 2]
    rows = "".join(
        f'<li class="depth-{heading.level - 1}"><a href="#{heading.ident}">'
        f"{escape(heading.text)}</a></li>"
        for heading in shown
    )
    return (
        '<details class="doc-contents"><summary>Contents</summary>'
        f'<nav aria-label="Contents"><ol>{rows}</ol></nav></details>'
    )
