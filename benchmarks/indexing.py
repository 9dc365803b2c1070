"""How fast a folder is indexed, and where the time goes.

    python -m benchmarks.indexing --corpus FILE_OR_DIR [--limit N] [--small-files N]

Prints documents and passages a second of a first build, the share of the time in which the
encoder runs, the seconds of a second run (which has nothing to do), of a run after one file
changed and after one was renamed, and of ``python -m assistant index`` as a whole process.
``--small-files`` writes so many short Markdown files instead. ``--profile`` prints the functions
of the reading thread in which the time is spent.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from assistant.config import ROOT, Settings, read_settings
from assistant.datatypes import Vectors
from assistant.indexing import sync_index
from assistant.models import load_encoder
from assistant.protocols import Encoder, Encoding, TokenStates


class Timed:
    """An encoder that adds up how long it ran."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.model_id, self.dim = encoder.model_id, encoder.dim
        self.seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and count the time."""
        started = time.perf_counter()
        found = self._encoder.encode(texts)
        self.seconds += time.perf_counter() - started
        return found

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoding]:
        """Encode, and count the time."""
        started = time.perf_counter()
        found = self._encoder.encode_spans(texts, spans)
        self.seconds += time.perf_counter() - started
        return found

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Pass on."""
        return self._encoder.token_states(texts)

    def is_common(self, word: str) -> bool:
        """Pass on."""
        return self._encoder.is_common(word)


def main() -> None:
    """Index and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder, or one file of a collection")
    parser.add_argument("--limit", type=int, help="the first lines of a JSON Lines file only")
    parser.add_argument("--small-files", type=int, metavar="N")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "corpus"
        folder.mkdir()
        if options.small_files:
            write_small(folder, options.small_files)
        elif options.corpus is None:
            parser.error("give --corpus or --small-files")
        elif options.corpus.is_dir():
            shutil.copytree(options.corpus, folder, dirs_exist_ok=True)
        else:
            _copy(options.corpus, folder, options.limit)
        base = read_settings(corpus=folder)
        settings = Settings(folder, Path(scratch) / "index", base.cache, base.runtime)
        _measure(settings, profile=options.profile)


def write_small(folder: Path, count: int) -> None:
    """Write so many short Markdown files in ten folders."""
    for number in range(count):
        place = folder / f"part {number % 10}"
        place.mkdir(exist_ok=True)
        lines = (f"Point {n} of note {number} is about subject {(7 * number + n) % 97}."
                 for n in range(4))  # fmt: skip
        text = f"# Note {number}\n\n{' '.join(lines)}\n"
        (place / f"note {number}.md").write_text(text, encoding="utf-8")


def _copy(source: Path, folder: Path, limit: int | None) -> None:
    if limit is None:
        shutil.copy(source, folder)
        return
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rb") as lines, (folder / "corpus.jsonl").open("wb") as out:
        out.writelines(islice(lines, limit))


def _measure(settings: Settings, *, profile: bool) -> None:
    encoder = Timed(load_encoder(settings))
    encoder.encode(["warm up"])
    encoder.seconds = 0.0
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    report = sync_index(settings, encoder)
    profiler.disable()
    rate, seconds = report.documents / report.seconds, report.seconds
    print(
        f"first build: {report.documents} documents, {report.passages} passages in "
        f"{seconds:.2f} s: {rate:.1f} documents/s, {report.passages / seconds:.1f} passages/s; "
        f"the encoder ran {100 * encoder.seconds / seconds:.0f} % of it"
    )
    print(f"nothing to do: {sync_index(settings, encoder).seconds:.3f} s")
    path = sorted(p for p in settings.corpus.rglob("*") if p.is_file())[0]
    path.rename(path.with_name(f"renamed {path.name}"))
    report = sync_index(settings, encoder)
    print(f"one renamed: {report.seconds:.2f} s, {report.embedded} embedded")
    (settings.corpus / "new.md").write_text("# New\n\nA new file.\n", encoding="utf-8")
    report = sync_index(settings, encoder)
    print(f"one added: {report.seconds:.2f} s, {report.embedded} embedded")
    place = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    started = time.perf_counter()
    command = [sys.executable, "-m", "assistant", *place, "index"]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    print(f"python -m assistant index, nothing to do: {time.perf_counter() - started:.2f} s")
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    main()
