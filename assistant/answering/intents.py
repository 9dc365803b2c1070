"""Questions that ask for a known part of a document: its other names, takeaways, myths, notices.

A question's wording and a section's kind or heading are matched by a small table, since their
words rarely coincide ("what else is it called" and "Also known as"). English only.
"""

from __future__ import annotations

import re

from assistant.datatypes import Passage

# (what the question says, kind of section or "", what the heading says or "")
_TABLE = tuple(
    (re.compile(asked, re.IGNORECASE), kind, re.compile(heading, re.IGNORECASE))
    for asked, kind, heading in (
        (
            r"\b((other|another|alternative|different|else) (names?|terms?)|also (known|called)|"
            r"synonyms?|aka|go(es)? by|else (is|are) (it|they) called|abbreviations?)\b",
            "",
            r"\b(also known as|other names?|synonyms?|aliases|brand names?|abbreviations?)\b",
        ),
        (
            r"\b(take-?aways?|key points?|main points?|in (short|brief)|summar(y|ise|ize)|tl;?dr|"
            r"bottom line)\b",
            "takeaways",
            "",
        ),
        (r"\b(myths?|misconceptions?|get wrong|wrong about)\b", "reality", ""),
        (r"\b(why|how come)\b.*\b(believ\w+|think|thought|assume)\b", "belief", ""),
        (
            r"\b((medical|health|professional|clinical) advice|disclaimers?|who should (not|avoid|"
            r"be (careful|cautious))|needs? to be (careful|cautious)|caution(ed|s)?|"
            r"warn(ed|ings?)?)\b",
            "notice",
            "",
        ),
        (
            r"\b(doi|references?|bibliograph\w+|full citation)\b",
            "references",
            "",
        ),
    )
)


def asks_for(question: str, passage: Passage) -> bool:
    """Tell whether a question asks for the part of a document that a passage belongs to."""
    headings = " ".join(passage.heading)
    return any(
        asked.search(question)
        and (passage.kind == kind if kind else bool(heading.search(headings)))
        for asked, kind, heading in _TABLE
    )
