"""Small files that unpack to large ones: refused, with little memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from assistant.errors import FileProblem
from assistant.reading import lines, list_files, read_file
from assistant.reading.lines import bounded_lines


def problems_of(folder: Path, name: str, data: bytes) -> list[str]:
    (folder / name).write_bytes(data)
    (file,) = list_files(folder)
    return [str(found) for found in read_file(file) if isinstance(found, FileProblem)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_one_endless_line_is_not_held_in_memory(tmp_path: Path, name: str) -> None:
    head = b"question,answer\n" if "csv" in name else b""
    bomb = gzip.compress(head + b"a" * (200 << 20), 6)
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    (problem,) = problems_of(tmp_path, name, bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "limit of 32 MB" in problem
    assert peak < 200 << 20


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_many_lines_stop_at_a_suspicious_size(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "FREE_BYTES", 100_000)
    row = b"a,b\n" if "csv" in name else json.dumps({"_id": "a", "text": "b"}).encode() + b"\n"
    head = b"question,answer\n" if "csv" in name else b""
    found = problems_of(tmp_path, name, gzip.compress(head + row * 300_000))
    assert "gzip bomb" in found[-1]


def test_an_honest_packed_file_is_read_whole(tmp_path: Path) -> None:
    rows = [json.dumps({"_id": str(n), "text": f"Note {n} is short."}) for n in range(2_000)]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    (file,) = list_files(tmp_path)
    found = list(read_file(file))
    assert len(found) == 2_000
    assert not any(isinstance(item, FileProblem) for item in found)


def test_lines_keep_their_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\r\n\nb")
    with path.open("rb") as stream:
        assert list(bounded_lines(stream, "a.csv")) == [b"a\r\n", b"\n", b"b"]
