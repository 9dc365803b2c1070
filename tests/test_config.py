from __future__ import annotations

import os
from pathlib import Path

import pytest

import assistant.config as config
from assistant.config import BUNDLED_CORPUS, ROOT, is_writable, read_settings

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing can be made, and a folder for temporary files."""
    home = tmp_path / "home"
    home.write_text("a file stands where the folder would be")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    return home


def test_the_defaults_are_in_the_home_and_beside_the_corpus(tmp_path: Path) -> None:
    found = read_settings(environ={"XDG_CACHE_HOME": str(tmp_path)})
    assert found.cache == tmp_path / "document-assistant"
    assert found.index == ROOT / "index"
    assert found.notices == ()


def test_a_home_that_cannot_be_written_is_replaced_with_one_sentence(
    blocked: Path, tmp_path: Path
) -> None:
    found = read_settings(corpus=tmp_path, environ={"XDG_CACHE_HOME": str(blocked)})
    assert found.cache.parent == tmp_path / "tmp"
    assert found.cache.stat().st_mode & 0o077 == 0
    assert found.index.is_relative_to(found.cache)
    (told,) = found.notices
    assert "ASSISTANT_CACHE" in told
    again = read_settings(corpus=tmp_path, environ={"XDG_CACHE_HOME": str(blocked)})
    assert again.cache == found.cache


def test_the_temporary_folder_of_somebody_else_is_not_used(blocked: Path, tmp_path: Path) -> None:
    planted = tmp_path / "tmp" / f"document-assistant-{os.getuid()}"
    planted.mkdir(mode=0o777)
    planted.chmod(0o777)
    found = read_settings(corpus=tmp_path, environ={"XDG_CACHE_HOME": str(blocked)})
    assert found.cache != planted
    assert found.cache.stat().st_mode & 0o077 == 0


def test_a_named_folder_is_taken_as_it_is(blocked: Path) -> None:
    found = read_settings(index=blocked / "i", environ={"ASSISTANT_CACHE": str(blocked / "cache")})
    assert (found.cache, found.index) == (blocked / "cache", blocked / "i")
    assert found.notices == ()


def test_the_index_of_documents_below_a_named_cache_that_cannot_be_written(
    blocked: Path, tmp_path: Path
) -> None:
    found = read_settings(corpus=tmp_path, environ={"ASSISTANT_CACHE": str(blocked)})
    assert found.cache == blocked
    assert found.index.is_relative_to(tmp_path / "tmp")
    assert "ASSISTANT_INDEX" in found.notices[0]


@pytest.mark.skipif(IS_ROOT, reason="root may write anywhere")
def test_a_read_only_folder_is_not_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert not is_writable(tmp_path)
    assert not is_writable(tmp_path / "new" / "folder")
    tmp_path.chmod(0o700)


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert not is_writable(tmp_path / "file" / "folder")
    assert is_writable(tmp_path / "new" / "folder")


def test_a_checkout_brings_its_corpus() -> None:
    assert config.IS_CHECKOUT
    assert (BUNDLED_CORPUS / "corpus.toml").is_file()
