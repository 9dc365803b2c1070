"""Does a text hold the kind of number that a question asks for?

"How many mice" wants a number that counts mice, "what dose" a mass, "how long" a time, "what
percentage" a share, "when was it found" a date. Pattern rules; a text that gives the number in
another unit or far from the noun is missed.
"""

from __future__ import annotations

import re

from assistant.words import fold, stem

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?|"
    "millions?|billions?|half|several|both|single|a couple|few|many|no"
)
_NUMBER = rf"(?:(?<!\d[,.])\d[\d,.]*+|{_WORDS})"
_TIME = r"(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_MONTH = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "may \\d|in may"
)
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
            r"\b(?:what|which) (?:year|decade|century|date)\b|\bwhen (?:was|were|did)\b.*\b(?:"
            r"publish|discover|found|founded|born|die[ds]?\b|invent|approv|releas|written|introduc|"
            r"establish|isolat|named|win|won|start|begin|began|launch|built|made|first)",
            rf"\b(?:1\d|20)\d\d\b|\bcentur(?:y|ies)\b|\bdecades?\b|\b{_NUMBER} {_TIME} ago\b|"
            rf"\b(?:{_MONTH})\b",
        ),
        (
            r"\b(molecular weight|how (heavy|tall|big|large|far|wide|deep|fast|hot|cold))\b",
            r"\d\s?(kda|da|daltons?|kg|g|km|cm|mm|nm|m|miles?|feet|ft|inches|°|degrees?|mph|tons?)",
        ),
    )
)


def misses_quantity(question: str, text: str) -> bool:
    """Tell whether a question asks for a quantity and the text holds none of that kind."""
    asked, given = fold(question), fold(text)
    for kind, wanted in _KINDS:
        if kind.search(asked):
            return wanted.search(given) is None
    match = re.search(r"\bhow many ((?:\w[\w'-]*\s?){1,4})", asked)
    if match is None:
        return False
    nouns = {stem(word) for word in match.group(1).split()}
    return not any(
        nouns & {stem(w) for w in re.findall(r"\w[\w-]*", near.group(1))}
        for near in re.finditer(rf"\b{_NUMBER}\b((?:[ -]\w[\w-]*){{1,5}})", given)
    )
