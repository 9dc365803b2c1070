"""A citation names the page, slide or row on which its quote begins."""

from __future__ import annotations

from pathlib import Path

from assistant.datatypes import Citation
from assistant.jsonio import citation_json
from assistant.textio import answer_text
from tests.reading.samples import Pdf, xlsx


def test_the_page_is_that_of_the_quote_not_of_its_passage(tmp_path: Path, open_with_hashes) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    pdf = Pdf()
    pdf.line(60, 60, "Kettles boil water on a stove in the kitchen of the house. The old man and")
    pdf.next()
    pdf.line(60, 60, "his wife drink tea. Teapots were glazed by potters in Bergen.")
    (corpus / "k.pdf").write_bytes(pdf.data())
    rows = [("Tea", "Grams"), ("Assam", 250), ("Sencha", 100)]
    (corpus / "t.xlsx").write_bytes(xlsx({"Stock": rows}))
    assistant = open_with_hashes(corpus)
    (passage,) = [h.passage for h in assistant.search("potters glazed teapots", k=1)]
    assert passage.page == 1
    answer = assistant.ask("Which potters glazed teapots in Bergen?")
    (citation,) = [c for c in answer.citations if "Bergen" in c.quote]
    assert (citation.page, citation.page_unit) == (2, "page")
    assert "(k.pdf, page 2, " in answer_text(answer)
    document = assistant.document("t.xlsx")
    assert (document.page_unit, document.page_at(document.text.index("Sencha"))) == ("row", 3)


def test_a_document_without_pages_has_neither_page_nor_unit() -> None:
    citation = Citation(1, "a.md", "A", (), "quote", 0, 5)
    assert citation_json(citation)["page"] is None
    assert citation_json(citation)["page_unit"] is None
    assert citation.page_label == ""
