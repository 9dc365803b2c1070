"""The rows the verifier is trained on and measured with: (first text, second text, target).

Claim rows are (premise, claim) with one of the four labels of the public sets; answer rows
are (question, window of a text) with whether the window answers the question.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.models.reference import ReferenceEncoder
from assistant.words import term_set
from training.answer_rows import answer_rows, squad_rows
from training.claim_edits import (
    NEUTRAL,
    REFUTED,
    SUPPORTED,
    Edit,
    Pair,
    claim_of,
    edited_pairs,
    names_of,
    negate,
    number,
    opposite,
    other_name,
    overstate,
)
from training.claim_templates import make_pair
from training.rows import TARGETS, Row, read_gz, sentences_of
from training.written_rows import is_held_out, unrelated_rows, written_rows

_HELD_OUT_CLAIMS = 120
# Conclusions that speak of the work rather than of what it found are no claims.
_ABOUT_ITSELF = re.compile(
    r"^(?:our|these|this|the (?:findings|results|present|study)|we|it)\b|insight|future"
    r"|further (?:stud|res)"
    r"|warrant|implications|these (?:results|findings|data)|copyright|rights reserved|funding",
    re.IGNORECASE,
)  # fmt: skip
_REPEATS = {
    "snli": 1.5, "breaking_nli": 0.45, "hans": 0.7, "scifact": 3, "fm2": 2, "mnli": 3,
    "negation_nli_mnli": 3, "negation_nli_snli": 2, "conjnli": 2, "med": 1.2, "scone": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mix:
    """Which shares of the first stage's rows come again, how often the written ones come.

    ``earlier`` is the share of the first ``known`` written lines, ``later`` that of the others,
    ``scientific`` that of SciFact's pairs where it differs from that of the public ones;
    ``unrelated`` adds the written claims and questions on sentences about something else.
    """

    public: float
    generated: float
    answers: float
    written: int
    questions: bool
    earlier: float = 1.0
    later: float = 0.0
    known: int = 8_153
    scientific: float | None = None
    unrelated: bool = False


_MIXES = {
    2: _Mix(0.45, 0.45, 0.45, 3, True), 3: _Mix(0.08, 0.08, 0.4, 1, False),
    4: _Mix(0.4, 0.15, 0.2, 2, False), 5: _Mix(0.1, 0.02, 0.6, 1, True),
    6: _Mix(0.1, 0.02, 0.15, 1, True, earlier=0.15, later=1.0, scientific=0.6),
    7: _Mix(
        0.2, 0.02, 0.15, 1, True, earlier=0.3, later=1.0, scientific=0.6, unrelated=True
    ),
    8: _Mix(
        0.2, 0.02, 0.15, 1, True, earlier=0.2, later=1.0, known=15_280, scientific=0.6,
        unrelated=True,
    ),
}  # fmt: skip


def training_rows(data: Path, rng: random.Random, stage: int) -> list[Row]:
    """Return the rows of a stage, repeated as often as each set deserves, shuffled.

    The first stage takes all public and generated pairs; the others those written for single
    passages and a part of the first stage's again, so that they are not forgotten.
    """
    mix = _MIXES.get(stage)
    parts = list(_public(data, rng)), list(_generated(data, rng)), list(answer_rows(data, rng))
    if mix is None:
        rows = [row for part in parts for row in part]
    else:
        shares = (mix.public, mix.generated, mix.answers)
        special = {} if mix.scientific is None else {"scifact": mix.scientific}
        rows = [
            row for part, share in zip(parts, shares, strict=True)
            for row in part if rng.random() < special.get(row.source, share)
        ]  # fmt: skip
        for _ in range(mix.written):
            rows.extend(
                row for n, row in written_rows(data, rng)
                if not is_held_out(n) and (mix.questions or row.source == "written")
                and rng.random() < (mix.earlier if n < mix.known else mix.later)
            )  # fmt: skip
        if mix.unrelated:
            rows.extend(
                row for n, row in unrelated_rows(data, rng)
                if not is_held_out(n)
                and rng.random() < (mix.earlier if n < mix.known else mix.later)
            )  # fmt: skip
    rng.shuffle(rows)
    return rows


def development_rows(data: Path) -> list[Row]:
    """Return the rows never trained on: the development sets, held-out claims and articles."""
    rows = [
        Row(r["premise"], r["hypothesis"], TARGETS[r["label"]], r["source"])
        for r in read_gz(data / "nli" / "dev.jsonl.gz")
    ]
    numbers = _held_out_claims(data)
    for record in read_gz(data / "scifact_claims" / "pairs.jsonl.gz"):
        if _claim_number(record) in numbers:
            target = TARGETS[record["label"]]
            rows.append(Row(record["premise"], record["hypothesis"], target, "scifact"))
    rng = random.Random(5)
    rows.extend(r for n, r in written_rows(data, rng) if is_held_out(n))
    rows.extend(r for n, r in unrelated_rows(data, rng) if is_held_out(n))
    rows.extend(r for r in squad_rows(data, rng, held_out=True) if r.source == "answers")
    return rows


def _claim_number(record: dict[str, Any]) -> int:
    return int(re.findall(r"\d+", str(record["id"]))[0])  # "scifact-12-34-r0"


def _held_out_claims(data: Path) -> set[int]:
    with (data / "scifact_claims" / "claims_train.jsonl").open(encoding="utf-8") as lines:
        numbers = sorted(json.loads(line)["id"] for line in lines)
    return set(random.Random(0).sample(numbers, _HELD_OUT_CLAIMS))


def _public(data: Path, rng: random.Random) -> Iterator[Row]:
    numbers = _held_out_claims(data)
    held_out = {
        r["hypothesis"]
        for r in read_gz(data / "scifact_claims" / "pairs.jsonl.gz")
        if _claim_number(r) in numbers
    }
    for r in read_gz(data / "nli" / "train.jsonl.gz"):
        if r["source"] == "scifact" and r["hypothesis"] in held_out:
            continue
        times = _REPEATS[r["source"]]
        if r["source"] == "scifact" and r["label"] == NEUTRAL:
            times = 1.5
        for _ in range(int(times) + (rng.random() < times % 1)):
            yield Row(r["premise"], r["hypothesis"], TARGETS[r["label"]], r["source"])


# --- pairs made from abstracts ---------------------------------------------------------------


def _generated(data: Path, rng: random.Random) -> Iterator[Row]:
    abstracts = read_gz(data / "scifact" / "corpus.jsonl.gz")
    names = sorted({n for a in abstracts for n in names_of(a["text"]) if 2 < len(n) < 10})
    with (data / "answerability" / "paragraphs.jsonl").open(encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in lines]
    pairs: list[tuple[Pair, str]] = [((make_pair(names, rng)), "made") for _ in range(26_000)]
    sentences = [s for a in abstracts for s in sentences_of(a["text"])]
    sentences = [s for s in sentences if 6 <= len(s.split()) <= 36]
    for sentence in rng.sample(sentences, 13_000):
        pairs.extend((p, "edited") for p in edited_pairs(sentence, names, rng))
    for text in articles:
        for sentence in sentences_of(text):
            if 6 <= len(sentence.split()) <= 36:
                pairs.extend((p, "edited") for p in edited_pairs(sentence, names, rng))
    pairs.extend((p, "abstracts") for p in _abstract_pairs(abstracts, names, rng))
    for (premise, claim, label), source in pairs:
        yield Row(premise, claim, TARGETS[label], source)


def _abstract_pairs(
    abstracts: list[dict[str, Any]], names: list[str], rng: random.Random
) -> Iterator[Pair]:
    """Titles and conclusions as claims on the abstract that they sum up, and on a neighbour."""
    vectors = ReferenceEncoder().encode([a["title"] for a in abstracts])
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -1)
    for row, abstract in enumerate(abstracts):
        sentences = sentences_of(abstract["text"])
        if len(sentences) < 4:
            continue
        neighbour = int(rng.choice(np.argsort(-similar[row])[:6].tolist()))
        others = sentences_of(abstracts[neighbour]["text"]) or sentences
        claims = [(claim_of(abstract["title"]), sentences)]
        conclusion = claim_of(sentences[-1])
        if 8 <= len(conclusion.split()) <= 40 and not _ABOUT_ITSELF.search(conclusion):
            claims.append((conclusion, sentences[:-1]))
        for claim, body in claims:
            if 6 <= len(claim.split()) <= 40 and "?" not in claim:
                yield from _claimed(claim, _nearest_window(claim, body), others, names, rng)


def _claimed(
    claim: str, window: str, others: list[str], names: list[str], rng: random.Random
) -> Iterator[Pair]:
    """Yield a claim and its changed forms on its own window and on a neighbour's."""
    edits: list[Edit] = [opposite, opposite, negate, number]
    changed = rng.choice(edits)(claim, rng) or opposite(claim, rng) or negate(claim, rng)
    other_names = other_name(names)
    for share, text, label in (
        (0.75, claim, SUPPORTED),
        (1.0, changed, REFUTED),
        (0.3, overstate(claim, rng), NEUTRAL),
        (0.2, other_names(claim, rng), NEUTRAL),
    ):
        if text and rng.random() < share:
            yield window, text, label
    stray = changed if changed and rng.random() < 0.4 else claim
    if rng.random() < 0.7:
        yield _nearest_window(stray, others), stray, NEUTRAL


def _nearest_window(claim: str, sentences: list[str], width: int = 2) -> str:
    wanted = term_set(claim)
    starts = range(max(1, len(sentences) - width + 1))
    windows = [" ".join(sentences[at : at + width]) for at in starts]
    return max(windows, key=lambda w: len(wanted & term_set(w)) / (8 + len(term_set(w))) ** 0.5)
