from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.assemble import make_document
from assistant.reading.markdown import FrontMatterError, read_markdown, split_front_matter

PAGE = """\
# Kettles

> [!IMPORTANT]
> For information only.

## Use

Fill *it* with **water**, then [heat](http://x.example) it.

1. Fill it.
2. Heat it:
   - slowly
   - steadily

## Myths

### Myth: Salt helps.

**Reality:** It does not.

**Why people believe it:** It spatters.

## Common questions

### Is it safe?

Yes, with care.

| a | b |
|---|---|
| 1 | 2 |
"""


def document(body: str):
    text, drafts, heading = read_markdown(body)
    return make_document(text, drafts, "k.md", "k.md", heading or "Kettles", {})


def test_markup_is_gone_and_structure_is_kept() -> None:
    found = document(PAGE)
    assert "Fill it with water, then heat it." in found.text
    assert "*" not in found.text
    kinds = [s.kind for s in found.sections]
    assert kinds == [
        "prose", "notice", "prose", "prose", "myth", "reality", "belief", "prose", "faq",
    ]  # fmt: skip
    steps = [b for s in found.sections for b in s.blocks if b.kind == "step"]
    assert [found.text[b.start : b.end] for b in steps] == ["Fill it.", "Heat it:"]


def test_reality_has_its_myth_in_the_heading() -> None:
    (reality,) = [s for s in document(PAGE).sections if s.kind == "reality"]
    assert reality.heading == ("Myths", "Myth: Salt helps.")


def test_front_matter_is_read() -> None:
    known, body = split_front_matter("---\ntitle: A\npublished: 2024-05-06\n---\nText")
    assert known == {"title": "A", "published": "2024-05-06"}
    assert body == "Text"


@pytest.mark.parametrize(
    "raw", ["---\ntitle: [a\n---\nText", "---\n- a\n---\nText", "---\ntitle: a\nno end"]
)
def test_broken_front_matter_is_one_sentence(raw: str) -> None:
    with pytest.raises(FrontMatterError, match="front matter"):
        split_front_matter(raw)


@given(st.text(alphabet=st.sampled_from("ab #*>-\n1.[]()`|_~!:"), max_size=300))
def test_blocks_slice_back(body: str) -> None:
    found = document(body)
    at = 0
    for section in found.sections:
        for block in section.blocks:
            assert at <= block.start < block.end <= len(found.text)
            at = block.end
