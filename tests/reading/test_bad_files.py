"""Files that cannot be read: one sentence each, and the others are read all the same."""

from __future__ import annotations

import copy
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import FileProblem
from assistant.reading import formats, list_files, read_file
from tests.reading.samples import Pdf, docx, epub, page_html, pptx, read_all, small_pdf, xlsx

GOOD = ("good.md", b"# Good\n\nA sentence about tea.\n")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


MADE = {
    "pdf": small_pdf,
    "docx": lambda: docx([("", "A sentence about tea in a file.")]),
    "xlsx": lambda: xlsx({"Tea": [("Name", "Grams"), ("Assam", 250)]}),
    "pptx": lambda: pptx([("Tea", ["A sentence about tea."])]),
    "epub": lambda: epub({"a.xhtml": "<h1>Tea</h1><p>A sentence about tea.</p>"}),
    "html": lambda: page_html("<p>A sentence about tea in a file.</p>"),
}


def problem_of(folder: Path, name: str, data: bytes) -> str:
    """The one problem of a file that stands beside a good one."""
    (folder / GOOD[0]).write_bytes(GOOD[1])
    (folder / name).write_bytes(data)
    documents, problems = read_all(folder)
    assert [d.doc_id for d in documents] == ["good.md"]
    (problem,) = problems
    assert problem.startswith(f"{name}: ")
    assert "\n" not in problem and "Traceback" not in problem
    assert ";" in problem, "a remedy is named"
    return problem


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stream.getvalue()


MAIN_PART = {
    "docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml",
    "pptx": "ppt/slides/slide1.xml", "epub": "OPS/a.xhtml",
}  # fmt: skip


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("size", [0, 3])
def test_zero_bytes_and_blanks(tmp_path: Path, kind: str, size: int) -> None:
    assert "empty" in problem_of(tmp_path, f"a.{kind}", b" \n\n"[:size])


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "pptx", "epub"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated(tmp_path: Path, kind: str, share: float) -> None:
    data = MADE[kind]()
    (tmp_path / GOOD[0]).write_bytes(GOOD[1])
    (tmp_path / f"a.{kind}").write_bytes(data[: int(share * len(data))])
    documents, problems = read_all(tmp_path)
    assert "good.md" in [d.doc_id for d in documents]
    # What is left of a PDF may still hold its text; nothing else may pass in silence.
    assert len(documents) + len(problems) == 2


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.docx", "a.pdf", "a.csv", "a.json", "a.epub"])
def test_a_wrong_ending_does_not_matter(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(MADE[kind]())
    documents, problems = read_all(tmp_path)
    assert not problems
    assert "Assam" in documents[0].text or "sentence about tea" in documents[0].text


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx", "epub", "pdf"])
@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"Just some words of text.", "not a"),
        (b"{\\rtf1 Some words}", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
        (OLE + b"\0" * 600, "old Office format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_something_else_is_refused(
    tmp_path: Path, ending: str, data: bytes, word: str
) -> None:
    assert word in problem_of(tmp_path, f"a.{ending}", data)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "Some notes.")
    assert "ZIP archive" in problem_of(tmp_path, "a.docx", stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert "OpenDocument" in problem_of(tmp_path, "a.docx", stream.getvalue())


def test_a_pdf_with_a_password(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    pdf = Pdf(encrypt=StandardEncryption("secret", strength=128))
    pdf.line(60, 60, "A secret sentence.")
    assert "password" in problem_of(tmp_path, "a.pdf", pdf.data())


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    pdf = Pdf(encrypt=StandardEncryption("", ownerPassword="owner", canPrint=0, strength=128))
    pdf.line(60, 60, "A sentence about tea in a file.")
    (tmp_path / "a.pdf").write_bytes(pdf.data())
    (document,), problems = read_all(tmp_path)
    assert not problems
    assert document.text == "A sentence about tea in a file."


def test_encrypted_parts_and_drm(tmp_path: Path) -> None:
    data = bytearray(MADE["docx"]())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        central = bytes(data).rindex(b"PK\x05\x06")
        start = int.from_bytes(data[central + 16 : central + 20], "little")
        offsets = [part.header_offset for part in archive.infolist()]
    at = start
    while data[at : at + 4] == b"PK\x01\x02":  # set the flag 'encrypted' of every part
        data[at + 8] |= 1
        names = [int.from_bytes(data[at + n : at + n + 2], "little") for n in (28, 30, 32)]
        at += 46 + sum(names)
    for offset in offsets:
        data[offset + 6] |= 1
    assert "password" in problem_of(tmp_path, "a.docx", bytes(data))
    method = '<encryption><EncryptionMethod Algorithm="http://ns.adobe.com/adept"/></encryption>'
    locked = epub({"a.xhtml": "<p>Text.</p>"}, {"META-INF/encryption.xml": method})
    (tmp_path / "a.docx").unlink()
    assert "DRM" in problem_of(tmp_path, "a.epub", locked)


@pytest.mark.parametrize("kind", MAIN_PART)
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, kind: str) -> None:
    bomb = replaced(MADE[kind](), MAIN_PART[kind], b"<a>" + b" " * (40 << 20) + b"</a>")
    assert len(bomb) < 1 << 20
    assert "ZIP bomb" in problem_of(tmp_path, f"a.{kind}", bomb)


def test_many_large_parts_are_not_unpacked(tmp_path: Path) -> None:
    """The same 8 MB part under 70 names, as overlapping bombs do it."""
    stream = io.BytesIO(MADE["docx"]())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/0.bin", os.urandom(1 << 18) + b"\0" * (8 << 20))
        part = archive.getinfo("word/media/0.bin")
        for number in range(1, 70):
            twin = copy.copy(part)
            twin.filename = f"word/media/{number}.bin"
            archive.filelist.append(twin)
        archive.writestr("word/last.txt", "the end")
    assert "more than 512 MB" in problem_of(tmp_path, "a.docx", stream.getvalue())


@pytest.mark.parametrize("kind", MAIN_PART)
def test_an_entity_bomb_is_not_expanded(tmp_path: Path, kind: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [{laughs}]><a>&l11;</a>'.encode()
    data = replaced(MADE[kind](), MAIN_PART[kind], bomb)
    assert "XML bomb" in problem_of(tmp_path, f"a.{kind}", data)


@pytest.mark.parametrize("kind", MAIN_PART)
def test_a_part_that_is_no_xml(tmp_path: Path, kind: str) -> None:
    data = replaced(MADE[kind](), MAIN_PART[kind], b"\x01\x02 no xml <<<< at all")
    (tmp_path / GOOD[0]).write_bytes(GOOD[1])
    (tmp_path / f"a.{kind}").write_bytes(data)
    documents, problems = read_all(tmp_path)
    assert "good.md" in [d.doc_id for d in documents]
    assert kind == "epub" or len(problems) == 1


NAMES = ["with blank.pdf", "tea 🍵.html", "two\nlines.docx", "b" * 250 + ".epub", "ünï.xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(MADE[name.rsplit(".", 1)[1]]())
    (document,), problems = read_all(tmp_path)
    assert not problems
    assert document.doc_id == name
    (tmp_path / name).write_bytes(b"")
    _, (problem,) = read_all(tmp_path)
    assert "\n" not in problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("kind", MADE)
def test_no_permission(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"")
    path.chmod(0)
    assert "permission" in "".join(read_all(tmp_path)[1])


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(MADE["pdf"]())
    (file,) = list_files(tmp_path)
    path.unlink()
    (problem,) = read_file(file)
    assert isinstance(problem, FileProblem)
    assert "cannot be read" in str(problem)


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    """A named pipe stands for a file whose size is not what was read of it."""
    path = tmp_path / "a.html"
    path.write_bytes(MADE["html"]())
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "stop = time.time() + 20\n"
        "while time.time() < stop:\n"
        "    with Path(sys.argv[1]).open('ab') as stream: stream.write(b'x' * 200_000)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", script, str(path)])
    try:
        seen = set()
        for _ in range(400):
            try:
                seen.add(len(list(formats.read_path(path, "a.html", "a.html"))))
            except formats.FileProblem as problem:
                seen.add(problem.reason)
            if any("changed while it was read" in str(reason) for reason in seen):
                break
        assert any("changed while" in str(r) or "over the limit" in str(r) for r in seen)
    finally:
        writer.kill()
        writer.wait()


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    for kind in ("pdf", "docx", "xlsx", "pptx", "epub", "html"):
        (tmp_path / f"a.{kind}").write_bytes(MADE[kind]())
    (tmp_path / GOOD[0]).write_bytes(GOOD[1])
    script = (
        "import sys\n"
        "for name in ('pypdfium2', 'docx', 'openpyxl', 'pptx', 'lxml', 'lxml.etree'):\n"
        "    sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from tests.reading.samples import read_all\n"
        "documents, problems = read_all(Path(sys.argv[1]))\n"
        "print(len(documents), *problems, sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    count, *problems = done.stdout.splitlines()
    assert count == "1"
    assert len(problems) == 6
    assert all("pip install -r requirements-formats.txt" in problem for problem in problems)


def test_the_libraries_are_loaded_only_when_needed() -> None:
    script = (
        "import sys, assistant.reading\n"
        "print([m for m in ('lxml', 'docx', 'pptx', 'openpyxl', 'pypdfium2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(sorted(MADE)), st.lists(st.tuples(
    st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=30))  # fmt: skip
def test_damaged_bytes_are_read_or_refused(
    tmp_path: Path, kind: str, damage: list[tuple[float, int]]
) -> None:
    data = bytearray(MADE[kind]())
    for place, byte in damage:
        data[int(place * len(data))] = byte
    (tmp_path / f"a.{kind}").write_bytes(bytes(data))
    documents, problems = read_all(tmp_path)
    (tmp_path / f"a.{kind}").unlink()
    assert documents or problems
