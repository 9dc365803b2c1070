"""Sentences of public abstracts -> pairs (premise, claim, label) by edits of known effect.

Each edit that turns a sentence round has a twin that leaves its meaning alone, and every edit
is applied to the premise as often as to the claim, so that the edit itself is no clue.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from assistant.claims.lexicon import form_of, lexicon
from assistant.claims.turned import negated

Pair = tuple[str, str, str]  # premise, claim, label
SUPPORTED, REFUTED, NEUTRAL = "entailment", "contradiction", "neutral"
Edit = Callable[[str, random.Random], str | None]

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_NAME = re.compile(
    r"\b(?:[A-Z]{2,}[A-Za-z]*[-]?\d*[a-z]?|[a-z]{1,2}[A-Z]{2,}\w*|[A-Z][a-z]+[-]?\d+)\b"
)
_LEAD = re.compile(
    r"^(?:(?:in conclusion|in summary|together|taken together|overall|thus|therefore|however|moreover"
    r"|furthermore|in addition|finally|additionally|importantly|interestingly|notably|surprisingly"
    r"|here|also|conclusions?|results?|background|findings?|interpretation|objectives?)[,:]? )"
    r"|^(?:(?:our|these|the|this) (?:results|findings|data|study|observations|present study) "
    r"(?:suggest|show|demonstrate|indicate|reveal|support|provide evidence|imply|establish|confirm)s? "
    r"(?:that )?)"
    r"|^(?:we (?:show|found|find|demonstrate|report|conclude|identified|observed|demonstrated|showed|have shown)"
    r"(?: here)? (?:that )?)",
    re.IGNORECASE,
)  # fmt: skip
_LABEL = re.compile(r"^(?:[A-Z]{5,}[,:]? )+(?=[A-Z])")
_TAIL = re.compile(
    r"(?:, (?:which|whereas|while|although|suggesting|indicating|thereby|leading|with|and|but|as)\b[^,.]*)\.$"
)
_BRACKET = re.compile(r" \([^()]*\)")
_UNITS = {"days": "weeks", "weeks": "days", "hours": "minutes", "minutes": "hours", "months": "years",
          "years": "months", "mg": "g", "%": "-fold"}  # fmt: skip


def claim_of(sentence: str) -> str:
    """Return a sentence without its lead-in and brackets, as a claim."""
    text = sentence
    for _ in range(3):
        shorter = _LEAD.sub("", text)
        if shorter == text:
            break
        text = shorter
    text = _LABEL.sub("", _BRACKET.sub("", text)).strip()
    return capital(text if text.endswith(".") else text + ".")


def capital(text: str) -> str:
    """Return the text with its first letter in upper case, unless it is a name such as mTOR."""
    first = text.split(" ", 1)[0]
    if any(c.isupper() or c.isdigit() for c in first[1:]):
        return text
    return text[:1].upper() + text[1:]


def shorten(text: str, rng: random.Random) -> str | None:
    """Drop a trailing clause: what is left still follows."""
    shorter = _TAIL.sub(".", text)
    return shorter if shorter != text and len(shorter.split()) >= 6 else None


def opposite(text: str, rng: random.Random) -> str | None:
    """Put the opposite of one word in its place."""
    places = [m for m in _WORD.finditer(text) if m.group().lower() in lexicon().opposites]
    places = [
        m
        for m in places
        if m.group().lower()
        not in ("on", "off", "up", "down", "old", "first", "end", "most", "start", "close")
    ]
    if not places:
        return None
    place = rng.choice(places)
    word = rng.choice(sorted(lexicon().opposites[place.group().lower()]))
    return _put(text, place.start(), place.end(), word)


def synonym(text: str, rng: random.Random) -> str | None:
    """Put a verb of the same pole in place of a verb."""
    places = []
    for m in _WORD.finditer(text):
        for verbs in _SIDES:
            for verb in verbs:
                for at, form in enumerate(verb.forms()[:5]):
                    if form == m.group().lower():
                        others = [v.forms()[at] for v in verbs if v is not verb]
                        places.extend((m, other) for other in others)
    if not places:
        return None
    place, word = rng.choice(places)
    return _put(text, place.start(), place.end(), word)


def negate(text: str, rng: random.Random) -> str | None:
    """Put a negation in, or take one out."""
    changed = negated(text)
    if changed and rng.random() < 0.15:
        return re.sub(
            r"\b(is|are|was|were|may|could|will|would|has|have) not\b", r"\1 never", changed
        )
    return changed


def number(text: str, rng: random.Random) -> str | None:
    """Change one number to another of its size."""
    places = [m for m in _NUMBER.finditer(text)]
    if not places:
        return None
    place = rng.choice(places)
    plain = place.group().replace(",", "")
    if plain.count(".") > 1:
        return None
    value = float(plain)
    if value.is_integer() and 1900 <= value <= 2030:
        new = str(int(value) + rng.choice([-9, -4, -2, -1, 1, 2, 5, 11]))
    elif value.is_integer():
        new = str(max(1, int(value * rng.choice([0.3, 0.5, 0.7, 1.5, 2, 3]) + rng.choice([0, 1]))))
    else:
        new = f"{value * rng.choice([0.3, 0.5, 0.6, 1.6, 2, 3]):.{len(plain.split('.')[1])}f}"
    if new == plain:
        return None
    return text[: place.start()] + new + text[place.end() :]


def unit(text: str, rng: random.Random) -> str | None:
    """Change the unit behind a number."""
    found = re.search(r"(\d ?)(days|weeks|hours|minutes|months|years|mg|%)(?!\w)", text)
    if not found:
        return None
    return text[: found.start(2)] + _UNITS[found.group(2)] + text[found.end(2) :]


def hedge(text: str, rng: random.Random) -> str | None:
    """Weaken a statement: what is weaker follows."""
    for m in _WORD.finditer(text):
        found = form_of(m.group().lower())
        if found and m.start() > 0 and found[1] == "third":
            return (
                text[: m.start()]
                + rng.choice(["may ", "can ", "might "])
                + found[0].base
                + text[m.end() :]
            )
    found_be = re.search(r"\b(is|are)\b(?! not)", text)
    if found_be:
        word = rng.choice(["may be", "can be", "might be"])
        return text[: found_be.start()] + word + text[found_be.end() :]
    return None


def overstate(text: str, rng: random.Random) -> str | None:
    """Make more of a statement than it says."""
    for edit in (_unhedged, _for_all, _made_absolute):
        changed = edit(text, rng)
        if changed:
            return changed
    return None


def _unhedged(text: str, rng: random.Random) -> str | None:
    hedged = re.search(r"\b(may|might|can|could) (?=\w)", text)
    if not hedged:
        return None
    words = ["always ", "definitely ", "will certainly ", "predictably ", "will always "]
    word = rng.choice(words)
    before, rest = text[: hedged.start()], text[hedged.end() :]
    verb = form_of(rest.split(" ", 1)[0])
    if word.startswith("will"):
        return before + word + rest
    if rest.startswith("be "):
        return before + "is " + word + rest[3:]
    if verb:
        return before + word + verb[0].third + rest[len(verb[0].base) :]
    return before + "will " + word + rest


def _for_all(text: str, rng: random.Random) -> str | None:
    some = re.search(r"\b(some|many|several|often|sometimes|usually|partly)\b", text, re.I)
    if not some:
        return None
    always = {"often": "always", "sometimes": "always", "usually": "always", "partly": "entirely"}
    return _put(text, some.start(), some.end(), always.get(some.group().lower(), "all"))


def _made_absolute(text: str, rng: random.Random) -> str | None:
    for m in _WORD.finditer(text):
        found = form_of(m.group().lower())
        if found and m.start() > 0 and found[1] in ("third", "past"):
            word = rng.choice(
                ["always", "only", "invariably", "definitely", "predictably", "never fails to"]
            )
            verb_text = found[0].base if word == "never fails to" else m.group()
            return text[: m.start()] + f"{word} {verb_text}" + text[m.end() :]
    be = re.search(r"\b(is|are|was|were)\b(?! not)", text)
    if be:
        word = rng.choice(
            ["always", "only", "invariably", "just", "entirely", "the only one that is"]
        )
        return text[: be.end()] + f" {word}" + text[be.end() :]
    return None


def other_name(names: list[str]) -> Edit:
    """Return an edit that puts another name of the collection in place of one."""

    def edit(text: str, rng: random.Random) -> str | None:
        places = [m for m in _NAME.finditer(text) if m.group() not in ("RESULTS", "DNA", "RNA")]
        if not places:
            return None
        place = rng.choice(places)
        name = rng.choice(names)
        if name in text:
            return None
        return re.sub(re.escape(place.group()) + r"(?!\w)", name, text)

    return edit


def names_of(text: str) -> list[str]:
    """Return the gene-like names of a text."""
    return _NAME.findall(text)


def swapped(text: str, rng: random.Random) -> str | None:
    """Exchange the names on both sides of a verb of effect: the direction is turned round."""
    places = list(_NAME.finditer(text))
    for one, two in pairwise(places):
        between = text[one.end() : two.start()]
        verb = any(form_of(w.lower()) for w in _WORD.findall(between))
        if one.group() != two.group() and verb and len(between.split()) <= 6:
            return text[: one.start()] + two.group() + between + one.group() + text[two.end() :]
    return None


def edited_pairs(sentence: str, names: list[str], rng: random.Random) -> Iterator[Pair]:
    """Yield pairs of one sentence: its edits as claims, and it as a claim on its edits."""
    claim = claim_of(sentence)
    turning = [opposite, opposite, negate, negate, number, unit, swapped]
    keeping: list[Edit] = [synonym, synonym, hedge, shorten, shorten, _same]
    open_ = [overstate, overstate, other_name(names)]
    for edits, label in ((turning, REFUTED), (keeping, SUPPORTED), (open_, NEUTRAL)):
        edit = rng.choice(edits)
        changed = edit(claim, rng)
        if changed is None or (changed == claim and edit is not _same):
            continue
        turn = rng.random()
        if label == REFUTED and turn < 0.3:
            yield changed, claim, label  # the premise is the edited one
        elif label == REFUTED and turn < 0.5:
            yield changed, _varied(changed, rng), SUPPORTED  # both are: the edit is no clue
        elif edit is hedge and turn < 0.4:
            yield changed, claim, NEUTRAL
        elif label == NEUTRAL and turn < 0.3:
            yield changed, _varied(changed, rng), SUPPORTED
        elif edit is shorten and turn < 0.2:
            yield changed, sentence, NEUTRAL
        else:
            yield sentence, changed, label


def _varied(text: str, rng: random.Random) -> str:
    return shorten(text, rng) or synonym(text, rng) or text


def _same(text: str, rng: random.Random) -> str:
    return text


def _put(text: str, start: int, end: int, word: str) -> str:
    if text[start].isupper():
        word = word[:1].upper() + word[1:]
    return text[:start] + word + text[end:]


_SIDES = [side for group in lexicon().poles for side in (group.plus, group.minus)]
