"""Greetings, thanks and questions about the assistant itself, which no document answers."""

from __future__ import annotations

import re

from assistant.datatypes import CorpusInfo, Notice
from assistant.words import words

_SHOWN = 4
_WHOLE = re.compile(
    r"(?:(?:hi|hello|hey|hallo|good (?:morning|evening|afternoon|day)|greetings|howdy|yo)"
    r"(?: (?:there|all|everyone|you))?"
    r"|(?:ok|okay|great|cool|nice|perfect)?(?: ?(?:thanks|thank you|thx|cheers|bye|goodbye))"
    r"(?: (?:a lot|so much|very much|again))?|ok|okay|test|testing|ping"
    r"|(?:so |and )?(?:who|what) are you|what(?:'s| is) your name|are you (?:a|an)(?: \w+){1,3}"
    r"|how are you(?: doing)?(?: today)?|(?:how can|can|could) you help(?: me)?"
    r"|what (?:can|do) you (?:do|know|answer|cover)(?: for me| about)?"
    r"|what can i (?:ask|do)(?: you| here)?|how (?:does this|do you) work|help(?: me)?"
    r"|what is this(?: page| site| about)?|what are (?:these|the|your) documents(?: about)?)"
)


def is_small_talk(text: str) -> bool:
    """Tell whether a text as a whole greets, thanks or asks about the assistant."""
    return bool(_WHOLE.fullmatch(" ".join(words(text))))


def introduction(info: CorpusInfo) -> tuple[Notice, tuple[str, ...]]:
    """Return what the assistant says of itself, and examples to go on with."""
    about = f" {info.description.rstrip('.')}." if info.description else ""
    text = (
        f"This assistant quotes what its documents say, and nothing else.{about} "
        "Ask a question about them, or state a claim to check."
    )
    return Notice("about", "info", text), info.examples[:_SHOWN]
