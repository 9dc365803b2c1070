from __future__ import annotations

import subprocess
import sys

HEAVY = ("torch", "sentence_transformers", "transformers", "faiss", "gradio", "openvino", "tantivy")


def test_importing_the_package_is_light() -> None:
    code = f"import sys, assistant; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_everything_exported_exists() -> None:
    import assistant

    assert all(getattr(assistant, name) for name in assistant.__all__)
