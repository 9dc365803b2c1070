from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.config import ROOT

DOCUMENT = """# Kettles

## What a kettle is

A kettle is a vessel for boiling water, usually made of steel.

## History

The whistling kettle was invented in 1923 by Joseph Block, a retired executive.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "kettles.md").write_text(DOCUMENT)
    (folder / "broken.txt").write_text("")
    return folder


@pytest.fixture
def run(corpus: Path, capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["--corpus", str(corpus), "--index", str(corpus.parent / "ix"), *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_ask_prints_statements_sources_and_disclaimer(run) -> None:
    code, out, err = run("ask", "Who invented the whistling kettle?")
    assert code == 0
    assert "invented in 1923 by Joseph Block, a retired executive. [1]" in out
    assert "[1] Kettles › History (kettles.md," in out
    assert "not professional or medical advice" in out
    assert "Not read: broken.txt: it is empty" in err


def test_ask_json_matches_the_document(run) -> None:
    code, out, _ = run("ask", "--json", "Who invented the whistling kettle?")
    answer = json.loads(out)
    assert code == 0
    assert list(answer) == [
        "id", "question", "resolved_question", "outcome", "confidence", "statements",
        "citations", "faq", "notices",
        "disclaimer", "related", "timings_ms",
    ]  # fmt: skip
    _, text, _ = run("document", "kettles.md")
    for citation in answer["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("command", ["ask", "faq", "check", "search"])
def test_a_document_can_be_looked_at_alone(run, corpus: Path, command: str) -> None:
    (corpus / "pans.md").write_text("# Pans\n\nA pan fries eggs. It has a long handle.\n")
    code, out, _ = run(command, "A pan fries eggs.", "--document", "pans.md", "--json")
    assert code == 0
    assert "pans.md" in out
    assert "kettles.md" not in out
    code, _, err = run(command, "A pan fries eggs.", "--document", "none.md")
    assert code == 1
    assert "There is no document 'none.md' here" in err


def test_batch_carries_ids_and_goes_on_after_a_bad_question(run, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "q1", "text": "What is a kettle?"}\n\n{"id": 7, "text": " "}\n')
    code, out, _ = run("ask", "--batch", str(batch))
    first, second = map(json.loads, out.splitlines())
    assert code == 0
    assert first["id"] == "q1"
    assert first["statements"]
    assert second["id"] == "7"
    assert "empty" in second["error"]


def test_search_writes_a_run_file(run, tmp_path: Path) -> None:
    path = tmp_path / "out.run"
    code, out, _ = run(
        "search", "--json", "-k", "2", "--level", "document", "--run", str(path), "steel vessel"
    )
    assert code == 0
    assert json.loads(out)["hits"][0]["doc_id"] == "kettles.md"
    assert path.read_text().split()[:4] == ["query", "Q0", "kettles.md", "1"]


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["ask", ""], 1, "empty"),
        (["ask", "   "], 1, "empty"),
        (["ask", "x" * 10_000], 1, "10,000 characters"),
        (["ask", "🙂🙂"], 1, "no words"),
        (["ask"], 2, "--help"),
        (["ask", "a", "--batch", "b"], 2, "not both"),
        (["search", "-k", "0", "x"], 2, "from 1"),
        (["nonsense"], 2, "--help"),
        (["document", "missing.md"], 1, "no document 'missing.md'"),
        (["ask", "--batch", "missing.jsonl"], 1, "missing.jsonl"),
        (["serve", "--port", "99999"], 2, "port"),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, code, word) -> None:
    found, out, err = run(*arguments)
    assert found == code
    assert word in err
    assert out == ""
    lines = [line for line in err.splitlines() if not line.startswith(("Not read", "Indexing"))]
    assert len(lines) == 1


@pytest.mark.parametrize(
    "question",
    ["<script>alert(1)</script> kettle", "was ist ein Kessel?", "ke\x00ttle\x1b[31m", "вода кипит"],
)
def test_odd_questions_get_an_answer(run, question) -> None:
    code, out, _ = run("ask", "--json", question)
    assert code == 0
    assert json.loads(out)["disclaimer"]


@pytest.mark.parametrize("name", ["missing", "file.txt", "empty"])
def test_unusable_corpus(tmp_path: Path, capsys, name: str) -> None:
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    code = main(["--corpus", str(tmp_path / name), "--index", str(tmp_path / "ix"), "ask", "x"])
    _, err = capsys.readouterr()
    assert code == 1
    assert name in err
    assert len(err.strip().splitlines()) == 1


def test_the_command_runs_as_a_module() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-m", "assistant", "--help"],
        capture_output=True, text=True, check=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    for command in ("index", "ask", "search", "document", "serve"):
        assert command in found.stdout


def test_check_says_which_source_decides(run) -> None:
    code, out, _ = run("check", "--json", "Joseph Block invented the whistling kettle in 1932.")
    verdict = json.loads(out)
    assert code == 0
    assert list(verdict) == [
        "id", "claim", "checked_claim", "label", "confidence", "evidence", "sources", "parts",
        "notices", "disclaimer", "timings_ms",
    ]  # fmt: skip
    assert verdict["label"] != "supported"
    assert any("number: 1932 / 1923" in e["vetoes"] for e in verdict["evidence"])
    _, text, _ = run("document", "kettles.md")
    for evidence in verdict["evidence"]:
        citation = evidence["citation"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_check_prints_label_evidence_and_disclaimer(run) -> None:
    code, out, _ = run("check", "The whistling kettle was invented in 1923.")
    assert code == 0
    assert out.startswith("Supported by the documents")
    assert "Supports\n[1] The whistling kettle was invented in 1923" in out
    assert "not professional or medical advice" in out


def test_check_takes_a_batch_and_a_draft(run, tmp_path: Path) -> None:
    batch = tmp_path / "claims.jsonl"
    batch.write_text('{"id": "c1", "text": "Kettles are cheap."}\n{"id": "c2", "text": "?"}\n')
    code, out, _ = run("check", "--batch", str(batch))
    first, second = map(json.loads, out.splitlines())
    assert (code, first["id"]) == (0, "c1")
    assert "claim is empty" in second["error"]
    draft = tmp_path / "draft.md"
    draft.write_text("# Draft\n\nA kettle is a vessel for boiling water. It sings at night.\n")
    code, out, _ = run("check", "--text", str(draft), "--json")
    checked = json.loads(out)
    assert code == 0
    assert checked["sentences"][0]["claim"].startswith("A kettle is a vessel")
    assert checked["disclaimer"]
    code, out, _ = run("check", "--text", str(draft))
    assert "A kettle is a vessel" in out


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["check"], 2, "--help"),
        (["check", "A claim.", "--text", "x.md"], 2, "--help"),
        (["check", "--text", "missing.md"], 1, "missing.md"),
        (["check", ""], 1, "empty"),
        (["--corpus", "", "check", "It is so."], 1, "--corpus is empty"),
    ],
)
def test_check_explains_misuse(run, arguments: list[str], code: int, word: str) -> None:
    found, _, err = run(*arguments)
    assert found == code
    assert word in err
    assert "Traceback" not in err


def test_index_counts_what_changed(run, corpus: Path) -> None:
    code, out, err = run("index", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["counts"]["added"] == 1
    assert report["failed"] == ["broken.txt"]
    assert "Not read: broken.txt" in err
    (corpus / "kettles.md").rename(corpus / "pots.md")
    code, out, _ = run("index")
    assert "renamed: kettles.md -> pots.md" in out
    assert ", 0 embedded" in out
    code, out, _ = run("index")
    assert "up to date" in out
    code, out, _ = run("index", "--full", "--json")
    assert json.loads(out)["built"] is False


def test_the_same_content_is_listed_with_both_names(run, corpus: Path) -> None:
    (corpus / "twin.md").write_text(DOCUMENT)
    code, out, _ = run("document")
    assert code == 0
    assert out == "kettles.md\tKettles (also twin.md)\n"
