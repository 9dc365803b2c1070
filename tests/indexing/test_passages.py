from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.indexing.passages import MAX_WORDS, split_document
from assistant.reading.assemble import plain_document


def read(text: str):
    return plain_document(text, doc_id="d.txt", source="d.txt")


def test_a_passage_holds_whole_sentences_of_one_section() -> None:
    sentence = "Every sentence of this text has exactly nine plain words. "
    text = "First heading\n\n" + sentence * 50 + "\n\nSecond heading\n\n" + sentence * 3
    passages = split_document(read(text))
    assert len(passages) == 4
    assert [p.heading for p in passages][-1] == ("Second heading",)
    for passage in passages:
        assert len(passage.text.split()) <= MAX_WORDS
        assert passage.text.endswith("words.")


def test_lists_stay_whole_and_share_their_start() -> None:
    text = "A title line\n\nThese are the steps that one takes:\n- fill it\n- heat it\n- pour it\n"
    (passage,) = split_document(read(text))
    items = [s for s in passage.sentences if s.list_start >= 0]
    assert [passage.slice(s.start, s.end) for s in items] == ["fill it", "heat it", "pour it"]
    assert len({s.list_start for s in items}) == 1


def test_myths_and_furniture_make_no_passages() -> None:
    text = (
        "The title\n\nMyth\n\nSalt is a colour.\n\nReality\n\nSalt is a mineral, and it is white."
        "\n\nSubscribe now\n"
    )
    passages = split_document(read(text))
    assert [p.kind for p in passages] == ["reality"]
    assert passages[0].heading == ("Myth: Salt is a colour.",)


@given(st.lists(st.sampled_from(["Some words here.", "- item", "A heading", "", "Why?"])))
def test_sentences_slice_back_to_the_document(lines: list[str]) -> None:
    document = read("\n".join(lines))
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text
        for s in passage.sentences:
            assert passage.slice(s.start, s.end) == document.text[s.start : s.end]
