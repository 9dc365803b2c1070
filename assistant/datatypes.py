"""The nouns of the assistant: immutable values.

Offsets count Unicode code points of ``Document.text``, the normalised text of one
document; ``text[start:end]`` is always exactly what a value claims to quote.
Nothing here reads files, loads models or decides anything.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import REBUILD, AssistantError

Vectors = NDArray[np.float32]
BlockKind = Literal["heading", "paragraph", "item", "step", "label", "row", "code", "furniture"]
SectionKind = Literal[
    "prose", "faq", "myth", "reality", "belief", "scenario",
    "notice", "takeaways", "table", "references", "furniture",
]  # fmt: skip
PageUnit = Literal["page", "slide", "row"]
Stance = Literal["supports", "refutes", "mentions"]
VerdictLabel = Literal["supported", "refuted", "disputed", "not_enough_info"]
Outcome = Literal["answered", "partly", "faq", "not_covered", "referred"]
NodeKind = Literal["input", "molecule", "kinase", "complex", "drug", "outcome"]
EdgeKind = Literal["activates", "inhibits", "leads_to", "part_of", "affects"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or the like; ``level`` is the heading level or list depth."""

    start: int
    end: int
    kind: BlockKind
    level: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A run of blocks under one heading path and of one kind."""

    heading: tuple[str, ...]
    kind: SectionKind
    level: int
    start: int
    end: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row.

    ``list_start`` is the offset of the first item of the list it belongs to, -1 for prose.
    """

    start: int
    end: int
    kind: Literal["prose", "item", "step", "row"] = "prose"
    list_start: int = -1


@dataclass(frozen=True, slots=True)
class Document:
    """One source text with its structure and what is known about it.

    ``page_starts`` are ascending offsets at which a page begins (or a slide, or a row of a
    sheet: ``page_unit``); ``page_numbers`` their numbers, empty where they count 1, 2, 3.
    ``also`` names the other files of the corpus that hold the same content.
    """

    doc_id: str
    title: str
    text: str
    sections: tuple[Section, ...]
    source: str
    sha256: str
    kind: str = ""
    url: str = ""
    publisher: str = ""
    published: str = ""
    licence: str = ""
    restates: str = ""
    page_starts: tuple[int, ...] = ()
    page_numbers: tuple[int, ...] = ()
    page_unit: PageUnit = "page"
    language: str = ""

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page that holds an offset, None for formats without pages."""
        at = bisect_right(self.page_starts, offset)
        if not self.page_starts:
            return None
        return self.page_numbers[max(at, 1) - 1] if self.page_numbers else max(at, 1)

    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and ranked; quotes are taken from its sentences.

    ``page`` is where it begins (a page, slide or row); None for formats without pages.
    """

    passage_id: str
    doc_id: str
    title: str
    heading: tuple[str, ...]
    kind: SectionKind
    text: str
    start: int
    end: int
    page: int | None
    sentences: tuple[Sentence, ...]

    def slice(self, start: int, end: int) -> str:
        """Return the document's text from ``start`` to ``end``, both inside this passage."""
        return self.text[start - self.start : end - self.start]

    @property
    def context(self) -> str:
        """Title and headings, as embedded in front of the text."""
        parts = [self.title, *self.heading]
        return "\n".join(dict.fromkeys(p for p in parts if p))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; ranks count from 0, None where that side missed it."""

    passage: Passage
    row: int
    score: float
    dense: float
    sparse: float
    dense_rank: int | None = None
    sparse_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands; ``text[start:end] == quote`` in the document's text.

    ``page`` counts ``page_unit``s: pages of a PDF, slides, rows of the sheet that the heading
    names; None for formats without.
    """

    number: int
    doc_id: str
    title: str
    heading: tuple[str, ...]
    quote: str
    start: int
    end: int
    page: int | None = None
    url: str = ""
    page_unit: PageUnit = "page"

    @property
    def page_label(self) -> str:
        """The page in words, as 'page 3', 'slide 3' or 'row 3'; '' for formats without."""
        return f"{self.page_unit} {self.page}" if self.page else ""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.quote) or not self.quote.strip():
            raise AssistantError(
                f"A quote of {self.doc_id} does not span {self.start}:{self.end}; {REBUILD}"
            )


@dataclass(frozen=True, slots=True)
class Statement:
    """A verbatim slice shown as part of an answer, with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message beside the answer: ``kind`` names the rule, ``level`` info, caution or urgent."""

    kind: str
    level: Literal["info", "caution", "urgent"]
    text: str


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """The frequently asked question that an answer returns."""

    faq_id: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to a question.

    ``resolved_question`` is what was searched for: the question with its topic carried over
    and its spelling mended.

    Raises:
        AssistantError: When built as answered without statements, with a statement that
            has no citation or one that does not resolve, or without a disclaimer.
    """

    id: str
    question: str
    outcome: Outcome
    confidence: float
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    disclaimer: str
    resolved_question: str = ""
    faq: FaqMatch | None = None
    notices: tuple[Notice, ...] = ()
    related: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        quotes = {citation.number: citation.quote for citation in self.citations}
        for statement in self.statements:
            if not statement.citations or not all(n in quotes for n in statement.citations):
                raise AssistantError("A statement has no citation that resolves.")
            if statement.text != quotes[statement.citations[0]]:
                raise AssistantError("A statement is not the quote it cites.")
        if self.outcome in ("answered", "partly", "faq") and not self.statements:
            raise AssistantError(f"An answer cannot be '{self.outcome}' without statements.")
        if self.outcome == "not_covered" and self.statements:
            raise AssistantError("An answer that is not covered cannot hold statements.")
        if not self.disclaimer.strip():
            raise AssistantError("An answer must carry the disclaimer.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim slice that bears on a claim, and how.

    ``probability`` is that of its stance; ``vetoes`` name why it does not count as support.
    """

    stance: Stance
    probability: float
    citation: Citation
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """What one document says of a claim."""

    doc_id: str
    title: str
    label: VerdictLabel


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the documents say of a claim.

    ``checked_claim`` is what was checked: a question is turned into the claim it implies.
    ``parts`` are the verdicts of the parts of a compound claim, empty for a simple one.

    Raises:
        AssistantError: When built as supported, refuted or disputed without evidence of that
            stance, or without a disclaimer.
    """

    id: str
    claim: str
    label: VerdictLabel
    confidence: float
    evidence: tuple[Evidence, ...]
    sources: tuple[SourceLabel, ...]
    disclaimer: str
    checked_claim: str = ""
    parts: tuple[Verdict, ...] = ()
    notices: tuple[Notice, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stances = {e.stance for e in self.evidence}
        needed = {"supported": {"supports"}, "refuted": {"refutes"},
                  "disputed": {"supports", "refutes"}}  # fmt: skip
        if not needed.get(self.label, set()) <= stances:
            raise AssistantError(f"A claim cannot be '{self.label}' without evidence of it.")
        if any(e.stance == "supports" and e.vetoes for e in self.evidence):
            raise AssistantError("Evidence with a veto cannot support a claim.")
        if not self.disclaimer.strip():
            raise AssistantError("A verdict must carry the disclaimer.")


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What belongs to one corpus and not to the code; read from its corpus.toml."""

    title: str
    description: str
    disclaimer: str
    examples: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathwayNode:
    """Something that acts or is acted on; ``row`` places it in the diagram, None by itself.

    ``citation`` is the passage that describes it, None where only its relations are cited.
    """

    id: str
    label: str
    kind: NodeKind = "molecule"
    row: int | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class PathwayEdge:
    """A relation between two nodes, given by their ids, with the passage that states it.

    ``says`` are the words of the quote for the relation, empty where the kind says it.

    Raises:
        AssistantError: When built with words that its quote does not hold.
    """

    source: str
    target: str
    kind: EdgeKind
    citation: Citation
    says: str = ""

    def __post_init__(self) -> None:
        if self.says not in self.citation.quote:
            raise AssistantError(f"The quote does not hold the words '{self.says}'.")


@dataclass(frozen=True, slots=True)
class Pathway:
    """What acts on what according to a corpus; citations are numbered in order, without repeats."""

    title: str
    nodes: tuple[PathwayNode, ...]
    edges: tuple[PathwayEdge, ...]
    description: str = ""
