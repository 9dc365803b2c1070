"""What visitors thought of an answer: one JSON line each, and what of it can be tested again.

A record holds the question, what was said and shown, and the rating. It knows nothing of who
rated: no address and no name is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from assistant.config import Settings
from assistant.datatypes import Answer, Verdict
from assistant.errors import AssistantError, why_unread
from assistant.jsonio import dump

Rating = Literal["up", "down"]
Reason = Literal["wrong_passage", "incomplete", "not_covered", "unsafe", "other"]
MAX_COMMENT_CHARS = 500
MAX_FILE_BYTES = 32 * 1024 * 1024
_NAME = "feedback.jsonl"


def feedback_file(settings: Settings, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return where feedback on a corpus is kept, None when ASSISTANT_FEEDBACK is ``off``.

    ASSISTANT_FEEDBACK names a folder; without it, each corpus has one in the cache.
    """
    chosen = environ.get("ASSISTANT_FEEDBACK", "")
    if chosen.strip().lower() == "off":
        return None
    if chosen:
        return Path(chosen).expanduser().absolute() / _NAME
    corpus = settings.corpus
    digest = hashlib.sha256(str(corpus.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return settings.cache / "feedback" / f"{corpus.name or 'corpus'}-{digest[:12]}" / _NAME


def record_of(
    found: Answer | Verdict, rating: Rating, reason: Reason | None = None, comment: str = ""
) -> dict[str, Any]:
    """Return the record of a rating, stamped with the time in UTC."""
    about = _answer_facts(found) if isinstance(found, Answer) else _verdict_facts(found)
    told = {"rating": rating, "reason": reason, "comment": comment.strip()[:MAX_COMMENT_CHARS]}
    about["scope"] = next((n.text for n in found.notices if n.kind == "scope"), "")
    return {"time": datetime.now(UTC).isoformat(timespec="seconds"), **about, **told}


def _answer_facts(answer: Answer) -> dict[str, Any]:
    return {
        "kind": "answer",
        "id": answer.id,
        "question": answer.question,
        "resolved_question": answer.resolved_question or answer.question,
        "outcome": answer.outcome,
        "faq_id": answer.faq.faq_id if answer.faq else None,
        "cited": [{"doc_id": c.doc_id, "start": c.start, "end": c.end} for c in answer.citations],
    }


def _verdict_facts(verdict: Verdict) -> dict[str, Any]:
    cited = [e.citation for e in verdict.evidence]
    return {
        "kind": "verdict",
        "id": verdict.id,
        "claim": verdict.claim,
        "checked_claim": verdict.checked_claim or verdict.claim,
        "label": verdict.label,
        "cited": [{"doc_id": c.doc_id, "start": c.start, "end": c.end} for c in cited],
    }


class FeedbackFile:
    """A file that records are added to; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, record: dict[str, Any]) -> None:
        """Write a record as one line.

        Raises:
            AssistantError: When the file cannot be written or is full.
        """
        line = (dump(record) + "\n").encode("utf-8", "replace")
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(handle, "ab") as file:
                    if file.tell() + len(line) > MAX_FILE_BYTES:
                        raise AssistantError(
                            f"The feedback in {self.path} has reached its limit of "
                            f"{MAX_FILE_BYTES // 2**20} MB; move the file away."
                        )
                    file.write(line)
        except OSError as error:
            raise AssistantError(
                f"Feedback cannot be written to {self.path} ({why_unread(error)}); "
                "set ASSISTANT_FEEDBACK to a folder that can be written."
            ) from error


def read_feedback(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file, oldest first; none when there is no file yet.

    Raises:
        AssistantError: When the file cannot be read or a line of it is no record.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"The feedback in {path} cannot be read ({why_unread(error)}).") from (
            error
        )
    return [_record(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _record(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        if not {"kind", "id", "rating"} <= record.keys():
            raise KeyError
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise AssistantError(f"{path}: line {number} is no feedback record; remove it.") from error
    assert isinstance(record, dict)
    return record


def cases_of(records: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Return the records as cases for ``eval``, and how many say too little to be one.

    Of several ratings of the same answer the last counts. What was rated up must stay so; what
    was rated down becomes a case only where the rating says what is expected instead.
    """
    last = {(r["kind"], r["id"]): r for r in records}
    made = [_case(record) for record in last.values()]
    return [case for case in made if case is not None], made.count(None)


def _case(record: Mapping[str, Any]) -> dict[str, Any] | None:
    if record.get("scope"):  # the whole corpus may answer otherwise
        return None
    reason = record.get("reason") or "no reason given"
    note = "rated up" if record["rating"] == "up" else f"rated down: {reason}"
    if comment := record.get("comment"):
        note = f"{note}; {comment}"
    expected = _claim_expected(record) if record["kind"] == "verdict" else _expected(record)
    return {**expected, "note": note} if expected else None


def _claim_expected(record: Mapping[str, Any]) -> dict[str, Any]:
    if record["rating"] != "up":  # which label would be right is not known
        return {}
    return {"claim": record["claim"], "label": record["label"]}


def _expected(record: Mapping[str, Any]) -> dict[str, Any]:
    question, outcome = record["resolved_question"], record["outcome"]
    if record["rating"] == "up":
        return _kept(record, question, outcome)
    if record.get("reason") == "not_covered":  # said of a refusal, it means that it is covered
        return {"question": question, "covered": outcome == "not_covered"}
    if record.get("reason") in ("wrong_passage", "incomplete"):
        return {"question": question, "covered": True}
    return {}


def _kept(record: Mapping[str, Any], question: str, outcome: str) -> dict[str, Any]:
    if outcome == "faq":
        return {"faq": question, "faq_id": record["faq_id"]}
    if outcome == "not_covered":
        return {"question": question, "covered": False}
    if outcome in ("answered", "partly") and record["cited"]:
        return {"question": question, "doc_id": record["cited"][0]["doc_id"]}
    return {}  # referred: eval has no case for it


def lines_of(records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield records as lines to read, oldest first."""
    for record in records:
        asked = record.get("question") or record.get("claim") or ""
        told = record.get("outcome") or record.get("label") or ""
        reason = f" ({record['reason']})" if record.get("reason") else ""
        yield f"{record.get('time', '')}  {record['rating']}{reason}  {told}  {asked}"
        if record.get("comment"):
            yield f"    {record['comment']}"
