from __future__ import annotations

from dataclasses import replace

from assistant.answering.faqdata import FaqEntry
from assistant.datatypes import Passage
from assistant.web.faqview import PAGE, Asked, FaqBook, anchor_of, faq_view


def entry(number: int, question: str = "", doc_id: str = "a.md") -> FaqEntry:
    question = question or f"Question {number}?"
    answer = f"Answer {number}."
    passage = Passage(
        f"{doc_id}#{number}", doc_id, "A", ("Common", question), "faq", answer, 0, len(answer),
        None, (),
    )  # fmt: skip
    return FaqEntry(passage.passage_id, question, "Common", passage, (number,))


def test_an_anchor_stays_when_the_entry_moves() -> None:
    first = entry(3)
    moved = replace(first, faq_id="a.md#9", rows=(9,))
    assert anchor_of(first) == anchor_of(moved)
    assert anchor_of(first) != anchor_of(entry(3, doc_id="b.md"))
    assert anchor_of(entry(1, "¿¿??")).isalnum()


def test_the_same_question_twice_has_two_anchors() -> None:
    items = FaqBook().items((entry(1, "Why?"), entry(2, "Why?")))
    assert len({item.anchor for item in items}) == 2


def test_many_entries_come_in_pages_and_a_link_finds_its_page() -> None:
    items = FaqBook().items(tuple(entry(n) for n in range(PAGE * 3 + 1)))
    first = faq_view(items, Asked()).body
    assert first.count("<details") == PAGE
    assert 'href="/faq?page=4"' in first
    last = faq_view(items, Asked(page=4)).body
    assert last.count("<details") == 1
    anchor = items[-1].anchor
    linked = faq_view(items, Asked(entry=anchor)).body
    assert f'id="faq-{anchor}" open=""' in linked


def test_a_book_is_made_again_for_other_entries() -> None:
    book = FaqBook()
    entries = (entry(1),)
    assert book.items(entries) is book.items(entries)
    assert len(book.items((entry(1), entry(2)))) == 2


def test_without_entries_it_says_so() -> None:
    assert "hold no frequently asked questions" in faq_view((), Asked()).body
