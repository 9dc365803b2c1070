"""Answers, hits and verdicts as plain text, for a terminal or a clipboard.

Whatever is printed ends with the disclaimer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.datatypes import Answer, Verdict
from assistant.indexing import SyncReport

_LISTED_FILES = 10
STATES = {
    "answered": "Answered from the documents",
    "partly": "Partly covered",
    "faq": "From the frequently asked questions",
    "not_covered": "Not covered",
    "referred": "Referred",
}
VERDICTS = {
    "supported": "Supported by the documents",
    "refuted": "Contradicted by the documents",
    "disputed": "Disputed: the documents support and contradict it",
    "not_enough_info": "The documents do not decide this",
}
STANCES = (("supports", "Supports"), ("refutes", "Contradicts"), ("mentions", "Mentions"))


def answer_text(answer: Answer) -> str:
    """Return an answer as plain text: state, statements, sources, disclaimer."""
    lines = [STATES[answer.outcome]]
    if answer.faq is not None:
        lines.append(f"Question matched: {answer.faq.question}")
    first = [notice.text for notice in answer.notices if notice.level != "info"]
    lines += ["", *first, *([""] if first else [])]
    for statement in answer.statements:
        numbers = "".join(f"[{n}]" for n in statement.citations)
        lines += [f"{statement.text} {numbers}", ""]
    lines += [notice.text for notice in answer.notices if notice.level == "info"]
    if answer.citations:
        lines += ["", "Sources"]
    for c in answer.citations:
        place = " › ".join((c.title, *c.heading))
        page = f", {c.page_label}" if c.page else ""
        lines.append(f"[{c.number}] {place} ({c.doc_id}{page}, {c.start}-{c.end})")
    if answer.related:
        lines += ["", "Related", *(f"- {question}" for question in answer.related)]
    lines += ["", answer.disclaimer]
    return "\n".join(lines).replace("\n\n\n", "\n\n")


def hits_text(result: dict[str, Any]) -> str:
    """Return hits as plain text, best first."""
    lines = []
    for hit in result["hits"]:
        place = " › ".join((hit["title"], *hit["heading"]))
        lines += [f"{hit['rank']}. {place} ({hit['passage_id']}, {hit['score']:.3f})",
                  f"   {hit['text']}", ""]  # fmt: skip
    return "\n".join([*lines, result["disclaimer"]])


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as plain text: label, evidence by stance, sources, disclaimer."""
    lines = [f"{VERDICTS[verdict.label]} ({verdict.confidence:.0%})"]
    if verdict.checked_claim != verdict.claim:
        lines.append(f"Checked: {verdict.checked_claim}")
    lines += [f"- {part.checked_claim} {VERDICTS[part.label]}" for part in verdict.parts]
    lines += ["", *(notice.text for notice in verdict.notices)]
    for stance, title in STANCES:
        found = [e for e in verdict.evidence if e.stance == stance]
        if not found:
            continue
        lines += ["", title]
        for e in found:
            c = e.citation
            place = " › ".join((c.title, *c.heading))
            why = f" ({'; '.join(e.vetoes)})" if e.vetoes else ""
            lines.append(f"[{c.number}] {c.quote}{why}")
            where = ", ".join(filter(None, (c.doc_id, c.page_label)))
            lines.append(f"    {place} ({where}, {c.start}-{c.end})")
    return "\n".join([*lines, "", verdict.disclaimer]).replace("\n\n\n", "\n\n")


def draft_text(verdicts: Sequence[Verdict], disclaimer: str) -> str:
    """Return the verdicts of a draft's sentences as a table."""
    lines = []
    for number, verdict in enumerate(verdicts, start=1):
        lines.append(
            f"{number:>3}. {verdict.label:<16} {verdict.confidence:>4.0%}  {verdict.claim}"
        )
        deciding = next((e for e in verdict.evidence if e.stance != "mentions"), None)
        if deciding:
            c = deciding.citation
            lines.append(f"      {deciding.stance}: “{c.quote}” ({c.doc_id}, {c.start}-{c.end})")
    return "\n".join([*lines, "", disclaimer])


def sync_text(report: SyncReport, place: str) -> str:
    """Return what a sync did: counts of files, the first names of each kind, the totals."""
    counts = ", ".join(f"{count} {kind}" for kind, count in report.counts.items() if count)
    renamed = [f"{old} -> {new}" for new, old in report.renamed.items()]
    copies = [f"{name} = {other}" for name, other in report.copies.items()]
    lines = [f"Files: {counts or 'none'}"]
    for kind, names in (
        ("added", report.added), ("changed", report.changed), ("renamed", renamed),
        ("deleted", report.deleted), ("same content", copies),
    ):  # fmt: skip
        lines += [f"  {kind}: {_one_line(name)}" for name in names[:_LISTED_FILES]]
        if len(names) > _LISTED_FILES:
            lines.append(f"  {kind}: {len(names) - _LISTED_FILES:,} more")
    state = f"{report.embedded} embedded in" if report.built else "up to date, looked at in"
    lines.append(
        f"{report.documents} documents, {report.passages} passages, "
        f"{state} {report.seconds:.2f} s: {place}"
    )
    return "\n".join(lines)


def _one_line(name: str) -> str:
    return name.replace("\n", "\\n")
