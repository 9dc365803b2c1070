"""How sure the assistant is that the documents answer the question: a probability.

Features over what was retrieved and what was chosen, weighed by a learned logistic model.
It judges whether the answer stands in the documents, not whether the documents are right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean, pstdev

from assistant.answering.features import Candidate, Idf, coverage
from assistant.answering.learned import load_model
from assistant.answering.quantity import misses_quantity
from assistant.answering.question import FRAME, Question
from assistant.answering.retrieve import Retrieved
from assistant.words import stem, term_set

NAMES = (
    "best_similarity", "chosen_similarity", "best_maxsim", "chosen_maxsim", "best_content",
    "chosen_content", "second_content", "passage_cosine", "passage_gap", "passage_spread",
    "sentence_gap", "agree", "lexical", "chosen_cover", "context_cover", "unknown", "unknown_name",
    "rarest_missing", "heading_match", "few_terms", "number_missing", "type_miss", "margin",
    "weakest", "weakest_unknown", "unknown_rare", "quantity_missing",
)  # fmt: skip

_LIKE = 0.45  # cosine of token states; words said otherwise have more, as a rule


def measure_coverage(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[tuple[float, Candidate]],
    idf: Idf,
    frequency: Mapping[str, int],
) -> dict[str, float]:
    """Return the features of a question's coverage by name.

    Args:
        question: The question.
        retrieved: What was found for it.
        ranked: Candidates with scores, best first; not empty.
        idf: Inverse document frequency of a term.
        frequency: Number of passages each subject term occurs in.
    """
    weights = {term: idf(term) for term in question.subject}
    best = ranked[0][1]
    top = [candidate for _, candidate in ranked[:5]]
    similarities = sorted((c.values["similarity"] for c in retrieved.candidates), reverse=True)
    cosines = sorted((hit.dense for hit in retrieved.hits), reverse=True)
    leading = retrieved.hits[0]
    shown = set().union(*(c.found for c in top[:3]))
    unknown = {t for t in weights if frequency[t] == 0}
    known = [t for t in weights if t not in unknown]
    rarest = max(known, key=lambda t: (weights[t], t), default="")
    possible = sum(weights[t] for t in known) * 2.2  # BM25's term weight saturates at k1 + 1
    contents = sorted((c.values["maxsim_content"] for c in retrieved.candidates), reverse=True)
    names = {t for t in unknown if question.is_name(t)}
    met = _met(retrieved, ranked)
    strange = [
        (word, score)
        for word, score in zip(retrieved.words, met, strict=True)
        if unknown.intersection(term_set(word.text)) and stem(word.text) not in FRAME
    ]
    shown_text = " ".join(f"{c.unit.lead} {c.text}" for c in top[:3])
    best_text_terms = term_set(best.hit.passage.context) | term_set(best.hit.passage.text)
    return {
        "best_similarity": similarities[0],
        "chosen_similarity": best.values["similarity"],
        "chosen_cover": coverage(weights, best.found),
        "context_cover": coverage(weights, best_text_terms),
        "best_maxsim": max(c.values["maxsim"] for c in retrieved.candidates),
        "chosen_maxsim": best.values["maxsim"],
        "best_content": contents[0],
        "chosen_content": best.values["maxsim_content"],
        "second_content": contents[min(2, len(contents) - 1)],
        "passage_cosine": cosines[0],
        "passage_spread": (cosines[0] - fmean(cosines)) / (pstdev(cosines) + 0.02),
        "unknown_name": float(bool(names)),
        "weakest": min(met, default=0.0),
        "weakest_unknown": min((score for _, score in strange), default=1.0),
        "unknown_rare": float(any(len(word.pieces) > 1 for word, _ in strange)),
        "quantity_missing": float(misses_quantity(question.text, shown_text)),
        "margin": ranked[0][0] - ranked[min(3, len(ranked) - 1)][0],
        "passage_gap": cosines[0] - cosines[len(cosines) // 2],
        "sentence_gap": similarities[0] - similarities[len(similarities) // 2],
        "agree": float(leading.dense_rank == 0 and leading.sparse_rank == 0),
        "lexical": min(1.0, leading.sparse / possible) if possible else 0.0,
        "unknown": sum(weights[t] for t in unknown) / max(1e-9, sum(weights.values())),
        "rarest_missing": float(bool(rarest) and rarest not in shown),
        "heading_match": max(c.values["faq_match"] for c in top),
        "few_terms": 1 / (1 + len(weights)),
        "number_missing": float(any(n not in best_text_terms for n in question.numbers)),
        "type_miss": best.values["type_miss"],
    }


def strange_pair(
    retrieved: Retrieved, ranked: Sequence[tuple[float, Candidate]], known: Callable[[str], int]
) -> tuple[str, ...]:
    """Return the terms of two words side by side that the documents lack in any wording.

    Each alone may only be said in another way ("pill" for "tablet"), which late interaction
    sees; where it finds nothing like either, "green tea" is as unknown as a name.

    Args:
        retrieved: What was found for a question.
        ranked: Candidates with scores, best first; not empty.
        known: In how many passages a term occurs.
    """
    met = _met(retrieved, ranked)
    strange = [
        score < _LIKE and not any(known(term) for term in term_set(word.text))
        for word, score in zip(retrieved.words, met, strict=True)
    ]
    for at, (first, second) in enumerate(pairwise(retrieved.words)):
        if strange[at] and strange[at + 1] and first.pieces[-1] + 1 == second.pieces[0]:
            return tuple(sorted(term_set(f"{first.text} {second.text}")))
    return ()


def _met(retrieved: Retrieved, ranked: Sequence[tuple[float, Candidate]]) -> list[float]:
    """Return for each content word of the question how near the best sentences come to it."""
    top = [candidate for _, candidate in ranked[:3]]
    return [max(c.matches[n] for c in top) for n in range(len(retrieved.words))]


def probability(values: Mapping[str, float]) -> float:
    """Return the calibrated probability that the question is covered."""
    return load_model("coverage").probability(values)
