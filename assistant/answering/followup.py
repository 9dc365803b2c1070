"""A follow-up question -> a question that stands alone, by carrying the topic over.

Deterministic rules over the question and the one before it:

* "and what about mTORC2?" asks the question before again, of something else: the word of it
  that is nearest in meaning is replaced;
* "why does it matter?" means the topic of the question before: the pronoun is replaced;
* a bare "why?" or "since when?" gets the topic after it.

A question that names its own subject is a new topic and inherits nothing. Limits: one question
back, English only; the result is shown so that it can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.question import read_question
from assistant.datatypes import Vectors
from assistant.words import STOP, WORD, fold, terms

Encode = Callable[[Sequence[str]], Vectors]
Idf = Callable[[str], float]
_OTHER = re.compile(
    r"^(?:(?:and|so|ok(?:ay)?|but|then)[, ]+)*(?:(?:what|how) about|and|what of|"
    r"(?:the )?same for)\s+"
    r"(?P<other>(?!why|how|what|when|where|who|which|does|do|is|are|can|could|did|was|were|has)"
    r".{1,80}?)\s*(?:then|too|though)?\s*\??$",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"^(?:and |so |but )?(?:is (?:that|this|it) (?:really )?(?:true|right|so|certain)|really|"
    r"(?:tell me |say )?more|tell me more about (?:it|that|this)|go on|continue)\s*[?.!]*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:and|so|but|ok(?:ay)?|then|also)[, ]+)+", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(it|its|it's|they|them|their|this|that|these|those)\b(?! (?:is|was) (?:true|why|how)\b)",
    re.IGNORECASE,
)
_OWNING = ("its", "their")
_EMPTY_IT = re.compile(
    r"\b(is|was|does|would|could|can|will) it (true|possible|safe|ok(ay)?|necessary|known|clear|"
    r"better|best|worth|take|make sense|matter (if|whether|that))\b|"
    r"\b(this|that|these|those|it) (?=\w+ (?:that|which)\b)|\bthat\b(?= \w+ (?:is|are|was|can))"
    r"|\b(?:found|f[io]nds?|show(?:s|ed|n)?|sa(?:y|ys|id)|prove[sdn]*|report(?:s|ed)?|think|believe"
    r"|know(?:s|n)?|knew|suggest(?:s|ed)?|discover(?:s|ed)?|demonstrate[sd]?) that(?= \w+ \w)",
    re.IGNORECASE,
)
_FILLER = frozenset(terms("happen matter work mean explain example detail reason tell know true"))
_MAX_BARE = 5
_ALIKE = 0.3  # cosine of two words that may stand for one another


def stand_alone(question: str, previous: str, encode: Encode, idf: Idf) -> str:
    """Return the question with what it inherits from the one before; itself if nothing.

    Args:
        question: What was asked now.
        previous: The question before it, as it was resolved; may be empty.
        encode: Texts to vectors of length 1, to find the word that is replaced.
        idf: Inverse document frequency of a term; 0 or less for words of no weight.
    """
    if not previous.strip():
        return question
    other = _OTHER.match(question.strip())
    if other:
        return _ask_again(previous, other.group("other"), encode)
    if _AGAIN.match(question.strip()):
        return previous
    topic = _topic(previous, idf)
    if not topic:
        return question
    plain = _LEAD.sub("", question.strip())
    own = [t for t in terms(plain) if t not in _FILLER]
    if _PRONOUN.search(plain) and not _EMPTY_IT.search(plain) and not _names(plain):
        return _replace_pronoun(plain, topic)
    if not own and len(plain.split()) <= _MAX_BARE:
        return f"{plain.rstrip('?!. ')} {topic}?"
    return question


def _ask_again(previous: str, other: str, encode: Encode) -> str:
    """Replace in the previous question the word nearest to what is asked about now."""
    found = [m for m in WORD.finditer(previous) if fold(m.group()) not in STOP]
    if fold(other) in (fold(m.group()) for m in found) or not found:
        return previous
    vectors = encode([other, *(m.group() for m in found)])
    same_shape = [_shape(m.group()) == _shape(other) for m in found]
    scores = vectors[1:] @ vectors[0]
    best = max(range(len(found)), key=lambda n: (same_shape[n], float(scores[n]), -n))
    if not same_shape[best] and scores[best] < _ALIKE:
        return f"{previous.rstrip('?!. ')} ({other})?"
    match = found[best]
    return f"{previous[: match.start()]}{other}{previous[match.end() :]}"


def _shape(word: str) -> str:
    """Return letters before a final number: mTORC1 and mTORC2 have one shape; '' for others."""
    match = re.fullmatch(r"(.*\D)\d+\w?", fold(word))
    return match.group(1) if match else fold(word) + "?"


def _topic(previous: str, idf: Idf) -> str:
    """Return what the previous question is about: its names, else its rarest words."""
    names = _names(previous)
    if names:
        return " and ".join(names[-2:])
    question = read_question(previous)
    weighed = [t for t in question.subject if t not in _FILLER]
    if not weighed:
        return ""
    rarest = max(weighed, key=lambda t: (idf(t), t))
    for match in WORD.finditer(previous):
        if rarest in terms(match.group()):
            return match.group()
    return ""


def _names(text: str) -> list[str]:
    """Return the words written like names: a capital inside the text or a digit, in order."""
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        first = not text[: match.start()].strip()
        inner = any(c.isupper() or c.isdigit() for c in word[1:])
        if (inner or (word[0].isupper() and not first)) and fold(word) not in STOP:
            found.append(word)
    return list(dict.fromkeys(found))


def _replace_pronoun(text: str, topic: str) -> str:
    match = _PRONOUN.search(text)
    assert match is not None
    word = fold(match.group())
    new = f"{topic}'s" if word in _OWNING else topic
    if word == "it's":
        new = f"{topic} is"
    replaced = f"{text[: match.start()]}{new}{text[match.end() :]}"
    return replaced[0].upper() + replaced[1:]
