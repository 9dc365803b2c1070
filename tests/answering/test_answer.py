from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.answer import Sources, answer_question
from assistant.answering.compose import strange_words
from assistant.answering.question import read_question
from assistant.datatypes import Answer, Citation, Statement
from assistant.errors import AssistantError
from assistant.jsonio import answer_json, dump

QUESTIONS = [
    "What activates mTORC1?",
    "Who showed that rapamycin extends the life of mice?",
    "How do mTORC1 and mTORC2 differ?",
    "Does coffee switch mTOR on?",
    "List the steps of the AKT cascade",
    "Is fasting a reset button?",
    "What did Bodine find?",
    "What is the capital of France?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_quote_equals_its_slice(bundled, question: str) -> None:
    answer = bundled.ask(question)
    assert answer.disclaimer == bundled.info.disclaimer
    for citation in answer.citations:
        text = bundled.document(citation.doc_id).text
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_bytes(bundled, question: str) -> None:
    sources = Sources(bundled.retriever, bundled.faq, bundled.info, bundled.verifier)
    made = [dump(answer_json(answer_question(question, sources)[0]))]
    for other in QUESTIONS[:3]:
        answer_question(other, sources)
    made.append(dump(answer_json(answer_question(question, sources)[0])))
    for _ in range(2):  # the second is the one remembered
        made.append(dump(answer_json(replace(bundled.ask(question), timings_ms={}))))
    assert len(set(made)) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_answered_or_refused_in_a_sentence(bundled, text: str) -> None:
    try:
        answer = bundled.ask(text)
    except AssistantError as error:
        assert len(str(error).splitlines()) == 1
        return
    assert answer.disclaimer
    assert 0 <= answer.confidence <= 1


def test_an_amount_that_is_nowhere_told_is_at_most_partly_covered(bundled) -> None:
    answer = bundled.ask("What dose of rapamycin did the mice receive in the 2009 study?")
    assert answer.outcome == "partly"
    assert answer.confidence < 0.5
    assert "no such number, amount or date" in answer.notices[-1].text


def test_another_subject_is_not_covered(bundled) -> None:
    answer = bundled.ask("What is the capital of France?")
    assert answer.outcome == "not_covered"
    assert answer.statements == ()
    assert answer.citations == ()
    assert any("do not mention" in n.text for n in answer.notices)


def test_an_entry_asked_for_by_its_words_is_returned_whole(bundled) -> None:
    (entry, *_) = [
        p for d in bundled.documents() for p in bundled.index.passages_of(d.doc_id)
        if p.kind == "faq"
    ]  # fmt: skip
    answer = bundled.ask(entry.heading[-1])
    assert answer.outcome == "faq"
    assert answer.faq.question == entry.heading[-1]
    assert answer.statements[0].text == entry.text


def test_a_wrong_citation_cannot_be_built() -> None:
    with pytest.raises(AssistantError, match="span"):
        Citation(1, "d", "t", (), "quote", 0, 4)
    citation = Citation(1, "d", "t", (), "quote", 0, 5)

    def answer(statements, citations, outcome="answered", disclaimer="d"):
        return Answer("i", "q", outcome, 1.0, statements, citations, disclaimer)

    good = Statement("quote", (1,))
    assert answer((good,), (citation,)).statements
    for bad in [
        lambda: answer((Statement("quote", ()),), (citation,)),
        lambda: answer((Statement("quote", (2,)),), (citation,)),
        lambda: answer((Statement("other", (1,)),), (citation,)),
        lambda: answer((), ()),
        lambda: answer((good,), (citation,), outcome="not_covered"),
        lambda: answer((good,), (citation,), disclaimer=" "),
    ]:
        with pytest.raises(AssistantError):
            bad()


@pytest.mark.parametrize(
    ("question", "kind"), [("What are the myths?", "reality"), ("Key takeaways?", "takeaways")]
)
def test_a_part_of_the_documents_can_be_asked_for(bundled, question: str, kind: str) -> None:
    answer = bundled.ask(question)
    assert answer.outcome == "answered"
    first = answer.citations[0]
    (passage,) = [
        p
        for p in bundled.index.passages_of(first.doc_id)
        if p.start <= first.start and first.end <= p.end
    ]
    assert passage.kind == kind


def test_a_name_the_documents_lack_is_not_answered_with_something_else(bundled) -> None:
    answer = bundled.ask("Does collagen activate mTOR?")
    assert answer.outcome == "not_covered"
    assert "“collagen”" in answer.notices[0].text
    assert bundled.ask("What is the role of leucine and collagen?").outcome != "not_covered"


def test_a_hyphen_makes_no_word_unknown(bundled) -> None:
    question = "What trade-off could explain why persistent growth signaling is linked to aging?"
    assert bundled.ask(question).outcome == "answered"


@pytest.mark.parametrize(
    ("question", "strange"),
    [
        ("Does Rag-GTPase sense leucine?", []),
        ("Which mTOR-boosting tips are there?", []),
        ("Is the cell dismantled by mTOR?", []),
        ("Does everolimus act like rapamycin?", ["everolimus"]),
        ("Does IL-6 activate mTOR?", ["il6"]),
    ],
)
def test_only_names_that_the_documents_lack_are_strange(
    bundled, question: str, strange: list[str]
) -> None:
    assert strange_words(read_question(question), bundled.retriever) == strange
