"""Run the systems' phases in processes of their own, round by round, taking turns."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.peers.collection import Collection, subset, write_corpus, write_queries
from benchmarks.peers.figures import Figures, ndcg10, percentile_ms
from benchmarks.peers.protocol import Entry

ROOT = Path(__file__).resolve().parents[2]
_TIME_LIMIT_S = 7200
_WARM_DOCUMENTS, _WARM_QUERIES = 8, 2
Say = Callable[[str], None]


class PhaseError(Exception):
    """A phase of a system failed; the message is one sentence that names its log."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A system with the Python that runs it."""

    entry: Entry
    python: Path


@dataclass(frozen=True, slots=True)
class Bench:
    """A scratch folder with a collection, and the variables under which all systems run."""

    work: Path
    collection: Collection
    environ: Mapping[str, str]
    processes: int

    def prepare(self) -> None:
        """Write the collection where the systems read it."""
        write_corpus(self.collection, self.corpus)
        write_queries(self.collection.queries, self.queries)
        (self.work / "logs").mkdir(exist_ok=True)

    @property
    def cache(self) -> Path:
        """This project's cache: the converted model, and what it remembers of a corpus."""
        return Path(self.environ["ASSISTANT_CACHE"])

    @property
    def corpus(self) -> Path:
        """The folder that is indexed."""
        return self.work / "corpus"

    @property
    def queries(self) -> Path:
        """The file of queries."""
        return self.work / "queries.jsonl"

    def index(self, one: Contestant) -> dict[str, Any]:
        """Index from nothing and return the phase's figures."""
        shutil.rmtree(self._index_of(one), ignore_errors=True)
        if not one.entry.own_environment:
            self.restore_cache()
        return self._phase(one, "index", [])

    def restore_cache(self) -> None:
        """Put this project's cache back as the warm-up left it; without one, leave it alone."""
        if _kept(self.cache).exists():
            shutil.rmtree(self.cache, ignore_errors=True)
            shutil.copytree(_kept(self.cache), self.cache)

    def query(self, one: Contestant) -> dict[str, Any]:
        """Open the index and run all queries; returns the phase's figures and the run."""
        return self._phase(one, "query", ["--queries", str(self.queries)])

    def first(self, one: Contestant) -> float:
        """Return the median seconds of a process from its start to the printed answer."""
        questions = list(self.collection.queries.values())
        seconds = []
        for number in range(self.processes):
            command = self._ask(one, questions[number % len(questions)])
            started = time.perf_counter()
            printed = self._run(one, "first", command)
            seconds.append(time.perf_counter() - started)
            if not printed.strip():
                raise PhaseError(f"{one.entry.title} is left out, because it printed no answer.")
        return sorted(seconds)[len(seconds) // 2]

    def _ask(self, one: Contestant, question: str) -> list[str]:
        if one.entry.own_environment:
            return self._worker(one, "first", ["--query", question])
        folders = ["--corpus", str(self.corpus), "--index", str(self._index_of(one))]
        return [str(one.python), "-m", "assistant", *folders, "ask", question]

    def _phase(self, one: Contestant, phase: str, more: list[str]) -> dict[str, Any]:
        out = self.work / "out.json"
        self._run(one, phase, self._worker(one, phase, [*more, "--out", str(out)]))
        figures: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        out.unlink()
        return figures

    def _worker(self, one: Contestant, phase: str, more: list[str]) -> list[str]:
        module = [str(one.python), "-m", "benchmarks.peers.worker", one.entry.name, phase]
        return [*module, "--corpus", str(self.corpus), "--index", str(self._index_of(one)), *more]

    def _index_of(self, one: Contestant) -> Path:
        return self.work / "indexes" / one.entry.name

    def _run(self, one: Contestant, phase: str, command: list[str]) -> str:
        log = self.work / "logs" / f"{one.entry.name}-{phase}.log"
        with log.open("w", encoding="utf-8") as errors:
            try:
                done = subprocess.run(
                    command, cwd=ROOT, env=dict(self.environ), stdout=subprocess.PIPE,
                    stderr=errors, timeout=_TIME_LIMIT_S, check=False,
                )  # fmt: skip
                problem = f"exit code {done.returncode}" if done.returncode else ""
            except subprocess.TimeoutExpired:
                problem = f"no end within {_TIME_LIMIT_S} s"
        if problem:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            told = f"{problem}: {lines[-1][:200]}" if lines else problem
            raise PhaseError(
                f"{one.entry.title} is left out, because its phase '{phase}' failed "
                f"({told.rstrip('.')}); see {log}."
            )
        return done.stdout.decode("utf-8", "replace")


def run_rounds(
    bench: Bench, contestants: Sequence[Contestant], rounds: int, say: Say
) -> tuple[dict[str, list[Figures]], dict[str, str]]:
    """Run every phase of every system ``rounds`` times; another system begins each round.

    Phases are not mixed: all systems index, then all are queried, then all start and answer, so
    that what a ratio compares lies close together in time. Returns the figures by system and
    round, and a sentence for each system that failed (it has no figures then).
    """
    found: dict[str, list[Figures]] = {one.entry.name: [] for one in contestants}
    failed: dict[str, str] = {}
    for number in range(rounds):
        turn = number % max(1, len(contestants))
        order = [*contestants[turn:], *contestants[:turn]]
        parts: dict[str, dict[str, Any]] = {one.entry.name: {} for one in order}
        for phase in (bench.index, bench.query, bench.first):
            for one in order:
                name = one.entry.name
                if name in failed:
                    continue
                say(f"round {number + 1} of {rounds}: {one.entry.title}, {phase.__name__}")
                try:
                    result = phase(one)
                except PhaseError as error:
                    failed[name] = str(error)
                    continue
                parts[name].update(result if isinstance(result, dict) else {"first_s": result})
        for name, part in parts.items():
            if name not in failed:
                found[name].append(_figures(part, bench.collection))
    return {name: figures for name, figures in found.items() if name not in failed}, failed


def warm_up(bench: Bench, contestants: Sequence[Contestant], say: Say) -> dict[str, str]:
    """Run each system once on a few documents, so that no later time holds a first start.

    Byte code is compiled, this project's model is converted, files come into the system's
    cache. This project's own cache is kept as it is afterwards and put back before each time
    it indexes, so that it remembers no vector of the round before. Returns a sentence for each
    system that failed.
    """
    for folder in (bench.cache, _kept(bench.cache)):
        shutil.rmtree(folder, ignore_errors=True)
    few = subset(bench.collection, _WARM_DOCUMENTS, _WARM_QUERIES)
    small = replace(bench, work=bench.work / "warm-up", collection=few, processes=1)
    small.work.mkdir(exist_ok=True)
    small.prepare()
    _, failed = run_rounds(small, contestants, 1, lambda text: say(f"warm-up: {text}"))
    if bench.cache.exists():
        shutil.copytree(bench.cache, _kept(bench.cache))
    return failed


def _kept(cache: Path) -> Path:
    return cache.with_name(f"{cache.name}-kept")


def _figures(part: Mapping[str, Any], collection: Collection) -> Figures:
    return Figures(
        load_s=part["load_s"],
        documents_per_s=len(collection.records) / part["index_s"],
        p50_ms=percentile_ms(part["query_s"], 0.5),
        p95_ms=percentile_ms(part["query_s"], 0.95),
        ndcg=ndcg10(part["run"], collection.judgements),
        index_memory_mb=part["index_memory_mb"],
        query_memory_mb=part["query_memory_mb"],
        first_s=part["first_s"],
    )
