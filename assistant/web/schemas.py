"""What the API returns, for its schema only: the values themselves come from ``jsonio``.

A test holds every reply of the server against these models.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.datatypes import Outcome, PageUnit, SectionKind, Stance, VerdictLabel


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CitationReply(_Reply):
    """Where a quote stands: characters ``start`` to ``end`` of the document's text."""

    number: int
    doc_id: str
    title: str
    heading: list[str]
    quote: str
    start: int
    end: int
    page: int | None
    page_unit: PageUnit | None
    url: str


class StatementReply(_Reply):
    """A verbatim sentence and the numbers of its citations."""

    text: str
    citations: list[int]


class NoticeReply(_Reply):
    """A message beside the answer."""

    kind: str
    level: Literal["info", "caution", "urgent"]
    text: str


class FaqMatchReply(_Reply):
    """The frequently asked question that was returned."""

    faq_id: str
    question: str


class AnswerReply(_Reply):
    """An answer."""

    id: str
    question: str
    resolved_question: str
    outcome: Outcome
    confidence: float = Field(ge=0, le=1)
    statements: list[StatementReply]
    citations: list[CitationReply]
    faq: FaqMatchReply | None
    notices: list[NoticeReply]
    disclaimer: str
    related: list[str]
    timings_ms: dict[str, float]


class CandidateReply(FaqMatchReply):
    """An entry near to the question."""

    score: float


class FaqAnswerReply(AnswerReply):
    """An answer with the entries nearest to its question."""

    candidates: list[CandidateReply]


class FaqEntryReply(FaqMatchReply):
    """A frequently asked question with its whole answer."""

    topic: str
    answer: str
    doc_id: str
    start: int
    end: int


class FaqListReply(_Reply):
    """The frequently asked questions by topic."""

    entries: list[FaqEntryReply]
    total: int
    disclaimer: str


class EvidenceReply(_Reply):
    """A sentence that bears on a claim."""

    stance: Stance
    probability: float = Field(ge=0, le=1)
    citation: CitationReply
    vetoes: list[str]


class SourceReply(_Reply):
    """What one document says by itself."""

    doc_id: str
    title: str
    label: VerdictLabel


class PartReply(_Reply):
    """A part of a compound claim."""

    claim: str
    label: VerdictLabel
    confidence: float = Field(ge=0, le=1)


class VerdictReply(_Reply):
    """A verdict."""

    id: str
    claim: str
    checked_claim: str
    label: VerdictLabel
    confidence: float = Field(ge=0, le=1)
    evidence: list[EvidenceReply]
    sources: list[SourceReply]
    parts: list[PartReply]
    notices: list[NoticeReply]
    disclaimer: str
    timings_ms: dict[str, float]


class DraftReply(_Reply):
    """A verdict for each sentence of a text."""

    sentences: list[VerdictReply]
    disclaimer: str


class HitReply(_Reply):
    """A passage found."""

    rank: int
    score: float
    doc_id: str
    passage_id: str
    title: str
    heading: list[str]
    text: str
    start: int
    end: int
    page: int | None


class SearchReply(_Reply):
    """What was found, best first."""

    id: str
    query: str
    hits: list[HitReply]
    disclaimer: str


class LineReply(_Reply):
    """A document in a list; ``also`` names other files with the same content."""

    doc_id: str
    title: str
    published: str
    source: str
    also: list[str]


class DocumentsReply(_Reply):
    """The documents."""

    documents: list[LineReply]
    total: int
    disclaimer: str


class SectionReply(_Reply):
    """A section: characters ``start`` to ``end`` of the text."""

    heading: list[str]
    kind: SectionKind
    start: int
    end: int


class DocumentReply(LineReply):
    """A document with the text that all offsets count in."""

    kind: str
    url: str
    publisher: str
    licence: str
    language: str
    sha256: str
    characters: int
    sections: list[SectionReply]
    text: str
    disclaimer: str


class SliceReply(LineReply):
    """A slice of a document's text."""

    characters: int
    start: int
    end: int
    text: str
    disclaimer: str


class NodeReply(_Reply):
    """A part of the map."""

    id: str
    label: str
    kind: str
    citation: CitationReply | None


class EdgeReply(_Reply):
    """A relation and the quote that states it; ``says`` are its words for the relation."""

    model_config = ConfigDict(populate_by_name=True)
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    kind: str
    says: str
    citation: CitationReply


class PathwayReply(_Reply):
    """The pathway map."""

    title: str
    description: str
    nodes: list[NodeReply]
    edges: list[EdgeReply]
    disclaimer: str


class StoredReply(_Reply):
    """A rating was kept."""

    stored: bool
    id: str


class ProblemReply(_Reply):
    """What went wrong, and in which field."""

    error: str
    field: str | None
