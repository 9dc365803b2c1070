"""Kill a sync at random moments: does a working index remain, and does the next sync mend all?

    python -m benchmarks.kills [--kills 200] [--seed 7]

A folder is edited at random (files added, changed, renamed, deleted, copied), a process begins
to sync it and is killed with SIGKILL after a random time. Each time the index must open, answer
and hold what it held before, or all that is new. Then a sync runs to its end and the index must
equal one built fresh from the same folder: documents, passages, vectors, search results. The
encoder is a fake of hashed words, so that the time goes into everything but the model.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.config import Settings
from assistant.indexing import LocalIndex, current_generation, open_index, sync_index
from assistant.opening import keep_faq
from assistant.words import terms
from tests.fakes import HashEncoder

_WORDS = """kettle teapot water steam spout whistle boils pours cup saucer lid handle brews leaf
green black minutes warm cold iron copper glass stove flame table guest morning evening""".split()
_FILES = 40
_QUERIES = ("water boils in the kettle", "guest pours tea", "copper lid and iron handle")


@dataclass(slots=True)
class Tally:
    """What happened: kills, syncs that ended before their kill, and what was wrong."""

    kills: int = 0
    ended: int = 0
    old_kept: int = 0
    new_kept: int = 0
    compared: int = 0
    wrong: list[str] | None = None


def main() -> int:
    """Run, print the tally, return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), options.kills, options.seed)
    print(
        f"{tally.kills} kills in {time.perf_counter() - started:.0f} s "
        f"({tally.ended} syncs ended before theirs): {tally.old_kept} left the old index, "
        f"{tally.new_kept} the new one; {tally.compared} indexes equal to a fresh build after "
        f"the next sync; {len(tally.wrong or [])} wrong"
    )
    for sentence in tally.wrong or []:
        print(sentence)
    return 1 if tally.wrong else 0


def run(folder: Path, kills: int, seed: int) -> Tally:
    """Kill so many syncs of a corpus in ``folder`` and return the tally."""
    chance = random.Random(seed)
    settings = Settings(folder / "corpus", folder / "index", folder / "cache")
    settings.corpus.mkdir()
    for _ in range(_FILES):
        _add(settings.corpus, chance)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "faiss", "tantivy", "filelock"])
    _sync(settings)
    usual = 0.3
    tally = Tally(wrong=[])
    assert tally.wrong is not None
    while tally.kills < kills:
        with_before = _open(settings)
        before = set(with_before.store_ids) if with_before else set()
        for _ in range(chance.randint(1, 4)):
            chance.choice((_add, _change, _rename, _delete, _copy))(settings.corpus, chance)
        process = context.Process(target=_sync, args=[settings])
        process.start()
        process.join(timeout=chance.uniform(0.0, 2.5 * usual))
        killed = process.is_alive()
        process.kill()
        process.join()
        tally.kills += killed
        tally.ended += not killed
        wrong = _look(settings, before, tally) if killed else ""
        if not wrong and (not killed or chance.random() < 0.7):  # else kill the next one, too
            started = time.perf_counter()
            report = sync_index(settings, HashEncoder(), prepare=keep_faq(HashEncoder()))
            usual = 0.8 * usual + 0.2 * (time.perf_counter() - started) if report.built else usual
            wrong = _compare(settings, folder / "fresh")
            tally.compared += not wrong
        if wrong:
            tally.wrong.append(f"kill {tally.kills}: {wrong}")
    return tally


def _sync(settings: Settings) -> None:
    encoder = HashEncoder()
    sync_index(settings, encoder, prepare=keep_faq(encoder))


@dataclass(slots=True)
class _Seen:
    store_ids: list[str]


def _open(settings: Settings) -> _Seen | None:
    index = open_index(settings.index, HashEncoder.model_id)
    try:
        return _Seen([d.doc_id + d.sha256 for d in index.store.documents()])
    finally:
        index.close()


def _look(settings: Settings, before: set[str], tally: Tally) -> str:
    """Open the index after a kill and search it; return what is wrong."""
    try:
        index = open_index(settings.index, HashEncoder.model_id)
        try:
            found = {d.doc_id + d.sha256 for d in index.store.documents()}
            hits = [_search(index, query) for query in _QUERIES]
        finally:
            index.close()
    except Exception as error:  # whatever it is, it is what this looks for
        return f"the index does not open: {error}"
    if found == before:
        tally.old_kept += 1
    else:
        tally.new_kept += 1
    return "" if all(hits) else "a search found nothing"


def _compare(settings: Settings, fresh: Path) -> str:
    """Build the folder afresh beside and return how the indexes differ."""
    shutil.rmtree(fresh, ignore_errors=True)
    encoder = HashEncoder()
    other = Settings(settings.corpus, fresh, settings.cache)
    sync_index(other, encoder, prepare=keep_faq(encoder))
    left, right = (open_index(path, encoder.model_id) for path in (settings.index, fresh))
    try:
        wrong = difference(left, right)
    finally:
        left.close()
        right.close()
    generations = list((settings.index / "generations").iterdir())
    if not wrong and generations != [current_generation(settings.index)]:
        wrong = f"{len(generations)} generations are left on disk"
    return wrong


def difference(left: LocalIndex, right: LocalIndex) -> str:
    """Return in a few words how two indexes differ, nothing when they are equal."""
    if list(left.store.documents()) != list(right.store.documents()):
        return "the documents differ"
    rows = range(len(left))
    if len(left) != len(right) or left.store.passages(rows) != right.store.passages(rows):
        return "the passages differ"
    if not np.array_equal(left.dense.all_vectors(), right.dense.all_vectors()):
        return "the vectors differ"
    if any(
        not np.array_equal(left.sentence_vectors(row), right.sentence_vectors(row)) for row in rows
    ):
        return "the sentence vectors differ"
    if left.manifest.problems != right.manifest.problems:
        return "the problems differ"
    if any(_search(left, query) != _search(right, query) for query in _QUERIES):
        return "the search results differ"
    return ""


def _search(index: LocalIndex, query: str) -> list[tuple[str, float]]:
    hits = index.search(HashEncoder().encode([query])[0], terms(query), 10)
    return [(hit.passage.passage_id, hit.score) for hit in hits]


def _text(chance: random.Random) -> str:
    lines = [f"# {' '.join(chance.choices(_WORDS, k=3))}", ""]
    for _ in range(chance.randint(1, 6)):
        if chance.random() < 0.2:
            lines += ["## Common questions", "", f"### Is the {chance.choice(_WORDS)} warm?", ""]
        sentences = (" ".join(chance.choices(_WORDS, k=9)) + "." for _ in range(4))
        lines += [" ".join(sentences), ""]
    return "\n".join(lines)


def _files(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.is_file())


def _place(corpus: Path, chance: random.Random) -> Path:
    folder = corpus / chance.choice((".", "a", "a/b", "c d"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{chance.choice(_WORDS)} {chance.randrange(10**6)}.md"


def _add(corpus: Path, chance: random.Random) -> None:
    _place(corpus, chance).write_text(_text(chance), encoding="utf-8")


def _change(corpus: Path, chance: random.Random) -> None:
    chance.choice(_files(corpus)).write_text(_text(chance), encoding="utf-8")


def _rename(corpus: Path, chance: random.Random) -> None:
    chance.choice(_files(corpus)).rename(_place(corpus, chance))


def _delete(corpus: Path, chance: random.Random) -> None:
    files = _files(corpus)
    if len(files) > _FILES // 2:
        chance.choice(files).unlink()


def _copy(corpus: Path, chance: random.Random) -> None:
    shutil.copy(chance.choice(_files(corpus)), _place(corpus, chance))


if __name__ == "__main__":
    sys.exit(main())
