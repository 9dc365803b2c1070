from __future__ import annotations

import locale
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.config import BUNDLED_CORPUS, ROOT, Settings
from assistant.models import convert_models, load_encoder, load_verifier

# Many threads encode at once, as the first thing the process does with the model.
_AT_ONCE = """
import sys, threading
from pathlib import Path
from assistant.config import BUNDLED_CORPUS, Settings
from assistant.models import load_encoder
cache = Path(sys.argv[1])
encoder = load_encoder(Settings(BUNDLED_CORPUS, cache / "unused", cache))
sys.setswitchinterval(1e-6)
gate = threading.Barrier(8)
def encode():
    gate.wait()
    encoder.token_states(["What activates it?"])
threads = [threading.Thread(target=encode, daemon=True) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.slow
@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_the_first_inferences_may_come_at_once(encoder, cache: Path, attempt: int) -> None:
    subprocess.run(
        [sys.executable, "-c", _AT_ONCE, str(cache)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=60,
    )  # fmt: skip


def test_models_opened_side_by_side_leave_the_locale_as_it_was(cache: Path) -> None:
    convert_models(cache)
    settings = Settings(BUNDLED_CORPUS, cache / "unused", cache)
    before = locale.setlocale(locale.LC_CTYPE)
    for _ in range(3):
        threads = [
            threading.Thread(target=load, args=[settings])
            for load in (load_encoder, load_verifier, load_encoder, load_verifier)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert locale.setlocale(locale.LC_CTYPE) == before
