from __future__ import annotations

from assistant.answering.question import read_question
from assistant.answering.select import rank, select

TEXT = """# Kettles

## What a kettle is

A kettle is a vessel for boiling water, usually made of steel. It was invented long ago in Norway.

## How to boil water

Boiling water takes these steps in a kettle:

1. Fill the kettle with cold water.
2. Put the kettle on the stove.
3. Wait for the whistle.

## Myths

### Myth: Salt makes a kettle boil faster.

**Reality:** Salt raises the boiling point a little. The kettle then takes longer.

**Why people believe it:** Salted water spatters, which looks like boiling in a kettle.
"""


def chosen(assistant, text: str):
    question = read_question(text)
    found = assistant.retriever.retrieve(question)
    return select(question, rank(question, found.candidates))


def test_steps_come_whole_with_their_lead(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of({"k.md": TEXT}))
    first = chosen(assistant, "What are the steps of boiling water on the stove?")[0]
    assert first.text.startswith("Boiling water takes these steps")
    assert first.text.endswith("3. Wait for the whistle.")


def test_a_sentence_that_refers_back_brings_its_predecessor(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of({"k.md": TEXT}))
    first = chosen(assistant, "invented long ago in Norway")[0]
    assert first.text.startswith("A kettle is a vessel")
    assert first.text.endswith("in Norway.")


def test_a_myth_gets_its_reality_whole(corpus_of, open_with_hashes) -> None:
    assistant = open_with_hashes(corpus_of({"k.md": TEXT}))
    answer = assistant.ask("Does salt make a kettle boil faster?")
    assert answer.statements[0].text == (
        "Salt raises the boiling point a little. The kettle then takes longer."
    )
    assert any("myth" in n.kind for n in answer.notices)
    assert not any("Salt makes a kettle" in s.text for s in answer.statements)


def test_the_same_in_two_documents_is_one_statement(corpus_of, open_with_hashes) -> None:
    same = "The whistling kettle was invented by Block in 1923."
    corpus = corpus_of({
        "a.md": f"# First\n\n{same} Some other words follow here.\n",
        "b.md": f"# Second\n\nWords that differ stand here. {same}\n",
    })  # fmt: skip
    answer = open_with_hashes(corpus).ask("Who invented the whistling kettle?")
    first = answer.statements[0]
    assert len(first.citations) == 2
    assert {c.doc_id for c in answer.citations if c.number in first.citations} == {"a.md", "b.md"}
    assert sum(same in s.text for s in answer.statements) == 1
