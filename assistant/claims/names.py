"""The names of a text, and those of a claim that a sentence and its context lack.

Names are compared as whole words: "US" is not in "UK", "Paris" is not in "comparison".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from assistant.claims.clauses import clauses
from assistant.claims.veto import Veto
from assistant.words import fold, term_set, words

_NAME = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z0-9])(?=[\w-]*[A-Za-z])[\w-]{2,}")
_LETTER = re.compile(
    r"\b((?:vitamin|hepatitis|influenza|type|group|class|grade|phase|stage|plan|omega)s?|[A-Z]\w+)"
    r"[ -]([A-Z])(?![\w'’&-]|\.\w|\. [a-z])"
)
_NO_NAME = re.compile(r"\d+(?:st|nd|rd|th|mg|µg|μg|mcg|kg|g|ml|dl|cl|km|cm|mm|nm|kcal|h|min)")
_TAIL = re.compile(r"[a-z]{3,}")
_NUMBERED = re.compile(r"([a-z][a-z0-9-]*?[a-z]-?)(\d+)")
_ROMAN = re.compile(r"[IVXLC]+")
_ENDINGS = frozenset(("", "s", "es", "n", "an", "ian", "i", "y", "ese"))
_ALIASES = {"bce": "bc", "ce": "ad", "bc": "bce", "ad": "ce"}
_SHORT = 5


def name_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield the names and the single letters ("Vitamin C") of a claim that the evidence lacks."""
    tokens = _tokens(evidence)
    joined = re.sub(r"[-\s]", "", evidence)
    capitals = _initials(evidence)
    written = _names_written(claim)
    spelled = _spelled_out(claim, evidence)
    for word in sorted(set(written)):
        name = fold(word.replace("-", ""))
        if name in spelled or any(_is_form(name, token) for token in tokens):
            continue
        plain = word.replace("-", "")
        if _is_code(word, joined) or (
            len(plain) < _SHORT and plain.isupper() and plain in capitals
        ):
            continue  # "EU" is in "European Union"
        yield Veto("name", name, "")
    if claim.isupper():
        return  # all in capitals: they mark nothing
    for match in _LETTER.finditer(claim):
        if not re.search(rf"(?<![\w.]){match[2]}(?!\w|\.\w)", evidence):
            yield Veto("name", match.group().lower(), "")


def sibling_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield a name of the claim in whose place the evidence has its sibling: mTORC2, mTORC1.

    Both stand in the evidence, but the clause that has most of the claim's other words has only
    the sibling, and the claim does not speak of both.
    """
    claimed = {fold(word) for word in _names_written(claim)}
    rest = term_set(claim) - claimed
    clause = max(clauses(evidence), key=lambda c: len(rest & term_set(c)))
    if not rest & term_set(clause):
        return
    there = set(words(clause))
    for name in sorted(claimed - there):
        for other in sorted(there - claimed):
            if _are_siblings(name, other) and name in words(evidence):
                yield Veto("sibling", name, other)


def _are_siblings(one: str, other: str) -> bool:
    """Tell whether two names differ in their last number alone: "mtorc1", "mtorc2"."""
    first, second = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    return bool(first and second and first[1] == second[1] and first[2] != second[2])


def _names_written(text: str) -> list[str]:
    """Return the names as they are written, in order; a text all in capitals has none."""
    if not any(c.islower() for c in text):
        text = text.lower()  # they mark nothing; digits still do
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“(")
        first = not before or before.endswith((".", "?", "!", ":"))
        word = match.group().strip("-_")
        while "-" in word and _TAIL.fullmatch(word.rsplit("-", 1)[1]):
            word = word.rsplit("-", 1)[0]  # "KLF2-driven", "French-speaking"
        if _NO_NAME.fullmatch(word):
            continue
        if _is_marked(word) or (word[:1].isupper() and not first):
            found.append(word)
    return found


def _is_marked(word: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in word[1:])


def _tokens(text: str) -> frozenset[str]:
    """Return the words of a text, their parts, and each two neighbours joined."""
    found = [token.removesuffix("'s") for token in words(text)]
    parts = {part for token in found for part in token.split("-")}
    pairs = {one + other for one, other in itertools.pairwise(found)}
    plain = set(re.findall(r"[^\W_]+", fold(text)))
    return frozenset({token.replace("-", "") for token in found} | parts | pairs | plain)


def _is_form(name: str, token: str) -> bool:
    """Tell whether a word is the name itself, its plural, or an adjective made of it."""
    if token in (name, name + "s", _ALIASES.get(name)) or name == token + "s":
        return True
    bare = name[:-1] if name.endswith("s") and len(name) > 4 else name
    return len(bare) > 3 and token.startswith(bare) and token[len(bare) :] in _ENDINGS


def _is_code(word: str, joined: str) -> bool:
    """Tell whether a name with capitals or digits stands in the squeezed text: "4E-BP1"."""
    plain = word.replace("-", "")
    if not _is_marked(word) or len(plain) < 3 or _ROMAN.fullmatch(plain):
        return False
    end = r"(?!\d)" if plain[-1].isdigit() else ""
    return re.search(re.escape(plain.removesuffix("s")) + end, joined) is not None


def _initials(text: str) -> str:
    return "".join(w[0] for w in re.findall(r"\w+", text) if w[0].isupper())


def _spelled_out(claim: str, evidence: str) -> frozenset[str]:
    """Return the words of the claim's names that the evidence has as initials: "UN"."""
    found: set[str] = set()
    for match in re.finditer(r"[A-Z]\w{1,60}(?: (?:of |and |the )*+[A-Z]\w{1,60})+", claim):
        parts = [part for part in match.group().split() if part[0].isupper()]
        parts = parts[1:] if parts[0] in ("The", "A", "An") else parts
        short = "".join(part[0] for part in parts)
        if len(short) > 1 and re.search(rf"\b{re.escape(short)}\b", evidence):
            found.update(fold(part) for part in parts)
    return frozenset(found)
