from __future__ import annotations

import json
import re
import time
import tomllib
from pathlib import Path

import pytest

from assistant.answering import safety
from assistant.answering.safety import Triage, triage

TABLE = Path(__file__).parents[1] / "data" / "safety.jsonl"
RULES = Path(safety.__file__).with_name("safety.toml")
CASES = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
KINDS = {
    "self_harm", "overdose", "emergency", "injecting", "buying", "pregnancy", "children",
    "transplant", "cancer", "diabetes", "condition", "dosing", "treatment",
}  # fmt: skip


def _kind(text: str) -> str | None:
    found = triage(text)
    return found.kind if found else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"][:60])
def test_the_table(case: dict[str, object]) -> None:
    found = triage(str(case["question"]))
    got = (found.kind, found.refer) if found else (None, False)
    assert got == (case["kind"], case["refer"])


def test_the_table_is_large_and_covers_every_kind() -> None:
    assert len(CASES) >= 150
    assert sum(case["kind"] is None for case in CASES) >= 90
    assert {case["kind"] for case in CASES} == KINDS | {None}


def test_the_notice_is_typed_and_immutable() -> None:
    found = triage("How much rapamycin should I take?")
    assert isinstance(found, Triage)
    assert (found.level, found.refer) == ("caution", True)
    assert "licensed professional" in found.caution_terms
    with pytest.raises(AttributeError):
        found.kind = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SHOULD I STOP MY SIROLIMUS???", "treatment"),
        ("should i stop my sirolimus", "treatment"),
        ("  Should\tI\nstop my sirolimus?  ", "treatment"),
        ("I’m pregnant – can I take berberine?", "pregnancy"),
        ("im pregnent, can i take berberin", "pregnancy"),
        ("I don’t want to live", "self_harm"),
        ("shoud i take rapamicyn", "treatment"),
        ("What is mTOR? And also: can my wife take rapamycin?", "treatment"),
        ("should i take xylafenib", "treatment"),
        ("Can I take Zorvex with food?", "treatment"),
        ("how do I inject QX-4512", "injecting"),
    ],
)
def test_spelling_case_and_unknown_names(text: str, kind: str) -> None:
    assert _kind(text) == kind


def test_the_most_urgent_notice_wins() -> None:
    assert _kind("I'm pregnant and took too much rapamycin, how much should I take?") == "overdose"
    assert _kind("Where can I buy rapamycin? I want to kill myself.") == "self_harm"


@pytest.mark.parametrize("text", ["", " ", "???", "\n", "’", "😀", "\ud800", "0" * 5_000])
def test_odd_text_triggers_nothing(text: str) -> None:
    assert triage(text) is None


def test_notices_are_short_calm_and_name_no_number() -> None:
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]
    assert {rule["kind"] for rule in rules} == KINDS
    for rule in rules:
        assert len(rule["text"]) <= 220
        assert len(re.findall(r"[.!?](?:\s|$)", rule["text"])) <= 2
        assert not re.search(r"\d|!|\b(must not|never|wrong|foolish)\b", rule["text"])
        assert rule["caution_terms"]
        assert (rule["level"] == "urgent") <= rule["refer"]
    urgent = [rule for rule in rules if rule["level"] == "urgent"]
    assert [rule["kind"] for rule in rules[:3]] == [rule["kind"] for rule in urgent]
    assert all("local emergency number" in rule["text"] for rule in urgent)


def test_the_rules_hold_no_unbounded_group() -> None:
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    patterns = json.dumps([table["words"], table["harmless"], table["rule"]])
    assert not re.search(r"\)[*+]", patterns)


@pytest.mark.parametrize(
    "unit",
    ["i ", "my ", "a", "how much ", "my mother is ", "should i take ", "is it ok ", "x-1-"],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    triage(unit * 50)

    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            triage(text)
            spent.append(time.perf_counter() - start)
        return min(spent)

    assert seconds(16_000) < 30 * max(seconds(2_000), 0.001)
