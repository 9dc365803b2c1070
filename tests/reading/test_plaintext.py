from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.reading.assemble import plain_document

PASTED = """The Kettle

Household object Published March 3, 2024

The Kettle

A kettle is a vessel for boiling water, made of steel, and it whistles when it is done.

Also known as

tea kettle · water boiler

3 min read · 420 words

When you'll see this

In daily life

Scenario

You want tea after a long walk in the rain and fill the kettle with cold water.

What to notice

The whistle tells you that the water boils.

Why it matters

A forgotten kettle boils dry and is ruined.

Key takeaways

  • Kettles boil water.
  • A whistle means it boils.

Kettle lore

Tall tales

Myth

Salt makes a kettle boil faster.

Reality

Salt raises the boiling point a little, so it takes longer.

Why people believe this

Salted water spatters, which looks like boiling.

Safety

This text is for educational purposes only and is not medical advice.

Frequently asked

Common questions

How long does a kettle take?

It takes about four minutes for a litre.

Can it run dry?

It can, and then the base warps.

Want more kettles?

Subscribe to our letter
"""


def read(text: str) -> Document:
    return plain_document(text, doc_id="kettle.txt", source="kettle.txt")


def kinds(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    return [(s.kind, s.heading) for s in document.sections]


def test_a_pasted_page_comes_out_structured() -> None:
    document = read(PASTED)
    assert document.title == "The Kettle"
    assert document.published == "2024-03-03"
    found = kinds(document)
    life = ("When you'll see this", "In daily life", "Scenario")
    assert ("scenario", life) in found
    assert ("takeaways", ("Key takeaways",)) in found
    myth = ("Kettle lore", "Tall tales", "Myth: Salt makes a kettle boil faster.")
    assert [kind for kind, path in found if path == myth] == ["myth", "reality", "belief"]
    faq = ("Frequently asked", "Common questions")
    assert ("faq", (*faq, "How long does a kettle take?")) in found
    assert ("notice", ("Safety",)) in found
    assert found[-1][0] == "furniture"


def test_a_scenario_keeps_its_parts_together() -> None:
    document = read(PASTED)
    (section,) = [s for s in document.sections if s.kind == "scenario"]
    text = document.text[section.start : section.end]
    assert "You want tea" in text
    assert "boils dry" in text
    assert [b.kind for b in section.blocks].count("label") == 3


def test_wrapped_lines_are_joined() -> None:
    wrapped = (
        "A long paragraph that a mail program has wrapped at some column so that\n"
        "each line ends in the middle of a sentence and goes on in the next one,\n"
        "which is how plain text has looked since the days of the typewriter.\n\n"
        "A second paragraph follows here, and it is wrapped as well, because all\n"
        "of the text is.\n"
    )
    document = read(wrapped)
    assert "so that each line ends" in document.text
    assert [len(s.blocks) for s in document.sections] == [2]


def test_numbered_steps_are_steps() -> None:
    document = read("How to\n\nDo this in order, as the manual says:\n1. Fill it.\n2. Heat it.\n")
    assert [b.kind for b in document.sections[-1].blocks][-2:] == ["step", "step"]


def test_disclaimer_sentence_becomes_a_notice() -> None:
    document = read(
        "Title here\n\nThis is not medical advice, please ask a doctor.\n\nMore text.\n"
    )
    assert [s.kind for s in document.sections] == ["prose", "notice", "prose"]


@given(st.text(max_size=600))
def test_blocks_slice_back_and_never_overlap(text: str) -> None:
    document = read(text)
    at = 0
    for section in document.sections:
        assert section.blocks
        assert (section.start, section.end) == (section.blocks[0].start, section.blocks[-1].end)
        for block in section.blocks:
            assert at <= block.start < block.end <= len(document.text)
            assert document.text[block.start : block.end].strip()
            at = block.end


LINES = st.sampled_from(
    ["Myth", "Reality", "Scenario", "What to notice", "A heading", "Why is it so?", "- item",
     "1. step", "2. step", "", "A sentence that is long enough to be a paragraph of its own.",
     "Myth: inline myth", "Reality: inline reality.", "Q: What?", "A: That.", "FAQ", "References"]
)  # fmt: skip


@given(st.lists(LINES, max_size=25))
def test_any_order_of_structure_is_read(lines: list[str]) -> None:
    document = read("\n".join(lines))
    ends = [(s.start, s.end) for s in document.sections]
    assert ends == sorted(ends)
