"""The project's own cases gate the tests: tests/data/cases.jsonl on the bundled corpus.

The bounds stand on the first line of that file and hold for the bundled corpus only. When a
change raises the figures, raise the bounds with it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.datatypes import Answer, Hit
from assistant.evaluation import evaluate, read_cases, run_eval
from assistant.evaluation.cases import CaseFile, FaqCase, QuestionCase
from assistant.evaluation.metrics import plain
from assistant.evaluation.report import out_of_bounds

PATH = Path(__file__).parents[1] / "data" / "cases.jsonl"


@pytest.fixture(scope="module")
def file() -> CaseFile:
    return read_cases(PATH)


def test_the_figures_keep_to_their_bounds(bundled) -> None:
    text, code = run_eval(bundled, PATH)
    assert code == 0, text


def test_the_cases_are_many_and_a_third_is_not_covered(file: CaseFile) -> None:
    uncovered = [c for c in file.cases if isinstance(c, QuestionCase) and not c.covered]
    assert len(file.cases) >= 160
    assert 3 * len(uncovered) >= len(file.cases)
    assert file.floors
    assert file.ceilings


def test_no_case_stands_twice(file: CaseFile) -> None:
    texts = [plain(case.text).rstrip("?") for case in file.cases]
    assert len(set(texts)) == len(texts)


def test_every_alternative_stands_in_the_documents(bundled, file: CaseFile) -> None:
    documents = plain("\n".join(document.text for document in bundled.documents()))
    for case in file.cases:
        groups = case.facts if isinstance(case, QuestionCase) else ()
        for alternative in (text for group in groups for text in group):
            assert plain(alternative) in documents, f"line {case.line}: {alternative}"


def test_every_expected_entry_and_document_exists(bundled, file: CaseFile) -> None:
    passages = bundled.index.store
    questions = {
        plain(s.heading[-1]) for d in passages.documents() for s in d.sections if s.kind == "faq"
    }
    for case in file.cases:
        if isinstance(case, FaqCase):
            assert plain(case.expected) in questions, f"line {case.line}"
        elif isinstance(case, QuestionCase) and case.doc_id:
            assert bundled.document(case.doc_id).doc_id == case.doc_id


class Backwards:
    """The real assistant, broken on purpose: it finds the worst passages and never refuses."""

    def __init__(self, assistant) -> None:
        self.assistant = assistant

    def ask(self, question: str, /) -> Answer:
        return self.assistant.ask("What does mTOR stand for?")

    def search(self, query: str, k: int, /) -> list[Hit]:
        return self.assistant.search(query, 100)[::-1][:k]


def test_a_broken_assistant_fails_the_gate(bundled, file: CaseFile) -> None:
    failed = out_of_bounds(evaluate(Backwards(bundled), file.cases[::8]), file)
    names = {sentence.split()[0] for sentence in failed}
    assert {"hit@1", "hit@3", "mrr", "containment", "false_answers", "ece"} <= names
