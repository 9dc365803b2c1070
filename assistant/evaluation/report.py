"""Rows of measurements -> figures with intervals, as a table or JSON, held against bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from assistant.errors import AssistantError
from assistant.evaluation import metrics
from assistant.evaluation.cases import CaseFile
from assistant.evaluation.metrics import Statistic

RISK = 0.05


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's name in JSON and bounds, its label in the table, and what it is made of."""

    name: str
    label: str
    rows: str
    statistic: Statistic
    digits: int = 3


METRICS = (
    Metric("hit@1", "hit@1", "rank", partial(metrics.hit_at, k=1)),
    Metric("hit@3", "hit@3", "rank", partial(metrics.hit_at, k=3)),
    Metric("mrr", "MRR", "rank", metrics.mean_reciprocal_rank),
    Metric("containment", "answer containment", "contained", metrics.share),
    Metric("statements", "statements an answer", "statements", metrics.share, 2),
    Metric("sentences", "sentences an answer", "sentences", metrics.share, 2),
    Metric("false_refusals", "false refusals", "refused", metrics.share),
    Metric("false_answers", "false answers", "false_answer", metrics.share),
    Metric("shown_uncovered", "uncovered, shown as partly", "shown", metrics.share),
    Metric("faq_hit@1", "FAQ hit@1", "faq", metrics.share),
    Metric(
        "coverage_at_risk", "coverage at 5 % risk", "judged",
        partial(metrics.coverage_at_risk, risk=RISK),
    ),
    Metric("ece", "calibration error", "covered", metrics.expected_calibration_error),
    Metric("claim_accuracy", "claim accuracy", "claim_right", metrics.share),
    Metric("claim_macro_f1", "claim macro-F1", "claim", metrics.macro_f1),
    Metric("claim_false_support", "claims falsely supported", "false_support", metrics.share),
    Metric("claim_false_decision", "uncovered claims decided", "false_decision", metrics.share),
    Metric("claim_twins_alike", "twins decided alike", "twins", metrics.share),
    Metric("latency_p50_ms", "latency p50, ms", "ms", partial(metrics.percentile, percent=50), 1),
    Metric("latency_p95_ms", "latency p95, ms", "ms", partial(metrics.percentile, percent=95), 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value over ``n`` cases with its 95 % interval; None where nothing was measured."""

    metric: Metric
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that went wrong: what was wrong, and what the assistant said."""

    line: int
    text: str
    reason: str
    outcome: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, the cases of each kind, those that went wrong, and claims left out."""

    figures: tuple[Figure, ...]
    counts: Mapping[str, int]
    misses: tuple[Miss, ...]
    claims_not_evaluated: int = 0

    def value(self, name: str) -> float | None:
        """Return a metric's value by name, None where nothing was measured."""
        return next(f.value for f in self.figures if f.metric.name == name)


def figure(metric: Metric, rows: list[tuple[float, ...]]) -> Figure:
    """Return a metric over its rows, with its interval."""
    if not rows:
        return Figure(metric, 0)
    array = np.array(rows, dtype=np.float64)
    if array.shape[1] == 1:
        array = array[:, 0]
    low, high = metrics.bootstrap_interval(array, metric.statistic)
    return Figure(metric, len(rows), metric.statistic(array), low, high)


def check_bounds(file: CaseFile) -> None:
    """Refuse bounds on figures that do not exist.

    Raises:
        AssistantError: Naming the first one.
    """
    known = {metric.name for metric in METRICS}
    for name in (*file.floors, *file.ceilings):
        if name not in known:
            raise AssistantError(
                f"{file.name}: there is no figure '{name}' to bound; there are "
                f"{', '.join(sorted(known))}."
            )


def out_of_bounds(report: Report, file: CaseFile) -> list[str]:
    """Return a sentence for each floor and ceiling that the report does not keep to.

    A bound on a figure that was not measured is not kept.
    """
    failed = []
    for name, bound in file.floors.items():
        value = report.value(name)
        if value is None or value < bound:
            failed.append(f"{name} is {_shown(value)}, below its floor {bound:g}.")
    for name, bound in file.ceilings.items():
        value = report.value(name)
        if value is None or value > bound:
            failed.append(f"{name} is {_shown(value)}, above its ceiling {bound:g}.")
    return failed


def report_text(report: Report, failed: list[str]) -> str:
    """Return the report as a table, the misses below it, and the bounds not kept last."""
    lines = [", ".join(f"{n} {kind}" for kind, n in report.counts.items() if n), ""]
    lines.append(f"{'figure':<28}{'value':>9}   {'95 % interval':<20}{'cases':>5}")
    lines += [_row(f) for f in report.figures if f.n]
    if report.claims_not_evaluated:
        lines += ["", f"Claims: {report.claims_not_evaluated} not evaluated."]
    if report.misses:
        lines += ["", f"Misses ({len(report.misses)})"]
    for miss in report.misses:
        said = f"{miss.outcome}, {miss.confidence:.2f}"
        lines.append(f"line {miss.line}: {miss.reason} ({said}): {miss.text}")
    if failed:
        lines += ["", "Out of bounds", *failed]
    return "\n".join(lines)


def _row(f: Figure) -> str:
    d = f.metric.digits
    interval = f"{f.low:.{d}f} to {f.high:.{d}f}"
    return f"{f.metric.label:<28}{f.value:>9.{d}f}   {interval:<20}{f.n:>5}"


def report_json(report: Report, failed: list[str]) -> dict[str, Any]:
    """Return the report as plain JSON values."""
    return {
        "cases": dict(report.counts),
        "metrics": {
            f.metric.name: {
                "value": _rounded(f.value), "low": _rounded(f.low), "high": _rounded(f.high),
                "n": f.n,
            }
            for f in report.figures
        },
        "claims_not_evaluated": report.claims_not_evaluated,
        "misses": [
            {"line": m.line, "text": m.text, "reason": m.reason, "outcome": m.outcome,
             "confidence": m.confidence}
            for m in report.misses
        ],
        "out_of_bounds": failed,
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"
