"""Small inputs to start from, and how they are damaged."""

from __future__ import annotations

import functools
import random

from tests.reading.samples import docx, epub, page_html, pptx, small_pdf, xlsx

_TEXT = (
    "Kettles\n\nMyth: A kettle sings. Reality: It whistles, e.g. at 100 °C [1].\n\n"
    "Step 1: Fill it.\nStep 2: Boil it.\n\nWhat is a kettle?\nA vessel (of steel).\n"
)
_MARKDOWN = (
    "---\ntitle: Kettles\npublished: 2024-05-06\n---\n# Kettles\n\n> [!NOTE]\n> Hot.\n\n"
    "1. Fill *it*\n2. Boil\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<!-- x --> <b>y</b>\n"
)
_TOKENS = (
    b"<script>", b"</", b"<!--", b"-->", b"\"", b"'", b"\x00", b"\xff\xfe", b"\xed\xa0\x80",
    b"---\n", b"&#x0;", b"&lt;", b"javascript:", b"{{", b"${", b"[[", b"\n\n", b"\r", b"1e999",
    b"NaN", b"\\ud800", b"PK\x03\x04", b"%PDF-", b"onerror=", b"e.g. ", b"...", b"]]>", b"\x1f\x8b",
)  # fmt: skip


@functools.cache
def seeds_of(name: str) -> tuple[bytes, ...]:
    """Return valid inputs of a target."""
    made = {
        "read.txt": _TEXT.encode(),
        "read.md": _MARKDOWN.encode(),
        "read.html": page_html("<p>A <b>kettle</b> boils 10<sup>6</sup> cups.</p><ul><li>a</ul>"),
        "read.json": b'[{"title": "Kettles", "text": "A kettle boils water."}]',
        "read.jsonl": b'{"_id": "1", "text": "It boils."}\n{"question": "Q?", "answer": "A"}\n',
        "read.csv": b'id,question,answer\n1,"What, now?","It ""boils""."\n',
        "read.tsv": b"question\tanswer\nWhat?\tIt boils.\n",
        "read.pdf": small_pdf(),
        "read.docx": docx([("Heading 1", "Kettles"), ("", "A kettle boils water.")]),
        "read.pptx": pptx([("Kettles", ["A kettle boils water."])]),
        "read.xlsx": xlsx({"Tea": [("Name", "Grams"), ("Assam", 250)]}),
        "read.epub": epub({"a.xhtml": "<h1>Tea</h1><p>A kettle boils water.</p>"}),
    }
    return (made.get(name, _TEXT.encode()),)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the input with bytes flipped, cut, doubled or odd tokens put in."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        length = chance.randint(1, 20)
        kind = chance.randrange(5)
        if kind == 0 and found:
            found[at % len(found)] = chance.randrange(256)
        elif kind == 1:
            del found[at : at + length]
        elif kind == 2:
            found[at:at] = found[at : at + length] * chance.randint(1, 30)
        elif kind == 3:
            found[at:at] = chance.choice(_TOKENS)
        else:
            found[at:at] = chance.randbytes(length)
    return bytes(found)
