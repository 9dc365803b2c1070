"""A JSON Lines file of cases -> questions, FAQ paraphrases, claims and bounds.

The format is described in docs/evaluation.md. A line that cannot be used is an error with its
number: an evaluation that skips cases would report on something else than it was given.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, why_unread

LABELS = ("supported", "refuted", "disputed", "not_enough_info")


@dataclass(frozen=True, slots=True)
class QuestionCase:
    """A question: facts its answer must state, or its document, or that it is not covered.

    ``facts`` are groups of alternatives; one of each group must stand in the answer.
    """

    line: int
    text: str
    facts: tuple[tuple[str, ...], ...] = ()
    doc_id: str = ""
    covered: bool = True


@dataclass(frozen=True, slots=True)
class FaqCase:
    """A paraphrase and the entry it should return, by its question or its id."""

    line: int
    text: str
    expected: str = ""
    faq_id: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A claim and its label; ``twin`` is shared by two that differ in a word and in the label."""

    line: int
    text: str
    label: str
    twin: str = ""


Case = QuestionCase | FaqCase | ClaimCase


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file, and the bounds by the name of the figure."""

    name: str
    cases: tuple[Case, ...]
    floors: Mapping[str, float]
    ceilings: Mapping[str, float]


class _BrokenLineError(ValueError):
    """What is wrong with a line, as words that follow its number."""


def read_cases(path: str | Path) -> CaseFile:
    """Return the cases of a JSON Lines file.

    Raises:
        AssistantError: When the file cannot be read, a line of it cannot be used, or it
            holds no case; the sentence names the line.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(
            f"The cases {path} cannot be read ({why_unread(error)}); check the path."
        ) from error
    cases: list[Case] = []
    bounds: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _object(line)
            if "floors" in record or "ceilings" in record:
                bounds = _bounds(record, first=not cases and not bounds)
            else:
                cases.append(_case(record, number))
        except _BrokenLineError as error:
            raise AssistantError(f"{path}: line {number} {error}.") from error
    if not cases:
        raise AssistantError(f"{path} holds no case; docs/evaluation.md shows how to write one.")
    return CaseFile(str(path), tuple(cases), bounds.get("floors", {}), bounds.get("ceilings", {}))


def _object(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BrokenLineError(f"is not valid JSON ({error})") from error
    if not isinstance(record, dict):
        raise _BrokenLineError("is not a JSON object")
    return record


def _bounds(record: dict[str, Any], *, first: bool) -> dict[str, Any]:
    if not first:
        raise _BrokenLineError("holds floors or ceilings; they belong on the first line, once")
    _only(record, {"floors", "ceilings"})
    for name, bounds in record.items():
        if name == "note":
            continue
        if not isinstance(bounds, dict) or not all(map(_is_number, bounds.values())):
            raise _BrokenLineError(f"has '{name}' that are not an object of numbers")
    return record


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _case(record: dict[str, Any], number: int) -> Case:
    kinds = [kind for kind in _READERS if kind in record]
    if len(kinds) != 1:
        raise _BrokenLineError("needs one of 'question', 'faq' and 'claim'")
    return _READERS[kinds[0]](record, number)


def _question(record: dict[str, Any], number: int) -> QuestionCase:
    _only(record, {"question", "facts", "doc_id", "covered"})
    covered = record.get("covered", True)
    if not isinstance(covered, bool):
        raise _BrokenLineError("has a 'covered' that is neither true nor false")
    facts, doc_id = _facts(record.get("facts", [])), _text(record, "doc_id", optional=True)
    if covered and not facts and not doc_id and "covered" not in record:
        raise _BrokenLineError("expects nothing; add 'facts', 'doc_id' or 'covered'")
    if not covered and (facts or doc_id):
        raise _BrokenLineError("is not covered and yet expects facts or a document")
    return QuestionCase(number, _text(record, "question"), facts, doc_id, covered)


def _facts(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise _BrokenLineError("has 'facts' that are not a list of lists of texts")
    for group in value:
        if not isinstance(group, list) or not group or not all(map(_is_text, group)):
            raise _BrokenLineError("has 'facts' that are not a list of lists of texts")
    return tuple(tuple(group) for group in value)


def _faq(record: dict[str, Any], number: int) -> FaqCase:
    _only(record, {"faq", "expected", "faq_id"})
    expected = _text(record, "expected", optional=True)
    faq_id = _text(record, "faq_id", optional=True)
    if not expected and not faq_id:
        raise _BrokenLineError("expects no entry; add 'expected' (its question) or 'faq_id'")
    return FaqCase(number, _text(record, "faq"), expected, faq_id)


def _claim(record: dict[str, Any], number: int) -> ClaimCase:
    _only(record, {"claim", "label", "twin"})
    label = _text(record, "label")
    if label not in LABELS:
        raise _BrokenLineError(f"has the label '{label}'; labels are {', '.join(LABELS)}")
    twin = _text(record, "twin", optional=True)
    return ClaimCase(number, _text(record, "claim"), label, twin)


_READERS: dict[str, Callable[[dict[str, Any], int], Case]] = {
    "question": _question,
    "faq": _faq,
    "claim": _claim,
}


def _only(record: dict[str, Any], fields: set[str]) -> None:
    """Refuse unknown fields: a misspelt one would silently expect nothing."""
    unknown = sorted(record.keys() - fields - {"id", "note"})
    if unknown:
        raise _BrokenLineError(f"has the unknown field '{unknown[0]}'")


def _text(record: dict[str, Any], field: str, *, optional: bool = False) -> str:
    if optional and field not in record:
        return ""
    value = record.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _BrokenLineError(f"has no text in '{field}'")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
