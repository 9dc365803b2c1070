"""Claim -> the sentences that may bear on it, as premises for the verifier.

A sentence is read with what it needs to be understood: the sentence that it refers back to, the
question that it answers, the myth that it corrects. What is quoted is always the slice alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.features import Candidate, coverage
from assistant.answering.question import Question, read_question
from assistant.answering.retrieve import Retrieved, Retriever
from assistant.answering.rewrite import rewrite
from assistant.answering.select import is_situation
from assistant.claims.turned import is_statement
from assistant.datatypes import Passage
from assistant.words import term_set

PREMISES = 12
_SHORTLIST = 20  # sentences of which these are chosen
_ITEMS = 3
_MENTIONS_ONLY = ("belief", "notice", "references", "furniture")
_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|may|might|must)\b",
    re.IGNORECASE,
)
_CASTS_DOUBT = re.compile(
    r"\b(?:false|myths?|not?|never|none|cannot|un(?:true|likely|proven)|in(?:correct|valid)|wrong"
    r"|mis(?:taken|conceptions?|beliefs?|leading)|rumou?rs?|alleg\w+|claim(?:s|ed)?|suppos\w+"
    r"|believ\w+|thinks?|thought|hypothes\w+|may|might|could|would|if|unless)\b|n['’]t\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:claims? that|claimed (?:that|to)|praising|supposedly|allegedly|reportedly|so-called"
    r"|it is said|rumou?rs?|legend has it|(?:was|were) once (?:thought|believed)"
    r"|(?:blogs?|posts?|headlines?|videos?|ads?) (?:\w+ )?(?:claims?|says?|suggests?|promises?)"
    r"|(?:people|many|some|readers|they) (?:think|believe|assume|say|hear|conclude)"
    r"|(?:false|mistaken|wrong|misleading) (?:idea|belief|impression|image|claim))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Premise:
    """A slice of a passage, the text it is judged as, and what was measured of it.

    ``myth`` is set where the slice is the reality to a myth; ``stated`` is False where the text
    only reports what others say, so that it supports nothing.
    """

    passage: Passage
    start: int
    end: int
    text: str
    context: str
    similarity: float
    cover: float
    match: float
    stated: bool = True
    myth: str = ""

    @property
    def quote(self) -> str:
        """The exact slice of the document."""
        return self.passage.slice(self.start, self.end)


def premises_for(
    claim: str, retriever: Retriever, aliases: dict[str, tuple[str, ...]]
) -> tuple[Question, list[Premise]]:
    """Return the claim's terms and the sentences nearest to it, best first, none twice.

    Raises:
        QuestionError: When the claim cannot be searched for.
    """
    searched = rewrite(claim, retriever.index, aliases, retriever.encoder.is_common)
    question = read_question(searched.text)
    retrieved = retriever.retrieve(question, shortlist=_SHORTLIST)
    return question, _premises(question, retrieved, retriever)


def _premises(question: Question, retrieved: Retrieved, retriever: Retriever) -> list[Premise]:
    ranked = sorted(retrieved.candidates, key=lambda c: (-_nearness(c), c.hit.row, c.unit.first))
    weights = {term: retriever.idf(term) for term in question.subject}
    found: dict[str, Premise] = {}
    for candidate in ranked:
        similarities = retriever.index.sentence_vectors(candidate.hit.row) @ retrieved.asked.vector
        for premise in _of_unit(candidate, similarities.tolist(), weights):
            # A copy in another document counts once.
            found.setdefault(" ".join(premise.quote.casefold().split()), premise)
        if len(found) >= PREMISES:
            break
    return list(found.values())[:PREMISES]


def _nearness(candidate: Candidate) -> float:
    v = candidate.values
    return v["similarity"] + v["maxsim_content"] + 0.5 * v["cover_context"] + 0.3 * v["faq_match"]


def _of_unit(
    candidate: Candidate, similarities: list[float], weights: dict[str, float]
) -> list[Premise]:
    """Return a premise for a sentence; for a list one for each of its best items."""
    unit = candidate.unit
    members = list(range(unit.first, unit.last + 1))
    if not unit.is_list:
        return [_premise(candidate, members[0], similarities[members[0]], weights)]
    members.sort(key=lambda at: (-similarities[at], at))
    return [_premise(candidate, at, similarities[at], weights) for at in members[:_ITEMS]]


def _premise(
    candidate: Candidate, at: int, similarity: float, weights: dict[str, float]
) -> Premise:
    passage = candidate.hit.passage
    sentence = passage.sentences[at]
    quote = passage.slice(sentence.start, sentence.end)
    before = _before(candidate, at)
    heading = passage.heading[-1] if passage.heading else ""
    # The first sentence of an answer may need its question ("Yes, in some cells."), others do not.
    answers = passage.kind == "faq" and not at and _YES_OR_NO.match(heading)
    question = heading if answers and heading.endswith("?") else ""
    # A whole sentence in a list is clearer without the line that leads into the list, unless
    # that line says how it is meant ("The following are false:").
    alone = candidate.unit.is_list and is_statement(quote) and not _CASTS_DOUBT.search(before)
    lead = "" if alone else before
    text = " ".join(part for part in (question, lead, quote) if part)
    announces = quote.endswith(":")  # what a list's lead names is stated in its items
    reported = announces or passage.kind in _MENTIONS_ONLY or is_situation(candidate)
    own = coverage(weights, term_set(text))
    within = 0.9 * coverage(weights, term_set(f"{passage.context} {text}"))
    myth = heading.removeprefix("Myth: ") if passage.kind == "reality" else ""
    context = f"{passage.context} {before}"
    return Premise(
        passage, sentence.start, sentence.end, text, context, similarity, max(own, within),
        candidate.values["maxsim_content"], not reported, myth,
    )  # fmt: skip


def _before(candidate: Candidate, at: int) -> str:
    """Return what a sentence is read after: the list's lead, or the sentence it refers back to."""
    passage, unit = candidate.hit.passage, candidate.unit
    if unit.is_list:
        lead = unit.lead or passage.slice(
            passage.sentences[unit.first].start, passage.sentences[unit.first].end
        )
        return lead if at != unit.first or unit.lead else ""
    if candidate.values["refers_back"] and at:
        before = passage.sentences[at - 1]
        return passage.slice(before.start, before.end)
    return ""


def is_hearsay(premise: Premise, claim: str) -> bool:
    """Tell whether a sentence reports what others say, unless the claim itself is about that."""
    return bool(_HEARSAY.search(premise.quote)) and not _HEARSAY.search(claim)


def myths_of(premises: Sequence[Premise]) -> list[str]:
    """Return the myths whose reality is among the premises, each once."""
    return list(dict.fromkeys(p.myth for p in premises if p.myth))
