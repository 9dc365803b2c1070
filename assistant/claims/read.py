"""What was typed -> the claim that is checked, its parts, and what to say about the change.

Questions become the claim they imply, frames of opinion are taken off, markup is removed, and a
compound claim is taken apart. Rules on English wording; what they make is shown to the reader
as ``checked_claim``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from assistant.answering.question import clean_text
from assistant.claims.lexicon import finite_verbs
from assistant.claims.questions import capital, is_question, statement_of
from assistant.errors import QuestionError
from assistant.reading import split_sentences
from assistant.words import STOP, words

MAX_CLAIM_CHARS = 5_000
MAX_PARTS = 30
_SHORTEST_PART = 3  # words
_TAG = re.compile(r"<(?:!--.*?--|/?[a-zA-Z][^<>]*)>", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_OPINION = re.compile(
    r"^(?:(?:well|so|honestly|actually|basically|but|and)[,:]? )?(?:"
    r"i (?:think|believe|feel|guess|heard|read|know|am sure|'m sure|would say)(?: that)?"
    r"|in my (?:opinion|view),?|my (?:opinion|view) is that"
    r"|(?:everyone|everybody) (?:knows|says)(?: that)?|(?:people|they) say(?: that)?"
    r"|it is (?:well known|known|true|a fact|said|obvious|clear) that"
    r"|it's (?:true|known|a fact) that|(?:is it|it is) (?:true|right|correct|the case) that"
    r"|the fact is(?: that)?|did you know that|(?:my|the) claim:?"
    r"|claim:|fact:|statement:|check:|verify:|is it a fact that)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r",? (?:right|correct|isn't it|doesn't it|don't they|aren't they|true or false|yes or no|no)"
    r"\?$",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:please |always |never |just |don't |do not )*(?:take|use|eat|drink|stop|avoid|start|try"
    r"|inject|buy|give|tell|show|write|list|explain|ignore|forget|remember|go|get|consume"
    r"|make sure|consult|ask|prove|delete|print|summari[sz]e|translate|let|keep|do)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\b(is|are|was|were|can|may|might|could|will|has|have|does|do|did|cannot)\b", re.IGNORECASE
)
_JOINT = re.compile(
    r"; |, (?:and|but|while|whereas|yet|although) | (?:whereas|but) ", re.IGNORECASE
)


_NO_CLAIM = (
    "This is a question, not a claim: ask it in the chat or with “ask”, or state what you want "
    "to check."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim made ready: its text, its parts when it has several, and a remark.

    ``problem`` says why it cannot be checked as a claim; empty otherwise.
    """

    text: str
    parts: tuple[str, ...] = ()
    remark: str = ""
    problem: str = ""


def read_claim(raw: str) -> Claim:
    """Return the claim of a raw string.

    Raises:
        QuestionError: When it is empty, too long, or has no word in it.
    """
    text = clean_text(html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", raw))))
    if not text or not words(text):
        raise QuestionError("The claim is empty; state one, for example a whole sentence.")
    if len(text) > MAX_CLAIM_CHARS:
        raise QuestionError(
            f"The claim has {len(text):,} characters; the limit is {MAX_CLAIM_CHARS:,}. "
            "Check a longer text sentence by sentence: python -m assistant check --text FILE"
        )
    sentences = [text[a:b] for a, b in split_sentences(text, 0, len(text))]
    sentences = [s for s in sentences if words(s)]
    if len(sentences) > 1:
        return _several(text, sentences)
    return _single(text)


def _several(text: str, sentences: list[str]) -> Claim:
    if len(sentences) > MAX_PARTS:
        raise QuestionError(
            f"The claim has {len(sentences)} sentences; the limit is {MAX_PARTS}. Check a longer "
            "text with: python -m assistant check --text FILE"
        )
    singles = list(map(_single, sentences))
    parts = [single.text for single in singles if not single.problem]
    if not parts:
        return Claim(text, problem=singles[0].problem)
    if len(parts) == 1:
        return next(single for single in singles if not single.problem)
    return Claim(text, tuple(parts))


def _single(text: str) -> Claim:
    claim, remark = _TAIL.sub(".", text), ""
    bare = _OPINION.sub("", claim)
    if bare != claim:
        claim, remark = capital(bare), "Checked without the words that frame it."
    if is_question(claim) and not (_ORDER.match(claim) and not claim.endswith("?")):
        implied = statement_of(claim)
        if implied is None:
            return Claim(text, problem=_NO_CLAIM)
        claim, remark = implied, "A question was checked as the claim that it implies."
    if _ORDER.match(claim) and not _subject_before_verb(claim):
        return Claim(text, problem="This tells someone to do something; only a statement that is "
                                   "true or false can be checked.")  # fmt: skip
    content = [w for w in words(claim) if w not in STOP]
    if len(words(claim)) < 3 or not content:
        return Claim(text, problem="This is too short to be true or false; state a whole sentence.")
    if not claim.endswith((".", "!", "”", '"')):
        claim += "."
    parts = _parts(claim)
    return Claim(claim, tuple(parts) if len(parts) > 1 else (), remark)


def _subject_before_verb(claim: str) -> bool:
    """Tell whether the first word is a name that is followed by a verb: "Use of it raises"."""
    second = words(claim)[1:2]
    return bool(second and (second[0] in ("of", "is", "are", "was", "has") or _is_verb(second[0])))


def _is_verb(word: str) -> bool:
    return bool(_MODAL.fullmatch(word)) or word in _THIRD or word in finite_verbs()


_THIRD = frozenset(
    """regulates controls binds needs requires senses drives mediates contains includes forms plays
    makes helps leads depends acts belongs works means links extends consists produces responds
    shows encodes interacts gives takes keeps comes goes signals affects builds""".split()
)


def _parts(claim: str) -> list[str]:
    """Return the statements that a compound claim makes, each with a subject and a verb."""
    if re.match(
        r"^(?:if|when|although|while|because|since|unless|neither|both|either)\b", claim, re.I
    ):
        return [claim]
    pieces = [p.strip(" .,;") for p in _JOINT.split(claim)]
    whole = [p for p in pieces if len(p.split()) >= _SHORTEST_PART]
    if len(pieces) > 1 and len(whole) == len(pieces) and all(map(_is_statement, pieces)):
        return [capital(p) + "." for p in pieces]
    return _shared_subject(claim) or [claim]


def _is_statement(piece: str) -> bool:
    tokens = words(piece)
    return any(_is_verb(w) for w in tokens[1:]) and tokens[0] not in (
        "which",
        "that",
        "not",
        "it",
        "this",
        "they",
        "these",
        "its",
    )


def _shared_subject(claim: str) -> list[str] | None:
    """Take "A raises B and lowers C" apart into "A raises B" and "A lowers C"."""
    tokens = claim.rstrip(". ").split(" ")
    verbs = [at for at, t in enumerate(tokens) if at and _is_verb(t.lower())]
    if not verbs:
        return None
    for at, token in enumerate(tokens):
        if token == "and" and at > verbs[0] + 1 and at + 2 < len(tokens) and (at + 1) in verbs:
            subject = tokens[: verbs[0]]
            return [
                " ".join(tokens[:at]).rstrip(",") + ".",
                " ".join([*subject, *tokens[at + 1 :]]) + ".",
            ]
    return None
