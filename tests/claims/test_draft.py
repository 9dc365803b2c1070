from __future__ import annotations

import pytest

from assistant.claims.draft import sentences_of_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steam is hot.", ["Steam is hot."]),
        ("Steam is hot. Ice is cold.", ["Steam is hot.", "Ice is cold."]),
        ("Steam is hot\nIce is cold\nTea is warm", ["Steam is hot", "Ice is cold", "Tea is warm"]),
        ("- Steam is hot\n- Ice is cold", ["Steam is hot", "Ice is cold"]),
        ("How steam works\n\nSteam is hot water in the air.", ["Steam is hot water in the air."]),
        ("The kettle\n\nSteam is hot water in the air.", ["Steam is hot water in the air."]),
        ("", []),
        ("Yes. No.", []),
    ],
)
def test_a_pasted_text_is_split_into_what_it_states(text: str, expected: list[str]) -> None:
    assert sentences_of_text(text) == expected
