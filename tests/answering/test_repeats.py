"""Two versions of a document, and sentences that differ in the one word that counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.confidence import strange_pair
from assistant.answering.question import read_question
from assistant.answering.retrieve import ContentWord
from assistant.answering.select import rank, select

SENTENCES = [
    f"The {colour} kettle from {town} boils water with a {fuel} flame under its {metal} base."
    for colour, town, fuel, metal in [
        ("red", "Bergen", "gas", "steel"), ("blue", "Oslo", "wood", "copper"),
        ("green", "Narvik", "coal", "brass"), ("white", "Tromso", "oil", "iron"),
    ]
]  # fmt: skip


def retrieved(assistant, text: str):
    question = read_question(text)
    return question, assistant.retriever.retrieve(question)


@pytest.mark.parametrize("title", [lambda n: "", lambda n: f"{n}.0"])
def test_copies_do_not_take_the_places_of_others(corpus_of, open_with_hashes, title) -> None:
    manual = "\n\n".join(f"## Part {n}\n\n{SENTENCES[n % 4]} Part {n} ends." for n in range(12))
    versions = {
        f"v{n}.md": f"# Water and flame {title(n)}\n\n{' '.join(SENTENCES)} Version {n} of it."
        for n in range(40)
    }
    other = "# Stove\n\nA stove gives a flame to boil water on its base, and it is no kettle."
    assistant = open_with_hashes(corpus_of({**versions, "manual.md": manual, "stove.md": other}))
    _, found = retrieved(assistant, "Which kettle boils water with a coal flame?")
    documents = [hit.passage.doc_id for hit in found.hits]
    assert sum(doc_id.startswith("v") for doc_id in documents) == 1
    assert {"manual.md", "stove.md"} < set(documents)
    texts = [c.text for c in found.candidates if c.hit.passage.doc_id.startswith("v")]
    assert len(texts) == len(set(texts))
    assert len(found.repeats) > 9


def test_a_copy_is_named_as_a_source(corpus_of, open_with_hashes) -> None:
    text = f"# Water\n\n{' '.join(SENTENCES)}"
    assistant = open_with_hashes(
        corpus_of({"one.md": f"{text} First edition.", "two.md": f"{text} Second edition."})
    )
    answer = assistant.ask("Which kettle boils water with a coal flame under its brass base?")
    assert {c.doc_id for c in answer.citations} == {"one.md", "two.md"}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("The salt raises the boiling point by 4 degrees.",) * 2 + (True,),
        ("The salt raises the boiling point.", "Salt raises the boiling point!", True),
        (
            "Salt raises the boiling point by 4 degrees.",
            "Salt raises the boiling point by 9.",
            False,
        ),
        ("Salt raises the boiling point.", "Salt lowers the boiling point.", False),
        ("Salt raises the boiling point.", "Salt never raises the boiling point.", False),
        ("Salt raises the boiling point.", "Salt hardly raises the boiling point.", False),
        ("Add salt before boiling the water.", "Add salt after boiling the water.", False),
        ("Salt makes the point boil.", "The point makes salt boil.", False),
        (
            "The boiling point of salt is 5 degrees.",
            "The boiling point of salt is -5 degrees.",
            False,
        ),
    ],
)
def test_what_says_otherwise_is_no_second_source(
    corpus_of, open_with_hashes, first: str, second: str, same: bool
) -> None:
    files = {"one.md": f"# One\n\n{first}", "two.md": f"# Two\n\n{second}"}
    assistant = open_with_hashes(corpus_of(files))
    question, found = retrieved(assistant, "How does salt change the boiling point of water?")
    chosen = select(question, rank(question, found.candidates), found.repeats)
    assert any(s.also for s in chosen) is same


WORDS = (ContentWord("green", (1,)), ContentWord("tea", (2,)), ContentWord("taste", (5,)))


@pytest.mark.parametrize(
    ("heading", "sources"), [("Tea", {"one.md", "two.md"}), ("Milk", {"one.md"})]
)
def test_a_pronoun_says_something_else_under_another_heading(
    corpus_of, open_with_hashes, heading, sources
) -> None:
    text = "It is safe in small amounts at breakfast."
    files = {"one.md": f"# Tea\n\n{text}", "two.md": f"# {heading}\n\n{text} Second edition."}
    assistant = open_with_hashes(corpus_of(files))
    question, found = retrieved(assistant, "Is tea safe in small amounts at breakfast?")
    chosen = select(question, rank(question, found.candidates), found.repeats)
    cited = {chosen[0].passage.doc_id, *(also.passage.doc_id for also in chosen[0].also)}
    assert cited == sources


@pytest.mark.parametrize(
    ("met", "known", "pair"),
    [
        ((0.3, 0.4, 0.9), {"tast"}, ("green", "tea")),
        ((0.3, 0.6, 0.9), {"tast"}, ()),  # "tea" is there in another word
        ((0.3, 0.4, 0.9), {"tast", "tea"}, ()),
        ((0.9, 0.4, 0.3), set(), ()),  # not side by side
    ],
)
def test_two_words_side_by_side_that_nothing_comes_near_are_strange(
    corpus_of, open_with_hashes, met, known, pair
) -> None:
    assistant = open_with_hashes(corpus_of({"k.md": "# Kettle\n\nA kettle boils water."}))
    question, found = retrieved(assistant, "What is a kettle?")
    found = replace(found, words=WORDS)
    ranked = [(s, replace(c, matches=met)) for s, c in rank(question, found.candidates)]
    assert strange_pair(found, ranked, lambda term: term in known) == pair
