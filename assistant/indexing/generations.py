"""The index folder: which generation is in use, who writes, who reads, what may be removed.

``generations/<id>/`` holds one complete index and ``CURRENT`` names the one in use. A build
writes to ``generations/.new-<id>/``, which is made durable, renamed and then named by CURRENT,
each in one step: a kill between any two leaves the old generation in use. Whoever builds holds
``lock``; whoever reads a generation holds a shared lock on its manifest, and a generation that
is read is not removed. Both locks end with their process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import weakref
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import IndexBusyError, IndexWriteError
from assistant.indexing.manifest import NAME as MANIFEST

try:
    import fcntl
except ImportError:  # not on Windows, where a file that is open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

CURRENT, GENERATIONS = "CURRENT", "generations"
UNFINISHED = "unfinished.sqlite"  # vectors of a build that has not ended
_LOCK, _HOLDER, _SCRATCH = "lock", "lock.holder", ".new-"


def current_generation(folder: Path) -> Path | None:
    """Return the folder of the generation in use, None when nothing was built yet."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    path = folder / GENERATIONS / name
    return path if name and path.is_dir() else None


@contextlib.contextmanager
def write_lock(folder: Path, wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of whoever builds.

    Args:
        folder: The index folder; made when it is missing.
        wait: Called with a sentence when another process holds the lock, which is then waited
            for; without it that is an error.

    Raises:
        IndexBusyError: When another process holds the lock and ``wait`` is None.
        IndexWriteError: When the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        (folder / GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            told = f"{_holder(folder)} is bringing the index in {folder} up to date"
            if wait is None:
                raise IndexBusyError(f"{told}; try again when it is done.") from None
            wait(f"{told}; waiting for it.")
            lock.acquire()
        (folder / _HOLDER).write_text(f"{os.getpid()}\n", encoding="utf-8")
    except OSError as error:
        raise IndexWriteError(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    try:
        return f"Process {int((folder / _HOLDER).read_text(encoding='utf-8'))}"
    except (OSError, ValueError):
        return "Another process"


def hold(generation: Path, owner: object) -> Callable[[], object]:
    """Keep a generation from being removed while its owner lives.

    Returns:
        A function that lets it go at once; the end of the owner does so too.
    """
    try:
        handle = os.open(generation / MANIFEST, os.O_RDONLY)
    except OSError:
        return lambda: None
    if fcntl is not None:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return weakref.finalize(owner, os.close, handle)


def new_generation(folder: Path) -> Path:
    """Make the scratch folder of a new generation; the caller holds the write lock."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    path = folder / GENERATIONS / f"{_SCRATCH}{stamp}-{os.getpid()}"
    path.mkdir(parents=True)
    return path


def publish(folder: Path, scratch: Path) -> Path:
    """Make a complete scratch folder the generation in use and return its final place."""
    for parent, _, names in os.walk(scratch):
        for name in names:
            _sync(Path(parent, name))
        _sync(Path(parent))
    final = scratch.with_name(scratch.name.removeprefix(_SCRATCH))
    scratch.rename(final)
    _sync(folder / GENERATIONS)
    replace_text(folder / CURRENT, final.name + "\n")
    return final


def replace_text(path: Path, text: str) -> None:
    """Replace a file in one step that survives a kill and a power cut."""
    scratch = path.with_name(f"{path.name}.new")
    with scratch.open("w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(path)
    _sync(path.parent)


def remove_unused(folder: Path) -> None:
    """Remove generations that nobody reads; the caller holds the write lock."""
    current = current_generation(folder)
    with contextlib.suppress(OSError):
        for path in (folder / GENERATIONS).iterdir():
            if path != current and not _is_read(path):
                shutil.rmtree(path, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what builds that were killed left and generations that nobody reads.

    Does nothing while somebody builds, or where nothing can be removed.
    """
    try:
        inside = list((folder / GENERATIONS).iterdir())
        if len(inside) < 2 and not (folder / UNFINISHED).exists():
            return
        with write_lock(folder):
            remove_unused(folder)
            for path in folder.glob(f"{UNFINISHED}*"):
                path.unlink(missing_ok=True)
    except (OSError, IndexBusyError, IndexWriteError):
        return


def _is_read(generation: Path) -> bool:
    if fcntl is None or generation.name.startswith(_SCRATCH):
        return False
    try:
        with (generation / MANIFEST).open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _sync(path: Path) -> None:
    """Make a file or folder durable; file systems that cannot are left alone."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
