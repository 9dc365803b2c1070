from __future__ import annotations

import pytest

from assistant.answering.rewrite import rewrite

TEXT = "# Notes\n\nRapamycin inhibits mTORC1 strongly. Leucine and insulin act on the kinase AKT.\n"
ALIASES = {"AKT": ("protein kinase b", "kinase b"), "mTORC1": ("mtor complex 1",)}


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("does rapamicin act", "does rapamycin act"),
        ("what does leusine do", "what does leucine do"),
        ("what is mtorc 1", "what is mtorc1"),
        ("what is mtorc3", "what is mtorc3"),
        ("is collagen good", "is collagen good"),
        ("what is protein kinase B", "what is protein kinase B (AKT)"),
        ("is AKT protein kinase B", "is AKT protein kinase B"),
        ("mtor complex 1 role", "mtor complex 1 (mTORC1) role"),
        ("inhibiting it", "inhibiting it"),
        ("a common insuline", "a common insuline"),
    ],
)
def test_what_is_searched_for(corpus_of, open_with_hashes, typed: str, searched: str) -> None:
    index = open_with_hashes(corpus_of({"a.md": TEXT})).index
    found = rewrite(typed, index, ALIASES, lambda word: word == "insuline")
    assert found.text == searched
    assert bool(found.named or found.corrected) == (typed != searched)
