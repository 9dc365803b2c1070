"""What is measured of a sentence as an answer to a question: named numbers, mostly 0 to 1.

One function, used alike when answering and when the weights are learned. Nothing here knows
a particular corpus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.question import Question
from assistant.answering.units import Unit, units_of
from assistant.datatypes import Hit
from assistant.words import term_set

Idf = Callable[[str], float]
NAMES = (
    "similarity", "maxsim", "maxsim_content", "passage", "passage_dense", "cover", "cover_context",
    "cover_heading", "subject_first", "type_match", "type_miss", "definition",
    "reason", "number", "year", "person",
    "refers_back", "fragment", "length", "long", "first", "list", "heading",
    "faq", "faq_match", "reality",
    "takeaway", "notice", "reference", "belief", "rank",
)  # fmt: skip
REFERS_BACK = re.compile(
    r"(it|its|this|that|these|those|they|their|he|she|his|her|such|both|here|there|instead|"
    r"however|therefore|thus|hence|also|then|moreover|furthermore|in addition|but|and|or|so|"
    r"together|the (latter|former|same))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_NUMBER = re.compile(
    r"\b\d[\d,.]*\b|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|"
    r"million|billion|half|twice|third|quarter|several|both)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b([A-Z][a-z]+(?: [A-Z]\.?)* (?:and|&) (?:colleagues|coworkers|[A-Z][a-z]+)|et al\.?|"
    r"(?:Dr|Prof|Sir|King|Queen|President|General)\.? [A-Z]\w+|[A-Z][a-z]+ [A-Z][a-z]+|"
    r"(?:researchers|scientists|physicians?|doctors?|clinicians?|people|patients|authors?|team))\b"
)
_REASON = re.compile(
    r"\b(because|since|due to|reason|therefore|so that|as a result|explains?|thus|in order to|"
    r"which is why|that is why|this is why|leads? to|caused? by|matters?|owing to|so)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(in|at|on|from|to|near|inside|within) (the )?[A-Z]\w+|\b(in|inside|within) \w+"
)
_COPULA = re.compile(
    r"\b((is|are|was|were) (an?|the|one of)|refers? to|means|stands? for|denotes?|"
    r"(is|are) (defined|known|called|described)|short for|consists? of)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of a retrieved passage, its features by name and the terms found in it.

    ``matches`` says how well each content word of the question is met, by late interaction.
    """

    hit: Hit
    unit: Unit
    values: Mapping[str, float]
    found: frozenset[str]
    matches: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The unit's text, an exact slice of the document."""
        return self.hit.passage.slice(self.unit.start, self.unit.end)

    @property
    def read_as(self) -> str:
        """The text under its heading and lead, as it is compared with the question."""
        passage = self.hit.passage
        heading = passage.heading[-1] if passage.heading else passage.title
        lead = f"{self.unit.lead} " if self.unit.lead else ""
        return f"{heading}. {lead}{self.text}"


def measure(
    question: Question,
    hit: Hit,
    rank: int,
    similarities: Sequence[float],
    heading_similarity: float,
    idf: Idf,
) -> list[Candidate]:
    """Return a candidate for each unit of a hit.

    Args:
        question: The question asked.
        hit: A retrieved passage.
        rank: Its rank, from 0.
        similarities: Cosine of the question with each sentence.
        heading_similarity: Cosine of the question with the last heading.
        idf: Inverse document frequency of a term, 0 or more.
    """
    passage = hit.passage
    weights = {term: idf(term) for term in question.subject}
    heading_terms = term_set(" ".join((passage.title, *passage.heading)))
    units = units_of(passage)
    texts = [passage.slice(u.start, u.end) for u in units]
    found = [term_set(f"{u.lead} {t}") for u, t in zip(units, texts, strict=True)]
    candidates: list[Candidate] = []
    for at, (unit, text) in enumerate(zip(units, texts, strict=True)):
        before = found[at - 1] if at else frozenset()
        after = found[at + 1] if at + 1 < len(found) else frozenset()
        values = {
            "similarity": max(similarities[unit.first : unit.last + 1]),
            "passage": hit.score,
            "passage_dense": hit.dense,
            "cover": coverage(weights, found[at]),
            "cover_context": coverage(weights, found[at] | before | after | heading_terms),
            "cover_heading": coverage(weights, heading_terms),
            "heading": heading_similarity,
            "length": min(len(text), 400) / 400,
            "long": float(len(text) > 400 and not unit.is_list),
            "first": float(at == 0),
            "rank": 1 / (1 + rank),
        }
        values |= _shape(text, unit)
        values |= _kind(passage.kind, heading_similarity)
        values |= _fit(question, text)
        candidates.append(Candidate(hit, unit, values, found[at]))
    return candidates


def coverage(weights: Mapping[str, float], found: frozenset[str] | set[str]) -> float:
    """Return which share of the terms' weight is found, 0 to 1."""
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in found) / total if total else 0.0


def _shape(text: str, unit: Unit) -> dict[str, float]:
    ended = text.rstrip("\"'”’)]").endswith((".", "!", "?"))
    return {
        "refers_back": float(bool(REFERS_BACK.match(text)) and unit.first > 0),
        "fragment": float(not ended and not unit.is_list),
        "list": float(unit.is_list),
    }


def _kind(kind: str, heading_similarity: float) -> dict[str, float]:
    return {
        "faq": float(kind == "faq"),
        "faq_match": heading_similarity if kind in ("faq", "reality") else 0.0,
        "reality": float(kind == "reality"),
        "takeaway": float(kind == "takeaways"),
        "notice": float(kind == "notice"),
        "reference": float(kind == "references"),
        "belief": float(kind == "belief"),
    }


def _fit(question: Question, text: str) -> dict[str, float]:
    """Return how the sentence fits the kind of answer wanted."""
    kinds = question.kinds
    year, number = bool(_YEAR.search(text)), bool(_NUMBER.search(text))
    person, reason = bool(_PERSON.search(text)), bool(_REASON.search(text))
    defines = _defines(question, text)
    wanted = {
        "when": year,
        "count": number,
        "who": person,
        "why": reason,
        "where": bool(_PLACE.search(text)),
        "define": defines,
    }
    asked = [met for kind, met in wanted.items() if kind in kinds]
    return {
        "type_match": float(any(asked)),
        "type_miss": float(bool(asked) and not any(asked)),
        "definition": float("define" in kinds and defines),
        "reason": float("why" in kinds and reason),
        "number": float("count" in kinds and number),
        "year": float("when" in kinds and year),
        "person": float("who" in kinds and person),
        "subject_first": _subject_first(question, text),
    }


def _defines(question: Question, text: str) -> bool:
    """Tell whether the text opens as "SUBJECT is a ..." or "SUBJECT stands for ..."."""
    match = _COPULA.search(text[:90])
    if match is None or len(text[: match.start()].split()) > 6:
        return False
    return bool(term_set(text[: match.start()]) & set(question.subject))


def _subject_first(question: Question, text: str) -> float:
    opening = term_set(text[: max(40, len(text) // 4)])
    wanted = set(question.subject)
    return len(opening & wanted) / math.sqrt(len(wanted) * max(1, len(opening))) if wanted else 0.0
