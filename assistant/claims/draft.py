"""A text, given or in a file -> its sentences, each to be checked as a claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.datatypes import Document
from assistant.errors import AssistantError
from assistant.indexing.passages import section_sentences
from assistant.reading import SourceFile, read_file
from assistant.reading.assemble import plain_document
from assistant.words import words

_SHORTEST = 3  # words


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
        yield from _sentences(found)


def sentences_of_text(text: str) -> Iterator[str]:
    """Yield the sentences of a plain text, as those of a file."""
    return _sentences(plain_document(text, doc_id="text", source="text"))


def _sentences(document: Document) -> Iterator[str]:
    for section in document.sections:
        for group in section_sentences(document.text, section):
            for sentence in group:
                text = document.text[sentence.start : sentence.end]
                if len(words(text)) >= _SHORTEST:
                    yield text
