"""Candidates -> the few slices of the documents that answer the question.

The best sentences by a learned linear score; a sentence that needs its predecessor is joined
with it; a list is given whole; sentences that say the same in several documents become one
selection with several sources. Nothing is rewritten: a selection is a range of a passage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.features import REFERS_BACK, Candidate
from assistant.answering.intents import asks_for
from assistant.answering.learned import load_model
from assistant.answering.question import Question
from assistant.answering.units import units_of
from assistant.datatypes import Passage

MAX_SELECTIONS = 3
_MAX_SENTENCES = 4
_MAX_PARTS = 6  # where a question asks for all of a known part
_MIN_PROBABILITY = 0.01  # of the softmax over the candidates, as the weights were learned
_ENOUGH = 0.9
_ALSO = 4  # further sources of one statement
_HEADING_WEIGHT, _HEADING_FROM = 2.0, 0.3
_ENTRY_WEIGHT, _ENTRY_FROM = 3.0, 0.5
_DEFINITION, _LIST = 1.5, 2.0
_SITUATION = 6.0
_ASKED_FOR = 3.0
_RARELY_ASKED = {"belief": 3.0, "references": 1.5, "notice": 0.5}
_SHORT_ENTRY = 3  # sentences of a FAQ answer or a reality that are shown together
_WORDING = re.compile(r"[-−+<>≤≥]?\d[\w.,%]*\w|[-−+<>≤≥]?\d|[^\W\d_][\w'’-]*|[%°]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_ARTICLES = frozenset({"a", "an", "the"})
_COMMENT = re.compile(r"\b(what to (notice|look for)|why (it|this) matters)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """A range of one passage's text chosen for the answer, and where the same is said."""

    passage: Passage
    start: int
    end: int
    score: float
    sentences: int = 1
    also: tuple[Selection, ...] = ()

    @property
    def text(self) -> str:
        """The exact slice of the document."""
        return self.passage.slice(self.start, self.end)


def best_of(selections: Sequence[Selection]) -> Selection:
    """Return the selection with the greatest score, the first of equals."""
    return max(selections, key=lambda selection: selection.score)


def rank(question: Question, candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
    """Return the candidates with their scores, best first; ties by place in the corpus."""
    model = load_model("select")
    scored = [(model.score(c.values) + _structure(question, c), c) for c in candidates]
    return sorted(scored, key=lambda sc: (-sc[0], sc[1].hit.row, sc[1].unit.first))


def _structure(question: Question, candidate: Candidate) -> float:
    """Return what structure says of a unit and the learning data cannot: weights set by hand."""
    values, kind = candidate.values, candidate.hit.passage.kind
    score = _HEADING_WEIGHT * max(0.0, values["heading"] - _HEADING_FROM)
    # How near the question is to an entry's own question, or to the myth that it denies.
    score += _ENTRY_WEIGHT * max(0.0, values["faq_match"] - _ENTRY_FROM)
    score += _DEFINITION * values["definition"]
    if values["list"] and {"list", "order"} & set(question.kinds):
        score += _LIST
    if is_situation(candidate):
        score -= _SITUATION  # what happens in a scenario is told, not stated
    if asks_for(question.text, candidate.hit.passage):
        return score + _ASKED_FOR
    return score - _RARELY_ASKED.get(kind, 0.0)


def is_situation(candidate: Candidate) -> bool:
    """Tell whether a sentence tells what happens in a scenario, before it is commented on."""
    passage = candidate.hit.passage
    if passage.kind != "scenario":
        return False
    after = candidate.unit.end - passage.start
    return _COMMENT.search(passage.text, after) is not None and not _COMMENT.search(
        passage.text[:after]
    )


def select(
    question: Question,
    ranked: Sequence[tuple[float, Candidate]],
    repeats: Sequence[Candidate] = (),
) -> list[Selection]:
    """Return at most MAX_SELECTIONS selections, in the order of their scores.

    Args:
        question: The question asked.
        ranked: The candidates with their scores, best first.
        repeats: Sentences that say the same elsewhere: not chosen, but named as sources.
    """
    if not ranked:
        return []
    best = ranked[0][0]
    total = sum(math.exp(score - best) for score, _ in ranked)
    chosen: list[Selection] = []
    seen = 0.0
    for score, candidate in ranked:
        probability = math.exp(score - best) / total
        if chosen and (probability < _MIN_PROBABILITY or seen >= _ENOUGH):
            break
        seen += probability
        selection = _grow(candidate, score)
        if _merge(chosen, selection):
            continue
        if chosen and not _fits(question, chosen, selection):
            break
        chosen.append(selection)
        led = _led_list(candidate, score)
        if led is not None and not _merge(chosen, led):
            chosen.append(led)
    elsewhere = [*(candidate for _, candidate in ranked), *repeats]
    return [_with_sources(selection, elsewhere) for selection in chosen]


def _led_list(candidate: Candidate, score: float) -> Selection | None:
    """Return the list that a sentence announces from some way before it, None without one."""
    passage = candidate.hit.passage
    for unit in units_of(passage):
        if unit.is_list and unit.lead and unit.lead == candidate.text and ":" in unit.lead:
            return Selection(passage, unit.start, unit.end, score, 2)
    return None


def _fits(question: Question, chosen: Sequence[Selection], new: Selection) -> bool:
    """Tell whether one more selection is within what an answer may hold."""
    if "list" in question.kinds and asks_for(question.text, new.passage):
        return len(chosen) < _MAX_PARTS  # all the myths, all the takeaways
    shown = sum(selection.sentences for selection in chosen)
    return len(chosen) < MAX_SELECTIONS and shown + new.sentences <= _MAX_SENTENCES


def _with_sources(selection: Selection, candidates: Sequence[Candidate]) -> Selection:
    """Add the other documents, one place each, where the same is said."""
    also = list(selection.also)
    named = {selection.passage.doc_id, *(s.passage.doc_id for s in also)}
    for candidate in candidates:
        passage, unit = candidate.hit.passage, candidate.unit
        if len(also) == _ALSO:
            break
        source = Selection(passage, unit.start, unit.end, selection.score)
        if passage.doc_id not in named and _same_statement(selection, source):
            named.add(passage.doc_id)
            also.append(source)
    return replace(selection, also=tuple(also))


def _grow(candidate: Candidate, score: float) -> Selection:
    """Widen a unit to its short entry, or back to the sentence it refers to."""
    passage, unit = candidate.hit.passage, candidate.unit
    if passage.kind in ("faq", "reality") and len(passage.sentences) <= _SHORT_ENTRY:
        return Selection(passage, passage.start, passage.end, score, len(passage.sentences))
    if unit.is_list:
        return Selection(passage, unit.start, unit.end, score, 2)
    start, count = unit.start, 1
    if candidate.values["refers_back"]:
        before = passage.sentences[unit.first - 1]
        if before.list_start < 0 and passage.sentences[unit.first].list_start < 0:
            start, count = before.start, 2
    return Selection(passage, start, unit.end, score, count)


def _merge(chosen: list[Selection], new: Selection) -> bool:
    """Fold a selection into one already chosen when it overlaps, adjoins or repeats it."""
    for at, old in enumerate(chosen):
        if old.passage.doc_id == new.passage.doc_id:
            if new.start < old.end and old.start < new.end:
                chosen[at] = _joined(old, new) if old.passage == new.passage else old
                return True
            if old.passage == new.passage and _adjoin(old, new):
                chosen[at] = replace(_joined(old, new), sentences=old.sentences + new.sentences)
                return True
        if _same_statement(old, new):
            if old.passage.doc_id != new.passage.doc_id:
                chosen[at] = replace(old, also=(*old.also, new))
            return True
    return False


def _joined(old: Selection, new: Selection) -> Selection:
    return replace(
        old,
        start=min(old.start, new.start),
        end=max(old.end, new.end),
        sentences=max(old.sentences, new.sentences),
    )


def _adjoin(old: Selection, new: Selection) -> bool:
    first, second = (old, new) if old.start < new.start else (new, old)
    return first.passage.slice(first.end, second.start).strip() in ("", "-", "•")


def _same_statement(one: Selection, other: Selection) -> bool:
    """Tell whether two texts say the same word for word, one perhaps with more sentences.

    Only articles, case and punctuation may differ: one word in place of another, or the same
    words in another order, can say the contrary. "It is safe." says so of what it stands under.
    """
    a, b = _wordings(one.text), _wordings(other.text)
    if not (a and b and (a <= b or b <= a)):
        return False
    alone = not any(REFERS_BACK.match(selection.text) for selection in (one, other))
    return alone or _under(one.passage) == _under(other.passage)


def _under(passage: Passage) -> str:
    return passage.heading[-1] if passage.heading else passage.title


def _wordings(text: str) -> frozenset[tuple[str, ...]]:
    """Return the words of each sentence in order."""
    found = (
        tuple(word for word in _WORDING.findall(part.casefold()) if word not in _ARTICLES)
        for part in _SENTENCE_END.split(text)
    )
    return frozenset(words for words in found if words)
