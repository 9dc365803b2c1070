"""Answers and verdicts -> files to keep: Markdown and CSV; text and JSON have their own modules.

Markdown is escaped so that a quote renders letter for letter. A CSV cell that a spreadsheet
would run as a formula starts with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from assistant.datatypes import Answer, Citation, Evidence, Verdict
from assistant.jsonio import verdict_json
from assistant.textio import STANCES, STATES, VERDICTS

CSV_COLUMNS = (
    "number", "sentence", "checked_claim", "verdict", "confidence", "stance", "quote", "vetoes",
    "doc_id", "title", "heading", "start", "end", "disclaimer",
)  # fmt: skip
_INLINE = re.compile(r"[\\`*_\[\]<>&|~$^]|:(?=[\w+-]+:)")
_OPENING = re.compile(r"^(\d{1,9})([.)])|^[-+=#]")
_EDGE = re.compile(r"^[ \t]+|(?<![ \t])[ \t]+$")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def markdown(text: str) -> str:
    """Return text as Markdown that renders as exactly this text, line by line."""
    lines = text.replace("\r", "").rstrip("\n").split("\n")
    # A hard break needs a line after it; line ends at the very end are written as references.
    ends = "&#10;" * (len(text) - len(text.rstrip("\n")))
    return "\\\n".join(map(_markdown_line, lines)) + ends


def answer_markdown(answer: Answer, link: str, day: str) -> str:
    """Return an answer as Markdown: state, statements, numbered sources, disclaimer."""
    lines = [f"# {markdown(answer.question)}", f"**{STATES[answer.outcome]}**"]
    resolved = answer.resolved_question
    if resolved and resolved.casefold() != answer.question.casefold():
        lines.append(f"Searched for: {markdown(resolved)}")
    if answer.faq:
        lines.append(f"Question in the documents: {markdown(answer.faq.question)}")
    lines += [markdown(notice.text) for notice in answer.notices]
    for statement in answer.statements:
        marks = "".join(f"\\[{n}\\]" for n in statement.citations)
        lines.append(f"{_quoted(statement.text)}\n>\n> {marks}")
    lines += _sources(answer.citations)
    return _ended(lines, answer.disclaimer, link, day)


def checked_markdown(verdicts: Sequence[Verdict], disclaimer: str, link: str, day: str) -> str:
    """Return verdicts as Markdown, each with its evidence by stance."""
    lines: list[str] = []
    for verdict in verdicts:
        lines += [f"## {markdown(verdict.claim)}", f"**{VERDICTS[verdict.label]}**"]
        lines += [markdown(notice.text) for notice in verdict.notices]
        for part in verdict.parts:
            lines.append(f"- {markdown(part.checked_claim)} **{VERDICTS[part.label]}**")
        for stance, title in STANCES:
            found = [e for e in verdict.evidence if e.stance == stance]
            lines += [f"### {title}"] if found else []
            lines += [_evidence(e) for e in found]
    return _ended(["# Checked claims", *lines], disclaimer, link, day)


def checked_csv(verdicts: Sequence[Verdict]) -> str:
    """Return verdicts as CSV, a row for each piece of evidence, at least one for each claim."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(CSV_COLUMNS)
    for number, verdict in enumerate(verdicts, start=1):
        for evidence in verdict.evidence or (None,):
            writer.writerow(_safe(value) for value in _row(number, verdict, evidence))
    return out.getvalue()


def checked_json(verdicts: Sequence[Verdict], disclaimer: str, found: int) -> dict[str, Any]:
    """Return the verdicts of a text as plain JSON values; ``found`` counts its sentences."""
    return {
        "sentences": [verdict_json(verdict) for verdict in verdicts],
        "sentences_found": found,
        "disclaimer": disclaimer,
    }


def _markdown_line(line: str) -> str:
    escaped = _INLINE.sub(lambda m: "\\" + m.group(), line)
    escaped = _OPENING.sub(
        lambda m: f"{m.group(1)}\\{m.group(2)}" if m.group(1) else "\\" + m.group(), escaped
    )
    # Blanks at the edges of a line would be dropped, or read as code.
    return _EDGE.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), escaped)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in markdown(text).split("\n"))


def _evidence(item: Evidence) -> str:
    why = f"\n>\n> {markdown('; '.join(item.vetoes))}" if item.vetoes else ""
    return f"{_quoted(item.citation.quote)}\n>\n> {_place(item.citation)}{why}"


def _sources(citations: Sequence[Citation]) -> list[str]:
    if not citations:
        return []
    return ["## Sources", *(f"\\[{c.number}\\] {_place(c)}" for c in citations)]


def _place(citation: Citation) -> str:
    path = " › ".join((citation.title, *citation.heading))
    page = f", {citation.page_label}" if citation.page else ""
    where = f"{citation.doc_id}{page}, {citation.start}-{citation.end}"
    url = f" {markdown(citation.url)}" if citation.url else ""
    return f"{markdown(path)} ({markdown(where)}){url}"


def _ended(lines: Sequence[str], disclaimer: str, link: str, day: str) -> str:
    made = f"{day} · {markdown(link)}" if link else day
    return "\n\n".join([*lines, "---", markdown(disclaimer), made]) + "\n"


def _row(number: int, verdict: Verdict, evidence: Evidence | None) -> list[str]:
    claim = [str(number), verdict.claim, verdict.checked_claim or verdict.claim, verdict.label,
             f"{verdict.confidence:.3f}"]  # fmt: skip
    if evidence is None:
        return [*claim, *[""] * 8, verdict.disclaimer]
    c = evidence.citation
    return [*claim, evidence.stance, c.quote, "; ".join(evidence.vetoes), c.doc_id, c.title,
            " › ".join(c.heading), str(c.start), str(c.end), verdict.disclaimer]  # fmt: skip


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
