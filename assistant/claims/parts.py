"""A text -> its sentences, and a compound sentence -> the statements that it makes.

What begins with a pronoun stays with what it refers back to; where a list of parts would be
too long, or a part would lack its subject or verb, the claim stays whole.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import finite_verbs, form_of
from assistant.claims.questions import capital
from assistant.reading import split_sentences
from assistant.words import words

MAX_PARTS = 30
SHORTEST = 3  # words
_PRONOUN = re.compile(
    r"[\s\"'“‘(]*(?:it|he|she|they|we|you|this|these|those|its|his|her|their|there|such)\b"
    r"(?!['’]s (?:true|false|known|a fact|a myth))",
    re.IGNORECASE,
)
_NO_START = ("which", "that", "not")
_ABBREVIATED = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Ltd|Corp|Co|Mt|St|Ft|Jr|Sr|No|vs)\.$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_MODAL = re.compile(
    r"\b(is|are|was|were|can|may|might|could|will|has|have|does|do|did|cannot)\b", re.IGNORECASE
)
_THIRD = frozenset(
    """regulates controls binds needs requires senses drives mediates contains includes forms plays
    makes helps leads depends acts belongs works means links extends consists produces responds
    shows encodes interacts gives takes keeps comes goes signals affects builds""".split()
)
_JOINT = re.compile(
    r"; |, (?:and|but|while|whereas|yet|although) | (?:whereas|but) ", re.IGNORECASE
)
_CONDITION = re.compile(
    r"^(?:if|when|although|while|because|since|unless|neither|both|either)\b", re.IGNORECASE
)
_PLACES = frozenset("in of by on for from at with".split())


def size(text: str) -> int:
    """Return the number of words; in a script without spaces two letters count as one."""
    return len(words(text)) + len(_UNSPACED.findall(text)) // 2


def begins_with_pronoun(text: str) -> bool:
    """Tell whether a text begins with a word that refers back to the text before it."""
    return bool(_PRONOUN.match(text))


def sentences_of(text: str) -> list[str]:
    """Return the sentences; a short one, or one cut after an abbreviation, with the next."""
    found: list[str] = []
    for start, end in split_sentences(text, 0, len(text)):
        sentence = text[start:end]
        if not words(sentence):
            continue
        if found and _is_unfinished(found[-1]):
            found[-1] += " " + sentence
        else:
            found.append(sentence)
    return found


def _is_unfinished(sentence: str) -> bool:
    if _ABBREVIATED.search(sentence):
        return True
    short = size(sentence) < SHORTEST and not sentence.endswith(("?", "!"))
    return short and not begins_with_pronoun(sentence)


def is_verb(word: str) -> bool:
    """Tell whether a word, in lower case, may be the finite verb of a statement."""
    return bool(_MODAL.fullmatch(word)) or word in _THIRD or word in finite_verbs()


def is_base_after_plural(before: str, word: str) -> bool:
    """Tell whether a plural stands before the base form of a verb: "codons end"."""
    found = form_of(word)
    return found is not None and found[1] == "base" and before.endswith("s")


def parts_of(claim: str) -> list[str]:
    """Return the statements that a compound claim makes, each with a subject and a verb."""
    if _CONDITION.match(claim):
        return [claim]
    pieces = _pieces(claim)
    whole = all(size(piece) >= SHORTEST and _is_statement(piece) for piece in pieces)
    if len(pieces) > MAX_PARTS:
        return [claim]
    if len(pieces) > 1 and whole:
        return [capital(piece) + "." for piece in pieces]
    return _shared_subject(claim) or [claim]


def _pieces(claim: str) -> list[str]:
    """Cut at the joints, except where a pronoun follows."""
    pieces, at = [], 0
    for joint in _JOINT.finditer(claim):
        if not begins_with_pronoun(claim[joint.end() :]):
            pieces.append(claim[at : joint.start()])
            at = joint.end()
    return [piece.strip(" .,;") for piece in [*pieces, claim[at:]]]


def _is_statement(piece: str) -> bool:
    tokens = words(piece)
    first = tokens[0] not in _NO_START
    return first and any(is_verb(word) for word in tokens[1:])


def _shared_subject(claim: str) -> list[str] | None:
    """Take "A raises B and lowers C" apart into "A raises B" and "A lowers C"."""
    tokens = claim.rstrip(". ").split(" ")
    verbs = [at for at, t in enumerate(tokens) if at and is_verb(t.lower())]
    if not verbs:
        return None
    for at, token in enumerate(tokens):
        if token in ("that", "which", "who"):
            return None
        if token == "and" and at > verbs[0] + 1 and at + 2 < len(tokens) and (at + 1) in verbs:
            if tokens[at + 2].lower() in _PLACES:
                return None
            subject = tokens[: verbs[0]]
            return [
                " ".join(tokens[:at]).rstrip(",") + ".",
                " ".join([*subject, *tokens[at + 1 :]]) + ".",
            ]
    return None
