from __future__ import annotations

import pytest

TEXT = """# Notes on mTOR

Rapamycin blocks mTORC1 in cells, and 5 mg a week is a dose that some trials used.

> [!CAUTION]
> People who take sirolimus or rapamycin must not change anything without their transplant team.

> [!IMPORTANT]
> This text is for educational purposes only.
"""


@pytest.mark.parametrize(
    "question",
    ["How many mg of rapamycin should I take?", "Should I stop my sirolimus before surgery?"],
)
def test_a_personal_question_is_referred_with_the_corpus_s_own_caution(
    corpus_of, open_with_hashes, question: str
) -> None:
    answer = open_with_hashes(corpus_of({"a.md": TEXT})).ask(question)
    assert answer.outcome == "referred"
    assert answer.notices[0].level in ("caution", "urgent")
    (statement,) = answer.statements
    assert statement.text.startswith("People who take sirolimus or rapamycin")
    assert not any("5 mg" in s.text for s in answer.statements)
    assert answer.disclaimer


def test_urgent_words_put_help_first(corpus_of, open_with_hashes) -> None:
    answer = open_with_hashes(corpus_of({"a.md": TEXT})).ask(
        "My friend took a whole bottle of rapamycin and is unconscious, what now?"
    )
    assert answer.outcome == "referred"
    assert answer.notices[0].level == "urgent"
    assert "emergency" in answer.notices[0].text


def test_a_question_about_a_drug_triggers_nothing(corpus_of, open_with_hashes) -> None:
    answer = open_with_hashes(corpus_of({"a.md": TEXT})).ask("What does rapamycin block?")
    assert answer.outcome != "referred"
    assert all(n.kind in ("coverage", "myth", "spelling") for n in answer.notices)
