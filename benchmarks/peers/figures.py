"""The figures of a run, their medians, and the quality of a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median

import ir_measures
from ir_measures import nDCG


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of one system; seconds, milliseconds, MB of 2^20 bytes, nDCG in 0..100."""

    load_s: float
    documents_per_s: float
    p50_ms: float
    p95_ms: float
    ndcg: float
    index_memory_mb: float
    query_memory_mb: float
    first_s: float


def medians(rounds: Sequence[Figures]) -> Figures:
    """Return the median of each figure over the rounds.

    Raises:
        statistics.StatisticsError: When there is no round.
    """
    names = [field.name for field in fields(Figures)]
    return Figures(**{name: median(getattr(one, name) for one in rounds) for name in names})


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """Return the time below which ``share`` (0 <= share < 1) of the times lie, in milliseconds."""
    return 1000 * sorted(seconds)[int(share * len(seconds))]


def ndcg10(run: Mapping[str, Sequence[str]], judgements: Sequence[tuple[str, str, int]]) -> float:
    """Return nDCG@10 (0..100) of ranked document ids by query, as ir-measures computes it.

    Every judged query counts; one without a ranking counts 0.
    """
    scored = [
        ir_measures.ScoredDoc(query_id, doc_id, -rank)
        for query_id, ranked in run.items()
        for rank, doc_id in enumerate(dict.fromkeys(ranked))
    ]
    qrels = [ir_measures.Qrel(*judgement) for judgement in judgements]
    return 100 * float(ir_measures.calc_aggregate([nDCG @ 10], qrels, scored)[nDCG @ 10])
