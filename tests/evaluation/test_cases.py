"""Reading case files: what is read, and the sentence for each line that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.evaluation import read_cases
from assistant.evaluation.cases import ClaimCase, FaqCase, QuestionCase

GOOD = '{"question": "What senses leucine?", "covered": true}'


def write(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_each_kind_is_read_with_its_line(tmp_path: Path) -> None:
    file = read_cases(
        write(
            tmp_path,
            '{"floors": {"hit@1": 0.5}, "ceilings": {"ece": 1}, "note": "of this corpus"}',
            '{"question": "Q1", "facts": [["a", "b"], ["c"]], "doc_id": "d.md", "id": "x"}',
            "",
            '{"question": "Q2", "covered": false, "note": "a near miss"}',
            '{"faq": "F1", "expected": "The entry?"}',
            '{"faq": "F2", "faq_id": "d.md#3"}',
            '{"claim": "C1", "label": "refuted"}',
        )
    )
    assert file.floors == {"hit@1": 0.5}
    assert file.ceilings == {"ece": 1}
    assert file.cases == (
        QuestionCase(2, "Q1", (("a", "b"), ("c",)), "d.md"),
        QuestionCase(4, "Q2", covered=False),
        FaqCase(5, "F1", expected="The entry?"),
        FaqCase(6, "F2", faq_id="d.md#3"),
        ClaimCase(7, "C1", "refuted"),
    )


def test_bounds_and_a_byte_order_mark_are_optional(tmp_path: Path) -> None:
    file = read_cases(write(tmp_path, "\ufeff" + GOOD, ""))
    assert (file.floors, file.ceilings, len(file.cases)) == ({}, {}, 1)


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    file = read_cases(write(tmp_path, '{"question": "one\u2028two", "covered": true}', GOOD))
    assert [case.line for case in file.cases] == [1, 2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"question": ', "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ('["question"]', "is not a JSON object"),
        ('{"text": "Q"}', "needs one of 'question', 'faq' and 'claim'"),
        ('{"question": "Q", "faq": "F"}', "needs one of"),
        ('{"question": "Q"}', "expects nothing"),
        ('{"question": "Q", "fact": [["a"]]}', "has the unknown field 'fact'"),
        ('{"question": " ", "covered": false}', "has no text in 'question'"),
        ('{"question": 7, "covered": false}', "has no text in 'question'"),
        ('{"question": "Q", "covered": "no"}', "neither true nor false"),
        ('{"question": "Q", "covered": false, "facts": [["a"]]}', "is not covered and yet"),
        ('{"question": "Q", "facts": "a"}', "not a list of lists"),
        ('{"question": "Q", "facts": ["a"]}', "not a list of lists"),
        ('{"question": "Q", "facts": [[]]}', "not a list of lists"),
        ('{"question": "Q", "facts": [["a", " "]]}', "not a list of lists"),
        ('{"question": "Q", "doc_id": ""}', "has no text in 'doc_id'"),
        ('{"faq": "F"}', "expects no entry"),
        ('{"faq": "F", "expected": 3}', "has no text in 'expected'"),
        ('{"claim": "C", "label": "true"}', "has the label 'true'; labels are supported"),
        ('{"claim": "C"}', "has no text in 'label'"),
        ('{"floors": {"mrr": 0.5}}', "belong on the first line"),
    ],
)
def test_a_broken_line_is_named_by_its_number(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(AssistantError) as caught:
        read_cases(write(tmp_path, GOOD, "", line))
    assert "cases.jsonl: line 3 " in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        '{"floors": [0.5]}',
        '{"floors": {"mrr": "0.5"}}',
        '{"ceilings": {"ece": true}}',
        '{"ceilings": {"ece": NaN}}',
        '{"floors": {}, "celings": {}}',
    ],
)
def test_bounds_that_cannot_be_used_are_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(AssistantError, match="line 1 has"):
        read_cases(write(tmp_path, line, GOOD))


def test_a_second_line_of_bounds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"line 2 .*once"):
        read_cases(write(tmp_path, '{"floors": {"mrr": 0.5}}', '{"floors": {"mrr": 0.1}}', GOOD))


def test_a_file_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="holds no case"):
        read_cases(write(tmp_path, '{"floors": {}}'))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"missing\.jsonl cannot be read"):
        read_cases(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"question": "caf\xe9"}')
    with pytest.raises(AssistantError, match=r"latin\.jsonl cannot be read"):
        read_cases(tmp_path / "latin.jsonl")
