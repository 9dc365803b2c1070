"""Blocks of a text -> sections with heading paths and kinds.

Both the Markdown and the plain-text reader hand their blocks to ``build_sections``; what a
myth, a scenario, a question with its answer or a notice is, is decided here alone. A block
belongs to exactly one section; sections follow the order of the text and never overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from assistant.datatypes import Block, Section, SectionKind
from assistant.reading.labels import (
    FAQ_HEADING,
    FURNITURE,
    NOTICE,
    heading_kind,
    inline_label,
    label_of,
)

_MAX_GROUP_HEADING = 200
_MIN_QUESTION_RUN = 3
_GROUP_KINDS: dict[str, SectionKind] = {
    "myth": "myth",
    "reality": "reality",
    "belief": "belief",
    "scenario": "scenario",
}


class Draft(NamedTuple):
    """A block as a reader found it; ``notice`` where the markup itself says it is one."""

    block: Block
    notice: bool = False


class _Key(NamedTuple):
    """What two neighbouring blocks must share to stand in one section."""

    heading: tuple[str, ...]
    kind: SectionKind
    level: int
    serial: int


def build_sections(text: str, drafts: Iterable[Draft], title: str) -> tuple[Section, ...]:
    """Return the sections of a text from its blocks in order; ``title`` is left out of paths."""
    queue = [part for draft in drafts for part in _split_inline_label(text, draft)]
    walk = _Walk(text, queue, title)
    runs: list[tuple[_Key, list[Block]]] = []
    for at, draft in enumerate(queue):
        key, block = walk.place(at, draft)
        if runs and runs[-1][0] == key:
            runs[-1][1].append(block)
        else:
            runs.append((key, [block]))
    return tuple(
        Section(key.heading, key.kind, key.level, blocks[0].start, blocks[-1].end, tuple(blocks))
        for key, blocks in runs
    )


def _split_inline_label(text: str, draft: Draft) -> Iterator[Draft]:
    """Split 'Reality: Muscle ...' into its label and its paragraph."""
    block = draft.block
    if block.kind == "paragraph":
        label, at = inline_label(text[block.start : block.end])
        if label:
            content = block.start + at
            label_end = content
            while text[label_end - 1].isspace():
                label_end -= 1
            yield Draft(replace(block, end=label_end, kind="label"), draft.notice)
            yield Draft(replace(block, start=content), draft.notice)
            return
    yield draft


class _Walk:
    """The walk through the blocks: the headings open now, and the myth or scenario open now."""

    def __init__(self, text: str, queue: list[Draft], title: str) -> None:
        self.text = text
        self.queue = queue
        self.title = title
        self.stack: list[tuple[int, str]] = []
        self.kind: SectionKind = "prose"
        self.group = ""
        self.group_heading = ""
        self.faq_level = 0
        self.serial = 0
        self.question_runs = self._find_question_runs()

    def place(self, at: int, draft: Draft) -> tuple[_Key, Block]:
        """Return the section key of a block, and the block with its kind made definite."""
        block = draft.block
        content = self._content(block)
        label = self._label(block, content)
        if block.kind == "furniture" or self._is_furniture(at, block, content):
            return self._key("furniture"), replace(block, kind="furniture")
        if label:
            return self._place_label(at, label, block)
        if block.kind == "heading":
            return self._place_heading(at, block, content)
        if draft.notice or (block.kind == "paragraph" and NOTICE.search(content)):
            return self._key("notice", own=not draft.notice), block
        return self._key(self.kind), block

    def _content(self, block: Block) -> str:
        return self.text[block.start : block.end].strip()

    def _key(self, kind: SectionKind, own: bool = False) -> _Key:
        names = tuple(name for _, name in self.stack)
        if self.group_heading:
            names += (self.group_heading,)
        level = self.stack[-1][0] if self.stack else 1
        return _Key(names, kind, level + bool(self.group_heading), -1 if own else self.serial)

    def _label(self, block: Block, content: str) -> str:
        if block.kind == "label":
            return inline_label(content + " x")[0] or label_of(content)
        if block.kind not in ("paragraph", "heading"):
            return ""
        if block.kind == "heading" and inline_label(content)[0] in _GROUP_KINDS:
            return inline_label(content)[0]
        label = label_of(content)
        if label == "part" and not self.group:
            return ""
        if label in ("reality", "belief") and not self.group:
            return ""
        return label

    def _place_label(self, at: int, label: str, block: Block) -> tuple[_Key, Block]:
        heading = block.kind == "heading"
        if heading:
            self._close_to(block.level)
        if label in ("myth", "scenario"):
            self._open_group(at, label, block)
        if label in _GROUP_KINDS and (self.group or not heading):
            self.kind = _GROUP_KINDS[label]
        elif label == "question":
            self._open_question(self._next_text(at))
        kind = "heading" if heading else "label"
        return self._key(self.kind), replace(block, kind=kind)  # type: ignore[arg-type]

    def _open_group(self, at: int, label: str, block: Block) -> None:
        self.serial += 1
        self.group = label
        content = self._content(block)
        found, start = inline_label(content)
        name = content[start:] if found else self._next_text(at)
        if label == "scenario" and not found:
            name = ""
        self.group_heading = f"{label.capitalize()}: {name}" if name else label.capitalize()
        self.group_heading = self.group_heading[:_MAX_GROUP_HEADING]

    def _open_question(self, question: str) -> None:
        self.serial += 1
        self.group, self.group_heading, self.kind = "question", question, "faq"

    def _place_heading(self, at: int, block: Block, content: str) -> tuple[_Key, Block]:
        if content == self.title and not self.stack and block.level <= 2:
            return self._key("prose"), block
        self._close_to(block.level)
        self.stack.append((block.level, content))
        self.serial += 1
        if self.faq_level and block.level <= self.faq_level and not content.endswith("?"):
            self.faq_level = 0
        if FAQ_HEADING.search(content) and not content.endswith("?"):
            self.faq_level = self.faq_level or block.level
            self.kind = "prose"
        elif content.endswith("?") and (self.faq_level or at in self.question_runs):
            self.kind = "faq"
        else:
            self.kind = heading_kind(content)
        return self._key(self.kind), block

    def _close_to(self, level: int) -> None:
        self.group, self.group_heading = "", ""
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()

    def _next_text(self, at: int) -> str:
        for draft in self.queue[at + 1 : at + 3]:
            if draft.block.kind != "label":
                return self._content(draft.block)
        return ""

    def _is_furniture(self, at: int, block: Block, content: str) -> bool:
        if block.kind not in ("paragraph", "heading") or len(content) > 120:
            return False
        if FURNITURE.match(content):
            following = self.queue[at + 1 : at + 2]
            # "Home" over a real paragraph is a heading after all.
            return block.kind == "paragraph" or not (
                following and len(self._content(following[0].block)) > 120
            )
        return block.kind == "paragraph" and content == self.title and at > 0

    def _find_question_runs(self) -> set[int]:
        """Return the positions of question headings that follow each other with short answers."""
        runs: set[int] = set()
        current: list[int] = []
        for at, draft in enumerate(self.queue):
            if draft.block.kind != "heading":
                continue
            if self._content(draft.block).endswith("?"):
                current.append(at)
                if len(current) >= _MIN_QUESTION_RUN:
                    runs.update(current)
            else:
                current = []
        return runs
