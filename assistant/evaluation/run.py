"""Cases put to an assistant one by one -> a Report.

A covered question is right when every group of its facts stands in the statements and, where
a document is expected, one of them cites it. Retrieval is judged on ``search`` alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assistant.datatypes import Answer, Hit
from assistant.errors import QuestionError
from assistant.evaluation.cases import (
    LABELS,
    Case,
    ClaimCase,
    FaqCase,
    QuestionCase,
    read_cases,
)
from assistant.evaluation.metrics import contains, plain, rank_of, rank_of_facts
from assistant.evaluation.report import (
    METRICS,
    Miss,
    Report,
    check_bounds,
    figure,
    out_of_bounds,
    report_json,
    report_text,
)
from assistant.jsonio import dump
from assistant.reading import split_sentences

_DEPTH = 10
_ANSWERS = ("answered", "faq")


class Asked(Protocol):
    """What is evaluated: the facade, or a stand-in. A method ``check(claim)`` is optional."""

    def ask(self, question: str, /) -> Answer:
        """Return the answer to a question."""

    def search(self, query: str, k: int, /) -> list[Hit]:
        """Return the ``k`` best passages."""


@dataclass(slots=True)
class _Tally:
    """Rows of measurements by name, and what went wrong."""

    rows: dict[str, list[tuple[float, ...]]] = field(default_factory=lambda: defaultdict(list))
    misses: list[Miss] = field(default_factory=list)
    claims_not_evaluated: int = 0
    twins: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, *row: float) -> None:
        self.rows[name].append(row)

    def miss(self, case: Case, reason: str, answer: Answer) -> None:
        self.misses.append(Miss(case.line, case.text, reason, answer.outcome, answer.confidence))


def run_eval(assistant: Asked, path: str | Path, json_output: bool = False) -> tuple[str, int]:
    """Return what to print for a file of cases, and the exit code: 1 when out of bounds.

    Raises:
        AssistantError: When the file, a line of it or a bound cannot be used.
    """
    file = read_cases(path)
    check_bounds(file)
    report = evaluate(assistant, file.cases)
    failed = out_of_bounds(report, file)
    text = dump(report_json(report, failed)) if json_output else report_text(report, failed)
    return text, 1 if failed else 0


def evaluate(assistant: Asked, cases: Sequence[Case]) -> Report:
    """Put every case to the assistant and return the figures.

    Raises:
        QuestionError: When a case's text cannot be asked; the sentence names its line.
    """
    tally = _Tally()
    for case in cases:
        try:
            _put(assistant, case, tally)
        except QuestionError as error:
            raise QuestionError(f"The case of line {case.line} cannot be asked: {error}") from error
    for labels in tally.twins.values():
        tally.add("twins", len(set(labels)) < len(labels))
    return Report(
        figures=tuple(figure(metric, tally.rows[metric.rows]) for metric in METRICS),
        counts=_counts(cases),
        misses=tuple(tally.misses),
        claims_not_evaluated=tally.claims_not_evaluated,
    )


def _counts(cases: Sequence[Case]) -> dict[str, int]:
    questions = [case for case in cases if isinstance(case, QuestionCase)]
    covered = sum(case.covered for case in questions)
    return {
        "covered questions": covered,
        "not covered": len(questions) - covered,
        "FAQ paraphrases": sum(isinstance(case, FaqCase) for case in cases),
        "claims": sum(isinstance(case, ClaimCase) for case in cases),
    }


def _put(assistant: Asked, case: Case, tally: _Tally) -> None:
    if isinstance(case, ClaimCase):
        _claim(assistant, case, tally)
        return
    started = time.perf_counter()
    answer = assistant.ask(case.text)
    tally.add("ms", 1000 * (time.perf_counter() - started))
    if isinstance(case, FaqCase):
        right = _faq(case, answer, tally)
    elif case.covered:
        right = _covered(assistant, case, answer, tally)
    else:
        right = _uncovered(case, answer, tally)
    covered = isinstance(case, FaqCase) or case.covered
    tally.add("judged", answer.confidence, right)
    tally.add("covered", answer.confidence, covered)


def _faq(case: FaqCase, answer: Answer, tally: _Tally) -> bool:
    match = answer.faq if answer.outcome == "faq" else None
    if match is None:
        right, reason = False, "no FAQ entry"
    else:
        by_id = not case.faq_id or match.faq_id == case.faq_id
        by_question = not case.expected or plain(match.question) == plain(case.expected)
        right, reason = by_id and by_question, f"another FAQ entry, “{match.question}”"
    tally.add("faq", right)
    if not right:
        tally.miss(case, reason, answer)
    return right


def _covered(assistant: Asked, case: QuestionCase, answer: Answer, tally: _Tally) -> bool:
    refused = not answer.statements
    tally.add("refused", refused)
    if not refused:
        tally.add("statements", len(answer.statements))
        tally.add("sentences", sum(_sentences(s.text) for s in answer.statements))
    if not case.facts and not case.doc_id:
        right = not refused
    else:
        tally.add("rank", _rank(assistant.search(case.text, _DEPTH), case))
        right = not refused and _states(answer, case)
        tally.add("contained", right)
    if not right:
        tally.miss(case, "refused" if refused else "fact not in the statements", answer)
    return right


def _rank(hits: Sequence[Hit], case: QuestionCase) -> float:
    passages = [hit.passage for hit in hits]
    if not case.facts:
        return rank_of([passage.doc_id for passage in passages], case.doc_id)
    texts = [p.text if case.doc_id in ("", p.doc_id) else "" for p in passages]
    return rank_of_facts(texts, case.facts)


def _states(answer: Answer, case: QuestionCase) -> bool:
    cited = {c.doc_id for c in answer.citations}
    text = "\n".join(statement.text for statement in answer.statements)
    return contains(text, case.facts) and (not case.doc_id or case.doc_id in cited)


def _sentences(text: str) -> int:
    return sum(len(split_sentences(line, 0, len(line))) for line in text.splitlines())


def _uncovered(case: QuestionCase, answer: Answer, tally: _Tally) -> bool:
    false = answer.outcome in _ANSWERS
    shown = answer.outcome == "partly"
    tally.add("false_answer", false)
    tally.add("shown", shown)
    if false or shown:
        tally.miss(case, "false answer" if false else "shown though not covered", answer)
    return False


def _claim(assistant: Asked, case: ClaimCase, tally: _Tally) -> None:
    check: Callable[[str], Any] | None = getattr(assistant, "check", None)
    if check is None:
        tally.claims_not_evaluated += 1
        return
    verdict = check(case.text)
    right = verdict.label == case.label
    decided = verdict.label != "not_enough_info"
    if case.label == "not_enough_info":
        tally.add("false_decision", decided)
    if case.label != "supported":
        tally.add("false_support", verdict.label == "supported")
    if case.twin:
        tally.twins[case.twin].append(verdict.label if decided else f"open {case.line}")
    tally.add("claim_right", right)
    tally.add("claim", LABELS.index(case.label), LABELS.index(verdict.label))
    if not right:
        tally.misses.append(
            Miss(case.line, case.text, f"expected {case.label}", verdict.label, verdict.confidence)
        )
