"""What a visitor typed or clicked -> one turn of the conversation, in the mode it is meant in.

A text may be a question, a claim to check or a wording to find in the FAQ. Where the visitor
leaves that open it is guessed, and the card offers the other readings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from assistant.assistant import Assistant
from assistant.claims.guess import looks_like_claim
from assistant.datatypes import Answer, Notice, Verdict
from assistant.errors import AssistantError
from assistant.web import render
from assistant.web.render import Option, Turn
from assistant.web.verdict import verdict_turn
from assistant.words import words

Mode = Literal["auto", "ask", "faq", "check"]
MODES: dict[str, Mode] = {
    "Auto": "auto", "Question": "ask", "FAQ": "faq", "Claim": "check",
}  # fmt: skip
_NEAREST = 4  # FAQ entries offered
_INSTEAD: dict[Mode, str] = {
    "ask": "Answer it as a question", "check": "Check it as a claim", "faq": "Find it in the FAQ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A text with the mode it is meant in, the question it may follow up on, and the document.

    ``document`` is the id of the only one to look at; by default all are.
    """

    text: str
    mode: Mode = "auto"
    previous: str = ""
    document: str = ""

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents to look at, none for all."""
        return (self.document,) if self.document else ()


def read_option(value: Any) -> Input:
    """Return what a clicked button stands for; it comes from a browser, so it may be anything."""
    if isinstance(value, dict):
        value = value.get("text")
    if not isinstance(value, str):
        return Input("")
    try:
        mode, text = json.loads(value)
    except (ValueError, TypeError):
        return Input(value)
    if mode not in get_args(Mode) or not isinstance(text, str):
        return Input(value)
    return Input(text, cast(Mode, mode))


def option(label: str, text: str, mode: Mode) -> Option:
    """Return a button that asks a text in a mode, whatever the radio says."""
    return Option(label, json.dumps([mode, text], ensure_ascii=False))


Remember = Callable[[Answer | Verdict], None]


def forget(_: Answer | Verdict) -> None:
    """Remember nothing."""


def take_turn(assistant: Assistant, number: int, typed: Input, remember: Remember = forget) -> Turn:
    """Return the turn of what was typed: an answer, a verdict, or why there is none.

    Answers and verdicts are also given to ``remember``, so that a rating can name them.
    """
    mode = typed.mode
    if mode == "auto":
        mode = "check" if looks_like_claim(typed.text) else "ask"
    try:
        with assistant.pinned():  # the answer and the documents shown beside it belong together
            if mode == "check":
                return _check(assistant, number, typed, remember)
            return _answer(assistant, number, typed, mode, remember)
    except AssistantError as error:
        return no_turn(number, replace(typed, mode=mode), error)


def no_turn(number: int, typed: Input, error: AssistantError) -> Turn:
    """Return the turn that says why there is no other, and offers to try again."""
    again = (option("Try again", typed.text, typed.mode),) if typed.text.strip() else ()
    return render.problem_turn(number, typed.text, str(error), again)


def _check(assistant: Assistant, number: int, typed: Input, remember: Remember) -> Turn:
    verdict = assistant.check(typed.text, documents=typed.documents)
    remember(verdict)
    options = [option(_INSTEAD["ask"], typed.text, "ask")]
    return verdict_turn(number, verdict, assistant.document, tuple(options), typed.document)


def _answer(
    assistant: Assistant, number: int, typed: Input, mode: Mode, remember: Remember
) -> Turn:
    answer, entries = assistant.ask_faq(
        typed.text, previous=typed.previous, documents=typed.documents
    )
    remember(answer)
    options: list[Option] = []
    remarks: list[Notice] = []
    if mode == "faq" and answer.outcome != "faq":
        text = "No question of the FAQ is close enough; this is what the passages say."
        if not answer.statements:
            text = "No question of the FAQ is close enough."
        remarks.append(Notice("faq", "info", text))
        options += [option(e.question, e.question, "faq") for e in entries[:_NEAREST]]
    else:
        options += [option(text, text, "auto") for text in answer.related]
    if _inherits(answer, typed.previous):
        options.append(option("Ask without the earlier topic", answer.question, "ask"))
    if looks_like_claim(answer.question):
        options.append(option(_INSTEAD["check"], answer.question, "check"))
    link = {"previous": typed.previous, "doc": typed.document}
    return render.answered_turn(
        number, answer, assistant.document, tuple(options), tuple(remarks), link
    )


def _inherits(answer: Answer, previous: str) -> bool:
    """Tell whether words of the question before were searched for too."""
    added = set(words(answer.resolved_question)) - set(words(answer.question))
    return not added.isdisjoint(words(previous))
