"""A file that is read line by line, also gzipped: no line and no bomb fills the memory.

Such files are read as a stream, so their size is no limit; the length of one line is, and how
much a gzipped file may unpack to.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, AnyStr, BinaryIO

from assistant.config import MAX_FILE_BYTES
from assistant.errors import FileProblem

MAX_RATIO = 200  # of unpacked to packed bytes; lines of text pack 3 to 30 times
FREE_BYTES = 64 * 1024 * 1024  # unpacked before the ratio matters


class _Unpacked(io.RawIOBase):
    """A gzipped file that stops at a suspicious size."""

    def __init__(self, path: Path) -> None:
        self._file = gzip.GzipFile(path, "rb")
        self._left = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)
        self._left -= count
        if self._left < 0:
            raise OSError("it unpacks to a suspicious size (a gzip bomb)")
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def open_lines(path: Path) -> BinaryIO:
    """Open a file for reading bytes, unpacked where its name ends with .gz.

    Raises:
        OSError: When it cannot be opened; when reading, also for a bomb.
    """
    if path.suffix == ".gz":
        return io.BufferedReader(_Unpacked(path))
    return path.open("rb")


def bounded_lines(stream: IO[AnyStr], name: str) -> Iterator[AnyStr]:
    """Yield the lines of a stream with their ends.

    Raises:
        FileProblem: When one is longer than a whole file may be.
    """
    number = 0
    while line := stream.readline(MAX_FILE_BYTES + 1):
        number += 1
        if len(line) > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES >> 20
            raise FileProblem(name, f"line {number} is over the limit of {limit} MB; split it")
        yield line
