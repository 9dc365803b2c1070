"""Some documents asked as if there were no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import NotFoundError
from assistant.feedback import cases_of, record_of

_PAGE = "# {0}s\n\n## Questions and answers\n\n### How hot is a {1}?\n\n{2}\n"
FILES = {
    "kettles.md": _PAGE.format(
        "Kettle", "kettle", "A kettle boils water at 100 degrees. Its spout lets the steam leave."
    ),
    "teapots.md": _PAGE.format(
        "Teapot", "teapot", "A teapot keeps tea at 70 degrees. Its lid is made of porcelain."
    ),
}


@pytest.fixture(scope="module")
def pots(encoder, cache, tmp_path_factory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("pots")
    for name, text in FILES.items():
        (folder / "corpus").mkdir(exist_ok=True)
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    settings = Settings(folder / "corpus", folder / "index", cache)
    opened = Assistant.open(settings, encoder=encoder)
    yield opened
    opened.close()


def test_only_the_named_document_answers(pots: Assistant) -> None:
    question = "What is the lid made of?"
    assert pots.ask(question).citations[0].doc_id == "teapots.md"
    assert pots.ask(question, documents=["teapots.md"]).citations[0].doc_id == "teapots.md"
    elsewhere = pots.ask(question, documents=["kettles.md"])
    assert {c.doc_id for c in elsewhere.citations} <= {"kettles.md"}
    assert elsewhere.outcome != "answered"


def test_a_word_that_others_have_is_unknown_here(pots: Assistant) -> None:
    answer = pots.ask("Is porcelain dear?", documents=["kettles.md"])
    assert answer.outcome == "not_covered"
    assert any("porcelain" in n.text for n in answer.notices if n.kind == "coverage")


def test_the_answer_says_where_alone_it_looked(pots: Assistant) -> None:
    answer = pots.ask("How hot is a kettle?", documents=["kettles.md"])
    assert answer.notices[-1].kind == "scope"
    assert answer.notices[-1].text == "Looked only at “Kettles”."
    assert answer.disclaimer
    assert answer.id != pots.ask("How hot is a kettle?").id
    assert all(n.kind != "scope" for n in pots.ask("How hot is a kettle?").notices)


def test_questions_claims_and_searches_keep_to_it(pots: Assistant) -> None:
    _, entries = pots.ask_faq("How hot is it?", documents=["kettles.md"])
    assert [e.question for e in entries] == ["How hot is a kettle?"]
    hits = pots.search("tea", k=10, documents=["kettles.md"])
    assert {h.passage.doc_id for h in hits} == {"kettles.md"}
    verdict = pots.check("A teapot keeps tea at 70 degrees.", documents=["kettles.md"])
    assert verdict.label != "supported"
    assert {e.citation.doc_id for e in verdict.evidence} <= {"kettles.md"}
    assert verdict.notices[-1].kind == "scope"
    whole = pots.check("A teapot keeps tea at 70 degrees.")
    assert whole.label == "supported"


def test_several_documents_are_searched_together(pots: Assistant) -> None:
    both = ["kettles.md", "teapots.md"]
    hits = pots.search("tea", k=10, documents=both)
    whole = pots.search("tea", k=10)
    assert [h.row for h in hits] == [h.row for h in whole]
    assert [h.score for h in hits] == pytest.approx([h.score for h in whole], abs=1e-3)


def test_a_word_of_another_document_is_no_spelling_of_one_here(pots: Assistant) -> None:
    answer = pots.ask("Is porcelan dear?", documents=["kettles.md"])
    assert all(n.kind != "spelling" for n in answer.notices)
    assert any(n.kind == "spelling" for n in pots.ask("Is porcelan dear?").notices)


def test_each_answer_within_documents_has_an_id_of_its_own(pots: Assistant) -> None:
    here = ["kettles.md"]
    follow = "And what about tea?"
    found = {
        pots.ask(follow, previous="How hot is a kettle?", documents=here).id,
        pots.ask(follow, previous="What is the spout for?", documents=here).id,
        pots.ask(follow, previous="How hot is a kettle?").id,
    }
    assert len(found) == 3
    assert pots.ask(follow, answer_id="mine", documents=here).id == "mine"


def test_the_faq_of_a_document_is_listed(pots: Assistant) -> None:
    assert [e.question for e in pots.faq_entries(["kettles.md"])] == ["How hot is a kettle?"]
    assert len(pots.faq_entries()) == 2


def test_a_rating_of_a_part_makes_no_case(pots: Assistant) -> None:
    answer = pots.ask("What is the lid made of?", documents=["kettles.md"])
    record = record_of(answer, "up")
    assert record["scope"] == "Looked only at “Kettles”."
    assert cases_of([record]) == ([], 1)


def test_an_unknown_document_is_one_sentence(pots: Assistant) -> None:
    with pytest.raises(NotFoundError, match="no document 'cups' here"):
        pots.ask("How hot is a kettle?", documents=["cups"])
