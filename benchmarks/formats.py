"""How fast each format is read, and how much of the text is found.

    python -m benchmarks.formats [--documents DIR] [--size N]

Makes documents of one known text in every format (the text stands between what a reader has to
leave out: menus, running headers, page numbers) and prints documents and MB of text a second,
the share of the text's words found in its order, and the words that do not belong. With
``--documents`` the files of that folder are read as well; where a text file of the same name
with the ending ``.ref.txt`` lies beside one, the share of its words that is found is printed.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.datatypes import Document
from assistant.errors import FileProblem
from assistant.reading import list_files, read_file
from tests.reading.samples import Pdf, docx, epub, page_html, pptx, xlsx

_WORD = re.compile(r"\w+")
_NOUNS = "kettle lid spout handle steam water leaf cup tray stove flame filter tea milk".split()
_VERBS = "holds warms covers cools meets follows carries keeps lifts fills moves turns".split()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--documents", type=Path, help="a folder of files to read too")
    parser.add_argument("--size", type=int, default=40, help="paragraphs a document (40)")
    parser.add_argument("--count", type=int, default=20, help="documents a format (20)")
    options = parser.parse_args()
    texts = [_paragraphs(options.size, seed) for seed in range(options.count)]
    print(f"{'format':<8}{'documents/s':>12}{'MB text/s':>11}{'found':>8}{'foreign':>9}")
    for ending, make in _MAKERS.items():
        _measure(ending, make, texts)
    if options.documents:
        _read_folder(options.documents)


def _paragraphs(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [
        " ".join(
            f"The {draw.choice(_NOUNS)} {draw.choice(_VERBS)} the {draw.choice(_NOUNS)} "
            f"{draw.randint(2, 900)} times."
            for _ in range(6)
        )
        for _ in range(count)
    ]


def _html(texts: list[str]) -> bytes:
    return page_html("".join(f"<p>{text}</p>" for text in texts))


def _pdf(texts: list[str]) -> bytes:
    """Two columns a page under a running header, with page numbers."""
    pdf, y, column = Pdf(), 70.0, 0
    for number, text in enumerate(texts):
        if y > 700:
            y, column = 70.0, column + 1
        if column == 2:
            pdf.next()
            column = 0
        if y == 70.0 and column == 0:
            pdf.line(60, 40, "Journal of Kitchen Studies", 8)
            pdf.line(290, 815, str(number // 10 + 1), 9)
        y = pdf.column(60 + 260 * column, y, text, 48) + 8
    return pdf.data()


_MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "txt": lambda texts: "\n\n".join(texts).encode(),
    "md": lambda texts: "\n\n".join(texts).encode(),
    "html": _html,
    "pdf": _pdf,
    "docx": lambda texts: docx([("", text) for text in texts]),
    "epub": lambda texts: epub({"a.xhtml": "".join(f"<p>{text}</p>" for text in texts)}),
    "pptx": lambda texts: pptx([("Slide", texts[at : at + 4]) for at in range(0, len(texts), 4)]),
    "xlsx": lambda texts: xlsx({"Sheet": [("No", "Text"), *enumerate(texts)]}),
}


def _measure(ending: str, make: Callable[[list[str]], bytes], texts: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        for number, paragraphs in enumerate(texts):
            Path(folder, f"{number:03}.{ending}").write_bytes(make(paragraphs))
        files = list_files(Path(folder))
        list(read_file(files[0]))  # the library is loaded
        started = time.perf_counter()
        found = [document for file in files for document in read_file(file)]
        seconds = time.perf_counter() - started
    documents = [document for document in found if isinstance(document, Document)]
    size = sum(len(document.text) for document in documents) / 1e6
    shares = [_compare(" ".join(p), d.text) for p, d in zip(texts, documents, strict=True)]
    share = sum(s for s, _ in shares) / len(shares)
    foreign = sum(f for _, f in shares) / len(shares)
    print(
        f"{ending:<8}{len(documents) / seconds:>12.1f}{size / seconds:>11.2f}"
        f"{share:>8.1%}{foreign:>9.1%}"
    )


def _compare(wanted: str, text: str) -> tuple[float, float]:
    """Return the share of the wanted words found in order, and of the words that are foreign."""
    expected, got = _WORD.findall(wanted), _WORD.findall(text)
    matcher = difflib.SequenceMatcher(None, expected, got, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same / max(len(expected), 1), (len(got) - same) / max(len(got), 1)


def _read_folder(folder: Path) -> None:
    print(f"\n{'file':<40}{'seconds':>8}{'pages':>7}{'letters':>9}{'sections':>9}{'found':>8}")
    for file in list_files(folder):
        if file.name.endswith((".ref.txt", "README.md")):
            continue
        started = time.perf_counter()
        found = list(read_file(file))
        seconds = time.perf_counter() - started
        for document in found:
            if isinstance(document, FileProblem):
                print(document)
                continue
            reference = file.path.with_suffix(".ref.txt")
            share = "-"
            if reference.is_file():
                wanted = reference.read_text(encoding="utf-8")
                share = f"{_compare(wanted, document.text)[0]:.1%}"
            pages = len(document.page_starts)
            print(
                f"{document.doc_id[:39]:<40}{seconds:>8.2f}{pages:>7}{len(document.text):>9}"
                f"{len(document.sections):>9}{share:>8}"
            )


if __name__ == "__main__":
    main()
