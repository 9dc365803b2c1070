"""A claim and the sentences near it -> what each says of it, each source, and all together.

Each sentence is judged by the verifier; the guards veto support; structure counts: the reality
under a myth refutes the myth, what is only reported supports nothing. How much a judgement
counts depends on how much of the claim the sentence is about.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.compose import strange_words
from assistant.answering.question import Question
from assistant.answering.retrieve import Retriever
from assistant.claims.decide import Judged, contrary, decide, relevances, stance_of
from assistant.claims.evidence import Premise, is_hearsay, myths_of, premises_for
from assistant.claims.guards import vetoes
from assistant.claims.lexicon import form_of
from assistant.claims.read import Claim, read_claim
from assistant.datatypes import (
    Citation,
    CorpusInfo,
    Evidence,
    Notice,
    SourceLabel,
    Vectors,
    Verdict,
    VerdictLabel,
)
from assistant.errors import REBUILD, IndexStateError
from assistant.protocols import Verifier
from assistant.words import term_set

SHOWN = 5
_MENTIONS = 2  # beside sentences that decide
_SHORTEST_MENTION = 4  # words
_WANTED: dict[VerdictLabel, tuple[str, ...]] = {
    "supported": ("supports",),
    "refuted": ("refutes",),
    "disputed": ("supports", "refutes"),
}
_GENERAL = re.compile(r"(?:ability|ibility|arity|arcity|ivity|tory|keep)s?$")
_SAID = (1.0, 0.0, 0.0)  # a sentence that is the claim, word for word, needs no judging
_SAME_WORDS = 0.6  # Jaccard index of a claim's and a myth's
_MENTION_FROM = 0.35  # cosine from which a sentence is near enough to be shown


@dataclass(frozen=True, slots=True)
class Checker:
    """What a claim is checked with."""

    retriever: Retriever
    verifier: Verifier
    info: CorpusInfo


def check_claim(raw: str, checker: Checker, claim_id: str = "") -> Verdict:
    """Return what the documents say of a claim.

    Raises:
        QuestionError: When the claim is empty, too long or without a word.
    """
    claim = read_claim(raw)
    identity = (
        claim_id or hashlib.sha256(claim.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    )
    if claim.problem:
        return _undecided(claim, checker, identity)
    if claim.parts:
        return _compound(claim, checker, identity)
    return _simple(claim, checker, identity)


def _undecided(claim: Claim, checker: Checker, identity: str) -> Verdict:
    return Verdict(
        id=identity, claim=claim.typed or claim.text, checked_claim=claim.text,
        label="not_enough_info",
        confidence=0.0, evidence=(), sources=(), disclaimer=checker.info.disclaimer,
        notices=(Notice("claim", "info", claim.problem),),
    )  # fmt: skip


def _compound(claim: Claim, checker: Checker, identity: str) -> Verdict:
    """Check each part: all supported is supported, one refuted is refuted."""
    parts = tuple(
        _simple(Claim(text), checker, f"{identity}-{number}")
        for number, text in enumerate(claim.parts, start=1)
    )
    labels = [part.label for part in parts]
    label: VerdictLabel = "not_enough_info"
    if "refuted" in labels:
        label = "refuted"
    elif "disputed" in labels:
        label = "disputed"
    elif all(found == "supported" for found in labels):
        label = "supported"
    sure = [part.confidence for part in parts if part.label == label]
    confidence = min(sure) if label == "supported" else max(sure, default=0.0)
    evidence = _renumbered(
        [e for p in sorted(parts, key=lambda p: p.label != label) for e in p.evidence]
    )
    notices = tuple(dict.fromkeys(n for p in parts for n in p.notices))
    return Verdict(
        id=identity, claim=claim.typed or claim.text, checked_claim=claim.text,
        label=label, confidence=confidence,
        evidence=evidence, sources=_merged([s for p in parts for s in p.sources]),
        disclaimer=checker.info.disclaimer, parts=parts,
        notices=(*_remarks(claim), *notices),
    )  # fmt: skip


def _renumbered(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Number the citations of all parts from 1; a sentence of the same stance is shown once."""
    unique: dict[tuple[str, int, str], Evidence] = {}
    for found in evidence:
        unique.setdefault((found.citation.doc_id, found.citation.start, found.stance), found)
    return tuple(
        replace(found, citation=replace(found.citation, number=number))
        for number, found in enumerate(unique.values(), start=1)
    )


def _merged(sources: Sequence[SourceLabel]) -> tuple[SourceLabel, ...]:
    by_source: dict[str, list[SourceLabel]] = {}
    for source in sources:
        by_source.setdefault(source.doc_id, []).append(source)
    merged = []
    for group in by_source.values():
        labels = {s.label for s in group}
        label: VerdictLabel = group[0].label if len(labels) == 1 else "not_enough_info"
        if "refuted" in labels:
            label = "refuted"
        elif "disputed" in labels:
            label = "disputed"
        merged.append(replace(group[0], label=label))
    return tuple(merged)


def _remarks(claim: Claim) -> tuple[Notice, ...]:
    return (Notice("claim", "info", claim.remark),) if claim.remark else ()


def _simple(claim: Claim, checker: Checker, identity: str) -> Verdict:
    question, premises = premises_for(claim.text, checker.retriever, checker.info.aliases)
    judged = judge(claim.text, premises, checker.verifier)
    strange = _unknown_names(question, checker.retriever)
    label, confidence = decide(judged, unknown=bool(strange))
    shown = _shown(judged, label)
    return Verdict(
        id=identity,
        claim=claim.typed or claim.text,
        checked_claim=claim.text,
        label=label,
        confidence=round(confidence, 3),
        evidence=_evidence(shown, label, checker.retriever),
        sources=_sources(judged, unknown=bool(strange)),
        disclaimer=checker.info.disclaimer,
        notices=(*_remarks(claim), *_notices(question, strange, shown)),
    )


def _says(premise: Premise, claim: str) -> bool:
    """Tell whether a sentence that needs no other to be understood is the claim itself."""
    plain = [" ".join(text.casefold().split()).rstrip(".") for text in (premise.quote, claim)]
    return premise.stated and premise.text == premise.quote and plain[0] == plain[1]


def _unknown_names(question: Question, retriever: Retriever) -> list[str]:
    """Return the words that the documents lack and that name something.

    A verb, or a word with the ending of a general one ("scarcity", "stimulatory"), says in
    other words what the documents may say: that is for the verifier to judge.
    """
    return [
        term
        for term in strange_words(question, retriever)
        if question.is_name(term)
        or not any(_GENERAL.search(w) or form_of(w) for w in question.written(term))
    ]


def judge(claim: str, premises: Sequence[Premise], verifier: Verifier) -> list[Judged]:
    """Return each premise with the verifier's probabilities and what the guards found."""
    myths = myths_of(premises)
    texts = [p.text for p in premises]
    pairs = [(text, claim) for text in (*texts, *myths)] + [(claim, myth) for myth in myths]
    chances = _chances(pairs, verifier)
    judgements = chances[: len(texts)]
    judgements[[_says(premise, claim) for premise in premises]] = _SAID
    there, back = np.split(chances[len(texts) :, 0], 2)
    likeness = {
        myth: says_myth(claim, myth, follows)
        for myth, *follows in zip(myths, there.tolist(), back.tolist(), strict=True)
    }
    judged = []
    for premise, (supports, refutes, neither), relevance in zip(
        premises, judgements.tolist(), relevances(premises), strict=True
    ):
        found = [str(v) for v in vetoes(claim, premise.text, premise.context)]
        introduced = bool(contrary(found)) and not contrary(
            [str(v) for v in vetoes(claim, premise.quote, premise.context)]
        )
        # One name may come from the heading or the sentence before, not both sides of a relation.
        unnamed = [str(v) for v in vetoes(claim, premise.quote) if v.kind == "name"]
        if len(unnamed) > 1:
            found = list(dict.fromkeys([*found, *unnamed]))
        if premise.quote.endswith(":"):
            found.append("lead: it announces a list and states nothing by itself")
        elif not premise.stated or is_hearsay(premise, claim):
            found.append("reported: what others say is not stated as a fact")
        myth = likeness.get(premise.myth, 0.0)
        judged.append(
            Judged(premise, supports, refutes, neither, relevance, tuple(found), myth, introduced)
        )
    return judged


def says_myth(claim: str, myth: str, follows: Sequence[float]) -> float:
    """Return the probability that a claim says what a myth says.

    ``follows`` are the probabilities that the claim follows from the myth and the myth from the
    claim. Both are needed, unless the words are much the same and none is contrary.
    """
    if contrary([str(veto) for veto in vetoes(claim, myth)]):
        return 0.0
    own, other = term_set(claim), term_set(myth)
    alike = len(own & other) >= _SAME_WORDS * len(own | other)
    return follows[0] if alike else min(follows)


def _chances(pairs: Sequence[tuple[str, str]], verifier: Verifier) -> Vectors:
    """Return the softmax of the three claim logits of each pair, shape (n, 3)."""
    logits = verifier.score(pairs)[:, :3]
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), dtype=np.float32)


def _shown(judged: Sequence[Judged], label: VerdictLabel) -> list[Judged]:
    """Return the sentences to show: those that decide first, then the nearest others."""
    wanted = _WANTED.get(label, ())
    first = [j for j in judged if stance_of(j) in wanted]
    others = [j for j in judged if j not in first and _is_worth_mentioning(j)]
    first.sort(key=lambda j: -j.weight)
    # The best of each side stands first, so that a dispute never loses one of its sides.
    best = [next(j for j in first if stance_of(j) == stance) for stance in wanted]
    first = [*best, *(j for j in first if j not in best)]
    others.sort(key=lambda j: -j.premise.similarity)
    mentions = _MENTIONS if first else SHOWN
    return [*first[: SHOWN - 1], *others[:mentions]]


def _is_worth_mentioning(item: Judged) -> bool:
    near = item.premise.similarity >= _MENTION_FROM
    return near and len(item.premise.quote.split()) >= _SHORTEST_MENTION


def _evidence(
    judged: Sequence[Judged], label: VerdictLabel, retriever: Retriever
) -> tuple[Evidence, ...]:
    found = []
    for number, item in enumerate(judged, start=1):
        stance = stance_of(item)
        if (
            label == "not_enough_info"
            or (label == "supported" and stance == "refutes")
            or (label == "refuted" and stance == "supports")
        ):
            stance = "mentions"  # too weak to count against the verdict
        chance = {"supports": item.support, "refutes": item.refute}.get(stance, item.neither)
        found.append(
            Evidence(stance, round(chance, 3), citation_of(item.premise, number, retriever),
                     () if stance == "supports" else item.vetoes)
        )  # fmt: skip
    return tuple(found)


def citation_of(premise: Premise, number: int, retriever: Retriever) -> Citation:
    """Return the citation of a premise's slice."""
    passage = premise.passage
    document = retriever.index.document(passage.doc_id)
    if document is None:
        raise IndexStateError(f"The document {passage.doc_id} is not in the index; {REBUILD}")
    return Citation(
        number=number, doc_id=passage.doc_id, title=passage.title, heading=passage.heading,
        quote=premise.quote, start=premise.start, end=premise.end,
        page=document.page_at(premise.start), page_unit=document.page_unit, url=document.url,
    )  # fmt: skip


def _sources(judged: Sequence[Judged], *, unknown: bool) -> tuple[SourceLabel, ...]:
    by_source: dict[str, list[Judged]] = {}
    for item in judged:
        by_source.setdefault(item.premise.passage.doc_id, []).append(item)
    return tuple(
        SourceLabel(doc_id, group[0].premise.passage.title, decide(group, unknown=unknown)[0])
        for doc_id, group in by_source.items()
        if any(_is_near(item) for item in group)
    )


def _is_near(item: Judged) -> bool:
    return item.premise.similarity >= _MENTION_FROM or stance_of(item) != "mentions"


def _notices(question: Question, strange: list[str], shown: Sequence[Judged]) -> tuple[Notice, ...]:
    notices = []
    if strange:
        notices.append(
            Notice("coverage", "info", f"The documents do not mention {question.surface(strange)}.")
        )
    for myth in dict.fromkeys(j.premise.myth for j in shown if j.is_myth):
        text = f"The document lists this as a myth: “{myth.rstrip('.')}”."
        notices.append(Notice("myth", "info", text))
    return tuple(notices)
