from __future__ import annotations

import pytest

from assistant.models.vocabulary import Vocabulary

PIECES = ["dismantled", "intricate", "calm", "kinase", "##ing", "[CLS]", "the"]


@pytest.mark.parametrize("word", ["dismantles", "intricately", "calms", "kinases", "kinase"])
def test_a_form_of_a_word_is_in_the_vocabulary(word: str) -> None:
    assert word in Vocabulary(PIECES)


@pytest.mark.parametrize("word", ["everolimus", "sestrin2", "them", "ing", "kinas1", "[cls]"])
def test_a_name_is_not(word: str) -> None:
    assert word not in Vocabulary(PIECES)
