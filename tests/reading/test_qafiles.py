from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.indexing.passages import split_document
from assistant.reading import list_files, read_file
from assistant.reading.qafiles import entry_document


def read_all(folder: Path) -> tuple[list[Document], list[str]]:
    documents, problems = [], []
    for file in list_files(folder):
        for found in read_file(file):
            if isinstance(found, FileProblem):
                problems.append(str(found))
            else:
                documents.append(found)
    return documents, problems


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'id,question,answer\nq1,What is it?,"A thing, here.\nTwo lines."\n'),
        ("a.csv", '\ufeffID;Question;Answer\r\nq1;What is it?;"A thing, here.\r\nTwo lines."\r\n'),
        ("a.tsv", 'Answer\tQUESTION\tId\n"A thing, here.\nTwo lines."\tWhat  is it?\tq1\n'),
        (
            "a.jsonl",
            json.dumps(
                {"id": "q1", "question": "What is it?", "answer": "A thing, here.\nTwo lines."}
            ),
        ),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_an_entry_is_a_document_of_its_id(
    tmp_path: Path, name: str, text: str, packed: bool
) -> None:
    data = text.encode()
    (tmp_path / (name + ".gz" * packed)).write_bytes(gzip.compress(data) if packed else data)
    (document,), problems = read_all(tmp_path)
    assert not problems
    assert document.doc_id == "q1"
    assert document.title == "What is it?"
    assert document.text == "What is it?\n\nA thing, here.\nTwo lines."
    (section,) = document.sections
    assert (section.kind, section.heading) == ("faq", ("What is it?",))
    (passage,) = split_document(document)
    assert passage.text == "A thing, here.\nTwo lines."


def test_without_ids_the_row_names_the_entry(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("question,answer,topic\nWhy?,Because.,Reasons\n\nHow?,So.,\n")
    documents, problems = read_all(tmp_path)
    assert not problems
    assert [d.doc_id for d in documents] == ["f.csv:2", "f.csv:4"]
    assert documents[0].sections[0].heading == ("Reasons", "Why?")


def test_broken_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        b"id,question,answer",
        b"a,Is it good?,Yes.",
        b"b,No answer?,",
        b"c,,No question.",
        b"d,Too many?,One, two",
        b"e,Caf\xe9?,Latin.",
        b'f,Quotes?,"Bad" quotes.',
        b"g,Short row?",
        b"h,Is it the last?,Yes.",
    ]
    (tmp_path / "f.csv").write_bytes(b"\n".join(rows))
    documents, problems = read_all(tmp_path)
    assert [d.doc_id for d in documents] == ["a", "h"]
    for number, problem in zip((3, 4, 5, 6, 7, 8), problems, strict=True):
        assert problem.startswith("f.csv: row ")
        assert f"row {number} " in problem


def test_a_quote_that_never_closes_is_reported(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text('question,answer\nOne?,Yes.\nTwo?,"No.\nThree?,Yes.\n')
    documents, (problem,) = read_all(tmp_path)
    assert len(documents) == 1
    assert "row 3" in problem


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"name,age\nx,3\n", "columns"),
        ("question,answer".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_table_of_another_kind_is_a_problem(tmp_path: Path, data: bytes, word: str) -> None:
    (tmp_path / "f.csv").write_bytes(data)
    documents, (problem,) = read_all(tmp_path)
    assert not documents
    assert word in problem


def test_a_truncated_table_keeps_what_was_read(tmp_path: Path) -> None:
    text = "question,answer\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(5000))
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(text.encode())[:4000])
    documents, problems = read_all(tmp_path)
    assert documents
    assert "stopped after row" in problems[-1]


def test_json_lines_may_mix_texts_and_entries(tmp_path: Path) -> None:
    lines = [
        {"_id": "d1", "text": "A text.", "question": "kept as text?", "answer": "yes"},
        {"id": 7, "question": "What is seven?", "answer": "A number."},
        {"id": "x", "question": "No answer?", "answer": " "},
        {"id": "y", "question": 3, "answer": "Three."},
        {"id": ["z"], "question": "Which id?", "answer": "None."},
    ]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    documents, problems = read_all(tmp_path)
    assert [(d.doc_id, d.kind) for d in documents] == [("d1", ""), ("7", "FAQ")]
    assert [f"line {n}" in p for n, p in zip((3, 4, 5), problems, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    "answer",
    ["- one\n- two", "Menu", "1. first\n2. second", "# A heading?\nText", "Myth: no\nReality: yes",
     "word. " * 500, "---\nText\n---", "Reality: yes"],
)  # fmt: skip
def test_the_passages_span_the_whole_answer(answer: str) -> None:
    document = entry_document({"question": "What?", "answer": answer}, "f", 1, "row")
    passages = split_document(document)
    whole = document.text[passages[0].start : passages[-1].end]
    assert whole == answer.strip()
    assert {p.kind for p in passages} == {"faq"}


@given(st.text(), st.text())
def test_any_texts_slice_back_or_are_refused(question: str, answer: str) -> None:
    try:
        document = entry_document({"question": question, "answer": answer}, "f", 1, "row")
    except FileProblem as problem:
        assert "row 1" in str(problem)
        return
    for passage in split_document(document):
        assert document.text[passage.start : passage.end] == passage.text
    assert document.text.startswith(document.title + "\n\n")
