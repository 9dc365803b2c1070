"""What is fuzzed: each target takes bytes, does all that the product does with such input, and
asserts what must hold for any input. Only ``AssistantError`` may come out of the product.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from assistant.answering.question import read_question
from assistant.answering.safety import triage
from assistant.claims.guards import vetoes
from assistant.claims.guess import looks_like_claim
from assistant.claims.read import read_claim
from assistant.datatypes import Answer, Block, Citation, Document, Section, Statement
from assistant.errors import AssistantError
from assistant.indexing.passages import split_document
from assistant.reading import list_files, read_file, split_sentences
from assistant.web import render
from assistant.web.exports import markdown
from assistant.web.reader import Reader

Target = Callable[[bytes], None]
FORMATS = (
    "txt",
    "md",
    "html",
    "json",
    "jsonl",
    "csv",
    "tsv",
    "pdf",
    "docx",
    "pptx",
    "xlsx",
    "epub",
)
_EVIDENCE = "Kettles boil 5 ml of water at 100 degrees, and not all of them are made of steel."
_SCHEMES = ("/", "#", "?", "http://", "https://")


def text_of(data: bytes) -> str:
    """Any string, lone surrogates too."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def check_document(document: Document) -> None:
    """Every block, sentence and passage is a slice of the text."""
    text = document.text
    text.encode("utf-8")  # what is kept can be written
    end = 0
    for section in document.sections:
        assert 0 <= section.start <= section.end <= len(text)
        for block in section.blocks:
            assert end <= block.start < block.end <= len(text)
            end = block.end
            before = block.start
            for start, stop in split_sentences(text, block.start, block.end):
                assert before <= start < stop <= block.end
                assert text[start:stop].strip() == text[start:stop]
                before = stop
    for passage in split_document(document):
        assert text[passage.start : passage.end] == passage.text
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end


def reader_of(ending: str) -> Target:
    """The reader of a format, as the index calls it."""

    def read(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, f"a.{ending}").write_bytes(data)
            for found in read_file(list_files(Path(folder))[0]):
                if isinstance(found, Document):
                    check_document(found)
                else:
                    assert "\n" not in str(found)
                    assert "Traceback" not in str(found)

    return read


def passages(data: bytes) -> None:
    """Plain text to passages."""
    reader_of("txt")(text_of(data).encode("utf-8", "replace"))


def claims(data: bytes) -> None:
    """The claim parser, the guess and the guards."""
    text = text_of(data)
    looks_like_claim(text)
    vetoes(text[:2_000], _EVIDENCE)
    vetoes(_EVIDENCE, text[:2_000])
    try:
        claim = read_claim(text)
    except AssistantError as error:
        assert "\n" not in str(error)
        return
    assert claim.problem or claim.text.strip()
    assert all(part.strip() for part in claim.parts)


def questions(data: bytes) -> None:
    """The question path before the search."""
    text = text_of(data)
    triage(text[:2_000])
    try:
        question = read_question(text)
    except AssistantError as error:
        assert "\n" not in str(error)
        return
    assert question.terms
    assert "\n" not in question.text


class _Strict(HTMLParser):
    """Reads our HTML back: every tag closes, no handler, no script, no foreign address."""

    VOID = ("br", "hr", "img", "input", "link", "meta", "wbr", "path", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe", "object", "embed", "base", "template")
        for name, value in attrs:
            assert not name.startswith("on") and name != "style", (tag, name)
            if name in ("href", "src", "action", "formaction"):
                assert (value or "").startswith(_SCHEMES), (name, value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment in the output")


def check_html(source: str) -> str:
    """Assert that HTML of ours is whole and harmless; return its text."""
    parser = _Strict()
    parser.feed(source)
    parser.close()
    assert parser.open == []
    return parser.text


def pages(data: bytes) -> None:
    """The chat's cards, the sources and the reader with a text that stands everywhere."""
    text = text_of(data)[:3_000].encode("utf-8", "replace").decode()
    if not text:
        return
    block = Block(0, len(text), "paragraph")
    document = Document(
        text[:200], text[:80], text, (Section((text[:60],), "prose", 2, 0, len(text), (block,)),),
        text[:90], "0", url=text[:99], publisher=text[:50], published=text[:10],
    )  # fmt: skip
    citation = Citation(
        1, document.doc_id, document.title, (text[:60],), text, 0, len(text), None, text[:99]
    )
    answer = Answer(
        "id", text[:500], "answered", 0.9, (Statement(text, (1,)),), (citation,), text[:100],
        related=(text[:200],),
    )  # fmt: skip
    for made in (
        render.answer_card(answer, 3, lambda _: document),
        render.source_card(citation, 3, document),
        render.user_message(text),
        render.problem_turn(1, text, text).message,
        Reader().view(document).body,
    ):
        check_html(made)
    shown = check_html(render.source_card(citation, 3, document))
    assert shown.strip()
    markdown(text)


TARGETS: dict[str, Target] = {
    **{f"read.{ending}": reader_of(ending) for ending in FORMATS},
    "passages": passages,
    "claims": claims,
    "questions": questions,
    "pages": pages,
}
