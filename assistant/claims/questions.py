"""Turn a yes-no question into the statement it asks about: "A raises B." for "Does A raise B?".

Where the predicate begins is guessed from word lists and endings; the result is shown to the
reader. A question that asks for something (what, who, when) implies no statement.
"""

from __future__ import annotations

import re

from assistant.claims.lexicon import finite_verbs, verb_of
from assistant.words import words

_AUXILIARY = re.compile(
    r"^(do|does|did|is|are|was|were|can|could|may|might|will|would|should|must|has|have|had)"
    r"(n['’]t)?\b\s+(?=\w)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"^(?:(ca)|(wo))n['’]t\b", re.IGNORECASE)
_ASKING = r"(?:what|who|whom|whose|which|when|where|why|how)"
_OPEN = re.compile(
    rf"^(?:(?:in|on|at|for|to|by|from|with|of|about|and|so|but|exactly|since|until) )?{_ASKING}\b",
    re.IGNORECASE,
)
_HELPER = r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had)"
_ASKS = re.compile(
    rf"^(?:(?:who|whom|whose|why)\b|(?:when|where|how) {_HELPER}\b"
    rf"|(?:what|which)(?: [\w-]+){{0,3}}? {_HELPER}\b|how (?:many|much)\b"
    rf"|how (?:long|old|far|big|large|tall|fast|often|deep|high|heavy|hot|cold|well) {_HELPER}\b)",
    re.IGNORECASE,
)
_SECOND = frozenset(
    "is are was were can could may might will would should must has had cannot".split()
)
_RELATIVE = ("that", "which", "who", "if", "when", "because")
_BE = ("is", "are", "was", "were")
_ARTICLES = frozenset("a an the".split())
_PLACES = frozenset("in on at by to for from".split())
_PREDICATE = frozenset(
    """not no still more less most least always never only just also really
    actually part one two both able unable safe unsafe good bad better worse best healthy harmful
    essential necessary required known needed true false dangerous made found used bound called
    active inactive higher lower larger smaller greater same different similar like here home alive
    dead real rare common toxic flat wet dry hot cold warm old new young big small great long short
    fast slow hard high low deep strong weak rich poor full free illegal round born built written
    won lost sold bought broken chosen drawn driven eaten fallen felt fought forgotten given gone
    grown held hidden hit hurt kept laid led left lent meant met paid put run said seen sent set
    shot shown shut sung sunk spent split spoken stolen struck sworn taken taught thrown told torn
    understood worn wound begun brought come cut done flown frozen got heard read ridden risen sat
    slept spread stood stuck swum thought woken""".split()
)
_NO_PARTICIPLE = frozenset("bed seed need feed speed weed breed".split())
_STRONG = re.compile(r"(?:\wed|[^t]hing|\w{3}(?<!th)ing|ly)$")
_WEAK = re.compile(r"(?:able|ible|ful|ive|al|ous|ant|(?<!m)ent|er|est|ic|ary|less|y)$")
_NATION = re.compile(r"(?:ish|ese|ian|ean|can|man|ench|tch|eek|wiss|aeli|qi)$")
_VERBS = frozenset(
    """work works help cause make mean need have be bind act lead play do affect regulate control
    sense depend live build burn kill treat cure turn switch respond consist include belong happen
    show take give keep get use come go see contain produce form interact signal mediate link
    count die age heal prove replace beat match explain eat fly swim hear feel run walk drink drive
    sleep speak read write learn grow survive lose win buy sell pay meet fight sink rise fall start
    stop begin end invent discover paint marry conquer invade vote rule own sign ban cross
    contribute spread carry hold leave become stay protect""".split()
)  # fmt: skip
_ONE_WORD = frozenset("there it he she they we you i".split())
_POINTING = ("this", "that", "these", "those")
_TWO_WORDS = frozenset(
    """the a an this that these those more all too some many most every each both no his her its
    their your our my""".split()
)
_JOINING = ("of", "da", "de", "van", "von", "the")


def is_question(text: str) -> bool:
    """Tell whether a text is a question, with or without its mark."""
    if text.endswith("?"):
        return True
    return _asks_for(text) or (bool(_AUXILIARY.match(_long(text))) and not _is_name_first(text))


def _asks_for(text: str) -> bool:
    """Tell whether a text without a mark asks for something: "Who discovered penicillin"."""
    if _ASKS.match(text):
        return True
    tokens = words(text)
    verbs = [w in finite_verbs() or w in _SECOND for w in tokens]
    return tokens[:1] in (["what"], ["which"]) and sum(verbs) == 1 and verbs[1]


def _is_name_first(text: str) -> bool:
    """Tell whether what looks like an auxiliary is a noun: "May is the fifth month."."""
    for word in words(text)[1:5]:
        if word in _RELATIVE:
            return False
        if word in _SECOND:
            return True
    return False


def _long(text: str) -> str:
    """Write "can't" and "won't" so that their verb is seen: "can" and "will" with "n't"."""
    return _SHORT.sub(lambda m: "cann't" if m.group(1) else "willn't", text)


def statement_of(question: str) -> str | None:
    """Return the statement that a yes-no question asks about, None for any other question."""
    text = _long(question.rstrip("?.! ").strip())
    match = _AUXILIARY.match(text)
    if not match:
        return None if _OPEN.match(text) else text + "."
    auxiliary, negated = match.group(1).lower(), " not" if match.group(2) else ""
    tokens = text[match.end() :].split(" ")
    if not negated:
        tokens = [tokens[0], *(token for token in tokens[1:] if token != "ever")]
    at = _predicate(tokens, auxiliary)
    subject, rest = tokens[:at], tokens[at:]
    if auxiliary in ("do", "does", "did") and rest and not negated:
        return capital(" ".join([*subject, _inflected(rest[0], auxiliary), *rest[1:]])) + "."
    verb = (auxiliary + negated).replace("can not", "cannot")
    return capital(" ".join([*subject, verb, *rest])) + "."


def _predicate(tokens: list[str], auxiliary: str) -> int:
    """Return where the predicate of a question begins, at least one word after its start."""
    if tokens[0].lower() in _ONE_WORD:
        return 1
    first = _after_name(tokens, _shortest_subject(tokens))
    if "and" in tokens and auxiliary in ("do", "did", "are", "were", "have", "can"):
        first = max(first, tokens.index("and") + 2)  # "Do A and B ...": both are the subject
    first = min(first, max(1, len(tokens) - 1))
    lowered = [token.lower().strip(",") for token in tokens]
    if auxiliary in _BE:
        named = tokens[first : first + 1] and tokens[first][:1].isupper()
        return first if named and _NATION.search(tokens[first]) else _after_be(lowered, first)
    begins = _is_participle if auxiliary in ("has", "have", "had") else _is_base
    return next((at for at in range(first, len(tokens)) if begins(lowered[at])), first)


def _shortest_subject(tokens: list[str]) -> int:
    start = tokens[0].lower()
    if start in _POINTING and len(tokens) > 1 and _is_strong(tokens[1].lower()):
        return 1  # "Is this a good idea"
    return 2 if start in _TWO_WORDS else 1


def _after_name(tokens: list[str], first: int) -> int:
    """Return the first place behind the words with a capital that continue the subject."""
    while first < len(tokens) and tokens[first - 1][:1].isupper():
        following = tokens[first + 1][:1] if first + 1 < len(tokens) else ""
        if tokens[first] in _JOINING and tokens[first] != "the" and following.isupper():
            first += 2
        elif tokens[first : first + 2] == ["of", "the"] and tokens[first + 2 : first + 3]:
            first += 3
        elif not tokens[first][:1].isupper() or (
            _NATION.search(tokens[first]) and not following.isupper()
        ):
            return first
        else:
            first += 1
    return first


def _after_be(lowered: list[str], first: int) -> int:
    """Return where the predicate begins; a word with a doubtful ending may be the subject's."""
    for at in range(first, len(lowered)):
        following = lowered[at + 1] if at + 1 < len(lowered) else ""
        if _is_strong(lowered[at]) or lowered[at] in _PLACES:
            return at
        if _is_weak(lowered[at]) and not (_is_strong(following) or _is_weak(following)):
            return at
    if "of" in lowered[first + 1 :]:
        return lowered.index("of", first + 1) - 1
    return max(first, len(lowered) - 1)


def _is_strong(word: str) -> bool:
    if word in _NO_PARTICIPLE:
        return False
    return word in _ARTICLES or word in _PREDICATE or bool(_STRONG.search(word))


def _is_weak(word: str) -> bool:
    return (len(word) > 4 and bool(_WEAK.search(word))) or word == "easy"


def _is_participle(word: str) -> bool:
    return word in ("been", "ever", "had") or _is_strong(word)


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
