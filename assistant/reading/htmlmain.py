"""A parsed web page -> its main element: menus, footers, cookie banners and the like removed.

Rules on what pages say of their own parts (elements, roles, class names) and on how much of an
element is links. What holds most of the page's text is never removed for its class name alone.
"""

from __future__ import annotations

import re
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
_HEADINGS = ".//h1|.//h2|.//h3|.//h4"
_MAX_LINK_SHARE = 0.7


def main_element(root: Any) -> Any:
    """Return the element that holds the main content, with what does not belong to it removed.

    ``root`` is an lxml tree of HTML; it is changed in place.
    """
    _drop(root.xpath("|".join(f".//{tag}" for tag in _DROP_TAGS)))
    body = next(iter(root.xpath(".//body")), root)
    _drop_named(body)
    chosen = _choose(body)
    before = _length(chosen)
    inside = chosen.tag in ("main", "article") or chosen.get("role") == "main"
    doubtful = chosen.xpath(".//aside" if inside else ".//aside|.//header[not(.//h1)]")
    _drop([e for e in doubtful if not inside or _link_share(e) > 0.3])
    menus = [e for e in chosen.iter(*_GROUPS) if e is not chosen and _is_menu(e)]
    if sum(_length(e) for e in menus if not _within(e, menus)) < 0.9 * before:
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
    whole = _length(body)
    found = []
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in _KEEP:
            continue
        if _is_named_so(element) and _length(element) < 0.4 * whole:
            holds_title = element.xpath(".//h1") and len(body.xpath(".//h1")) == 1
            if not holds_title:
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
    whole = _length(body)
    chosen = body
    for path in (".//main|.//*[@role='main']", ".//article"):
        found = chosen.xpath(path)
        best = max(found, key=_length, default=None)
        if best is not None and _length(best) > (0.6 if "article" in path else 0.25) * whole:
            chosen, whole = best, _length(best)
    return chosen


def _is_menu(element: Any) -> bool:
    """Tell whether an element is hardly more than short links."""
    links = len(element.xpath(".//a"))
    if links < 3 or element.xpath(_HEADINGS):
        return False
    length = _length(element)
    return length / links < 60 and _link_share(element) > _MAX_LINK_SHARE


def _within(element: Any, others: list[Any]) -> bool:
    known = set(map(id, others))
    return any(id(ancestor) in known for ancestor in element.iterancestors())


def _link_share(element: Any) -> float:
    linked = sum(_length(a) for a in element.xpath(".//a"))
    return linked / max(_length(element), 1)


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
