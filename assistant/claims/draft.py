"""A text, in a file or pasted -> its sentences, each to be checked as a claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.claims.parts import is_verb
from assistant.datatypes import Block, Document
from assistant.errors import AssistantError
from assistant.indexing.passages import section_sentences
from assistant.reading import SourceFile, plain_document, read_file
from assistant.words import words

_SHORTEST = 3  # words
_OPENS_HEADING = frozenset("how what when where which who whose why".split())


def sentences_of_file(path: Path) -> Iterator[str]:
    """Yield the sentences of a text or Markdown file; headings and questions are no claims.

    Raises:
        AssistantError: When the file is missing or cannot be read.
    """
    if not path.is_file():
        raise AssistantError(f"The text {path} does not exist or is no file; check --text.")
    status = path.stat()
    for found in read_file(SourceFile(path.name, path, status.st_size, status.st_mtime_ns)):
        if not isinstance(found, Document):
            raise AssistantError(f"The text cannot be read: {found}.")
        yield from (text for _, text in _sentences(found))


def sentences_of_text(text: str) -> list[str]:
    """Return the sentences of a pasted text.

    People paste a list of claims without full stops, which reads like headings: a line of its
    own that has a verb counts as a sentence.
    """
    document = plain_document(text, doc_id="text", source="text")
    found = _sentences(document)
    for section in document.sections:
        found += [
            (block.start, line)
            for block in section.blocks
            if block.kind == "heading" and _states(line := _slice(document, block))
        ]
    return [sentence for _, sentence in sorted(found)]


def _sentences(document: Document) -> list[tuple[int, str]]:
    """Return the sentences long enough to say something, each with its offset."""
    return [
        (sentence.start, text)
        for section in document.sections
        for group in section_sentences(document.text, section)
        for sentence in group
        if len(words(text := document.text[sentence.start : sentence.end])) >= _SHORTEST
    ]


def _slice(document: Document, block: Block) -> str:
    return document.text[block.start : block.end]


def _states(line: str) -> bool:
    found = words(line)
    opening = found[0] if found else ""
    return len(found) >= _SHORTEST and opening not in _OPENS_HEADING and any(map(is_verb, found))
