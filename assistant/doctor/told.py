"""The report of the doctor as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.doctor.look import Report

_HASH_CHARS = 12


def report_text(report: Report) -> str:
    """Return the report for a terminal: sections, then what is worth knowing and what is wrong."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield "Versions"
    yield from _pairs((n, v or "not installed") for n, v in report.versions.items())
    yield "Models"
    for model in report.models:
        digest = f" sha256 {model['sha256'][:_HASH_CHARS]}" if "sha256" in model else ""
        yield f"  {model['name']}: {model['state']}{digest} ({model['path']})"
    yield "Index"
    shown = {n: v for n, v in report.index.items() if n != "unread"}
    yield from _pairs(shown.items())
    yield "Paths"
    for path in report.paths:
        writable = "can be written" if path["writable"] else "read-only"
        state = writable if path["exists"] else f"not there yet, {writable}"
        yield f"  {path['name']}: {path['path'] or 'off'}" + (f" ({state})" if path["path"] else "")
    yield "Settings"
    yield f"  runtime: {report.settings['runtime']}"
    yield from _pairs(report.settings["set"].items())
    yield from _pairs((n, v) for n, v in report.settings.get("hosting", {}).items() if v)
    yield "Formats"
    yield from _pairs((n, "yes" if there else "no") for n, there in report.formats.items())
    yield "Network"
    yield "  connects to: nothing"
    for name in ("listens", "telemetry", "keeps_questions"):
        yield f"  {name.replace('_', ' ')}: {report.network[name]}"
    yield from _proof(report.network["proof"])
    yield ""
    yield from (f"Note: {note}" for note in report.notes)
    yield from (f"Problem: {problem}" for problem in report.problems)
    yield "Everything is in order." if report.is_sound else "Mend the problems above."


def _proof(proof: dict[str, Any]) -> Iterator[str]:
    if proof["state"] == "proved":
        yield (
            f"  proved: a question ({proof['outcome']}) and a claim ({proof['label']}) on "
            f"{proof['on']} in {proof['seconds']} s with every connection refused; none was tried"
        )
    else:
        yield f"  proof: {proof['state']}"


def _pairs(items: Any) -> Iterator[str]:
    for name, value in items:
        told = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        yield f"  {name}: {told}"
