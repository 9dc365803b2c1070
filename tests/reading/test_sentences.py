from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import split_sentences


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Targets are S6K and 4E-BP1. mTORC2 differs.",
         ["Targets are S6K and 4E-BP1.", "mTORC2 differs."]),
        ("Loss of p53 matters. p53 is a protein.", ["Loss of p53 matters.", "p53 is a protein."]),
        ("It rose by 3.5 mg, e.g. in mice. Then it fell.",
         ["It rose by 3.5 mg, e.g. in mice.", "Then it fell."]),
        ("Smith et al. found it (Fig. 2). Good.", ["Smith et al. found it (Fig. 2).", "Good."]),
        ("He called it “a switch.” Others agreed.", ["He called it “a switch.”", "Others agreed."]),
        ("Dr. J. Smith came. He left.", ["Dr. J. Smith came.", "He left."]),
        ("See no. 5 and vol. 3 there. End.", ["See no. 5 and vol. 3 there.", "End."]),
        ("It is known.[3,4] Next one.", ["It is known.[3,4]", "Next one."]),
        ("It was approved by the U.S. Food Office. So it is sold in the U.S. It sells.",
         ["It was approved by the U.S. Food Office.", "So it is sold in the U.S.", "It sells."]),
        ("no end mark here", ["no end mark here"]),
        ("   ", []),
    ],
)  # fmt: skip
def test_boundaries(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_unpunctuated_text_is_cut_at_spaces() -> None:
    text = "word " * 2_000
    pieces = sentences(text)
    assert len(pieces) > 5
    assert all(len(piece) <= 1_200 and piece.strip() == piece for piece in pieces)
    assert " ".join(pieces).split() == text.split()


@given(st.text(max_size=400), st.integers(0, 50), st.integers(0, 50))
def test_sentences_cover_the_text_in_order(text: str, left: int, right: int) -> None:
    start, end = min(left, len(text)), max(min(left, len(text)), len(text) - right)
    spans = split_sentences(text, start, end)
    at = start
    for a, b in spans:
        assert at <= a < b <= end
        assert not text[at:a].strip()
        at = b
    assert not text[at:end].strip()
