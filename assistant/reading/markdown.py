"""Markdown with front matter -> normalised text without markup, and its blocks.

Parsing is markdown-it-py's (CommonMark with tables and GitHub's alerts as blockquotes).
Emphasis, link targets and images are dropped, so a quote reads as it does on a page; list
markers are kept in the text, outside the blocks.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.reading.plaintext import normalise
from assistant.reading.structure import Draft
from assistant.reading.writer import TextWriter

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION|DISCLAIMER)\][ \t]*\n?", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]{1,500}>", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_ALERT_PARTS = 8  # an alert's mark stands among the first pieces of its line
_MAX_FRONT_MATTER = 16_384


class FrontMatterError(ValueError):
    """Front matter that is not a YAML mapping; the message says where."""


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases: a few lines of them stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose the next node.

        Raises:
            ComposerError: When it is an alias.
        """
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read", mark)
        return super().compose_node(parent, index)


def split_front_matter(raw: str) -> tuple[dict[str, str], str]:
    """Return the front matter as strings, and the text after it.

    Raises:
        FrontMatterError: When the block between the --- lines is not a YAML mapping.
    """
    match = _FRONT_MATTER.match(raw)
    if match is None:
        if raw.startswith("---\n") and re.match(r"---\n\w+:", raw):
            raise FrontMatterError("its front matter has no closing --- line; add one")
        return {}, raw
    if len(match.group(1)) > _MAX_FRONT_MATTER:
        raise FrontMatterError(
            f"its front matter has more than {_MAX_FRONT_MATTER:,} characters; shorten it"
        )
    try:
        loaded: Any = yaml.load(match.group(1), _Loader)
    except (ValueError, RecursionError) as error:  # such as the 30th of February
        raise FrontMatterError(f"its front matter cannot be used ({error}); mend it") from error
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise FrontMatterError(
            f"its front matter is not valid YAML near line {line}; mend it, or quote the value"
        ) from error
    if loaded is None:
        return {}, raw[match.end() :]
    if not isinstance(loaded, dict):
        raise FrontMatterError("its front matter is not a list of 'name: value' lines; mend it")
    return {str(k).lower(): _plain(v) for k, v in loaded.items()}, raw[match.end() :]


def _plain(value: object) -> str:
    return "" if value is None else _BLANKS.sub(" ", str(value)).strip()


def read_markdown(body: str) -> tuple[str, list[Draft], str]:
    """Return (normalised text, blocks, first level-1 heading or '') of Markdown."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(body.replace("\r\n", "\n"))
    writer = TextWriter()
    _Walk(writer).run(tokens)
    heads = [d.block for d in writer.drafts if d.block.kind == "heading" and d.block.level == 1]
    text = writer.text
    return text, writer.drafts, text[heads[0].start : heads[0].end] if heads else ""


class _Walk:
    """One pass over the tokens: lists, quotes and tables open now."""

    def __init__(self, writer: TextWriter) -> None:
        self.writer = writer
        self.lists: list[int | None] = []
        self.fresh_item = False
        self.tight_next = False
        self.quote = 0
        self.alert = False
        self.heading = 0
        self.row: list[str] | None = None

    def run(self, tokens: list[Token]) -> None:
        for token in tokens:
            handler = getattr(self, f"_{token.type}", None)
            if handler is not None:
                handler(token)

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1])

    def _heading_close(self, _token: Token) -> None:
        self.heading = 0

    def _bullet_list_open(self, _token: Token) -> None:
        self.lists.append(None)
        self.tight_next = len(self.lists) > 1

    def _ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrGet("start") or 1))
        self.tight_next = len(self.lists) > 1

    def _bullet_list_close(self, _token: Token) -> None:
        self.lists.pop()
        self.tight_next = bool(self.lists)

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, _token: Token) -> None:
        self.fresh_item = True

    def _list_item_close(self, _token: Token) -> None:
        number = self.lists[-1]
        self.lists[-1] = None if number is None else number + 1
        self.tight_next = True

    def _blockquote_open(self, _token: Token) -> None:
        self.quote += 1

    def _blockquote_close(self, _token: Token) -> None:
        self.quote -= 1
        self.alert = self.alert and self.quote > 0

    def _tr_open(self, _token: Token) -> None:
        self.row = []

    def _tr_close(self, _token: Token) -> None:
        if self.row:
            self.writer.add(" | ".join(self.row), "row", tight=self.tight_next)
            self.tight_next = True
        self.row = None

    def _table_open(self, _token: Token) -> None:
        self.tight_next = False

    def _fence(self, token: Token) -> None:
        self.writer.add(normalise(token.content), "code")

    _code_block = _fence

    def _html_block(self, token: Token) -> None:
        self._paragraph(_BLANKS.sub(" ", _TAG.sub(" ", token.content)).strip())

    def _inline(self, token: Token) -> None:
        content = _inline_text(token)
        if self.row is not None:
            self.row.append(content)
        elif self.heading:
            self.writer.add(content, "heading", level=self.heading)
        else:
            self._paragraph(content)

    def _paragraph(self, content: str) -> None:
        if self.quote:
            match = _ALERT.match(content)
            if match:
                self.alert = True
                label = match.group(1).capitalize()
                self.writer.add(label, "label", notice=True)
                self.writer.add(content[match.end() :].strip(), "paragraph", notice=True)
                return
        if self.lists and self.fresh_item:
            self._item(content)
        else:
            self.writer.add(content, "paragraph", notice=self.alert)

    def _item(self, content: str) -> None:
        number = self.lists[-1]
        marker = "- " if number is None else f"{number}. "
        self.writer.add(
            content,
            "item" if number is None else "step",
            level=len(self.lists),
            marker="  " * (len(self.lists) - 1) + marker,
            tight=self.tight_next,
            notice=self.alert,
        )
        self.fresh_item = False


def _inline_text(token: Token) -> str:
    """Return the text of an inline token: soft breaks are spaces, markup is gone."""
    parts: list[str] = []
    children = token.children or []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            # An alert's mark stands on its own line, and its end must stay visible.
            alone = len(parts) < _ALERT_PARTS and _ALERT.fullmatch("".join(parts))
            parts.append("\n" if alone else " ")
        elif child.type == "hardbreak":
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    text = "".join(parts)
    if _ALERT.match(text):
        return text.strip()
    return _BLANKS.sub(" ", normalise(text)).strip()
