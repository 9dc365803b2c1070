from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers.collection import Collection
from benchmarks.peers.protocol import Entry, Record
from benchmarks.peers.rounds import Bench, Contestant, PhaseError, run_rounds, warm_up

COLLECTION = Collection(
    (Record("d1", "", "Tea."), Record("d2", "", "Coffee.")), {"q1": "tea?"}, (("q1", "d1", 1),)
)


@dataclass(frozen=True, slots=True)
class NotedBench(Bench):
    """Gives made-up figures at once, notes who was asked for what, fails where it is told to."""

    noted: list[tuple[str, str]] = field(default_factory=list)
    broken: tuple[str, str] = ("", "")

    def _note(self, one: Contestant, phase: str) -> None:
        self.noted.append((phase, one.entry.name))
        if self.broken == (phase, one.entry.name):
            raise PhaseError(f"{one.entry.title} failed.")

    def index(self, one: Contestant) -> dict[str, Any]:
        self._note(one, "index")
        return {"index_s": 0.5, "index_memory_mb": 100.0}

    def query(self, one: Contestant) -> dict[str, Any]:
        self._note(one, "query")
        run = {"q1": ["d1", "d2"]}
        return {"load_s": 1.0, "query_s": [0.002], "query_memory_mb": 90.0, "run": run}

    def first(self, one: Contestant) -> float:
        self._note(one, "first")
        return 3.0


def contestants() -> list[Contestant]:
    return [Contestant(Entry(name, name.title()), Path(sys.executable)) for name in ("one", "two")]


def bench(tmp_path: Path, **more: Any) -> NotedBench:
    environ = {"ASSISTANT_CACHE": str(tmp_path / "cache")}
    return NotedBench(tmp_path, COLLECTION, environ, 1, **more)


def quiet(text: str) -> None:
    del text


def test_systems_take_turns_phase_by_phase_and_another_begins_each_round(tmp_path: Path) -> None:
    noted = bench(tmp_path)
    found, failed = run_rounds(noted, contestants(), 2, quiet)
    assert failed == {}
    assert [len(rounds) for rounds in found.values()] == [2, 2]
    assert noted.noted[:4] == [
        ("index", "one"),
        ("index", "two"),
        ("query", "one"),
        ("query", "two"),
    ]
    assert noted.noted[6:8] == [("index", "two"), ("index", "one")]


def test_figures_come_from_the_phases(tmp_path: Path) -> None:
    found, _ = run_rounds(bench(tmp_path), contestants()[:1], 1, quiet)
    figures = found["one"][0]
    assert figures.documents_per_s == pytest.approx(4)
    assert (figures.load_s, figures.first_s) == (1.0, 3.0)
    assert figures.p50_ms == pytest.approx(2)
    assert figures.ndcg == pytest.approx(100)


def test_a_system_that_fails_is_named_and_asked_no_more(tmp_path: Path) -> None:
    noted = bench(tmp_path, broken=("query", "one"))
    found, failed = run_rounds(noted, contestants(), 2, quiet)
    assert failed == {"one": "One failed."}
    assert list(found) == ["two"]
    assert [phase for phase, name in noted.noted if name == "one"] == ["index", "query"]


def test_without_a_system_there_is_nothing(tmp_path: Path) -> None:
    assert run_rounds(bench(tmp_path), [], 2, quiet) == ({}, {})


def test_a_process_that_fails_is_one_sentence_with_its_last_line(tmp_path: Path) -> None:
    real = Bench(tmp_path, COLLECTION, {"ASSISTANT_CACHE": str(tmp_path / "cache")}, 1)
    real.prepare()
    missing = Contestant(Entry("nosuch", "No such system"), Path(sys.executable))
    with pytest.raises(PhaseError) as caught:
        real.index(missing)
    told = str(caught.value)
    assert told.startswith("No such system is left out, because its phase 'index' failed")
    assert "ModuleNotFoundError" in told
    assert len(told.splitlines()) == 1


@pytest.mark.slow
def test_this_project_is_measured_from_start_to_answer(tmp_path: Path, cache: Path) -> None:
    real = Bench(tmp_path, COLLECTION, {**os.environ, "ASSISTANT_CACHE": str(cache)}, 1)
    real.prepare()
    project = [Contestant(Entry("project", "this project"), Path(sys.executable))]
    found, failed = run_rounds(real, project, 1, quiet)
    assert failed == {}
    assert found["project"][0].ndcg == pytest.approx(100)
    assert found["project"][0].query_memory_mb > 20


def test_no_round_profits_from_what_the_cache_holds_of_the_one_before(tmp_path: Path) -> None:
    noted = bench(tmp_path)
    noted.cache.mkdir()
    (noted.cache / "before the warm-up").touch()
    assert warm_up(noted, contestants(), quiet) == {}
    assert not noted.cache.exists()

    (tmp_path / "cache-kept").mkdir()
    (tmp_path / "cache-kept" / "model").touch()
    noted.cache.mkdir()
    (noted.cache / "vectors of a round").touch()
    noted.restore_cache()
    assert [path.name for path in noted.cache.iterdir()] == ["model"]
