from __future__ import annotations

import pytest

from assistant.answering.intents import asks_for
from assistant.answering.quantity import lacking, lacks_quantity, misses_quantity
from assistant.answering.units import units_of
from assistant.indexing.passages import split_document
from assistant.reading.assemble import plain_document, reading_document
from assistant.reading.writer import TextWriter


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many complexes are there?", "There are two distinct complexes.", False),
        ("How many mice were used?", "In 2009 rapamycin extended the life of mice.", True),
        ("How many pages does the review have?", "It appeared in 2012 in the journal.", True),
        ("How many of the mice lived on?", "Nine of ten mice lived on.", False),
        ("What dose did the mice get?", "The mice got rapamycin from 600 days of age.", True),
        ("What dose did the mice get?", "The mice got 14 mg of it per kilogram.", False),
        ("How old were the mice?", "It began at 600 days of age.", False),
        ("What percentage lived longer?", "Half of them, 52 %, lived longer.", False),
        ("What percentage lived longer?", "They lived longer.", True),
        ("Why did they live longer?", "They lived longer.", False),
    ],
)
def test_a_missing_quantity_is_seen(question: str, text: str, missing: bool) -> None:
    assert misses_quantity(question, text) is missing


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("What dose did the mice get?", "They got it from 600 days of age on, in 2009.", True),
        ("What dose did the mice get?", "They got 14 mg of it per kilogram.", False),
        ("What does a high dose of it cause?", "It causes fatigue.", False),
        ("How many grams are needed?", "Leucine is needed.", True),
        ("How many grams are needed?", "Three grams of leucine are needed.", False),
        ("How many mice were used?", "In 2009 it extended the life of mice.", True),
        ("How many people have it?", "463 million adults live with it.", False),
        ("How many acids are there?", "There are twenty amino acids.", False),
        ("What share of the heat is lost?", "Much heat is lost.", True),
        ("What share of the heat is lost?", "One in five joules is lost.", False),
        ("What do the two machines share?", "Both machines have a boiler.", False),
        ("Which fraction contains the oil?", "The upper layer contains the oil.", False),
        ("When was the kettle invented?", "The kettle was invented by a tinker.", True),
        ("When was the kettle invented?", "The kettle was invented in 1891.", False),
        ("When was it first used?", "It was first used in the late 1990s.", False),
        ("When did the meeting start?", "It started at 9:30 on Monday.", False),
        ("When was the wall built?", "The wall was built on 12 May.", False),
        ("In what year was Rome founded?", "Rome was founded in 753 BC.", False),
        ("In which year was it?", "It was two centuries ago.", False),
        ("When did the rash begin?", "The rash began two hours after the injection.", False),
        ("When does the kettle sing?", "It sings once the water boils.", False),
        ("How fast does it act?", "It acts within minutes.", False),
        ("Why does it have a long half-life?", "It is bound to fat.", False),
    ],
)
def test_only_a_plain_question_for_a_number_can_lack_it(
    question: str, text: str, lacks: bool
) -> None:
    assert lacks_quantity(question, text) is lacks
    assert bool(lacking(question, text)) is lacks


@pytest.mark.parametrize(
    ("question", "text", "names_nobody"),
    [
        ("Who wrote the 2009 study?", "This text was reviewed for readability.", True),
        ("Who first described the valve?", "The valve opens at two bars.", True),
        ("Who was the first to describe the valve?", "The valve was described early.", True),
        ("By whom was it built?", "It was built in a hurry.", True),
        ("Who’s written it?", "It was done in a hurry.", True),
        ("Who discovered the valve?", "The HX4 valve opens at two bars.", True),
        ("Who invented the telephone?", "Bell invented the telephone.", False),
        ("Who wrote it?", "Three monks wrote it.", False),
        ("Who published it?", "It was published by a retired nurse.", False),
        ("Who developed side effects?", "Patients over 60 did.", False),
        ("Who was found to benefit?", "Obese women did.", False),
        ("Who discovered the element?", "It was found by Clemens Winkler.", False),
        ("Who wrote it?", "Harrison et al. wrote it.", False),
        ("Who built it?", "The bridge was built by local engineers.", False),
        ("Who described the way?", "The party followed Amundsen to the pole.", False),
        ("Who should not use the bridge?", "The bridge is closed to lorries.", False),
        ("Who is at risk?", "Older people are at risk.", False),
        ("What did the author write?", "It was a letter.", False),
    ],
)
def test_a_doer_asked_for_has_to_be_named(question: str, text: str, names_nobody: bool) -> None:
    assert bool(lacking(question, text)) is names_nobody


def passages(text: str):
    return split_document(plain_document(text, doc_id="d.txt", source="d.txt"))


def test_a_short_list_is_one_unit_with_its_lead() -> None:
    (passage,) = passages("Kettles at home\n\nSome words. Take these:\n- a cup\n- a spoon\n")
    texts = [
        passage.text[u.start - passage.start : u.end - passage.start] for u in units_of(passage)
    ]
    assert texts == ["Some words.", "Take these:\n- a cup\n- a spoon"]


def test_rows_that_name_their_columns_stand_alone() -> None:
    writer = TextWriter()
    for row in ("Tea: Assam | Price: 42", "Tea: Sencha | Price: 95"):
        writer.add(row, "row", tight=True)
    (passage,) = split_document(reading_document(writer.reading(), doc_id="d", source="d"))
    assert [u.is_list for u in units_of(passage)] == [False] * 2


def test_long_bullets_stand_alone() -> None:
    item = "this bullet is long enough to be read alone, since it says one thing in full, " * 2
    (passage,) = passages(f"Kettles at home\n\nNotes follow here.\n- {item}\n- {item}\n")
    assert [u.is_list for u in units_of(passage)] == [False] * 3


def test_a_question_may_ask_for_a_part_of_the_document() -> None:
    (names,) = passages("Kettles at home\n\nAlso known as\n\ntea kettle · water boiler\n")
    assert asks_for("What other names does it have?", names)
    assert not asks_for("What does it boil?", names)
