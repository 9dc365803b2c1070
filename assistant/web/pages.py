"""The frame of every page but the chat: header, navigation, main, disclaimer.

A view knows its title and body; the frame makes a whole page of it, which works without
JavaScript, or only the part inside ``<main>``, which the chat shows in a tab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as quote_url
from urllib.parse import urlencode

from assistant.datatypes import Citation
from assistant.web.escaping import escape
from assistant.web.links import rooted
from assistant.web.render import document_url

_PLACES = (
    ("/", "Ask"),
    ("/faq", "FAQ"),
    ("/check", "Check a claim"),
    ("/doc/", "Sources"),
    ("/map", "Map"),
)


@dataclass(frozen=True, slots=True)
class View:
    """What stands in ``<main>``; ``address`` says which entry of the navigation it is under.

    ``title`` is plain text, ``lead`` and ``body`` are HTML. ``kind`` names the style of the
    view: ``wide``, ``reader``, ``map`` or ``sheet`` (made for printing). ``headed`` tells that
    the body brings its own heading, ``assets`` names further files of /static/.
    """

    address: str
    title: str
    body: str
    lead: str = ""
    kind: str = "wide"
    headed: bool = False
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same on every page of one corpus; ``root_path`` is set before its links."""

    corpus: str
    disclaimer: str
    has_map: bool = False
    root_path: str = ""

    def page(self, view: View) -> str:
        """Return a view as a whole page."""
        return rooted(self._page(view), self.root_path)

    def _page(self, view: View) -> str:
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
            f"<title>{escape(self._title(view))}</title>"
            '<link rel="stylesheet" href="/static/app.css">'
            '<link rel="stylesheet" href="/static/pages.css">'
            f"{''.join(map(_asset, view.assets))}"
            # Not deferred: the chosen theme must be known before anything is painted.
            '<script src="/static/pages.js"></script></head>'
            f'<body class="page"><a class="skip" href="#main">Skip to the content</a>'
            f'{self._header(view)}<main id="main" tabindex="-1">{_inside(view, "h1")}</main>'
            f'<footer class="page-foot"><p role="note">{escape(self.disclaimer)}</p></footer>'
            "</body></html>"
        )

    def part(self, view: View) -> str:
        """Return what stands inside ``<main>``, with the disclaimer that the page has below.

        The title is one level lower, for the chat has a title of its own.
        """
        note = f'<p class="view-disclaimer" role="note">{escape(self.disclaimer)}</p>'
        return rooted(_inside(view, "h2", note), self.root_path)

    def _title(self, view: View) -> str:
        return view.title if view.title == self.corpus else f"{view.title} · {self.corpus}"

    def _header(self, view: View) -> str:
        places = [place for place in _PLACES if place[0] != "/map" or self.has_map]
        here = ' aria-current="page"'
        links = "".join(
            f'<li><a href="{address}"{here if address == view.address else ""}>{name}</a></li>'
            for address, name in places
        )
        return (
            f'<header class="page-head"><div><a class="brand" href="/">{escape(self.corpus)}</a>'
            f'<nav aria-label="Views"><ul>{links}</ul></nav>'
            '<button type="button" class="theme-switch" hidden="">Dark</button></div></header>'
        )


def _asset(name: str) -> str:
    if name.endswith(".css"):
        return f'<link rel="stylesheet" href="/static/{name}">'
    return f'<script src="/static/{name}" defer></script>'


def problem_view(sentence: str, title: str = "Not found", address: str = "") -> View:
    """Return a view that holds one sentence, for what is not there or cannot be done."""
    return View(address, title, f"<p>{escape(sentence)}</p>", kind="reader")


def address_of(path: str, **query: str | int) -> str:
    """Return an address with its query, escaped for an attribute; empty values are left out."""
    kept = {name: value for name, value in query.items() if value not in ("", 0)}
    return escape(f"{path}?{urlencode(kept)}" if kept else path)


def document_address(doc_id: str) -> str:
    """Return the address of a document in the reader, escaped for an attribute."""
    return escape(f"/doc/{quote_url(doc_id, safe='/')}")


def source_note(citation: Citation) -> str:
    """Return where a quote stands, with the link to it in the reader."""
    *above, last = (escape(name) for name in (citation.title, *citation.heading))
    path = "".join(f"{name} › " for name in above) + f"<b>{last}</b>"
    page = f" · {citation.page_label}" if citation.page else ""
    return (
        f'<p class="view-source"><span>{path}{page}</span> '
        f'<a href="{document_url(citation)}">Read in the document</a></p>'
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 document", "2,000 documents"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def pager(path: str, page: int, pages: int, **query: str | int) -> str:
    """Return links to the pages of a long list, empty where there is one; pages count from 1."""
    if pages < 2:
        return ""
    wanted = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    links = "".join(_page_link(path, n, page, query) for n in wanted)
    return f'<nav class="view-pager" aria-label="Pages"><ul>{links}</ul></nav>'


def cut(items: Sequence[object], page: int, size: int) -> tuple[int, int, int]:
    """Return (page, number of pages, offset of its first item) for a page that may not exist."""
    pages = max(1, -(-len(items) // size))
    page = min(max(page, 1), pages)
    return page, pages, (page - 1) * size


def _page_link(path: str, number: int, current: int, query: dict[str, str | int]) -> str:
    here = ' aria-current="page"' if number == current else ""
    address = address_of(path, **query, page=number)
    return f'<li><a{here} href="{address}"><span class="vh">Page </span>{number:,}</a></li>'


def _inside(view: View, heading: str, end: str = "") -> str:
    lead = f'<p class="view-lead">{view.lead}</p>' if view.lead else ""
    title = f'<{heading} class="view-title">{escape(view.title)}</{heading}>'
    top = "" if view.headed else title
    return f'<div class="view view-{view.kind}">{top}{lead}{view.body}{end}</div>'
