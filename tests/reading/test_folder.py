from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.reading import list_files


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(folder: Path, leave_out: Path | None = None) -> list[str]:
    return [file.name for file in list_files(folder, leave_out)]


def test_ignore_rules_are_those_of_git(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "draft 1.md", "drafts/b.md", "keep/draft 2.md", "sub/c.txt", "sub/d.md")
    (tmp_path / ".assistantignore").write_text("# comment\ndrafts/\n/draft*.md\n*.txt\n")
    assert names(tmp_path) == ["a.md", "keep/draft 2.md", "sub/d.md"]
    (tmp_path / "sub" / ".assistantignore").write_text("d.md\n!c.txt\n")
    assert names(tmp_path) == ["a.md", "keep/draft 2.md", "sub/c.txt"]


def test_links_out_of_the_folder_and_linked_folders_are_not_followed(tmp_path: Path) -> None:
    corpus, other = tmp_path / "corpus", tmp_path / "corpus-private"
    write(corpus, "a.md", "sub/b.md")
    write(other, "secret.md")
    (corpus / "out.md").symlink_to(other / "secret.md")
    (corpus / "outside").symlink_to(other)
    (corpus / "inside.md").symlink_to(corpus / "a.md")
    (corpus / "loop").symlink_to(corpus)
    assert names(corpus) == ["a.md", "inside.md", "sub/b.md"]


def test_a_broken_link_is_listed_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (file,) = list_files(tmp_path)
    assert file.name == "gone.md"
    assert "cannot be read" in file.problem


def test_an_index_inside_the_corpus_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "index/manifest.json", "sub/index/b.md")
    assert names(tmp_path, tmp_path / "index") == ["a.md", "sub/index/b.md"]


def test_very_deep_folders_are_entered(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 900)
    deep.mkdir(parents=True)
    (deep / "a.md").write_text("x")
    assert names(tmp_path) == ["d/" * 900 + "a.md"]


def test_an_unreadable_rule_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".assistantignore").mkdir()
    with pytest.raises(CorpusError, match="mend or remove"):
        list_files(tmp_path)
