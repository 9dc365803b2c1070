"""The numbers and ordinals of a text, and where those of a claim and a sentence differ.

Shares count as per cent: "a quarter", "one in four" and "25 %" are all 25.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.veto import Veto
from assistant.words import STOP, fold, words

SMALL = {w: n for n, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen".split())}  # fmt: skip
SMALL |= {w: 10 * n for n, w in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9,
           "trillion": 10**12}  # fmt: skip
_TIMES = {"once": 1.0, "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "triple": 3.0,
          "tripled": 3.0, "halved": 50.0, "halves": 50.0, "dozen": 12.0}  # fmt: skip
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4,
              "fourths": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}  # fmt: skip
_ORDINALS = {w: n for n, w in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
    start=1)}  # fmt: skip
_AMBIGUOUS = frozenset("first second third fifth tenth".split())
_NUMBER = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})+|\d+)(\.\d+)?(?!\w|\.\d|-?(?:st|nd|rd|th)\b)"
    r"(?:[ -](hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?<![\w.])(?<!\d,)(\d[\d.,]*+)(?=(?:mg|µg|μg|mcg|kg|g|ml|dl|cl|km|cm|mm|nm|kcal|h|min|fold)\b)"
)
_SHARE = re.compile(
    r"\b(?:half|halves|thirds?|quarters?|fifths?|tenths?|per ?cent)\b|%", re.IGNORECASE
)
_LOOSE_SHARE = re.compile(r"\b(?:half|quarter|third)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b([A-Za-z]{3,})[ -]([1I])(?![\w.])")


def numbers_of(text: str) -> set[float]:
    """Return the values of the numbers in a text, those in words too; shares as per cent."""
    found: set[float] = set()
    for match in _NUMBER.finditer(_GLUED.sub(r"\1 ", text)):
        value = float(match[1].replace(",", "") + (match[2] or ""))
        found.add(value * _SCALES.get((match[3] or "").lower(), 1))
    tokens = re.findall(r"[a-z]+", fold(text))
    at = 0
    while at < len(tokens):
        value_read, taken = _read(tokens, at)
        if value_read is not None:
            found.add(value_read)
        at += taken
    return found


def _read(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Return the number in words that begins at a token, if any, and how many tokens it takes."""
    for reader in (_scale, _fraction, _one_in, _cardinal, _share):
        value, taken = reader(tokens, at)
        if value is not None:
            return value, taken
    word = tokens[at]
    if word.endswith("fold") and word[:-4] in SMALL:
        return float(SMALL[word[:-4]]), 1
    return _TIMES.get(word), 1


def _at(tokens: list[str], at: int) -> str:
    return tokens[at] if 0 <= at < len(tokens) else ""


def _scale(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Read "a million"."""
    scale = _SCALES.get(_at(tokens, at + 1)) if tokens[at] in ("a", "one") else None
    return (float(scale), 2) if scale else (None, 1)


def _fraction(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Read "two thirds" and "one quarter"."""
    after = _at(tokens, at + 1)
    if tokens[at] not in SMALL or _FRACTIONS.get(after, 2) == 2:
        return None, 1
    if tokens[at] != "one" and not after.endswith("s"):
        return None, 1
    return 100 * SMALL[tokens[at]] / _FRACTIONS[after], 2


def _one_in(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Read "one in four"."""
    whole = SMALL.get(_at(tokens, at + 2), 0)
    if tokens[at] == "one" and _at(tokens, at + 1) == "in" and whole:
        return 100 / whole, 3
    return None, 1


def _cardinal(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Read "twenty-five", "five hundred"."""
    word = tokens[at]
    if word not in SMALL or (word == "one" and not _counts(tokens, at)):
        return None, 1
    value, taken = float(SMALL[word]), 1
    if value >= 20 and SMALL.get(_at(tokens, at + 1), 99) < 10:
        value, taken = value + SMALL[tokens[at + 1]], 2
    while _at(tokens, at + taken) in _SCALES:
        value, taken = value * _SCALES[tokens[at + taken]], taken + 1
    return value, taken


def _share(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Read "a third", "half of", "by half"; not "half a day" nor "a half hour"."""
    word, before, after = tokens[at], _at(tokens, at - 1), _at(tokens, at + 1)
    if word not in _FRACTIONS or after in ("a", "century"):
        return None, 1
    if after != "of" and (before not in ("a", "one", "by") or (word == "half" and before == "a")):
        return None, 1
    return 100 / _FRACTIONS[word], 1


def _counts(tokens: list[str], at: int) -> bool:
    """Tell whether "one" counts something: "one protein", not "no one" or "one of the"."""
    after = _at(tokens, at + 1) or "of"
    before = _at(tokens, at - 1)
    return after not in STOP and before not in ("no", "the", "this", "that", "any", "every", "each")


def ordinals_of(text: str) -> set[int]:
    """Return the ordinals of a text, "19th" and "nineteenth"; "a third" and "at first" are none."""
    found = {int(n) for n in re.findall(r"\b(\d+)(?:st|nd|rd|th)\b", text)}
    tokens = words(text)
    for at, word in enumerate(tokens):
        if word in _ORDINALS and (word not in _AMBIGUOUS or _ranks(tokens, at)):
            found.add(_ORDINALS[word])
    return found


def _ranks(tokens: list[str], at: int) -> bool:
    """Tell whether a word like "third" gives a rank: "the third king", not "a third of"."""
    before, after = _at(tokens, at - 1), _at(tokens, at + 1)
    return before in ("the", "his", "her", "its", "their") and after not in ("of", "time", "")


def number_vetoes(claim: str, evidence: str, context: str) -> Iterator[Veto]:
    """Yield the numbers, the ordinals and the "type 1" of a claim that a sentence lacks."""
    yield from _numbered(claim, evidence)
    known = numbers_of(evidence)
    stated = numbers_of(claim) - known - numbers_of(context) - {1.0}
    if not _SHARE.search(evidence) and _LOOSE_SHARE.search(claim):
        stated -= {50.0, 25.0, 100 / 3}
    for number in sorted(stated):
        if not any(_about(number, other) for other in known):
            yield Veto("number", f"{number:g}", ", ".join(f"{k:g}" for k in sorted(known)[:4]))
    there = ordinals_of(evidence)
    missing = ordinals_of(claim) - there - ordinals_of(context) - known
    if there and missing:
        yield Veto("number", _ranked(missing), _ranked(there))


def _numbered(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield "Type 1" or "War I" where the sentence has the same word with another number."""
    for kind, digit in _NUMBERED.findall(claim):
        other = re.search(rf"\b{kind}[ -](?!{digit}\b)(\d+|[IVX]+)\b", evidence)
        if other and not re.search(rf"\b{kind}[ -]{digit}\b", evidence):
            yield Veto("number", f"{kind} {digit}", other.group())


def _ranked(numbers: set[int]) -> str:
    return ", ".join(f"{n}." for n in sorted(numbers))


def _about(one: float, other: float) -> bool:
    """Tell whether a broken number and another are the same, rounded: a third and 33 %."""
    broken = not (one.is_integer() and other.is_integer())
    return broken and abs(one - other) <= 0.02 * abs(other)
