"""What a program may ask of the server, as JSON values: shared by REST, MCP and Gradio's API.

Every call may be made from several threads. It knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from assistant.assistant import Assistant, Level
from assistant.claims.draft import sentences_of_text
from assistant.errors import NotFoundError, QuestionError
from assistant.feedback import FeedbackFile, Rating, Reason, feedback_file, record_of
from assistant.jsonio import (
    answer_json,
    document_json,
    document_line,
    draft_json,
    faq_answer_json,
    faq_list_json,
    hits_json,
    slice_json,
    verdict_json,
)
from assistant.web.pathway import find_pathway, pathway_json
from assistant.web.recent import Kind, Recent

MAX_TEXT_CHARS = 20_000
MAX_SENTENCES = 60
LISTED = 1_000


class Service:
    """The assistant as it is served.

    ``feedback`` is the file that ratings go to, None where none are kept.
    """

    def __init__(
        self,
        assistant: Assistant,
        recent: Recent | None = None,
        feedback: FeedbackFile | None = None,
    ) -> None:
        self.assistant = assistant
        self.recent = recent or Recent()
        self.feedback = feedback

    @property
    def is_ready(self) -> bool:
        """Whether the index is open and every model loaded."""
        return self.assistant.is_warm

    def ask(
        self, question: str, previous: str = "", documents: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the answer to a question.

        Raises:
            QuestionError: When it cannot be asked.
            NotFoundError: When one of the documents is not there.
        """
        with self._pinned() as assistant:
            answer = assistant.ask(question, previous=previous, documents=documents)
        self.recent.remember(answer)
        return answer_json(answer)

    def check(self, claim: str, documents: Sequence[str] = ()) -> dict[str, Any]:
        """Return the verdict on a claim.

        Raises:
            QuestionError: When it cannot be checked.
            NotFoundError: When one of the documents is not there.
        """
        with self._pinned() as assistant:
            verdict = assistant.check(claim, documents=documents)
        self.recent.remember(verdict)
        return verdict_json(verdict)

    def check_text(self, text: str, documents: Sequence[str] = ()) -> dict[str, Any]:
        """Return a verdict for each sentence of a text, with ids that count from 1.

        Raises:
            QuestionError: When there is nothing to check or too much.
            NotFoundError: When one of the documents is not there.
        """
        with self._pinned() as assistant:
            if len(text) > MAX_TEXT_CHARS:
                raise QuestionError(
                    f"The text has {len(text):,} characters; the limit is {MAX_TEXT_CHARS:,}, "
                    "so split it."
                )
            sentences = sentences_of_text(text)
            if len(sentences) > MAX_SENTENCES:
                raise QuestionError(
                    f"The text has {len(sentences):,} sentences; the limit is {MAX_SENTENCES}, "
                    "so split it."
                )
            verdicts = assistant.check_sentences(sentences, documents)
            if not verdicts:
                raise QuestionError("The text has no sentence that can be checked; write one.")
            return draft_json(verdicts, assistant.info.disclaimer)

    def search(
        self, query: str, k: int = 10, level: Level = "passage", documents: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the best passages, or documents by their best passage.

        Raises:
            QuestionError: When the query cannot be searched for.
            NotFoundError: When one of the documents is not there.
        """
        with self._pinned() as assistant:
            hits = assistant.search(query, k, level, documents)
            return hits_json("query", query, hits, assistant.info.disclaimer)

    def faq(
        self, question: str = "", k: int = 10, offset: int = 0, documents: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the answer and the ``k`` entries nearest to a question; without one, the list.

        The list holds at most a thousand entries, from the one numbered ``offset``.

        Raises:
            QuestionError: When the question cannot be asked.
            NotFoundError: When one of the documents is not there.
        """
        with self._pinned() as assistant:
            if not question:
                entries = assistant.faq_entries(documents)
                listed = faq_list_json(entries, assistant.info.disclaimer)
                return {**listed, "entries": listed["entries"][offset : offset + LISTED]}
            answer, candidates = assistant.ask_faq(question, documents=documents)
            self.recent.remember(answer)
            return faq_answer_json(answer, candidates[:k])

    def documents(self, offset: int = 0) -> dict[str, Any]:
        """Return at most a thousand documents, from the one numbered ``offset``."""
        with self._pinned() as assistant:
            listed = islice(assistant.documents(), offset, offset + LISTED)
            return {
                "documents": [document_line(d) for d in listed],
                "total": assistant.index.manifest.documents,
                "disclaimer": assistant.info.disclaimer,
            }

    def document(
        self, doc_id: str, start: int | None = None, end: int | None = None
    ) -> dict[str, Any]:
        """Return a document, or the slice of its text from ``start`` to ``end``.

        Raises:
            NotFoundError: When there is no such document.
            QuestionError: When the slice does not lie in its text.
        """
        with self._pinned() as assistant:
            try:
                document = assistant.document(doc_id)
            except NotFoundError as error:
                raise NotFoundError(f"There is no document '{doc_id[:100]}' here.") from error
            if start is None and end is None:
                return document_json(document, assistant.info.disclaimer)
            low, high = start or 0, len(document.text) if end is None else end
            if not 0 <= low < high <= len(document.text):
                raise QuestionError(
                    f"The slice {low}:{high} does not lie in this document of "
                    f"{len(document.text)} characters; start must come before end."
                )
            return slice_json(document, low, high, assistant.info.disclaimer)

    def pathway(self) -> dict[str, Any]:
        """Return the pathway map.

        Raises:
            NotFoundError: When the corpus has none, or its file cannot be used.
        """
        with self._pinned() as assistant:
            found = find_pathway(assistant)
            if isinstance(found, str):
                raise NotFoundError(found)
            return pathway_json(found, assistant.info.disclaimer)

    def rate(
        self,
        answer_id: str,
        rating: Rating,
        reason: Reason | None = None,
        comment: str = "",
        kind: Kind | None = None,
    ) -> dict[str, Any]:
        """Keep what a visitor thought of an answer given before.

        Raises:
            NotFoundError: When no answer of this id was given lately.
            AssistantError: When feedback is switched off or cannot be written.
        """
        if self.feedback is None:
            raise NotFoundError("Feedback is switched off here.")
        found = self.recent.find(answer_id, kind)
        if found is None:
            raise NotFoundError("There is no recent answer of this id; ask again and rate that.")
        self.feedback.add(record_of(found, rating, reason, comment))
        return {"stored": True, "id": found.id}

    @contextmanager
    def _pinned(self) -> Iterator[Assistant]:
        """Give the assistant, which keeps to one state of the documents meanwhile."""
        with self.assistant.pinned():
            yield self.assistant


def service_of(assistant: Assistant, recent: Recent | None = None) -> Service:
    """Return the service of an open assistant, with its feedback file."""
    path = feedback_file(assistant.settings)
    return Service(assistant, recent, FeedbackFile(path) if path else None)
