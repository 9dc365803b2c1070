"""Turn a yes-no question into the statement it asks about: "A raises B." for "Does A raise B?".

Where the predicate begins is guessed from word lists and endings; the result is shown to the
reader. A question that asks for something (what, who, when) implies no statement.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import verb_of

_AUXILIARY = re.compile(
    r"^(do|does|did|is|are|was|were|can|could|may|might|will|would|should|must|has|have|had)"
    r"(n't)?\b\s+(?=\w)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"^(?:\w+ )?(?:what|who|whom|whose|which|when|where|why|how)\b", re.IGNORECASE)
_BE = ("is", "are", "was", "were")
_PREDICATE = frozenset(
    """a an the not no in on at by to for more less most least always never only just also really
    actually part one two both able unable safe unsafe good bad better worse best healthy harmful
    essential necessary required known needed true false dangerous made found used bound called
    active inactive higher lower larger smaller greater same different similar""".split()
)
_ADJECTIVE = re.compile(r"(?:ed|ing|able|ible|ful|ive|al|ous|ent|ant)$")
_VERBS = frozenset(
    """work works help cause make mean need have be bind act lead play do affect regulate control
    sense depend live build burn kill treat cure turn switch respond consist include belong happen
    show take give keep get use come go see contain produce form interact signal mediate link
    count die age heal prove replace beat match explain""".split()
)
_TWO_WORDS = ("the", "a", "an", "this", "that", "more", "all", "too")


def is_question(text: str) -> bool:
    """Tell whether a text is a question, with or without its mark."""
    return text.endswith("?") or bool(_AUXILIARY.match(text))


def statement_of(question: str) -> str | None:
    """Return the statement that a yes-no question asks about, None for any other question."""
    text = question.rstrip("? ").strip()
    match = _AUXILIARY.match(text)
    if not match:
        return None if _OPEN.match(text) else text + "."
    auxiliary, negated = match.group(1).lower(), " not" if match.group(2) else ""
    tokens = text[match.end() :].split(" ")
    at = _predicate(tokens, auxiliary)
    subject, rest = tokens[:at], tokens[at:]
    if auxiliary in ("do", "does", "did") and rest and not negated:
        return capital(" ".join([*subject, _inflected(rest[0], auxiliary), *rest[1:]])) + "."
    return capital(" ".join([*subject, auxiliary + negated, *rest])) + "."


def _predicate(tokens: list[str], auxiliary: str) -> int:
    """Return where the predicate of a question begins, at least one word after its start."""
    first = 2 if tokens[0].lower() in _TWO_WORDS else 1
    if "and" in tokens and auxiliary in ("do", "did", "are", "were", "have", "can"):
        first = max(first, tokens.index("and") + 2)  # "Do A and B ...": both are the subject
    begins = _begins_after_be if auxiliary in _BE else _is_base
    for at in range(first, len(tokens)):
        if begins(tokens[at].lower().strip(",")):
            return at
    return min(first, len(tokens))


def _begins_after_be(word: str) -> bool:
    return word in _PREDICATE or bool(_ADJECTIVE.search(word))


def _is_base(word: str) -> bool:
    verb = verb_of(word)
    return word in _VERBS or (verb is not None and verb.base == word)


def _inflected(verb: str, auxiliary: str) -> str:
    known = verb_of(verb.lower())
    if auxiliary == "do":
        return verb
    if auxiliary == "did":
        return known.past if known else f"did {verb}"
    if known or verb in ("have", "be"):
        return known.third if known else {"have": "has", "be": "is"}[verb]
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def capital(text: str) -> str:
    """Return the text with a capital first letter, unless its first word is a name: mTOR."""
    first = text.split(" ", 1)[0]
    if any(c.isupper() or c.isdigit() for c in first[1:]):
        return text
    return text[:1].upper() + text[1:]
