"""Plain text, as typed or as pasted from a web page, -> normalised text and blocks.

Two shapes are told apart: one paragraph a line (what a browser's clipboard gives) and lines
wrapped at a column (then lines are joined by one space). Headings carry no mark in either;
a short line without closing punctuation before a longer one is taken as a heading. Their
levels cannot be known: of two headings in a row the first is the parent of the second.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from assistant.datatypes import Block, BlockKind
from assistant.reading.labels import FURNITURE, META, label_of
from assistant.reading.structure import Draft

BULLET = re.compile(r"\s*(?:[-*•‣▪◦·●–—]|o(?= {1,3}\S))\s+(?=\S)")
NUMBER = re.compile(r"\s*(?:\(?(\d{1,3})[.)]|(?:step|Step|STEP) (\d{1,3})[:.])\s+(?=\S)")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"\s*([-=_*~#]\s?){3,}\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\u200b\u2060\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]")
_MAX_HEADING_WORDS = 14
_MAX_HEADING_CHARS = 110
_WRAP_MIN, _WRAP_MAX = 45, 110
_LONG_RUN = 4


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    content: str
    kind: BlockKind | None = None
    level: int = 0


def normalise(raw: str) -> str:
    """Return text in NFC with Unix line ends, no control characters and no trailing blanks."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x0b", "\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    lines = [_SPACES.sub(" ", line).rstrip() for line in re.split("[\n\u2028\u2029\x85]", text)]
    return _unwrap(lines).strip("\n")


def read_blocks(text: str) -> list[Draft]:
    """Return the blocks of a normalised plain text."""
    lines = _lines(text)
    _mark_lists(lines)
    _mark_headings(lines)
    return [
        Draft(Block(line.start, line.end, line.kind or "paragraph", line.level)) for line in lines
    ]


def guess_title(text: str) -> str:
    """Return the first line when it reads like a title, else ''."""
    first = text.lstrip("\n").split("\n", 1)[0].strip()
    first = _HASHES.sub("", first, count=1)
    return first if reads_like_heading(first, limit=25) else ""


def _unwrap(lines: list[str]) -> str:
    if not _is_wrapped(lines):
        return "\n".join(lines)
    parts: list[str] = []
    length = 0  # of the line that is being joined
    for line in lines:
        content = line.strip()
        if content and length >= _WRAP_MIN and not _starts_item(line):
            parts.append(f" {content}")
            length += 1 + len(content)
        else:
            parts.append(f"\n{line}" if parts else line)
            length = len(line) if content else 0
    return "".join(parts)


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether most inner lines of paragraphs break in mid-sentence near one column."""
    inner = [
        line
        for line, after in pairwise(lines)
        if line.strip() and after.strip() and not _starts_item(after)
    ]
    if len(inner) < 3 or max(map(len, inner)) > _WRAP_MAX:
        return False
    broken = [n for n in inner if len(n) >= _WRAP_MIN and not n.endswith((".", "!", "?", ":"))]
    return len(broken) >= 0.6 * len(inner)


def _starts_item(line: str) -> bool:
    return bool(BULLET.match(line) or NUMBER.match(line))


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    at = 0
    for raw in text.split("\n"):
        content = raw.strip()
        if content and not _RULE.match(content):
            start = at + raw.index(content)
            found.append(_Line(start, start + len(content), content))
        at += len(raw) + 1
    return found


def _mark_lists(lines: list[_Line]) -> None:
    for at, line in enumerate(lines):
        hashes = _HASHES.match(line.content)
        if hashes:
            line.kind, line.level = "heading", len(hashes.group(1))
            _cut(line, hashes.end())
            continue
        bullet = BULLET.match(line.content)
        if bullet:
            line.kind = "item"
            _cut(line, bullet.end())
            continue
        number = NUMBER.match(line.content)
        if number and _numbered_neighbour(lines, at):
            line.kind = "step"
            _cut(line, number.end())


def _cut(line: _Line, at: int) -> None:
    line.start += at
    line.content = line.content[at:]


def _numbered_neighbour(lines: list[_Line], at: int) -> bool:
    before = at > 0 and lines[at - 1].kind == "step"
    after = at + 1 < len(lines) and NUMBER.match(lines[at + 1].content) is not None
    return before or after


def _mark_headings(lines: list[_Line]) -> None:
    candidates = [at for at in range(len(lines)) if _is_candidate(lines, at)]
    chosen = set(candidates)
    for run in _runs(candidates):
        if len(run) >= _LONG_RUN:
            # Many short lines in a row are a pasted list or menu; the last may head the text.
            for at in run[:-1]:
                chosen.discard(at)
                lines[at].kind = "furniture" if FURNITURE.match(lines[at].content) else "item"
    parent_seen = False
    for at in sorted(chosen):
        under_heading = at - 1 in chosen and at > 1
        lines[at].kind = "heading"
        if lines[at].content.endswith("?") and parent_seen:
            lines[at].level = 4
        else:
            lines[at].level = 3 if under_heading else 2
        parent_seen = parent_seen or at > 0
    if lines and 0 in chosen:
        lines[0].level = 1


def _runs(positions: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in positions:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _is_candidate(lines: list[_Line], at: int) -> bool:
    line = lines[at]
    label = label_of(line.content)
    if line.kind is not None or label in ("myth", "reality", "belief", "scenario"):
        return False
    if label == "part" and any(
        label_of(n.content) == "scenario" for n in lines[max(0, at - 8) : at]
    ):
        return False
    if not reads_like_heading(line.content) or at + 1 >= len(lines):
        return False
    if label_of(lines[at - 1].content) in ("myth", "scenario") and at > 0:
        return False
    return not (at > 0 and lines[at - 1].content.endswith(":"))


def reads_like_heading(content: str, limit: int = _MAX_HEADING_WORDS) -> bool:
    """Tell whether a line of at most ``limit`` words could be a heading: short, not closed."""
    if not content or len(content) > max(_MAX_HEADING_CHARS, limit * 8):
        return False
    if len(content.split()) > limit or META.search(content):
        return False
    closing = content.rstrip("\"'”’)")
    if closing.endswith((".", ";", ",", ":", "…")):
        return False
    first = content.lstrip("\"'“‘([")[:1]
    if first.isupper() or first.isdigit():
        return True
    opening = content.split()[0]
    return any(c.isupper() for c in opening)
