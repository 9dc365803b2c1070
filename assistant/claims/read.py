"""What was typed -> the claim that is checked, its parts, and what to say about the change.

Questions become the claim they imply, frames of opinion are taken off, markup is removed, and a
compound claim is taken apart. Rules on English wording; what they make is shown to the reader
as ``checked_claim``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from assistant.answering.question import clean_text
from assistant.claims.parts import (
    MAX_PARTS,
    SHORTEST,
    begins_with_pronoun,
    is_base_after_plural,
    is_verb,
    parts_of,
    sentences_of,
    size,
)
from assistant.claims.questions import capital, is_question, statement_of
from assistant.claims.turned import negated
from assistant.errors import QuestionError
from assistant.words import STOP, words

MAX_CLAIM_CHARS = 5_000
_ATTRIBUTE = (
    r"\s+(?:[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"'=]+)"
    r"|async|defer|disabled|checked|hidden|controls|open|required|selected)(?=[\s/>])"
)
_TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)|<!doctype[^<>]*>|</?[a-z][\w:-]*(?:{_ATTRIBUTE})*\s*/?>",
    re.DOTALL | re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_MARKS = re.compile(r"[!?]{2,}|\.{4,}")
_OPINION = re.compile(
    r"^(?:(?:well|so|honestly|actually|basically|but|and)[,:]? )?(?:"
    r"i (?:think|guess|am sure|would say)(?! (?:of|about|so)\b)(?: that|,)?"
    r"|i['’]m sure(?! (?:of|about)\b)(?: that|,)?"
    r"|i (?:(?:have|['’]ve) )?(?:read|know|feel|believe|heard)(?: that|,)"
    r"|in my (?:opinion|view),?|my (?:opinion|view) is that"
    r"|(?:everyone|everybody) knows(?: that|,)?|(?:everyone|everybody) says(?: that|,)"
    r"|(?:people|they) say(?: that|,)"
    r"|it is (?:well known|known|true|a fact|said|obvious|clear) that"
    r"|it['’]s (?:true|known|a fact) that|(?:is it|it is) (?:true|right|correct|the case) that"
    r"|the fact is(?: that|,)|did you know that|(?:my|the) claim(?: is that|:)"
    r"|claim:|fact:|statement:|check:|verify:|true or false[:,]|is it a fact that)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[,.;:]\s?(?:right|correct|isn't it|doesn't it|don't they|aren't they|true or false|yes or no"
    r"|no)\?$",
    re.IGNORECASE,
)
_UNTRUE = re.compile(
    r"^it(?: is|['’]s| was) (?:(?:an? )?(?:common |popular |widespread |old )?"
    r"(?:myth|misconception|lie|falsehood|hoax)|false|untrue|wrong|incorrect|not true|not the case"
    r"|not a fact|not correct) that\s+|^it isn['’]t (?:true|the case|correct) that\s+",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:please |always |never |just |don't |do not )*(?:(?:tell|explain|ignore|forget|remember"
    r"|make sure|consult|ask|prove|summari[sz]e|translate|delete)\b|(take|use|eat|drink|stop|avoid"
    r"|start|try|inject|buy|give|show|write|list|go|get|consume|print|let|keep|do)\b)",
    re.IGNORECASE,
)
_ENDS_NAME = frozenset(
    """a an the this that these those it its them him her his their your my our some any all no
    every each more less one two three four five six seven eight nine ten which who what if when
    because as and or since while until so before after where unless not""".split()
)
_WINDOW = 4  # words after an order's verb among which a statement's own verb is looked for
_ENDS = (".", "!", "”", '"', "。", "！", "？")

_NO_CLAIM = (
    "This is a question, not a claim: ask it in the chat or with “ask”, or state what you want "
    "to check."
)
_NO_STATEMENT = (
    "This tells someone to do something; only a statement that is true or false can be checked."
)
_TOO_SHORT = "This is too short to be true or false; state a whole sentence."


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim made ready: its text, its parts when it has several, and a remark.

    ``problem`` says why it cannot be checked as a claim; empty otherwise. ``typed`` is what was
    typed, without markup.
    """

    text: str
    parts: tuple[str, ...] = ()
    remark: str = ""
    problem: str = ""
    typed: str = ""


def read_claim(raw: str) -> Claim:
    """Return the claim of a raw string.

    Raises:
        QuestionError: When it is empty, too long, or has no word in it.
    """
    if len(raw) > 10 * MAX_CLAIM_CHARS:
        raise _too_long(raw)
    typed = clean_text(html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", raw))))
    if not typed or not words(typed):
        raise QuestionError("The claim is empty; state one, for example a whole sentence.")
    if len(typed) > MAX_CLAIM_CHARS:
        raise _too_long(typed)
    text = _TAIL.sub(".", _MARKS.sub(_one_mark, typed))
    sentences = sentences_of(text)
    claim = _several(text, sentences) if len(sentences) > 1 else _single(text)
    return replace(claim, typed=typed)


def _too_long(text: str) -> QuestionError:
    return QuestionError(
        f"The claim has {len(text):,} characters; the limit is {MAX_CLAIM_CHARS:,}. "
        "Check a longer text sentence by sentence: python -m assistant check --text FILE"
    )


def _one_mark(match: re.Match[str]) -> str:
    if match.group().startswith("."):
        return "..."
    return "?" if "?" in match.group() else "!"


def _several(text: str, sentences: list[str]) -> Claim:
    """Read each sentence; one that begins with a pronoun is one part with the one before it."""
    if len(sentences) > MAX_PARTS:
        raise QuestionError(
            f"The claim has {len(sentences)} sentences; the limit is {MAX_PARTS}. Check a longer "
            "text with: python -m assistant check --text FILE"
        )
    singles = list(map(_single, sentences))
    kept: list[Claim] = []
    dropped: list[str] = []
    for at, single in enumerate(singles):
        refers = at > 0 and begins_with_pronoun(single.text)
        if single.problem and not (refers and kept and single.problem == _TOO_SHORT):
            dropped.append(sentences[at])
        elif refers and singles[at - 1].problem and dropped[-1:] == [sentences[at - 1]]:
            kept.append(replace(single, text=f"{dropped.pop()} {single.text}", parts=()))
        elif refers and kept:
            kept[-1] = _joined(kept[-1], single)
        else:
            kept.append(single)
    if not kept:
        return Claim(text, problem=singles[0].problem)
    return _together(kept, dropped)


def _joined(before: Claim, single: Claim) -> Claim:
    """Return two claims as one; where the first has parts, the second belongs to the last."""
    parts = before.parts
    if parts:
        parts = (*parts[:-1], f"{parts[-1]} {single.text}")
    remark = " ".join(dict.fromkeys(filter(None, (before.remark, single.remark))))
    return Claim(f"{before.text} {single.text}", parts, remark)


def _together(kept: list[Claim], dropped: list[str]) -> Claim:
    parts = [part for claim in kept for part in claim.parts or (claim.text,)]
    if len(parts) > MAX_PARTS:
        parts = [claim.text for claim in kept]
    remarks = dict.fromkeys(claim.remark for claim in kept if claim.remark)
    left_out = [f"“{sentence}”" for sentence in dropped]
    notes = [*remarks, *([f"Not checked: {', '.join(left_out)}."] if left_out else [])]
    text = " ".join(claim.text for claim in kept)
    return Claim(text, tuple(parts) if len(parts) > 1 else (), " ".join(notes))


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
    problem = _problem_of(claim)
    if problem:
        return Claim(text, problem=problem)
    if not claim.endswith(_ENDS):
        claim += "."
    if _UNTRUE.match(claim):
        return _untrue(claim, remark)
    parts = parts_of(claim)
    return Claim(claim, tuple(parts) if len(parts) > 1 else (), remark)


def _problem_of(claim: str) -> str:
    """Return why a text is no claim, empty where it is one."""
    order = _ORDER.match(claim)
    if order and not _is_noun(claim, order):
        return _NO_STATEMENT
    content = [w for w in words(claim) if w not in STOP]
    return "" if content and size(claim) >= SHORTEST else _TOO_SHORT


def _untrue(claim: str, remark: str) -> Claim:
    """Read "It is a myth that X" as the contrary of X; as it stands where X has several parts."""
    denied = capital(_UNTRUE.sub("", claim))
    contrary = negated(denied) if len(parts_of(denied)) == 1 else None
    if contrary is None:
        return Claim(claim, remark=remark)
    note = "What is said to be untrue was checked as its contrary."
    return Claim(contrary, remark=f"{remark} {note}".strip())


def _is_noun(claim: str, order: re.Match[str]) -> bool:
    """Tell whether what looks like an order is a subject: "Use of it raises", "Stop codons end"."""
    rest = claim[order.end() :].split()
    if not rest:
        return False
    second = rest[0].lower().strip(".,;:!?")
    if second == "of" or is_verb(second):
        return True
    return bool(order.group(1)) and _has_own_verb(rest[: _WINDOW + 1])


def _has_own_verb(rest: list[str]) -> bool:
    before = ""
    for token in rest:
        word = token.lower().strip(".,;:!?")
        if token in _ENDS_NAME or token[0].isdigit():
            return False
        if before and (is_verb(word) or is_base_after_plural(before, word)):
            return True
        if token.endswith((",", ";", ":", ".")):
            return False
        before = word
    return False
