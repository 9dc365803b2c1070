from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import feedback
from assistant.cli import main
from assistant.config import Settings
from assistant.datatypes import Answer, Citation, Evidence, FaqMatch, Statement, Verdict
from assistant.errors import AssistantError
from assistant.evaluation.cases import read_cases
from assistant.feedback import (
    FeedbackFile,
    cases_of,
    feedback_file,
    lines_of,
    read_feedback,
    record_of,
)

CITED = Citation(1, "kettles.md", "Kettles", (), "A kettle is a vessel.", 10, 31)


def _answer(outcome: str = "answered", ident: str = "a") -> Answer:
    found = outcome != "not_covered"
    return Answer(
        ident, "And kettles?", outcome, 0.9,  # type: ignore[arg-type]
        (Statement(CITED.quote, (1,)),) if found else (), (CITED,) if found else (), "Not advice.",
        resolved_question="What is a kettle?",
        faq=FaqMatch("kettles.md#3", "What is it?") if outcome == "faq" else None,
    )  # fmt: skip


def _verdict() -> Verdict:
    evidence = (Evidence("supports", 0.9, CITED),)
    return Verdict("v", "Kettles are vessels.", "supported", 0.9, evidence, (), "Not advice.")


def test_a_record_holds_what_was_asked_said_and_thought() -> None:
    record = record_of(_answer(), "down", "wrong_passage", "  not this \n one " + "x" * 600)
    assert list(record) == [
        "time", "kind", "id", "question", "resolved_question", "outcome", "faq_id", "cited",
        "scope", "rating", "reason", "comment",
    ]  # fmt: skip
    assert record["cited"] == [{"doc_id": "kettles.md", "start": 10, "end": 31}]
    assert record["comment"].startswith("not this")
    assert len(record["comment"]) == 500
    assert record["time"].endswith("+00:00")
    assert record_of(_verdict(), "up")["label"] == "supported"


def test_records_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    file = FeedbackFile(tmp_path / "a" / "b" / "feedback.jsonl")
    records = [record_of(_answer(), "up"), record_of(_verdict(), "down", None, "ü\u2028\n”")]
    for record in records:
        file.add(record)
    assert read_feedback(file.path) == records
    assert read_feedback(tmp_path / "none.jsonl") == []
    assert len(list(lines_of(records))) == 3


def test_a_lone_surrogate_does_not_break_the_file(tmp_path: Path) -> None:
    file = FeedbackFile(tmp_path / "feedback.jsonl")
    file.add(record_of(_answer(), "up", None, "\ud800"))
    file.add(record_of(_answer(), "up"))
    assert len(read_feedback(file.path)) == 2


def test_a_full_file_and_one_that_cannot_be_written_are_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feedback, "MAX_FILE_BYTES", 500)
    file = FeedbackFile(tmp_path / "feedback.jsonl")
    file.add(record_of(_answer(), "up"))
    with pytest.raises(AssistantError, match="limit"):
        file.add(record_of(_answer(), "up"))
    (tmp_path / "taken").write_text("")
    with pytest.raises(AssistantError, match="ASSISTANT_FEEDBACK"):
        FeedbackFile(tmp_path / "taken" / "feedback.jsonl").add(record_of(_answer(), "up"))


@pytest.mark.parametrize("line", ["x", "[]", "{}", "3", '{"kind": "answer"}', "[" * 9_000])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(AssistantError, match="line 2"):
        read_feedback(path)


@pytest.mark.parametrize(
    ("outcome", "rating", "reason", "expected"),
    [
        ("answered", "up", None, {"question": "What is a kettle?", "doc_id": "kettles.md"}),
        ("partly", "up", None, {"question": "What is a kettle?", "doc_id": "kettles.md"}),
        ("faq", "up", None, {"faq": "What is a kettle?", "faq_id": "kettles.md#3"}),
        ("not_covered", "up", None, {"question": "What is a kettle?", "covered": False}),
        ("referred", "up", None, None),
        ("answered", "down", "not_covered", {"question": "What is a kettle?", "covered": False}),
        ("not_covered", "down", "not_covered", {"question": "What is a kettle?", "covered": True}),
        ("answered", "down", "wrong_passage", {"question": "What is a kettle?", "covered": True}),
        ("partly", "down", "incomplete", {"question": "What is a kettle?", "covered": True}),
        ("answered", "down", "unsafe", None),
        ("answered", "down", "other", None),
        ("answered", "down", None, None),
    ],
)
def test_a_rating_becomes_the_case_it_stands_for(
    tmp_path: Path, outcome: str, rating: str, reason: str | None, expected: dict | None
) -> None:
    record = record_of(_answer(outcome), rating, reason, "so")  # type: ignore[arg-type]
    cases, left_out = cases_of([record])
    assert left_out == (expected is None)
    if expected is not None:
        note = "rated up; so" if rating == "up" else f"rated down: {reason}; so"
        assert cases == [{**expected, "note": note}]
        path = tmp_path / "cases.jsonl"
        path.write_text(json.dumps(cases[0]))
        assert len(read_cases(path).cases) == 1


def test_a_verdict_rated_up_keeps_its_label() -> None:
    up, down = record_of(_verdict(), "up"), record_of(_verdict(), "down", "wrong_passage")
    assert cases_of([up])[0][0]["label"] == "supported"
    assert cases_of([down]) == ([], 1)


def test_the_last_rating_of_an_answer_counts() -> None:
    records = [record_of(_answer(), "up"), record_of(_answer(), "down", "not_covered")]
    assert [c.get("covered") for c in cases_of(records)[0]] == [False]


def test_each_corpus_has_a_file_unless_a_folder_is_named(tmp_path: Path) -> None:
    one = Settings(tmp_path / "a" / "docs", tmp_path / "index", tmp_path / "cache")
    two = Settings(tmp_path / "b" / "docs", tmp_path / "index", tmp_path / "cache")
    paths = {feedback_file(one, {}), feedback_file(two, {})}
    assert len(paths) == 2
    assert all(path and path.is_relative_to(tmp_path / "cache") for path in paths)
    chosen = feedback_file(one, {"ASSISTANT_FEEDBACK": str(tmp_path / "x")})
    assert chosen == tmp_path / "x" / "feedback.jsonl"
    assert feedback_file(one, {"ASSISTANT_FEEDBACK": "off"}) is None


def test_the_command_lists_and_exports(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ASSISTANT_FEEDBACK", str(tmp_path))
    assert main(["feedback"]) == 0
    assert "no feedback" in capsys.readouterr().err
    file = FeedbackFile(tmp_path / "feedback.jsonl")
    for record in (record_of(_answer(), "up"), record_of(_verdict(), "down", "other", "No.")):
        file.add(record)
    assert main(["feedback"]) == 0
    out = capsys.readouterr().out
    assert "up  answered  And kettles?" in out
    assert "down (other)  supported  Kettles are vessels.\n    No." in out
    assert main(["feedback", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["feedback", "--cases"]) == 0
    out, err = capsys.readouterr()
    (tmp_path / "cases.jsonl").write_text(out)
    assert len(read_cases(tmp_path / "cases.jsonl").cases) == 1
    assert "1 ratings" in err
