from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from assistant.indexing.passages import split_document
from assistant.models.pooling import pool
from assistant.models.reference import ReferenceEncoder
from assistant.models.weights import model_folder, verify_weights

TEXTS = [
    "How do mTORC1 and mTORC2 differ?",
    "Rapamycin extended the lifespan of mice.",
    "x",
    "A much longer text about kettles, cups and teapots. " * 12,
]


@pytest.fixture(scope="module")
def reference() -> ReferenceEncoder:
    return ReferenceEncoder()


def test_the_light_encoder_equals_the_reference(encoder, reference) -> None:
    cosines = (encoder.encode(TEXTS) * reference.encode(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.999


def test_it_does_so_on_the_bundled_corpus(bundled, encoder, reference) -> None:
    texts = [p.text for d in bundled.documents() for p in split_document(d)][:40]
    cosines = (encoder.encode(texts) * reference.encode(texts)).sum(axis=1)
    assert cosines.min() >= 0.999


def test_spans_and_tokens_agree_too(encoder, reference) -> None:
    text = "mTORC1 drives growth. Rapamycin blocks it."
    spans = [[(0, 21), (22, 42)]]
    ours, theirs = encoder.encode_spans([text], spans)[0], reference.encode_spans([text], spans)[0]
    assert (ours.spans * theirs.spans).sum(axis=1).min() >= 0.999
    assert float(ours.vector @ theirs.vector) >= 0.999
    a, b = encoder.token_states([text])[0], reference.token_states([text])[0]
    assert a.tokens == b.tokens
    assert (a.states * b.states).sum(axis=1).min() >= 0.995


def test_a_text_encodes_the_same_in_any_company(encoder) -> None:
    alone = encoder.token_states([TEXTS[0]])[0].states
    together = encoder.token_states(TEXTS)[0].states
    assert np.array_equal(alone, together)


def test_a_span_without_tokens_is_zero() -> None:
    states = np.ones((3, 4), dtype=np.float32)
    offsets = np.array([[0, 0], [0, 5], [0, 0]])
    found = pool(states, offsets, [(0, 5), (6, 9)])
    assert np.allclose(np.linalg.norm(found.spans, axis=1), [1, 0])


def test_the_packaged_weights_are_the_known_ones() -> None:
    verify_weights(model_folder())


def test_serving_loads_no_torch_and_no_telemetry(cache) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.models.light import LightEncoder;"
        f"LightEncoder(Path({str(cache)!r})).encode(['x']);"
        "print([m for m in ('torch','transformers','sentence_transformers') if m in sys.modules],"
        "sys.modules['openvino_telemetry'])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[0] == "[] None"
