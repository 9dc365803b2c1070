from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from assistant.datatypes import (
    Answer,
    Block,
    Citation,
    CorpusInfo,
    Document,
    FaqMatch,
    Notice,
    Section,
    Statement,
)
from assistant.web import render

DISCLAIMER = "Not advice <b>really</b>."
HOSTILE = (
    '<img src=x onerror="alert(1)"> IFN-γ *alone* did_not p<0.05 $$ `x` ${1+1} back\\slash '
    "{{constructor}} &amp; “quotes” 'single'"
)


class Reader(HTMLParser):
    """Reads back what a browser would show of one element, and which tags there are."""

    def __init__(self, source: str, ident: str = "") -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._ident, self._depth, self._inside = ident, 0, not ident
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._depth += 1
        if dict(attrs).get("id") == self._ident and self._ident:
            self._inside, self._until = True, self._depth

    def handle_endtag(self, tag):
        if self._ident and self._inside and self._depth == self._until:
            self._inside = False
        self._depth -= 1

    def handle_data(self, data):
        if self._inside:
            self.text += data

    def ids(self) -> list[str]:
        return [i for _, attrs in self.tags if (i := attrs.get("id"))]


def document(text: str, start: int = 0) -> Document:
    block = Block(start, len(text), "paragraph")
    section = Section(("Part <1>",), "prose", 2, 0, len(text), (block,))
    return Document("a/b c.md", "Title & more", text, (section,), "a/b c.md", "0")


def cite(doc: Document, quote: str, number: int = 1) -> Citation:
    start = doc.text.index(quote)
    heading = doc.sections[0].heading
    return Citation(number, doc.doc_id, doc.title, heading, quote, start, start + len(quote))


def answer_of(doc: Document, *quotes: str, outcome="answered", **more) -> Answer:
    citations = tuple(cite(doc, quote, n) for n, quote in enumerate(quotes, 1))
    statements = tuple(Statement(c.quote, (c.number,)) for c in citations)
    return Answer(
        "id", "What <i>is</i> it?", outcome, 0.9, statements, citations, DISCLAIMER, **more
    )


def card(answer: Answer, doc: Document, number: int = 3) -> str:
    return render.answer_card(answer, number, lambda _: doc)


@pytest.mark.parametrize(
    "quote",
    [
        HOSTILE,
        "one\n\n\ttwo  three\r\n   four",
        "- item\n  - nested ${x}\n10. ten",
        "x\u00a0y\u2009z",
        "<q>",
    ],
)
def test_quotes_come_back_byte_for_byte(quote: str) -> None:
    doc = document(f"Before. {quote} After.")
    answer = answer_of(doc, quote)
    assert Reader(card(answer, doc), "a3q1").text == quote
    source = render.source_card(answer.citations[0], 3, doc)
    marked = re.search("<mark>(.*?)</mark>", source)
    assert marked is not None
    assert html.unescape(marked.group(1)) == quote


def test_everything_foreign_is_escaped_and_on_one_line() -> None:
    doc = document(f"{HOSTILE}\n\nand more")
    notice = Notice("x", "info", HOSTILE)
    answer = answer_of(doc, HOSTILE, notices=(notice,), faq=FaqMatch("f", HOSTILE), outcome="faq")
    turn = render.answered_turn(1, answer, lambda _: doc)
    info = CorpusInfo(HOSTILE, HOSTILE, HOSTILE)
    for shown in (
        turn.message,
        render.user_message(HOSTILE),
        render.sources_panel([turn, turn]),
        render.problem_turn(1, HOSTILE, HOSTILE).message,
        render.header(info, 1, 2, 3, "today"),
        render.welcome(HOSTILE),
    ):
        tags = Reader(shown).tags
        assert not any(tag in ("img", "b", "i") for tag, _ in tags if tag != "b")
        assert "<img" not in shown
        assert not any(name.startswith("on") for _, attrs in tags for name in attrs)
        assert "\n" not in shown


def test_lone_surrogates_can_be_sent() -> None:
    assert render.user_message("a\ud800b").encode("utf-8")


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("answered", "Answered"), ("partly", "Partly"), ("faq", "FAQ"), ("referred", "professional")],
)
def test_the_state_is_a_word_and_the_disclaimer_a_note(outcome, word) -> None:
    doc = document("A fact.")
    shown = card(answer_of(doc, "A fact.", outcome=outcome), doc)
    assert re.search(f'class="state state-{outcome}">[^<]*{word}', shown)
    assert f'role="note">{html.escape(DISCLAIMER)}</p>' in shown


def test_not_covered_says_so_once_and_cites_nothing() -> None:
    reason = Notice("coverage", "info", "The documents do not mention “Paris”.")
    answer = answer_of(document("x"), outcome="not_covered", notices=(reason,))
    shown = card(answer, document("x"))
    assert "The documents do not mention “Paris”." in shown
    assert shown.split('<div class="plain"')[0].count("Not covered") == 1
    assert "cite" not in shown


def test_a_question_read_otherwise_than_typed_is_shown() -> None:
    doc = document("A fact.")
    same = card(answer_of(doc, "A fact.", resolved_question="what <I>is</I> it?"), doc)
    other = card(answer_of(doc, "A fact.", resolved_question="What is <b>that</b>?"), doc)
    assert "Searched for" not in same
    assert 'Searched for: <span class="resolved">What is &lt;b&gt;that&lt;/b&gt;?<' in other


def test_urgent_notices_come_first_and_name_their_level() -> None:
    doc = document("A fact.")
    notices = (Notice("a", "info", "Later"), Notice("b", "urgent", "Call now"))
    shown = card(answer_of(doc, "A fact.", notices=notices), doc)
    assert shown.index("Urgent: </span>Call now") < shown.index("Later") < shown.index("<q")


def test_citations_link_to_their_source_and_ids_are_unique_over_turns() -> None:
    doc = document("One. Two.")
    turns = [render.answered_turn(n, answer_of(doc, "One.", "Two."), lambda _: doc) for n in (1, 2)]
    page = "".join(t.message for t in turns) + render.sources_panel(turns)
    found = Reader(page)
    ids = found.ids()
    assert len(ids) == len(set(ids))
    targets = [a["href"] for t, a in found.tags if t == "a" and a.get("class") in ("cite", "back")]
    assert len(targets) == 8
    assert {str(target)[1:] for target in targets} <= set(ids)
    assert "/doc/a/b%20c.md?start=5&amp;end=9#c5-9" in page


def test_a_source_cited_twice_has_one_place_to_return_to() -> None:
    doc = document("One. Two.")
    first, second = cite(doc, "One.", 1), cite(doc, "Two.", 2)
    statements = (Statement("One.", (1, 2)), Statement("Two.", (2, 1)))
    answer = Answer("i", "q", "answered", 1, statements, (first, second), DISCLAIMER)
    assert Reader(card(answer, doc)).ids().count("cite-a3-1") == 1


def test_a_quoted_item_keeps_its_marker_outside_the_quote() -> None:
    doc = document("Steps:\n\n1. First thing.\n2. Second thing.")
    answer = answer_of(doc, "First thing.\n2. Second thing.")
    shown = card(answer, doc)
    assert '<span class="lead">1. </span><q' in shown
    assert '<span class="line step">2. Second thing.</span>' in shown
    assert "1. First thing.\n2. Second thing. [1]" in render.plain_text(answer, lambda _: doc)


def test_plain_text_has_statements_numbered_sources_and_the_disclaimer() -> None:
    doc = document(f"{HOSTILE} Two.")
    text = render.plain_text(answer_of(doc, HOSTILE, "Two."), lambda _: doc)
    assert f"{HOSTILE} [1]\n\nTwo. [2]\n" in text
    assert "Sources\n[1] Title & more › Part <1> (a/b c.md)\n[2] " in text
    assert text.endswith(DISCLAIMER)


def test_context_is_cut_between_words_and_left_out_when_the_quote_is_elsewhere() -> None:
    doc = document("word " * 200 + "the quote" + " tail" * 200)
    before, after = render.context_of(doc, cite(doc, "the quote"))
    assert before.startswith("… word")
    assert before.endswith("word ")
    assert after.startswith(" tail")
    assert after.endswith("tail …")
    other = document("quite another text")
    assert render.context_of(other, cite(doc, "the quote")) == ("", "")


def test_the_panel_shows_the_newest_turn_and_folds_the_others() -> None:
    doc = document("One. Two.")
    turns = [render.answered_turn(n, answer_of(doc, "One."), lambda _: doc) for n in (1, 2)]
    panel = render.sources_panel(turns)
    assert panel.index("src-a2-1") < panel.index("<details") < panel.index("src-a1-1")
    refused = render.problem_turn(3, "x" * 5_000, "Too long.")
    assert len(refused.question) < 300
    assert "Nothing is cited" in render.sources_panel([*turns, refused])
