"""The pathway map: a page with the diagram, its table and its nodes, and the same as JSON.

The page is plain HTML that works without JavaScript; with ``?part=1`` only what stands inside
its <main> is returned, for the chat page to show it in a tab. A corpus without a pathway.toml
has no such page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as quote_url

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.assistant import Assistant
from assistant.datatypes import Citation, Pathway, PathwayEdge, PathwayNode
from assistant.errors import FileProblem
from assistant.jsonio import citation_json
from assistant.web.diagram import (
    KINDS,
    VERBS,
    diagram_svg,
    edge_key,
    node_key,
    node_url,
    relation,
)
from assistant.web.escaping import escape
from assistant.web.links import rooted
from assistant.web.pages import Frame, View, problem_view
from assistant.web.render import document_url

_NONE = "This corpus has no pathway map; docs/documents.md says how to write one."
_ASSETS = ("map.css", "map.js")


def has_map(assistant: Assistant) -> bool:
    """Tell whether the corpus has a map that can be shown."""
    return not isinstance(find_pathway(assistant), str)


def current_frame(assistant: Assistant, root_path: str = "") -> Frame:
    """Return the frame of the pages as corpus.toml says it now."""
    info = assistant.info
    return Frame(info.title, info.disclaimer, has_map(assistant), root_path)


def map_response(request: Request, found: Pathway | str, frame: Frame) -> HTMLResponse:
    """Return the page of a pathway, or of the reason why there is none."""
    part = request.query_params.get("part") == "1"
    if isinstance(found, str):
        problem = problem_view(found, "Pathway map")
        return HTMLResponse(frame.part(problem) if part else frame.page(problem), 404)
    writer = _Writer(
        found, frame.disclaimer, request.query_params.get("node", ""), 2 if part else 1
    )
    if part:
        return HTMLResponse(rooted(_in_new_tabs(writer.body()), frame.root_path))
    view = View("/map", found.title, writer.body(), kind="map", headed=True, assets=_ASSETS)
    return HTMLResponse(frame.page(view))


def pathway_json(pathway: Pathway, disclaimer: str) -> dict[str, Any]:
    """Return a pathway as plain JSON values, documented in docs/api.md."""
    return {
        "title": pathway.title,
        "description": pathway.description,
        "nodes": [
            {
                "id": node.id,
                "label": node.label,
                "kind": node.kind,
                "citation": citation_json(node.citation) if node.citation else None,
            }
            for node in pathway.nodes
        ],
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "kind": edge.kind,
                "says": edge.says,
                "citation": citation_json(edge.citation),
            }
            for edge in pathway.edges
        ],
        "disclaimer": disclaimer,
    }


def find_pathway(assistant: Assistant) -> Pathway | str:
    """Return the pathway, or one sentence about why there is none."""
    try:
        return assistant.pathway() or _NONE
    except FileProblem as problem:
        return f"The pathway map cannot be shown. {problem}."


@dataclass(slots=True)
class _Writer:
    """Writes the page of one pathway; ``top`` is the level of its first heading."""

    pathway: Pathway
    disclaimer: str
    node: str
    top: int

    def __post_init__(self) -> None:
        self.node = next((n.id for n in self.pathway.nodes if n.id == self.node), "")

    def body(self) -> str:
        """Return what stands inside <main>."""
        documents = {e.citation.doc_id for e in self.pathway.edges}
        facts = (
            f"{len(self.pathway.nodes)} nodes · {len(self.pathway.edges)} relations · "
            f"from {len(documents)} document{'' if len(documents) == 1 else 's'}"
        )
        # A bare fragment would leave the chat, which has a <base>.
        skip = ' <a href="#map-relations">Skip to the table</a>' if self.top == 1 else ""
        return (
            f'<div class="map">{self._heading(0, self.pathway.title)}'
            f'<p class="lead">{escape(self.pathway.description)}</p>'
            '<p class="hint">Follow a line to the sentence that states it, or choose a node to '
            f"read everything said about it.{skip}</p>"
            f'<p class="facts">{facts}</p>'
            '<div class="stage"><figure><div class="canvas" role="region" tabindex="0" '
            f'aria-label="Diagram, can be scrolled">{diagram_svg(self.pathway, self.node)}</div>'
            f"{self._legend()}</figure>{self._about()}</div>"
            f'<p class="disclaimer" role="note">{escape(self.disclaimer)}</p>'
            f"{self._table()}{self._nodes()}</div>"
        )

    def _heading(self, below: int, text: str, ident: str = "") -> str:
        level = self.top + below
        mark = f' id="{ident}"' if ident else ""
        return f"<h{level}{mark}>{escape(text)}</h{level}>"

    def _label(self, ident: str) -> str:
        return next(n.label for n in self.pathway.nodes if n.id == ident)

    def _legend(self) -> str:
        """Return what the shapes and lines of this map mean."""
        lines = {e.kind for e in self.pathway.edges}
        shapes = {n.kind for n in self.pathway.nodes}
        keys = [f"<li>{edge_key(k)} {words}</li>" for k, words in VERBS.items() if k in lines]
        keys += [f"<li>{node_key(k)} {words}</li>" for k, words in KINDS.items() if k in shapes]
        return f'<figcaption><ul class="legend">{"".join(keys)}</ul></figcaption>'

    def _about(self) -> str:
        """Return what the documents say of the chosen node."""
        if not self.node:
            body = (
                self._heading(1, "Choose a node")
                + "<p>Its quotes and relations appear here. Every line of the diagram stands for "
                "one sentence of a document; where no sentence states a relation, there is no "
                "line.</p>"
            )
            return f'<section class="about" id="map-about">{body}</section>'
        node = next(n for n in self.pathway.nodes if n.id == self.node)
        into = [e for e in self.pathway.edges if e.target == node.id]
        out = [e for e in self.pathway.edges if e.source == node.id]
        quote = _quote(node.citation) if node.citation else ""
        body = (
            f"{self._heading(1, node.label)}"
            f'<p class="kind">{KINDS[node.kind]}</p>{quote}'
            f'<p class="links">{_ask(node_question(node))} '
            f'<a class="place" href="/map?node={node.id}#n-{node.id}">Show on the diagram</a> '
            '<a class="close" href="/map#map-about">Clear the choice</a></p>'
            f"{self._relations(f'What acts on {node.label}', into)}"
            f"{self._relations(f'What {node.label} acts on', out)}"
        )
        return f'<section class="about" id="map-about">{body}</section>'

    def _relations(self, title: str, edges: list[PathwayEdge]) -> str:
        if not edges:
            return ""
        items = "".join(
            f'<li class="{e.kind}"><p class="relation">{self._end(e.source)} '
            f'<b class="verb">{escape(relation(e))}</b> {self._end(e.target)}</p>'
            f"{_quote(e.citation)}</li>"
            for e in edges
        )
        return f"{self._heading(2, title)}<ul>{items}</ul>"

    def _end(self, ident: str) -> str:
        label = escape(self._label(ident))
        if ident == self.node:
            return f"<span>{label}</span>"
        return f'<a class="to-node" href="{node_url(ident)}">{label}</a>'

    def _table(self) -> str:
        """Return the diagram's equivalent in words."""
        rows = "".join(self._row(number, e) for number, e in enumerate(self.pathway.edges, 1))
        names = ("From", "Relation", "To", "Quote", "Ask")
        heads = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in names)
        return (
            f"{self._heading(1, 'All relations with their quotes', 'map-relations')}"
            '<table class="relations" role="table" aria-labelledby="map-relations">'
            f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>'
        )

    def _row(self, number: int, edge: PathwayEdge) -> str:
        ends = [
            f'<td role="cell" class="end"><a href="{node_url(n)}">{escape(self._label(n))}</a></td>'
            for n in (edge.source, edge.target)
        ]
        return (
            f'<tr role="row" id="map-e{number}" class="{edge.kind}">{ends[0]} '
            f'<td role="cell" class="verb">{edge_key(edge.kind)} {escape(relation(edge))}</td> '
            f'{ends[1]}<td role="cell" class="said">{_quote(edge.citation)}</td>'
            f'<td role="cell" class="ask">{_ask(self.question(edge))}</td></tr>'
        )

    def question(self, edge: PathwayEdge) -> str:
        """Return a question about an edge, in words that suit any label."""
        source, target = self._label(edge.source), self._label(edge.target)
        if edge.kind == "part_of":
            return f"What is the relation of {source} to {target}?"
        return f"What is the effect of {source} on {target}?"

    def _nodes(self) -> str:
        """Return the nodes by kind, each leading to its relations."""
        groups = []
        for kind, name in KINDS.items():
            found = [n for n in self.pathway.nodes if n.kind == kind]
            items = "".join(
                f'<li><a href="{node_url(n.id)}">{escape(n.label)}</a></li>' for n in found
            )
            if items:
                groups.append(f"<div>{self._heading(2, name)}<ul>{items}</ul></div>")
        title = self._heading(1, "All nodes", "map-nodes")
        return f'{title}<div class="groups">{"".join(groups)}</div>'


def node_question(node: PathwayNode) -> str:
    """Return a question about a node, in words that suit any label."""
    return f"What is the role of {node.label}?"


def _quote(citation: Citation) -> str:
    where = escape(" › ".join((citation.title, *citation.heading)))
    page = f", {citation.page_label}" if citation.page else ""
    return (
        f'<blockquote><q>{escape(citation.quote)}</q> <a class="where" '
        f'href="{document_url(citation)}">{where}{page}</a></blockquote>'
    )


def _ask(question: str) -> str:
    address = escape(f"/?q={quote_url(question, safe='')}")
    return (
        f'<a class="ask" href="{address}" title="{escape(question)}">Ask about this'
        f'<span class="vh">: {escape(question)}</span></a>'
    )


def _in_new_tabs(body: str) -> str:
    """Let links to documents open beside the page that shows this part."""
    # Text is escaped, so this is always an attribute of ours.
    return body.replace('href="/doc/', 'target="_blank" rel="noopener" href="/doc/')
