"""The proof that answering needs no network: a question and a claim under a guard."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.errors import AssistantError
from assistant.offline import no_network

_SAMPLE = "# Kettles\n\nA kettle is a vessel for boiling water. Most kettles are made of steel.\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried and what came of it; ``attempts`` are connections that were refused."""

    state: Literal["proved", "failed"]
    asked: str = ""
    outcome: str = ""
    checked: str = ""
    label: str = ""
    on: str = ""
    attempts: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: str = ""


def prove_offline(settings: Settings, *, use_index: bool) -> Proof:
    """Ask and check with every connection refused.

    Args:
        settings: Where the models and the index are.
        use_index: Whether the index can be used; a small one of its own is made otherwise.
    """
    started = time.perf_counter()
    with no_network() as attempts:
        try:
            found = _on_index(settings) if use_index else _on_sample(settings)
        except (AssistantError, OSError) as error:
            found = Proof("failed", problem=f"Asking without a network failed: {error}")
    seconds = round(time.perf_counter() - started, 2)
    if attempts:
        told = ", ".join(sorted(set(attempts)))
        problem = (
            f"Something tried to reach a network ({told}); see which package that is with: "
            "python -X dev -m assistant doctor, and report it."
        )
        return replace(
            found, state="failed", attempts=tuple(attempts), seconds=seconds, problem=problem
        )
    return replace(found, seconds=seconds)


def _on_index(settings: Settings) -> Proof:
    return _tried(settings, "the index")


def _on_sample(settings: Settings) -> Proof:
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "kettles.md").write_text(_SAMPLE, encoding="utf-8")
        small = replace(settings, corpus=corpus, index=Path(folder) / "index")
        return _tried(small, "a small index of its own", sync=True)


def _tried(settings: Settings, on: str, *, sync: bool = False) -> Proof:
    assistant = Assistant.open(settings, sync=sync)
    try:
        with assistant.pinned():
            ((passage, _),) = assistant.index.store.passages([0])
            question = f"What is said about {passage.title}?"[:300]
            claim = next((passage.slice(s.start, s.end) for s in passage.sentences), passage.title)[
                :300
            ]
            answer, verdict = assistant.ask(question), assistant.check(claim)
    finally:
        assistant.close()
    if not answer.disclaimer or not verdict.disclaimer:
        raise AssistantError("an answer came without its disclaimer; set one in corpus.toml.")
    return Proof("proved", question, answer.outcome, claim, verdict.label, on)
