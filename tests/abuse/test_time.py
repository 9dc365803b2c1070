"""Texts made to be slow: every reader and every rule takes time in proportion to the length.

Each of these, before it was mended or by a similar fault, takes minutes at this length. What is
measured is the processor's time, so that a busy machine makes no test fail.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.followup import stand_alone
from assistant.answering.quantity import lacks_quantity, misses_quantity
from assistant.answering.question import read_question
from assistant.answering.safety import triage
from assistant.claims.guards import vetoes
from assistant.claims.guess import looks_like_claim
from assistant.claims.read import read_claim
from assistant.datatypes import Document
from assistant.errors import AssistantError
from assistant.indexing.passages import split_document
from assistant.reading import list_files, read_file
from assistant.web.exports import markdown

LONG = 1_000_000
SECONDS = 20.0  # of the processor; a quadratic rule takes hours at this length
TYPED = 2_000
TYPED_SECONDS = 1.5


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes more of the processor's time; break it off soon after."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"broken off after {2 * seconds:.0f} s")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, 2 * seconds)
    started = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert time.process_time() - started < seconds


def filled(piece: str, length: int = LONG) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def nested_aliases() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "---\n" + "\n".join(rows) + "\n---\n\nSome text.\n"


SLOW_FILES: dict[str, Callable[[], str]] = {
    "dots.txt": lambda: filled(".") + "a",
    "ellipses.txt": lambda: filled("…") + "a",
    "abbreviations.txt": lambda: filled("word e.g. "),
    "wrapped.txt": lambda: filled("this is a line of about sixty letters that goes on and on to\n"),
    "blanks.txt": lambda: "a" + filled(" ") + "b",
    "marks.txt": lambda: "a." + filled("[1,2"),
    "accents.txt": lambda: "a" + filled("\u0301"),
    "comments.md": lambda: filled("<!-- -->") + "x",
    "open comments.md": lambda: "<div>\n" + filled("<!--"),
    "open tags.md": lambda: "<div>\n" + filled("<"),
    "quoted lines.md": lambda: filled("> a\n", 200_000),
    "aliases.md": nested_aliases,
    "brackets.md": lambda: "---\na: " + filled("[") + "\n---\n\nSome text.\n",
    "comments.html": lambda: filled("<!-- -->") + "x",
    "scripts.html": lambda: "<html>" + filled("<script>"),
    "open tags.html": lambda: "<html>" + filled("<"),
    "menus.html": lambda: "<html><body>" + filled("<ul><a>a</a><a>b</a><a>c</a>", 300_000),
    "named.html": lambda: "<html><body><p>text</p>" + filled("<div class=nav>") + "a",
    "articles.html": lambda: "<html><body>" + filled("<article>a "),
    "marks.html": lambda: "<html><body><p>" + filled("a<sup>2</sup> ", 300_000),
    "deep.json": lambda: filled("["),
    "number.json": lambda: f"[{filled('1')}]",
    "deep.jsonl": lambda: filled("[") + "\n",
    "quote.csv": lambda: 'question,answer\n"' + filled('""'),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW_FILES)
def test_a_file_made_to_be_slow_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SLOW_FILES[name](), encoding="utf-8")
    (file,) = list_files(tmp_path)
    with within(SECONDS):
        for found in read_file(file):
            if isinstance(found, Document):
                split_document(found)
            else:
                assert ";" in str(found)
                assert len(str(found)) < 500


PIECES = (
    " ", "a", "A", "1", ".", "?", "!", "-", "a ", "A. ", "a-", "1.", "1,", "1,000", "1,000 ",
    "IV", "AaA", "Ab of ", "and the A", "and ", "so ", "not ", "no ", "how many ", "what is ",
    "it is true that ", "<a ", "<!--", "<a b=c ", "<script", "<style>", "e.g. ", "U.S.A. ", "½",
    "\u0301", "ﬁ", "中", "5 mg ", "two thirds ", "A raises B and ", "should I take ", "my son ",
    "difference ", "the role in ", "none ", "than ", "[a](b)", "\t",
)  # fmt: skip
EVIDENCE = "Kettles boil 5 ml of water at 100 degrees, and not all of them are made of steel."


def _ones(texts: object) -> np.ndarray:
    return np.ones((len(texts), 4), dtype=np.float32)


RULES: dict[str, Callable[[str], object]] = {
    "claim": read_claim,
    "guess": looks_like_claim,
    "vetoes of a claim": lambda text: vetoes(text, EVIDENCE),
    "vetoes by a sentence": lambda text: vetoes(EVIDENCE, text),
    "question": read_question,
    "quantity": lambda text: misses_quantity("how many kettles are there", text),
    "time": lambda text: misses_quantity("how long does it take", text),
    "date": lambda text: lacks_quantity(f"when was {text}", text),
    "triage": triage,
    "follow-up": lambda text: stand_alone(text, "What is mTORC1?", _ones, lambda term: 1.0),
    "markdown": markdown,
}


@pytest.mark.parametrize("rule", RULES)
def test_a_typed_text_made_to_be_slow_is_not(rule: str) -> None:
    RULES[rule]("What is a kettle made of?")  # what is loaded once is not measured
    for piece in PIECES:
        for end in ("", "x!"):
            with within(TYPED_SECONDS):
                try:
                    RULES[rule](filled(piece, TYPED - len(end)) + end)
                except AssistantError:
                    continue
