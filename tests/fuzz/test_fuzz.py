"""A small seeded run of every fuzzing target; benchmarks/fuzz.py runs them for long."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.errors import AssistantError
from assistant.reading import plain_document, split_sentences
from tests.fuzz.samples import mutated, seeds_of
from tests.fuzz.targets import FORMATS, TARGETS, check_document, check_html

INPUTS = 40
ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            " \t\n\r\f\x00.!?…:;,-–—'\"“”()[]<>&#*_`|=~/\\1aAéßİﬁ½中。\u0301\u200b\ufeff\u202e"
        ),
        st.characters(),
    ),
    max_size=300,
)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_and_odd_inputs_do_no_harm(name: str) -> None:
    chance = random.Random(f"seed of {name}")
    for start in seeds_of(name):
        TARGETS[name](start)
        for _ in range(INPUTS // len(seeds_of(name))):
            TARGETS[name](mutated(start, chance))


@seed(20)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD)
def test_any_text_is_cut_into_its_own_slices(text: str) -> None:
    before = 0
    for start, end in split_sentences(text, 0, len(text)):
        assert before <= start < end <= len(text)
        assert not text[before:start].strip()
        before = end
    assert not text[before:].strip()
    check_document(plain_document(text, doc_id="a", source="a"))


@seed(21)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD, st.sampled_from(["claims", "questions", "pages", *(f"read.{f}" for f in FORMATS[:7])]))
def test_any_text_does_no_harm(text: str, name: str) -> None:
    TARGETS[name](text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "source",
    ["<p onclick=x>a</p>", "<script>a</script>", '<a href="javascript:a">a</a>', "<p>a", "a</p>",
     "<!-- a -->", '<p style="a">b</p>'],
)  # fmt: skip
def test_the_check_of_html_finds_what_it_looks_for(source: str) -> None:
    with pytest.raises(AssertionError):
        check_html(source)


def test_the_check_of_documents_finds_what_it_looks_for() -> None:
    document = plain_document("Some words of text.", doc_id="a", source="a")
    shifted = [
        Document(**{f: getattr(document, f) for f in document.__slots__} | {"text": text})
        for text in ("Some", "\ud800")
    ]
    for wrong in shifted:
        with pytest.raises((AssertionError, UnicodeEncodeError, AssistantError)):
            check_document(wrong)
