"""FAQ retrieval: how high the right entry ranks, against plain similarity in the same run.

    python -m benchmarks.faq --entries FILE --queries FILE --qrels FILE
    python -m benchmarks.faq --entries FILE --pairs FILE

ENTRIES is JSON Lines or CSV of id, question, answer. QUERIES is JSON Lines with an id ("_id"
or "id") and a text ("text" or "question"); QRELS has lines of query id, entry id and score
(BEIR's form, or TREC's with four columns). PAIRS is JSON Lines of question_a, question_b, same:
each paraphrase of an entry's question is a query. Prints MRR, hit@1, hit@3 and p50 of one query
for the question alone, the answer alone, both in one text, 0.8 and 0.2 of the first two, and
the product; of the product also how often it declares a match, and how often rightly.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.faq import FaqIndex
from assistant.answering.faqdata import FaqEntry
from assistant.assistant import Assistant
from assistant.config import Settings, read_settings
from assistant.datatypes import Vectors
from assistant.protocols import Encoder

_DEPTH = 100
Ranker = Callable[[str], Sequence[str]]
Query = tuple[str, frozenset[str]]


def main() -> None:
    """Read the collection, rank every query by every method, print one row a method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=Path, required=True)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--qrels", type=Path)
    parser.add_argument("--pairs", type=Path)
    options = parser.parse_args()
    if not options.pairs and not (options.queries and options.qrels):
        parser.error("give --pairs, or --queries and --qrels")
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        corpus.mkdir()
        shutil.copy(options.entries, corpus / options.entries.name)
        base = read_settings(corpus=corpus)
        assistant = Assistant.open(Settings(corpus, Path(scratch) / "i", base.cache, base.runtime))
        faq = FaqIndex(assistant.index, assistant.encoder)
        queries = (
            _of_pairs(options.pairs, faq.entries)
            if options.pairs
            else _of_qrels(options.queries, options.qrels)
        )
        started = time.perf_counter()
        faq.search(queries[0][0])
        seconds = time.perf_counter() - started
        print(f"{len(faq.entries)} entries, {len(queries)} queries; first search {seconds:.2f} s")
        for name, ranker in _plain(assistant.encoder, faq.entries).items():
            _report(name, ranker, queries)
        _report("ours", lambda text: [h.faq_id for h in faq.search(text, _DEPTH)], queries)
        _report_matches(faq, queries)
        assistant.close()


def _plain(encoder: Encoder, entries: Sequence[FaqEntry]) -> dict[str, Ranker]:
    """Return the baselines: cosine of the model's vectors, nothing else."""
    questions = encoder.encode([e.question for e in entries])
    answers = encoder.encode([e.answer for e in entries])
    joined = encoder.encode([f"{e.question}\n{e.answer}" for e in entries])
    ids = [entry.faq_id for entry in entries]

    def by(score: Callable[[Vectors], Any]) -> Ranker:
        def rank(text: str) -> list[str]:
            scores = score(encoder.encode([text])[0])
            return [ids[at] for at in np.argsort(-scores, kind="stable")[:_DEPTH]]

        return rank

    return {
        "question": by(lambda v: questions @ v),
        "answer": by(lambda v: answers @ v),
        "one text": by(lambda v: joined @ v),
        "0.8 + 0.2": by(lambda v: 0.8 * (questions @ v) + 0.2 * (answers @ v)),
    }


def _report(name: str, ranker: Ranker, queries: Sequence[Query]) -> None:
    reciprocal, seconds = [], []
    for text, wanted in queries:
        started = time.perf_counter()
        found = ranker(text)
        seconds.append(time.perf_counter() - started)
        reciprocal.append(next((1 / n for n, i in enumerate(found, 1) if i in wanted), 0.0))
    ranks = np.array(reciprocal)
    print(
        f"{name:10} MRR {100 * ranks.mean():5.1f}  hit@1 {100 * (ranks == 1).mean():5.1f}  "
        f"hit@3 {100 * (ranks >= 1 / 3).mean():5.1f}  p50 {1000 * np.median(seconds):5.1f} ms"
    )


def _report_matches(faq: FaqIndex, queries: Sequence[Query]) -> None:
    right = matched = 0
    for text, wanted in queries:
        hit = faq.match(faq.search(text))
        matched += hit is not None
        right += hit is not None and hit.faq_id in wanted
    print(f"ours declares a match for {matched} of {len(queries)}, {right} of them right")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _of_qrels(queries: Path, qrels: Path) -> list[Query]:
    texts = {
        str(r.get("_id", r.get("id"))): r.get("text") or r["question"] for r in _lines(queries)
    }
    wanted: dict[str, set[str]] = {}
    for line in qrels.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) >= 3 and cells[-1].lstrip("-").isdigit() and int(cells[-1]) > 0:
            wanted.setdefault(cells[0], set()).add(cells[-2])
    return [(texts[key], frozenset(ids)) for key, ids in wanted.items() if key in texts]


def _of_pairs(path: Path, entries: Sequence[FaqEntry]) -> list[Query]:
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(_plainly(entry.question), set()).add(entry.faq_id)
    found: list[Query] = []
    for row in _lines(path):
        for one, other in (("question_a", "question_b"), ("question_b", "question_a")):
            wanted = ids.get(_plainly(row[one]))
            if row["same"] and wanted and _plainly(row[other]) not in ids:
                found.append((row[other], frozenset(wanted)))
    return found


def _plainly(question: str) -> str:
    return " ".join(question.split()).casefold()


if __name__ == "__main__":
    main()
