from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.faq import FaqIndex
from assistant.assistant import Assistant
from assistant.datatypes import Citation
from tests.fakes import HashEncoder

ENTRIES = {
    "q1": ("How is bread baked?", "Bread is baked in a hot oven. It takes an hour."),
    "q2": ("How is butter made?", "Cream is churned until it separates."),
    "q3": ("Why does milk turn sour?", "Bacteria make acid of its sugar."),
}


def table(entries: dict[str, tuple[str, str]]) -> str:
    rows = [{"id": i, "question": q, "answer": a} for i, (q, a) in entries.items()]
    return "\n".join(map(json.dumps, rows))


@pytest.fixture
def opened(corpus_of, open_with_hashes) -> Assistant:
    return open_with_hashes(corpus_of({"faq.jsonl": table(ENTRIES)}))


@pytest.fixture
def faq(opened) -> FaqIndex:
    return FaqIndex(opened.index, HashEncoder())


def test_an_entry_has_the_id_of_its_row_and_its_answer_whole(faq: FaqIndex) -> None:
    assert [(e.faq_id, e.question, e.answer) for e in faq.entries] == [
        (i, q, a) for i, (q, a) in ENTRIES.items()
    ]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [("bread baked how", "q1"), ("churned cream", "q2"), ("sour milk", "q3")],
)
def test_question_and_answer_both_lead_to_the_entry(faq: FaqIndex, asked: str, wanted: str) -> None:
    hits = faq.search(asked)
    assert hits[0].faq_id == wanted
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_the_same_question_matches_and_another_does_not(faq: FaqIndex) -> None:
    match = faq.match(faq.search("How is butter made?"))
    assert match is not None
    assert match.faq_id == "q2"
    assert faq.match(faq.search("Who painted the ceiling of the chapel?")) is None
    assert faq.match([]) is None


def test_at_most_k_are_returned(faq: FaqIndex) -> None:
    assert len(faq.search("bread", k=2)) == 2
    assert len(faq.search("bread")) == 3
    first = faq.search("bread", k=1)[0]
    assert first == faq.search("bread", k=3)[0]


def test_an_answer_of_several_passages_is_returned_verbatim(corpus_of, open_with_hashes) -> None:
    sentences = [f"Sentence number {n} speaks about the long answer." for n in range(80)]
    answer = "\n\n".join(" ".join(sentences[at : at + 10]) for at in range(0, 80, 10))
    text = f"# Guide\n\n## FAQ\n\n### What is long?\n\n{answer}\n\n### What is short?\n\nThis.\n"
    assistant = open_with_hashes(corpus_of({"guide.md": text}))
    faq = FaqIndex(assistant.index, assistant.encoder)
    long, short = faq.entries
    assert len(long.rows) > 1
    assert long.answer == answer
    assert (short.question, short.answer, short.topic) == ("What is short?", "This.", "FAQ")
    assert long.faq_id.startswith("guide.md#")
    selection = faq.search("What is long?")[0].selection
    document = assistant.document("guide.md")
    assert document.text[selection.start : selection.end] == selection.text == answer
    Citation(1, "guide.md", "Guide", (), selection.text, selection.start, selection.end)


def test_a_corpus_without_entries_has_none(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of({"a.txt": "Only a sentence about cheese."}))
    faq = FaqIndex(assistant.index, assistant.encoder)
    faq.save()
    assert faq.entries == ()
    assert faq.search("cheese") == []


def test_kept_questions_are_used_while_they_fit(opened, faq: FaqIndex) -> None:
    before = faq.search("How is bread baked?")
    faq.save()
    again = HashEncoder()
    again.token_states = _only_once(again.token_states)  # the question asked, no entry
    assert FaqIndex(opened.index, again).search("How is bread baked?") == before
    path: Path = opened.index.folder / "faq.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert FaqIndex(opened.index, HashEncoder()).search("How is bread baked?") == before


def _only_once(original):
    def token_states(texts):
        assert len(texts) == 1
        return original(texts)

    return token_states


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("In what way is mTORC2 not the same as mTORC1?", "mTORC1"),
        ("Do berberine supplements truly suppress the mTOR pathway?", "berberine"),
        ("Does my morning coffee switch on mTOR?", "coffee"),
    ],
)
def test_paraphrases_match_with_the_real_model(bundled, asked: str, topic: str) -> None:
    faq = FaqIndex(bundled.index, bundled.encoder)
    match = faq.match(faq.search(asked))
    assert match is not None
    assert topic in match.question


@pytest.mark.parametrize(
    "asked",
    [
        "Is metformin an mTOR inhibitor?",
        "How many grams of leucine do I need per meal to trigger mTORC1?",
        "What is the capital of France?",
    ],
)
def test_other_questions_do_not_match_with_the_real_model(bundled, asked: str) -> None:
    faq = FaqIndex(bundled.index, bundled.encoder)
    assert faq.match(faq.search(asked)) is None


def test_a_wider_question_is_no_match(bundled) -> None:
    for question in ("What is mTOR?", "What does mTOR do?", "tell me about coffee"):
        assert bundled.ask(question).outcome != "faq"
