"""What a question asks for: its terms, the kind of answer it wants, what it is about.

Pattern rules on English question words. It sees only the question's text; how rare a term is
comes from the index. Limits: a question without a question word is taken as a plain topic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.config import MAX_QUESTION_CHARS
from assistant.errors import QuestionError
from assistant.words import STOP, WORD, stem, terms, words

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("compare", re.compile(r"\b(difference|differ|compared?|versus|vs\.?|distinguish\w*)\b")),
    ("order", re.compile(r"\b(steps?|stages?|sequence|cascade|chain|walk me through|"
                         r"in (what|which|the right) order)\b")),
    (
        "list",
        re.compile(
            r"\b(list|name|which|what|are there|give me|enumerate)\b.{0,40}?"
            r"\b(all|types|kinds|names|examples|inputs|signals|factors|reasons|causes|effects|"
            r"symptoms|diseases|conditions|functions|roles|uses|myths|takeaways|points|"
            r"components|parts|processes|names|terms|ways|things|\w+s are)\b"
        ),
    ),
    ("count", re.compile(r"\b(how (many|much|old|long|often|far|large|big)|what (number|share|age|"
                         r"percentage|proportion|dose|amount))\b")),
    ("when", re.compile(r"\b(when|(what|which|in what|in which) (year|date|month|day|decade)|"
                        r"year of|date of|how (recent|new))\b")),
    ("who", re.compile(r"\b(who|whose|whom|which (researchers?|authors?|scientists?|team|group)|"
                       r"authors? of|by whom)\b")),
    ("where", re.compile(r"\b(where|(what|which) (journal|place|country|city|part|tissue|"
                         r"organ))\b")),
    ("why", re.compile(r"\b(why|reason|how come|what (causes|explains|makes)|what for)\b")),
    ("define", re.compile(r"\b(type|kind|sort|class) of\b|^(what|who)('s| is| are| was| were|s)\b"
                          r"(?!.*\b(of|for|between|the (role|effect|link))\b.*\b(in|on|with)\b)|"
                          r"\b(defin\w+|mean(s|ing)?|stands? for|short for|acronym|full name)\b")),
    ("how", re.compile(r"\b(how|mechanism|in what way)\b")),
    ("yesno", re.compile(r"^(is|are|was|were|do|does|did|can|could|should|would|will|has|have|am|"
                         r"may|might|isn't|aren't|doesn't|don't|can't)\b")),
)  # fmt: skip
# Words that frame a question and say nothing of its subject.
FRAME = frozenset(
    stem(w)
    for w in """tell know explain describe question answer want list name give example mean meaning
    define definition stand happen difference differ compare comparison way thing kind type
    called call exactly actually really basically main term article author say says said
    according document text page site mention talk work works does role people someone anyone
    think believe true case important matter matters number many much
    whats hows whos wheres whens whys dont doesnt isnt arent cant""".split()
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready for retrieval and selection.

    ``kinds`` names the kinds of answer wanted, most specific first; ``subject`` are the terms
    it is about, ``terms`` those searched for, in order and without repetition.
    """

    text: str
    kinds: tuple[str, ...]
    terms: tuple[str, ...]
    subject: tuple[str, ...]
    numbers: tuple[str, ...]

    def is_name(self, term: str) -> bool:
        """Tell whether a term is written like a name: a capital inside, or a digit."""
        for match in WORD.finditer(self.text):
            word = match.group()
            if term in terms(word):
                inside = match.start() > 0 and word[0].isupper()
                return inside or any(c.isdigit() or c.isupper() for c in word[1:])
        return False

    def written(self, term: str) -> list[str]:
        """Return the words of the question, folded, that stand for a term."""
        return [w for w in words(self.text) if term in terms(w)]

    def surface(self, chosen: Sequence[str]) -> str:
        """Return the words of the question that stand for some of its terms, for a sentence."""
        wanted = set(chosen)
        shown = [
            match.group()
            for match in WORD.finditer(self.text)
            if wanted.intersection(terms(match.group()))
        ]
        return " or ".join(f"“{word}”" for word in dict.fromkeys(shown))


def read_question(raw: str) -> Question:
    """Return the question of a raw string.

    Raises:
        QuestionError: When it is empty, too long, or has no word in it.
    """
    text = clean_text(raw)
    if not text:
        raise QuestionError("The question is empty; type one, for example a whole sentence.")
    if len(text) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(text):,} characters; the limit is {MAX_QUESTION_CHARS:,}, "
            "so shorten it."
        )
    found = words(text)
    if not found:
        raise QuestionError("The question has no words in it; ask it in words.")
    folded = text.casefold().replace("’", "'")
    kinds = tuple(kind for kind, pattern in _KINDS if pattern.search(folded))
    searched = tuple(dict.fromkeys(terms(text))) or tuple(dict.fromkeys(map(stem, found)))
    subject = tuple(term for term in searched if term not in FRAME)
    numbers = tuple(w for w in found if w[0].isdigit() and w not in STOP)
    return Question(text, kinds, searched, subject or searched, numbers)


def clean_text(raw: str) -> str:
    """Return text on one line, without control characters or runs of blanks."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in raw)
    return " ".join(kept.split())
