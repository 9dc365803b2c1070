"""The shipped verifier: the light runtime against sentence-transformers' CrossEncoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import assistant.models.verifier as shipped
from assistant.errors import ModelError
from assistant.models.verifier import FOLDER, LightVerifier, shipped_weights

PAIRS = [
    ("Heat raises the yield of the process.", "The yield is raised by heat."),
    ("Heat raises the yield of the process.", "The yield is lowered by heat."),
    ("The bridge was opened in 1931.", "The bridge was opened in 1913."),
    ("A man is playing a guitar on stage.", "A man is asleep."),
    ("A man is playing a guitar on stage.", "A person makes music."),
    ("A man is playing a guitar on stage.", "The concert is sold out."),
    ("Who opened the bridge?", "The bridge was opened by the mayor in 1931."),
    ("", "A claim without evidence."),
    ("Ein Satz, 日本語 and \u200b signs", "x" * 3000),
]


@pytest.fixture(scope="module")
def light(cache: Path) -> LightVerifier:
    return LightVerifier(cache)


def test_it_tells_support_from_contradiction(light: LightVerifier) -> None:
    logits = light.score(PAIRS)
    assert logits[[0, 2, 3, 4], :3].argmax(axis=1).tolist() == [0, 1, 1, 0]
    leaning = logits[:, 0] - logits[:, 1]
    assert leaning[0] > leaning[1] + 1  # "raised" against "lowered": the guard does the rest


def test_scores_do_not_depend_on_company(light: LightVerifier) -> None:
    together = light.score(PAIRS * 5)
    alone = np.concatenate([light.score([pair]) for pair in PAIRS])
    assert np.abs(together - np.tile(alone, (5, 1))).max() < 0.15


def test_no_pairs_give_no_rows(light: LightVerifier) -> None:
    assert light.score([]).shape == (0, 4)


@pytest.mark.slow
def test_the_light_runtime_agrees_with_the_cross_encoder(light: LightVerifier) -> None:
    from assistant.models.reference import ReferenceVerifier

    expected = ReferenceVerifier().score(PAIRS)
    found = light.score(PAIRS)
    assert np.abs(expected - found).max() < 0.15
    assert (expected[:, :3].argmax(axis=1) == found[:, :3].argmax(axis=1)).all()


def test_the_weights_are_small_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = shipped_weights()
    assert path.stat().st_size < 25_000_000
    folder = tmp_path / "shipped"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(shipped, "FOLDER", folder)
    altered = bytearray((folder / path.name).read_bytes())
    altered[-1] ^= 1
    (folder / path.name).write_bytes(altered)
    with pytest.raises(ModelError, match="altered"):
        shipped_weights()
    (folder / path.name).unlink()
    with pytest.raises(ModelError, match="missing"):
        shipped_weights()
