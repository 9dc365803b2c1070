"""The one door to the OpenVINO library, with its telemetry shut and no Python in its threads.

``import openvino`` sends an event through the package openvino-telemetry when that can be
imported; its own fallback is a stub that does nothing. Marking the package as absent before
the import selects the stub, so no byte can leave.

Its bindings look up numpy the first time an array is handed to them; two threads that do so at
once wait for each other for ever. One array is handed over at the import, under a lock.

Its AsyncInferQueue calls Python back from its own threads; taken down while such a thread waits
for the interpreter's lock, it hangs the process. Requests that are started and waited for need
no callback.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.datatypes import Vectors

REQUESTS = 2
_STEP = 8  # word pieces
_first_use = threading.Lock()
# The runtime sets the process's locale while it reads a model and puts it back after: two at once
# can leave the process with that of the other, in which nothing but ASCII can be written.
_one_at_a_time = threading.Lock()


def import_openvino() -> Any:
    """Return the openvino module, imported without its telemetry."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # the documented block
    import openvino

    with _first_use:
        openvino.Tensor(np.zeros(1, dtype=np.float32))
    return openvino


def open_model(folder: Path, max_tokens: int) -> tuple[Any, Any]:
    """Return the tokenizer and the compiled model of a conversion.

    What the processor runs is kept beside it for the next start, unless the folder is read-only.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    core: Any = import_openvino().Core()
    if os.access(folder, os.W_OK):
        core.set_property({"CACHE_DIR": str(folder / "compiled")})
    options = {"PERFORMANCE_HINT": "THROUGHPUT"}
    with _one_at_a_time:
        return tokenizer, core.compile_model(str(folder / "model.xml"), "CPU", options)


def padded(length: int, longest: int) -> int:
    """Return the length to pad a short batch to, in word pieces.

    The runtime prepares itself for each new shape, some 10 ms each; with steps of eight there
    are few, so a question is seldom the first of its length.
    """
    return min(longest, -(-length // _STEP) * _STEP)


def run_batches(
    model: Any,
    feed: Callable[[Sequence[int]], Mapping[str, Any]],
    batches: Sequence[list[int]],
    take: Callable[[Vectors, list[int]], None],
) -> None:
    """Run batches of rows, two at a time, and hand each first output to ``take``.

    Args:
        model: A compiled model.
        feed: Returns the inputs of some rows.
        batches: The rows of each batch.
        take: Gets the first output and the rows; it has to copy what it keeps.
    """
    requests = [model.create_infer_request() for _ in batches[:REQUESTS]]
    running: list[list[int]] = [[] for _ in requests]

    def collect(place: int) -> None:
        if running[place]:
            requests[place].wait()
            take(requests[place].get_output_tensor().data, running[place])
            running[place] = []

    for number, rows in enumerate(batches):
        place = number % len(requests)
        collect(place)
        requests[place].start_async(feed(rows))
        running[place] = rows
    for place in range(len(requests)):
        collect((len(batches) + place) % len(requests))
