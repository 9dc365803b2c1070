"""Words of a text as the lexical index, the query and the answer features see them.

A word is a run of letters and digits, also joined by hyphens or apostrophes; accents are
folded and case is dropped. ``4E-BP1`` gives ``4e-bp1`` as one word and its parts, so it
matches however a reader types it. Stems are English Snowball stems.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

import Stemmer

WORD = re.compile(r"[^\W_]+(?:[-'’/‑–.][^\W_]+)*")
PART = re.compile(r"[^\W_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
STOP = frozenset(
    """a about above after again against all also am an and any are aren't as at be because been
    before being below between both but by can can't cannot could couldn't did didn't do does
    doesn't doing don't down during each else ever few for from further get gets got had hadn't
    has hasn't have haven't having he her here hers him his how how's i i'd i'll i'm i've if in
    into is isn't it it's its itself just let let's like many may me might more most much must my
    myself no nor not of off on once only or other ought our ours out over own please same shall
    she should shouldn't so some such tell than that that's the their theirs them then there
    there's these they they're this those through to too under until up upon us very was wasn't
    we we're were weren't what what's when when's where where's which while who who's whom whose
    why why's will with
    within without won't would wouldn't you you're your yours yourself vs""".split()
)


def fold(text: str) -> str:
    """Return lower-case text without accents; compatibility forms are made plain."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return _NOT_ASCII.sub(_unless_combining, decomposed).casefold()


def _unless_combining(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found.group()) else found.group()


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded, compounds undivided."""
    return [m.group().replace("’", "'") for m in WORD.finditer(fold(text))]


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Snowball stem; a word with a digit in it is a name and stays as it is."""
    if any(c.isdigit() for c in word):
        return word
    return str(_stemmer().stemWord(word.removesuffix("'s")))


def stems(plain: list[str]) -> list[str]:
    """Return the Snowball stems of many words of letters alone, none of them kept."""
    return list(map(str, _stemmer().stemWords(plain)))


@functools.cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@functools.lru_cache(maxsize=16_384)
def term_set(text: str) -> frozenset[str]:
    """Return the distinct index terms of a text, kept for texts that are asked for again."""
    return frozenset(terms(text))


def terms(text: str) -> list[str]:
    """Return the index terms of a text: stems of the content words, parts of compounds added."""
    return terms_of(words(text))


def terms_of(found_words: Iterable[str]) -> list[str]:
    """Return the index terms of a text's words."""
    return [term for word in found_words for term in _terms_of_word(word)]


@functools.lru_cache(maxsize=65_536)
def _terms_of_word(word: str) -> tuple[str, ...]:
    if word in STOP:
        return ()
    found = [stem(word)]
    parts = PART.findall(word)
    if len(parts) > 1:
        found.extend(stem(part) for part in parts if part not in STOP)
        joined = "".join(parts)
        if any(c.isdigit() for c in joined):
            found.append(joined)
    return tuple(found)
