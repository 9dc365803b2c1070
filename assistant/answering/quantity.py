"""Does a text hold the kind of number, or the name, that a question asks for?

"How many mice" wants a number that counts mice, "what dose" a mass, "how long" a time, "what
percentage" a share, "when was it found" a date. Pattern rules; a text that gives the number in
another unit or far from the noun is missed.
"""

from __future__ import annotations

import re
from itertools import dropwhile, takewhile

from assistant.words import STOP, fold, stem

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|"
    "nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozen|hundreds?|thousands?|"
    "millions?|billions?|half|several|both|single|a couple|few|many|no"
)
_NUMBER = rf"(?:(?<!\d[,.])\d[\d,.]*+|{_WORDS})"
_TIME = r"(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(wanted))
    for asked, wanted in (
        (
            r"\b(percent(age)?|proportion|fraction|share|what rate)\b",
            r"%|\bper ?cent\b|\b(half|third|quarter)\b|\b0?\.\d",
        ),
        (
            r"\b(dos(e|es|age)|milligrams?|mg|grams?|micrograms?|mcg|kilograms?|how much .{1,40}"
            r"(take|need|use|eat|drink|inject|given))\b",
            r"\d\s?(mg|g|µg|μg|mcg|kg|ml|iu|grams?|milligrams?|micrograms?|units?)\b",
        ),
        (
            r"\b(how long|how old|half-?life|duration|what age|how many (years|days|hours|weeks|"
            r"months|minutes))\b",
            rf"\b{_NUMBER}[ -](?:\w+[ -]){{0,2}}{_TIME}\b",
        ),
        (
            r"\b(molecular weight|how (heavy|tall|big|large|far|wide|deep|fast|hot|cold))\b",
            r"\d\s?(kda|da|daltons?|kg|g|km|cm|mm|nm|m|miles?|feet|ft|inches|°|degrees?|mph|tons?)",
        ),
    )
)


_MONTHS = (
    "january|february|march|april|june|july|august|september|october|november|december"
    r"|may \d{1,2}|\d{1,2} may|in may|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_MASS = r"(?:mg|g|µg|μg|mcg|kg|ml|l|iu|(?:milli|micro|kilo)?(?:grams?|lit(?:er|re)s?)|units?)"
# What plainly asks for one thing, and what a text that tells it has to hold.
_PLAIN: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(wanted))
    for asked, wanted in (
        (
            r"\b(?:what|which) (?:\w+ )?(?:dose|dosage|doses)\b"
            rf"|\bhow (?:many|much) {_MASS}\b",
            rf"\b(?:{_NUMBER}|\d+)[ -]?{_MASS}\b",
        ),
        (
            r"\b(?:what|which) (?:percentage|percent|proportion|fraction|share) of\b",
            r"%|\bper ?cent\b|\b(?:half|thirds?|quarters?|fifths?|most|majority|all|none)\b"
            r"|\b0?\.\d|\b(?:\d+|one) (?:of|in|out of)\b",
        ),
        (
            r"\b(?:what|which) (?:year|decade|century|date)\b|\bwhen (?:was|were|did)\b.*\b(?:"
            r"publish|discover|found|founded|born|die[ds]?\b|invent|approv|releas|written|introduc|"
            r"establish|isolat|named|win|won|start|begin|began|launch|built|made|first)",
            rf"\b\d{{3,4}}s?\b|\b(?:bc|bce|ad)\b|\b(?:centur(?:y|ies)|decades?|ago|{_MONTHS})\b"
            r"|\d[:.]\d\d|\b(?:after|before|during|since|until|upon|once|while|as soon as|recently"
            r"|today|yesterday|when)\b",
        ),
    )
)
# Who made something known or made, which somebody with a name did, as a rule.
_MADE = (
    r"(?:wrote|written|authored?|discover(?:ed)?|invent(?:ed)?|coin(?:ed)?|compos(?:ed?)"
    r"|propos(?:ed?)|publish(?:ed)?|paint(?:ed)?|found(?:ed)?|describ(?:ed?))"
)
_DOER = re.compile(
    rf"^who(?:'s| has| had)?(?: first| originally)? (?!found\b|described?\b){_MADE}\b"
    rf"|^who(?: was the)? first (?:to )?{_MADE}\b|\bby whom (?:was|were|is)\b"
)
# A capital beyond the first word, save in what has a digit; people at work; "by"; "Bell invented".
_TOLD = re.compile(
    r"(?<=\S\s)[\W_]*[^\W\d_]*[A-Z][^\W\d]*(?![\w]*\d)\b|\bby\b"
    rf"|(?<!was )(?<!were )(?<!been )(?<!is )(?<!are ){_MADE}\b"
    r"|(?i:\b(?:researchers?|scientists?|teams?|groups?|compan(?:y|ies)|chemists?|authors?"
    r"|laborator(?:y|ies)|expeditions?|physicians?|doctors?|surgeons?|engineers?|colleagues)\b)"
)
_PEOPLE = frozenset(
    stem(word)
    for word in """people persons patients participants adults men women subjects volunteers
    children individuals cases humans""".split()
)


def lacking(question: str, text: str) -> str:
    """Return in a sentence what a question plainly asks for and a text lacks, or nothing."""
    if lacks_quantity(question, text):
        return "The sentence that comes nearest gives no such number, amount or date."
    if _DOER.search(fold(question).replace("’", "'")) and not _TOLD.search(text):
        return "The sentence that comes nearest does not seem to say who."
    return ""


def lacks_quantity(question: str, text: str) -> bool:
    """Tell whether a question plainly asks for a number, an amount or a date that a text lacks.

    It holds back where the wording may mean something else ("a high dose", "what they share"),
    so it sees less than ``misses_quantity`` and can be relied on more.
    """
    asked, given = fold(question), fold(text)
    for kind, wanted in _PLAIN:
        if kind.search(asked):
            return wanted.search(given) is None
    return "how many" in asked and misses_quantity(question, text)


def misses_quantity(question: str, text: str) -> bool:
    """Tell whether a question asks for a quantity and the text holds none of that kind."""
    asked, given = fold(question), fold(text)
    for kind, wanted in _KINDS:
        if kind.search(asked):
            return wanted.search(given) is None
    match = re.search(r"\bhow many ((?:\w[\w'-]*\s?){1,4})", asked)
    if match is None:
        return False
    counted = dropwhile(STOP.__contains__, match.group(1).split())  # "how many of the mice"
    nouns = {stem(word) for word in takewhile(lambda word: word not in STOP, counted)}
    nouns |= _PEOPLE if nouns & _PEOPLE else set()
    return not any(
        nouns & {stem(w) for w in re.findall(r"\w[\w-]*", near.group(1))}
        for near in re.finditer(rf"\b{_NUMBER}\b((?:[ -]\w[\w-]*){{1,5}})", given)
    )
