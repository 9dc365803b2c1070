"""Answers and hits -> the JSON that the command line, the API and exports share.

The schema is documented in docs/api.md; field order is fixed, so equal answers are equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.answering.faq import FaqHit
from assistant.answering.faqdata import FaqEntry
from assistant.datatypes import Answer, Citation, Document, Hit, Verdict


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain JSON values."""
    return {
        "id": answer.id,
        "question": answer.question,
        "resolved_question": answer.resolved_question or answer.question,
        "outcome": answer.outcome,
        "confidence": answer.confidence,
        "statements": [{"text": s.text, "citations": list(s.citations)} for s in answer.statements],
        "citations": [citation_json(c) for c in answer.citations],
        "faq": (
            {"faq_id": answer.faq.faq_id, "question": answer.faq.question} if answer.faq else None
        ),
        "notices": [{"kind": n.kind, "level": n.level, "text": n.text} for n in answer.notices],
        "disclaimer": answer.disclaimer,
        "related": list(answer.related),
        "timings_ms": answer.timings_ms,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """Return a citation as plain JSON values."""
    return {
        "number": citation.number,
        "doc_id": citation.doc_id,
        "title": citation.title,
        "heading": list(citation.heading),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "page": citation.page,
        "url": citation.url,
        "page_unit": citation.page_unit if citation.page else None,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain JSON values; ``parts`` are the parts of a compound claim."""
    return {
        "id": verdict.id,
        "claim": verdict.claim,
        "checked_claim": verdict.checked_claim or verdict.claim,
        "label": verdict.label,
        "confidence": verdict.confidence,
        "evidence": [
            {
                "stance": e.stance,
                "probability": e.probability,
                "citation": citation_json(e.citation),
                "vetoes": list(e.vetoes),
            }
            for e in verdict.evidence
        ],
        "sources": [
            {"doc_id": s.doc_id, "title": s.title, "label": s.label} for s in verdict.sources
        ],
        "parts": [
            {"claim": p.checked_claim, "label": p.label, "confidence": p.confidence}
            for p in verdict.parts
        ],
        "notices": [{"kind": n.kind, "level": n.level, "text": n.text} for n in verdict.notices],
        "disclaimer": verdict.disclaimer,
        "timings_ms": verdict.timings_ms,
    }


def hit_json(hit: Hit, rank: int) -> dict[str, Any]:
    """Return a hit as plain JSON values; ``rank`` counts from 1."""
    passage = hit.passage
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "doc_id": passage.doc_id,
        "passage_id": passage.passage_id,
        "title": passage.title,
        "heading": list(passage.heading),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
    }


def hits_json(record_id: str, query: str, hits: Sequence[Hit], disclaimer: str) -> dict[str, Any]:
    """Return a search and its hits, best first."""
    found = [hit_json(hit, rank) for rank, hit in enumerate(hits, start=1)]
    return {"id": record_id, "query": query, "hits": found, "disclaimer": disclaimer}


def draft_json(verdicts: Sequence[Verdict], disclaimer: str) -> dict[str, Any]:
    """Return the verdicts of a text's sentences, in its order."""
    return {"sentences": [verdict_json(v) for v in verdicts], "disclaimer": disclaimer}


def document_line(document: Document) -> dict[str, Any]:
    """Return what a list of documents says of one."""
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "published": document.published,
        "source": document.source,
        "also": list(document.also),
    }


def document_json(document: Document, disclaimer: str) -> dict[str, Any]:
    """Return a document: what is known of it, its sections, and the text offsets refer to."""
    return {
        **document_line(document),
        "kind": document.kind,
        "url": document.url,
        "publisher": document.publisher,
        "licence": document.licence,
        "language": document.language,
        "sha256": document.sha256,
        "characters": len(document.text),
        "sections": [
            {"heading": list(s.heading), "kind": s.kind, "start": s.start, "end": s.end}
            for s in document.sections
        ],
        "text": document.text,
        "disclaimer": disclaimer,
    }


def slice_json(document: Document, start: int, end: int, disclaimer: str) -> dict[str, Any]:
    """Return ``text[start:end]`` of a document, both offsets inside it."""
    return {
        **document_line(document),
        "characters": len(document.text),
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "disclaimer": disclaimer,
    }


def candidates_json(entries: Sequence[FaqHit]) -> list[dict[str, Any]]:
    """Return the FAQ entries nearest to a question, best first."""
    return [
        {"faq_id": e.faq_id, "question": e.question, "score": round(e.score, 4)} for e in entries
    ]


def faq_answer_json(answer: Answer, entries: Sequence[FaqHit]) -> dict[str, Any]:
    """Return an answer with the FAQ entries nearest to its question."""
    return {**answer_json(answer), "candidates": candidates_json(entries)}


def faq_list_json(entries: Sequence[FaqEntry], disclaimer: str) -> dict[str, Any]:
    """Return FAQ entries by topic, within a topic in the order given."""
    listed = sorted(entries, key=lambda e: e.topic)
    shown = [faq_entry_json(e) for e in listed]
    return {"entries": shown, "total": len(shown), "disclaimer": disclaimer}


def faq_entry_json(entry: FaqEntry) -> dict[str, Any]:
    """Return a FAQ entry as plain JSON values."""
    return {
        "faq_id": entry.faq_id,
        "topic": entry.topic,
        "question": entry.question,
        "answer": entry.answer,
        "doc_id": entry.passage.doc_id,
        "start": entry.passage.start,
        "end": entry.passage.end,
    }


def dump(value: object) -> str:
    """Return JSON on one line, in UTF-8 without escapes."""
    return json.dumps(value, ensure_ascii=False)
