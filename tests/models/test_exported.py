"""Conversions kept in the cache, made by a small one in place of torch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.models.exported import exported, folder_of, is_valid

FILES = ("model.xml", "model.bin", "tokenizer.json")


def _export(folder: Path) -> None:
    for name in FILES:
        (folder / name).write_text(name)


def _fail(folder: Path) -> None:
    raise AssertionError("converted again")


def test_a_conversion_is_made_once_and_again_when_altered(tmp_path: Path) -> None:
    folder = exported(tmp_path, "m", "a" * 64, _export)
    assert folder == folder_of(tmp_path, "m", "a" * 64)
    assert exported(tmp_path, "m", "a" * 64, _fail) == folder
    for name in FILES:
        (folder / name).write_text("altered")
        assert not is_valid(folder, "a" * 64)
        exported(tmp_path, "m", "a" * 64, _export)
        assert is_valid(folder, "a" * 64)
    assert not is_valid(folder, "b" * 64)
    assert list((tmp_path / "models").iterdir()) == [folder]


def test_other_users_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = exported(tmp_path, "m", "a" * 64, _export)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o755
    assert all((folder / name).stat().st_mode & 0o044 == 0o044 for name in FILES)


def test_what_cannot_be_converted_here_is_told_with_the_remedy(tmp_path: Path) -> None:
    def without_torch(folder: Path) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    with pytest.raises(ModelError, match=r"torch is not installed.*python -m assistant convert"):
        exported(tmp_path, "m", "a" * 64, without_torch)

    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelError, match="No space left"):
        exported(tmp_path, "m", "a" * 64, full)
    assert not list((tmp_path / "models").iterdir())
