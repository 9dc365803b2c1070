"""Sections -> passages: the unit that is embedded, ranked and shown as context.

A passage holds whole sentences of one section, at most about MAX_WORDS words, so it fits the
encoder's 256 word pieces together with its title and headings. Lists stay whole where they
fit. Myths and page furniture make no passages: a myth is found through its reality, whose
heading names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assistant.datatypes import Block, Document, Passage, Section, Sentence
from assistant.reading import split_sentences
from assistant.reading.assemble import title_from_name

MAX_WORDS = 180
_NO_PASSAGE = ("furniture", "myth")
_MAX_ITEM_CHARS = 600


def split_document(document: Document) -> list[Passage]:
    """Return the passages of a document in order, ids ``doc_id#0``, ``doc_id#1``..."""
    passages: list[Passage] = []
    for section in document.sections:
        if section.kind in _NO_PASSAGE:
            continue
        for sentences in _pack(section_sentences(document.text, section), document.text):
            passages.append(_passage(document, section, sentences, len(passages)))
    return passages


def embedded_lead(document: Document) -> Callable[[Passage], str]:
    """Return what is embedded in front of a passage's text: title and headings.

    A title that is nothing but the file's name is left out, so that renaming a file changes no
    vector; the lexical index has it.
    """
    own = document.title != title_from_name(document.doc_id) or _has_line(document)

    def lead(passage: Passage) -> str:
        parts = [passage.title, *passage.heading] if own else list(passage.heading)
        found = "\n".join(dict.fromkeys(part for part in parts if part))
        return f"{found}\n" if found else ""

    return lead


def _has_line(document: Document) -> bool:
    return re.search(rf"^{re.escape(document.title)}$", document.text, re.M) is not None


def section_sentences(text: str, section: Section) -> list[list[Sentence]]:
    """Return the sentences of a section, one list for each run that should stay together."""
    groups: list[list[Sentence]] = []
    list_start, list_kind = -1, ""
    for block in section.blocks:
        if block.kind in ("heading", "label", "furniture"):
            list_start = -1
            continue
        if block.kind in ("item", "step", "row"):
            if list_start < 0 or (block.kind != list_kind and block.level <= 1):
                list_start, list_kind = block.start, block.kind
                groups.append([])
            groups[-1].extend(_item_sentences(text, block, list_start))
        else:
            list_start = -1
            spans = split_sentences(text, block.start, block.end)
            groups.append([Sentence(start, end) for start, end in spans])
    return [group for group in groups if group]


def _item_sentences(text: str, block: Block, list_start: int) -> Iterator[Sentence]:
    kind = block.kind
    assert kind in ("item", "step", "row")
    spans = [(block.start, block.end)]
    if block.end - block.start > _MAX_ITEM_CHARS:
        spans = split_sentences(text, block.start, block.end)
    for start, end in spans:
        yield Sentence(start, end, kind, list_start)


def _pack(groups: Iterable[list[Sentence]], text: str) -> Iterator[list[Sentence]]:
    """Yield runs of sentences of at most MAX_WORDS words, cut between groups if possible."""
    current: list[Sentence] = []
    size = 0
    for group in groups:
        words = [_count(text, sentence) for sentence in group]
        if current and size + sum(words) > MAX_WORDS:
            yield current
            current, size = [], 0
        for sentence, count in zip(group, words, strict=True):
            if current and size + count > MAX_WORDS:
                yield current
                current, size = [], 0
            current.append(sentence)
            size += count
    if current:
        yield current


def _count(text: str, sentence: Sentence) -> int:
    return text.count(" ", sentence.start, sentence.end) + 1


def _passage(
    document: Document, section: Section, sentences: list[Sentence], number: int
) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(
        passage_id=f"{document.doc_id}#{number}",
        doc_id=document.doc_id,
        title=document.title,
        heading=section.heading,
        kind=section.kind,
        text=document.text[start:end],
        start=start,
        end=end,
        page=document.page_at(start),
        sentences=tuple(sentences),
    )
