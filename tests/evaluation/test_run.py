"""Evaluation of a scripted assistant, whose every figure is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.datatypes import Answer, Citation, FaqMatch, Hit, Passage, Statement
from assistant.errors import AssistantError, QuestionError
from assistant.evaluation import evaluate, run_eval
from assistant.evaluation.cases import Case, ClaimCase, FaqCase, QuestionCase


def says(*texts: str, outcome="answered", confidence=0.9, faq=None, doc_id="a.md") -> Answer:
    """Return an answer of one statement a text."""
    numbered = list(enumerate(texts, start=1))
    return Answer(
        id="1",
        question="",
        outcome=outcome,
        confidence=confidence,
        statements=tuple(Statement(text, (n,)) for n, text in numbered),
        citations=tuple(Citation(n, doc_id, "", (), t, 0, len(t)) for n, t in numbered),
        disclaimer="Not advice.",
        faq=FaqMatch(*faq) if faq else None,
    )


REFUSES = says(outcome="not_covered", confidence=0.1)


def hits(*texts: str, doc_id: str = "a.md") -> list[Hit]:
    return [
        Hit(
            Passage(f"{doc_id}#{n}", doc_id, "", (), "prose", text, 0, len(text), None, ()),
            *(n, 1.0, 1.0, 1.0),
        )
        for n, text in enumerate(texts)
    ]


class Scripted:
    """An assistant that says the same to everything."""

    def __init__(self, answer: Answer, found: Sequence[Hit] = ()) -> None:
        self.answer, self.found = answer, list(found)

    def ask(self, question: str, /) -> Answer:
        if not question.strip("?"):
            raise QuestionError("The question holds no word.")
        return self.answer

    def search(self, query: str, k: int, /) -> list[Hit]:
        return self.found[:k]


@dataclass
class Verdict:
    label: str
    confidence: float


class Checking(Scripted):
    """One that calls every claim supported."""

    def check(self, claim: str) -> Verdict:
        return Verdict("supported", 0.8)


FACTS = QuestionCase(1, "What senses leucine?", (("ragulator", "rag-gtpase"),))
UNCOVERED = QuestionCase(2, "Who is the mayor?", covered=False)
FAQ = FaqCase(3, "vs?", expected="How do they differ?")


def values(assistant: Scripted, *cases: Case) -> dict[str, float]:
    report = evaluate(assistant, cases)
    return {f.metric.name: f.value for f in report.figures if f.value is not None}


def test_a_right_answer() -> None:
    told = says("It is sensed by Ragulator. So it is.", "And more.")
    found = values(Scripted(told, hits("no", "the Rag–GTPase")), FACTS)
    assert found["containment"] == 1.0
    assert (found["statements"], found["sentences"]) == (2.0, 3.0)
    assert (found["hit@1"], found["hit@3"], found["mrr"]) == (0.0, 1.0, 0.5)
    assert found["false_refusals"] == 0.0
    assert found["coverage_at_risk"] == 1.0
    assert found["ece"] == pytest.approx(0.1)
    assert found["latency_p50_ms"] <= found["latency_p95_ms"]
    assert not {"false_answers", "faq_hit@1", "claim_accuracy"} & found.keys()


def test_an_answer_without_the_fact() -> None:
    report = evaluate(Scripted(says("Something else.")), [FACTS])
    assert report.value("containment") == 0.0
    assert report.value("mrr") == 0.0
    assert report.value("coverage_at_risk") == 0.0
    assert [miss.reason for miss in report.misses] == ["fact not in the statements"]


def test_a_false_refusal() -> None:
    report = evaluate(Scripted(REFUSES), [FACTS])
    assert report.value("false_refusals") == 1.0
    assert report.value("containment") == 0.0
    assert report.value("sentences") is None
    assert [(m.line, m.reason) for m in report.misses] == [(1, "refused")]


def test_an_expected_document_must_be_cited_and_found() -> None:
    case = QuestionCase(1, "Which one?", doc_id="b.md")
    right = Scripted(says("It.", doc_id="b.md"), hits("x") + hits("y", doc_id="b.md"))
    assert values(right, case)["containment"] == 1.0
    assert values(right, case)["mrr"] == 0.5
    assert values(Scripted(says("It.")), case)["containment"] == 0.0


def test_a_fact_of_an_expected_document_found_elsewhere_is_no_hit() -> None:
    case = QuestionCase(1, "Which one?", (("yes",),), doc_id="b.md")
    found = values(Scripted(says("Yes."), hits("yes") + hits("yes", doc_id="b.md")), case)
    assert (found["mrr"], found["containment"]) == (0.5, 0.0)


def test_covered_without_an_expectation_only_needs_an_answer() -> None:
    found = values(Scripted(says("It.")), QuestionCase(1, "Which?"))
    assert found["false_refusals"] == 0.0
    assert found["coverage_at_risk"] == 1.0
    assert "containment" not in found
    assert "mrr" not in found


@pytest.mark.parametrize(
    ("answer", "false", "shown"),
    [
        (says("No."), 1.0, 0.0),
        (says("No.", outcome="faq", faq=("1", "Q?")), 1.0, 0.0),
        (says("No.", outcome="partly", confidence=0.3), 0.0, 1.0),
        (says(outcome="referred", confidence=0.3), 0.0, 0.0),
        (REFUSES, 0.0, 0.0),
    ],
)
def test_what_is_said_to_an_uncovered_question(answer: Answer, false: float, shown: float) -> None:
    report = evaluate(Scripted(answer), [UNCOVERED])
    assert report.value("false_answers") == false
    assert report.value("shown_uncovered") == shown
    assert len(report.misses) == false + shown


@pytest.mark.parametrize(
    ("case", "answer", "right"),
    [
        (FAQ, says("So.", outcome="faq", faq=("a#1", "how do they differ?")), True),
        (FAQ, says("So.", outcome="faq", faq=("a#1", "Why?")), False),
        (FAQ, says("So."), False),
        (FaqCase(3, "vs?", faq_id="a#1"), says("So.", outcome="faq", faq=("a#1", "Why?")), True),
        (FaqCase(3, "vs?", faq_id="a#2"), says("So.", outcome="faq", faq=("a#1", "Why?")), False),
    ],
)
def test_a_paraphrase_returns_its_entry(case: FaqCase, answer: Answer, right: bool) -> None:
    report = evaluate(Scripted(answer), [case])
    assert report.value("faq_hit@1") == right
    assert len(report.misses) == 1 - right


CLAIMS = [ClaimCase(1, "It is.", "supported"), ClaimCase(2, "It is not.", "refuted")]


def test_claims_are_left_out_where_they_cannot_be_checked() -> None:
    report = evaluate(Scripted(REFUSES), CLAIMS)
    assert report.claims_not_evaluated == 2
    assert report.value("claim_accuracy") is None


def test_claims_are_checked_where_they_can_be() -> None:
    report = evaluate(Checking(REFUSES), CLAIMS)
    assert report.claims_not_evaluated == 0
    assert report.value("claim_accuracy") == 0.5
    assert report.value("claim_macro_f1") == pytest.approx((2 / 3 + 0) / 2)
    assert report.misses[0].reason == "expected refuted"


def test_a_case_that_cannot_be_asked_is_named() -> None:
    with pytest.raises(QuestionError, match="line 9 cannot be asked: The question holds"):
        evaluate(Scripted(REFUSES), [QuestionCase(9, "?")])


def write(folder: Path, *records: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


QUESTION = {"question": "What senses leucine?", "facts": [["ragulator"]]}
CLAIM = {"claim": "It is.", "label": "supported"}


def test_within_bounds_the_code_is_0_and_the_text_a_table(tmp_path: Path) -> None:
    bounds = {"floors": {"containment": 1.0}, "ceilings": {"false_refusals": 0}}
    path = write(tmp_path, bounds, QUESTION, CLAIM)
    text, code = run_eval(Scripted(says("Ragulator.")), path)
    assert code == 0
    assert "1 covered questions, 1 claims" in text
    assert "answer containment              1.000   1.000 to 1.000          1" in text
    assert "Claims: 1 not evaluated." in text
    assert "Misses" not in text
    assert "Out of bounds" not in text


def test_out_of_bounds_the_code_is_1_and_each_bound_is_named(tmp_path: Path) -> None:
    bounds = {"floors": {"containment": 0.9, "faq_hit@1": 0.5}, "ceilings": {"false_refusals": 0.1}}
    path = write(tmp_path, bounds, QUESTION)
    text, code = run_eval(Scripted(REFUSES), path)
    assert code == 1
    assert "line 2: refused (not_covered, 0.10): What senses leucine?" in text
    assert "containment is 0, below its floor 0.9." in text
    assert "faq_hit@1 is not measured, below its floor 0.5." in text
    assert "false_refusals is 1, above its ceiling 0.1." in text


def test_the_json_form_says_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, {"floors": {"containment": 0.9}}, QUESTION, CLAIM)
    text, code = run_eval(Scripted(REFUSES), path, json_output=True)
    report = json.loads(text)
    assert code == 1
    assert report["metrics"]["containment"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert report["metrics"]["faq_hit@1"]["value"] is None
    assert report["cases"]["claims"] == report["claims_not_evaluated"] == 1
    assert report["misses"][0]["reason"] == "refused"
    assert report["out_of_bounds"] == ["containment is 0, below its floor 0.9."]


def test_a_bound_on_an_unknown_figure_is_refused_before_asking(tmp_path: Path) -> None:
    path = write(tmp_path, {"floors": {"hit@2": 0.9}}, QUESTION)
    with pytest.raises(AssistantError, match="no figure 'hit@2' to bound; there are claim_acc"):
        run_eval(Scripted(REFUSES), path)
