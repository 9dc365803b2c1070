"""What programs may send: the same models check the bodies of the API and the tools of MCP."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assistant.config import MAX_QUESTION_CHARS
from assistant.feedback import MAX_COMMENT_CHARS
from assistant.web.service import MAX_TEXT_CHARS

MAX_HITS = 100
MAX_DOCUMENTS = 100
MAX_ID_CHARS = 1_000
_QUESTION = "What activates mTORC1?"
_CLAIM = "Rapamycin inhibits mTORC1."


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Scoped(_Request):
    documents: list[Annotated[str, Field(max_length=MAX_ID_CHARS)]] = Field(
        [],
        max_length=MAX_DOCUMENTS,
        description="The ids of the documents to look at, as if there were no others; by "
        "default all.",
    )


class AskRequest(_Scoped):
    """A question, and the one before it where it is a follow-up."""

    question: str = Field(
        max_length=MAX_QUESTION_CHARS,
        description="The question, best as a whole sentence.",
        examples=[_QUESTION],
    )
    previous: str = Field(
        "",
        max_length=MAX_QUESTION_CHARS,
        description="The question before (an answer's resolved_question): a follow-up such as "
        "'and what about mTORC2?' inherits its topic.",
    )


class ClaimRequest(_Scoped):
    """A claim to check."""

    claim: str = Field(
        max_length=MAX_QUESTION_CHARS,
        description="One statement that is true or false, as a whole sentence.",
        examples=[_CLAIM],
    )


class CheckRequest(_Scoped):
    """A claim to check, or a text of which each sentence is checked; exactly one of them."""

    claim: str | None = Field(
        None, max_length=MAX_QUESTION_CHARS, description="One statement.", examples=[_CLAIM]
    )
    text: str | None = Field(
        None,
        max_length=MAX_TEXT_CHARS,
        description="A plain text; at most 60 sentences of it can be checked at once.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.claim is None) == (self.text is None):
            raise PydanticCustomError("one_of", "Give either 'claim' or 'text'.")
        return self


class SearchRequest(_Scoped):
    """A search for passages or documents."""

    query: str = Field(
        max_length=MAX_QUESTION_CHARS,
        description="What to search for: words or a question.",
        examples=["leucine sensing"],
    )
    k: int = Field(10, ge=1, le=MAX_HITS, description="How many to return.", examples=[3])
    level: Literal["passage", "document"] = Field(
        "passage", description="Rank passages, or documents by their best passage."
    )


class FaqRequest(_Scoped):
    """A question to find among the frequently asked ones; empty for the list of all."""

    question: str = Field(
        "",
        max_length=MAX_QUESTION_CHARS,
        description="The question in your own words; leave it out for the list of all entries.",
        examples=["Can coffee switch mTOR on?"],
    )
    k: int = Field(10, ge=1, le=10, description="How many of the nearest entries to name.")


class DocumentRequest(_Request):
    """A document, or a part of its text."""

    doc_id: str = Field(
        max_length=1_000, description="The id, as citations and search hits give it."
    )
    start: int = Field(0, ge=0, description="First character, counted in code points from 0.")
    end: int | None = Field(None, ge=1, description="The character after the last one.")


class FeedbackRequest(_Request):
    """What a visitor thought of an answer or verdict given lately."""

    answer_id: str = Field(
        min_length=1, max_length=64, description="The id in the JSON of the answer or verdict."
    )
    rating: Literal["up", "down"] = Field(description="Whether it was good.", examples=["down"])
    reason: Literal["wrong_passage", "incomplete", "not_covered", "unsafe", "other"] | None = Field(
        None, description="What was wrong.", examples=["incomplete"]
    )
    comment: str = Field("", max_length=MAX_COMMENT_CHARS, description="In your own words.")
    kind: Literal["answer", "verdict"] | None = Field(
        None, description="Needed only where the same text was asked and checked."
    )
