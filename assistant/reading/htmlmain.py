"""A parsed web page -> its main element: menus, footers, cookie banners and the like removed.

Rules on what pages say of their own parts (elements, roles, class names) and on how much of an
element is links. What holds most of the page's text is never removed for its class name alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_DROP_TAGS = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
    "button", "input", "select", "textarea", "audio", "video", "dialog", "nav", "footer", "menu",
    "map", "datalist", "link", "meta",
)  # fmt: skip
_DROP_ROLES = frozenset(
    """navigation banner contentinfo search dialog alertdialog menu menubar toolbar
    complementary""".split()
)
_DROP_NAMES = frozenset(
    """ad ads advert advertisement advertising breadcrumb breadcrumbs byline-social comments
    consent cookie cookies copyright disqus footer gdpr header-nav ccpa lightbox login masthead menu
    menus modal nav navbar navbox navigation navmenu newsletter onetrust overlay pager pagination
    popover popup promo promotion promos recirc recommended recommendations related respond
    share sharebar sharing sidebar signup skip social socials sponsor sponsored subscribe
    subscription tags toolbar topbar paywall widget banner toc metabar editsection""".split()
)
_DROP_EXACT = re.compile(
    r"visually-?hidden|screen-reader(-text)?|sr-only|skip-?(link|to)|site-(header|footer)|"
    r"page-?(header|footer)|(global|main|top)-?(header|footer)|mw-jump-link|headerlink",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_KEEP = frozenset(("html", "body", "main", "article", "h1"))
_GROUPS = ("ul", "ol", "div", "section", "table", "p", "dl")
_HEADINGS = ("h1", "h2", "h3", "h4")
_MAX_LINK_SHARE = 0.7


def main_element(root: Any) -> Any:
    """Return the element that holds the main content, with what does not belong to it removed.

    ``root`` is an lxml tree of HTML; it is changed in place.
    """
    _drop(root.xpath("|".join(f".//{tag}" for tag in _DROP_TAGS)))
    body = next(iter(root.xpath(".//body")), root)
    _drop_named(body)
    chosen = _choose(body)
    sizes = _measure(chosen)
    before = sizes[chosen].text
    inside = chosen.tag in ("main", "article") or chosen.get("role") == "main"
    doubtful = chosen.xpath(".//aside" if inside else ".//aside|.//header[not(.//h1)]")
    _drop([e for e in doubtful if not inside or sizes[e].link_share > 0.3])
    sizes = _measure(chosen)
    groups = [e for e in chosen.iter(*_GROUPS) if e is not chosen]
    menus = [e for e in groups if sizes[e].is_menu]
    if sum(sizes[e].text for e in _outermost(menus)) < 0.9 * before:
        _drop(menus)
    return chosen


def _drop(elements: list[Any]) -> None:
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        tail, previous = _CONTROL.sub("", element.tail or ""), element.getprevious()
        if tail and previous is not None:
            previous.tail = _CONTROL.sub("", previous.tail or "") + tail
        elif tail:
            parent.text = _CONTROL.sub("", parent.text or "") + tail
        parent.remove(element)


def _drop_named(body: Any) -> None:
    """Remove what its role, class or id names as no content; not what holds half the text."""
    sizes = _measure(body)
    whole = sizes[body].text
    titles = body.xpath(".//h1")
    holding = {a for title in titles for a in title.iterancestors()} if len(titles) == 1 else set()
    found = []
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in _KEEP:
            continue
        small = sizes[element].text < 0.4 * whole
        if small and _is_named_so(element) and element not in holding:
            found.append(element)
    _drop(found)


def _is_named_so(element: Any) -> bool:
    if element.get("role", "").lower() in _DROP_ROLES or element.get("aria-modal") == "true":
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if not names.strip():
        return False
    if _DROP_EXACT.search(names):
        return True
    return any(
        word.lower() in _DROP_NAMES for name in names.split() for word in _WORD.findall(name)[:3]
    )


def _choose(body: Any) -> Any:
    """Return <main>, or the one article that holds most of the text, or the body."""
    sizes = _measure(body)
    chosen = body
    for path in (".//main|.//*[@role='main']", ".//article"):
        best = max(chosen.xpath(path), key=lambda e: sizes[e].text, default=None)
        share = 0.6 if "article" in path else 0.25
        if best is not None and sizes[best].text > share * sizes[chosen].text:
            chosen = best
    return chosen


@dataclass(slots=True)
class _Size:
    """Characters of text in an element, those in links inside it, its links and headings."""

    text: int = 0
    linked: int = 0
    links: int = 0
    headings: int = 0

    @property
    def link_share(self) -> float:
        return self.linked / max(self.text, 1)

    @property
    def is_menu(self) -> bool:
        """Whether it is hardly more than short links."""
        if self.links < 3 or self.headings:
            return False
        return self.text / self.links < 60 and self.link_share > _MAX_LINK_SHARE


def _measure(root: Any) -> dict[Any, _Size]:
    """Return the size of each element, in one pass however deep they are nested."""
    elements = list(root.iter())
    sizes = {element: _Size(len((element.text or "").strip())) for element in elements}
    for element in reversed(elements):  # children before their parents
        parent = element.getparent()
        if element is root or parent is None:
            continue
        size, above = sizes[element], sizes[parent]
        above.text += size.text + len((element.tail or "").strip())
        above.linked += size.text if element.tag == "a" else size.linked
        above.links += size.links + (element.tag == "a")
        above.headings += size.headings + (element.tag in _HEADINGS)
    return sizes


def _outermost(elements: list[Any]) -> list[Any]:
    """Return the elements, in document order, that stand in no other of them."""
    inside: set[Any] = set()
    for element in elements:
        if element not in inside:
            inside.update(element.iterdescendants())
    return [element for element in elements if element not in inside]
