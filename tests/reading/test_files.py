from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.datatypes import Document
from assistant.errors import CorpusError, FileProblem
from assistant.reading import list_files, read_corpus_info, read_file


def read_all(folder: Path) -> tuple[list[Document], list[str]]:
    documents, problems = [], []
    for file in list_files(folder):
        for found in read_file(file):
            if isinstance(found, FileProblem):
                problems.append(str(found))
            else:
                documents.append(found)
    return documents, problems


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nA sentence.\n")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "blank.txt").write_text(" \n\n")
    (tmp_path / "binary.txt").write_bytes(b"abc\0\x01\x02")
    (tmp_path / "latin.txt").write_bytes("caf\xe9 au lait".encode("latin-1"))
    (tmp_path / "utf16.txt").write_bytes("text".encode("utf-16"))
    (tmp_path / "marks.txt").write_text("--- *** ---\n")
    (tmp_path / "front.md").write_text("---\ntitle: [broken\n---\nText\n")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    documents, problems = read_all(tmp_path)
    assert [d.doc_id for d in documents] == ["good.md"]
    assert len(problems) == 8
    for name, word in [
        ("empty", "empty"), ("blank", "empty"), ("binary", "binary"), ("latin", "UTF-8"),
        ("utf16", "UTF-16"), ("marks", "no text"), ("front", "front matter"), ("photo", "kind"),
    ]:  # fmt: skip
        (problem,) = [p for p in problems if p.startswith(name)]
        assert word in problem


def test_a_file_over_the_limit_is_named(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(50 * 2**20)
    _, (problem,) = read_all(tmp_path)
    assert "huge.txt" in problem
    assert "50 MB" in problem


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_json_lines_in_beir_form(tmp_path: Path, suffix: str) -> None:
    lines = [
        json.dumps({"_id": "d1", "title": "First", "text": "One sentence. Two."}),
        "{broken",
        json.dumps({"title": "no id", "text": "x"}),
        json.dumps({"_id": "d2", "title": "", "text": "Another text."}),
        json.dumps(["not", "an", "object"]),
        json.dumps({"_id": "d3", "text": ""}),
    ]
    opener = gzip.open if suffix.endswith("gz") else open
    with opener(tmp_path / f"c{suffix}", "wt", encoding="utf-8") as out:
        out.write("\n".join(lines))
    documents, problems = read_all(tmp_path)
    assert [d.doc_id for d in documents] == ["d1", "d2"]
    assert [f"line {n}" in p for n, p in zip((2, 3, 5, 6), problems, strict=True)] == [True] * 4


def test_a_truncated_gzip_is_reported(tmp_path: Path) -> None:
    data = gzip.compress(b'{"_id": "a", "text": "Some words."}\n' * 500)
    (tmp_path / "c.jsonl.gz").write_bytes(data[: len(data) // 2])
    _, problems = read_all(tmp_path)
    assert any("stopped after line" in p for p in problems)


def test_unusable_folders(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list_files(tmp_path / "missing")
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(CorpusError, match="not a folder"):
        list_files(tmp_path / "file.txt")


def test_hidden_files_and_links_out_are_left(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / ".git").mkdir(parents=True)
    (corpus / ".git" / "config.txt").write_text("x")
    (corpus / "sub").mkdir()
    (corpus / "sub" / "a.txt").write_text("A text.")
    (tmp_path / "secret.txt").write_text("secret")
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert [f.name for f in list_files(corpus)] == ["sub/a.txt"]


def test_corpus_toml_defaults_and_errors(tmp_path: Path) -> None:
    info = read_corpus_info(tmp_path)
    assert info.disclaimer
    (tmp_path / "corpus.toml").write_text("title = 3\n")
    with pytest.raises(Exception, match="title"):
        read_corpus_info(tmp_path)
    (tmp_path / "corpus.toml").write_text('unknown = "x"\n')
    with pytest.raises(Exception, match="unknown"):
        read_corpus_info(tmp_path)
