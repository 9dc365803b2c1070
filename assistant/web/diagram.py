"""A pathway -> an SVG diagram of links: each node and each edge is one, with a name.

Kinds of nodes differ in shape and kinds of edges in line and head, so nothing is told by colour
alone; colours and fonts are in static/map.css, for the page's policy forbids styles in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.datatypes import EdgeKind, NodeKind, Pathway, PathwayEdge, PathwayNode
from assistant.web.escaping import escape
from assistant.web.layered import ARC, Box, Drawing, Point, lay_out
from assistant.web.render import document_url

VERBS: dict[EdgeKind, str] = {
    "activates": "activates",
    "inhibits": "inhibits",
    "leads_to": "leads to",
    "affects": "acts on",
    "part_of": "belongs to",
}
KINDS: dict[NodeKind, str] = {
    "input": "Signal or input",
    "drug": "Compound",
    "molecule": "Molecule",
    "kinase": "Kinase",
    "complex": "Complex",
    "outcome": "What follows",
}
_FONT, _LINE, _PAD_X, _PAD_Y, _MAX_LINE = 13.0, 17.0, 15.0, 9.0, 122.0
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|()[]/ -"), frozenset("mwMW@%")
_LONG_WORD = 24


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of a pathway with the lines of each node's label."""

    drawing: Drawing
    labels: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=4)
def draw(pathway: Pathway) -> Diagram:
    """Return where everything of a pathway goes; kept, for it is the same for every visitor."""
    labels = tuple(wrapped(node.label) for node in pathway.nodes)
    boxes = [_box(n, lines) for n, lines in zip(pathway.nodes, labels, strict=True)]
    number = {node.id: at for at, node in enumerate(pathway.nodes)}
    links = [(number[e.source], number[e.target]) for e in drawn_edges(pathway)]
    return Diagram(lay_out(boxes, links), labels)


def drawn_edges(pathway: Pathway) -> list[PathwayEdge]:
    """Return the edges to draw: what several passages state alike is one line."""
    first: dict[tuple[str, str, str], PathwayEdge] = {}
    for edge in pathway.edges:
        first.setdefault((edge.source, edge.target, edge.kind), edge)
    return list(first.values())


def relation(edge: PathwayEdge) -> str:
    """Return an edge's relation in words: those of its quote, where it names them."""
    return edge.says or VERBS[edge.kind]


def diagram_svg(pathway: Pathway, selected: str = "") -> str:
    """Return the diagram; ``selected`` is the id of the node whose edges stand out, or empty."""
    diagram = draw(pathway)
    drawing, edges = diagram.drawing, drawn_edges(pathway)
    near = {n for e in edges if selected in (e.source, e.target) for n in (e.source, e.target)}
    label = {node.id: node.label for node in pathway.nodes}
    lines = "".join(
        _edge(edge, line, f"{label[edge.source]} {relation(edge)} {label[edge.target]}", selected)
        for edge, line in zip(edges, drawing.lines, strict=True)
    )
    placed = zip(pathway.nodes, drawing.boxes, diagram.labels, strict=True)
    nodes = "".join(
        _node(node, box, text, _state(node.id, selected, near))
        for node, box, text in sorted(placed, key=lambda p: (p[1].y + p[1].height / 2, p[1].x))
    )
    width, height = _n(drawing.width), _n(drawing.height)
    chosen = " chosen" if selected else ""
    return (
        f'<svg class="pathway{chosen}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="Diagram: {escape(pathway.title)}">'
        f'<g class="edges">{lines}</g><g class="nodes">{nodes}</g></svg>'
    )


def edge_key(kind: EdgeKind) -> str:
    """Return a small picture of a kind of edge for the legend."""
    return (
        '<svg class="key" width="52" height="26" viewBox="0 0 52 26" aria-hidden="true">'
        f'<g class="edge {kind}" transform="rotate(-90 26 13) translate(13 -13)">'
        f"{_strokes(kind, ((13.0, 2.0), (13.0, 50.0)))}</g></svg>"
    )


def node_key(kind: NodeKind) -> str:
    """Return a small picture of a kind of node for the legend."""
    return (
        '<svg class="key" width="52" height="26" viewBox="0 0 52 26" aria-hidden="true">'
        f'<g class="node {kind}">{_shape(kind, 4, 3, 44, 20)}</g></svg>'
    )


def wrapped(label: str) -> tuple[str, ...]:
    """Return a label in lines of even length that fit a box."""
    words = [
        word[at : at + _LONG_WORD]
        for word in label.split()
        for at in range(0, len(word), _LONG_WORD)
    ]
    best = _lines(words, _MAX_LINE)
    limit = _MAX_LINE
    while len(best) > 1 and limit > 40:  # narrower, as long as that needs no further line
        limit -= 6
        narrower = _lines(words, limit)
        if len(narrower) > len(best):
            break
        best = narrower
    return tuple(best)


def text_width(text: str) -> float:
    """Return about how wide a text is, on the wide side, in the diagram's units."""
    return _FONT * 1.02 * sum(_em(c) for c in text)


def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.36
    if char in _WIDE:
        return 0.92
    return 0.68 if char.isupper() or char.isdigit() else 0.58


def _lines(words: Sequence[str], limit: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}") <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _box(node: PathwayNode, lines: Sequence[str]) -> Box:
    aside = _PAD_X + (6 if node.kind in ("kinase", "drug", "complex", "outcome") else 0)
    width = max(64.0, max(text_width(line) for line in lines) + 2 * aside)
    return Box(round(width), len(lines) * _LINE + 2 * _PAD_Y, node.row)


def _state(ident: str, selected: str, near: set[str]) -> str:
    if not selected:
        return ""
    return " selected" if ident == selected else " near" if ident in near else " far"


def _node(node: PathwayNode, box: Box, lines: Sequence[str], state: str) -> str:
    middle, top = box.x + box.width / 2, box.y + box.height / 2 - len(lines) * _LINE / 2
    text = "".join(
        f'<tspan x="{_n(middle)}" y="{_n(top + (at + 0.74) * _LINE)}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    # A tall enough target for a finger, beyond the shape.
    hit = (
        f'<rect class="hit" x="{_n(box.x)}" y="{_n(box.y - 5)}" width="{_n(box.width)}" '
        f'height="{_n(box.height + 10)}"/>'
    )
    current = ' aria-current="true"' if state == " selected" else ""
    return (
        f'<a class="node {node.kind}{state}" id="n-{node.id}" data-node="{node.id}" '
        f'href="{node_url(node.id)}"{current} '
        f'aria-label="{escape(node.label)}, {KINDS[node.kind].lower()}: relations and quotes">'
        f"{hit}{_shape(node.kind, box.x, box.y, box.width, box.height)}"
        f'<text text-anchor="middle">{text}</text></a>'
    )


def node_url(ident: str) -> str:
    """Return the address of the map with a node chosen; ids need no escaping."""
    return f"/map?node={ident}#map-about"


def _edge(edge: PathwayEdge, line: Sequence[Point], name: str, selected: str) -> str:
    state = ""
    if selected:
        state = " on" if selected in (edge.source, edge.target) else " far"
    return (
        f'<a class="edge {edge.kind}{state}" data-from="{edge.source}" data-to="{edge.target}" '
        f'href="{document_url(edge.citation)}" aria-label="{escape(name)}: read the quote">'
        f"<title>{escape(name)}</title>{_strokes(edge.kind, line, hit=True)}</a>"
    )


def _strokes(kind: EdgeKind, line: Sequence[Point], *, hit: bool = False) -> str:
    """Return a line with its head; the last piece of the line is vertical."""
    (x, tip), down = line[-1], 1 if line[-1][1] >= line[-2][1] else -1
    ends = {"activates": 9, "leads_to": 1.5, "inhibits": 3, "part_of": 8, "affects": 12}
    path = _path([*line[:-1], (x, tip - down * ends[kind])])
    head = {
        "activates": f"M{_n(x)} {_n(tip)}l-5.5 {-10 * down}h11z",
        "leads_to": f"M{_n(x - 5.5)} {_n(tip - 9 * down)}l5.5 {8 * down}l5.5 {-8 * down}",
        "inhibits": f"M{_n(x - 8)} {_n(tip - 3 * down)}h16",
        "part_of": f"M{_n(x)} {_n(tip - down)}a3.5 3.5 0 1 0 0 {-7 * down}"
        f"a3.5 3.5 0 1 0 0 {7 * down}z",
        "affects": f"M{_n(x)} {_n(tip - down)}l-4.5 {-5.5 * down}l4.5 {-5.5 * down}"
        f"l4.5 {5.5 * down}z",
    }[kind]
    wide = f'<path class="hit" d="{_path(line)}"/><path class="halo" d="{path}"/>' if hit else ""
    return f'{wide}<path class="line" d="{path}"/><path class="head" d="{head}"/>'


def _path(points: Sequence[Point]) -> str:
    (x, y), *rest = points
    parts = [f"M{_n(x)} {_n(y)}"]
    for to_x, to_y in rest:
        if abs(to_x - x) < 0.5:
            parts.append(f"L{_n(to_x)} {_n(to_y)}")
        else:
            middle = y + ARC if y == to_y else (y + to_y) / 2
            parts.append(f"C{_n(x)} {_n(middle)} {_n(to_x)} {_n(middle)} {_n(to_x)} {_n(to_y)}")
        x, y = to_x, to_y
    return "".join(parts)


def _shape(kind: NodeKind, x: float, y: float, width: float, height: float) -> str:
    size = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    if kind == "input":
        return f'<rect class="shape" {size} rx="{_n(min(height / 2, 20))}"/>'
    if kind == "kinase":
        tip = min(10.0, height / 3)
        return (
            f'<path class="shape" d="M{_n(x + tip)} {_n(y)}h{_n(width - 2 * tip)}'
            f"l{_n(tip)} {_n(height / 2)}l{_n(-tip)} {_n(height / 2)}h{_n(2 * tip - width)}"
            f'l{_n(-tip)} {_n(-height / 2)}z"/>'
        )
    if kind == "drug":
        cut = 7.0
        return (
            f'<path class="shape" d="M{_n(x + cut)} {_n(y)}h{_n(width - 2 * cut)}'
            f"l{cut} {cut}v{_n(height - 2 * cut)}l{-cut} {cut}h{_n(2 * cut - width)}"
            f'l{-cut} {-cut}v{_n(2 * cut - height)}z"/>'
        )
    if kind == "complex":
        inner = (
            f'x="{_n(x + 3.5)}" y="{_n(y + 3.5)}" width="{_n(width - 7)}" height="{_n(height - 7)}"'
        )
        return f'<rect class="shape" {size} rx="9"/><rect class="inner" {inner} rx="6"/>'
    if kind == "outcome":
        bar = f'<path class="bar" d="M{_n(x + 2)} {_n(y)}v{_n(height)}"/>'
        return f'<rect class="shape" {size}/>{bar}'
    return f'<rect class="shape" {size} rx="7"/>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
