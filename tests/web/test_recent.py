from __future__ import annotations

import json
import threading

from assistant.datatypes import Answer, Verdict
from assistant.web.recent import Recent, log_question


def _answer(ident: str, question: str = "Why?") -> Answer:
    return Answer(ident, question, "not_covered", 0.1, (), (), "Not advice.")


def _verdict(ident: str) -> Verdict:
    return Verdict(ident, "It is.", "not_enough_info", 0.0, (), (), "Not advice.")


def test_the_newest_of_an_id_is_found_unless_a_kind_is_named() -> None:
    recent = Recent()
    answer, verdict = _answer("a"), _verdict("a")
    recent.remember(answer)
    assert recent.find("a") is answer
    recent.remember(verdict)
    assert recent.find("a") is verdict
    assert recent.find("a", "answer") is answer
    recent.remember(answer)
    assert recent.find("a") is answer
    assert recent.find("b") is None
    assert recent.find("b", "verdict") is None


def test_it_forgets_the_oldest() -> None:
    recent = Recent(2)
    for ident in ("a", "b", "a", "c"):
        recent.remember(_answer(ident))
    assert [bool(recent.find(ident)) for ident in "abc"] == [True, False, True]


def test_several_threads_may_fill_it() -> None:
    recent = Recent(50)

    def fill(name: str) -> None:
        for number in range(500):
            recent.remember(_answer(f"{name}{number}"))
            recent.find(f"{name}{number - 40}")

    threads = [threading.Thread(target=fill, args=[name]) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recent._kept) == 50


def test_questions_are_logged_only_where_it_is_switched_on(capsys) -> None:
    Recent().remember(_answer("a", "A private question"))
    assert capsys.readouterr().err == ""
    recent = Recent(listener=log_question)
    recent.remember(_answer("a", "A known\nquestion"))
    recent.remember(_verdict("b"))
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["question"], first["result"]) == ("A known\nquestion", "not_covered")
    assert second["claim"] == "It is."
