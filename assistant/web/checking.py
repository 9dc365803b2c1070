"""The routes of checking: a claim in the address or a form, as a page or a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from fastapi import Request, Response

from assistant.assistant import Assistant
from assistant.claims.draft import sentences_of_text
from assistant.errors import AssistantError, QuestionError
from assistant.jsonio import dump, verdict_json
from assistant.textio import draft_text
from assistant.web import exports, sheets
from assistant.web.checkview import Checked, check_view
from assistant.web.pages import Frame
from assistant.web.replies import (
    PRIVATE,
    attachment,
    form_of,
    made_line,
    require_format,
    shown,
    status_of,
    today,
    value,
    whole_address,
)
from assistant.web.service import MAX_SENTENCES, MAX_TEXT_CHARS
from assistant.web.verdict import plain_verdict
from assistant.web.workers import Workers
from assistant.words import term_set

_SHORT_CHARS = 500
_EXAMPLES = 3
_LONGEST_EXAMPLE = 110


class CheckPages:
    """Checks claims and texts for the page at ``/check``."""

    def __init__(self, assistant: Assistant, frame: Callable[[], Frame], workers: Workers) -> None:
        self._assistant = assistant
        self._frame = frame
        self._workers = workers

    async def asked(self, request: Request) -> Response:
        """Show the form, and what came of the claim in the address."""
        given = Checked(value(request, "claim"), document=value(request, "doc"))
        return await self._made(request, given, value(request, "format"))

    async def posted(self, request: Request) -> Response:
        """Check what was typed into the form."""
        form = await form_of(request)
        given = Checked(form.get("claim", ""), document=form.get("doc", ""))
        return await self._made(request, given, form.get("format", ""))

    async def _made(self, request: Request, given: Checked, form: str) -> Response:
        """Check a text of many sentences beside the short ones, which should not wait for it."""
        run = self._workers.run_long if len(given.text) > _SHORT_CHARS else self._workers.run
        return await run(self._pinned, request, given, form)

    def _pinned(self, request: Request, given: Checked, form: str) -> Response:
        with self._assistant.pinned():
            return self._reply(request, self._frame(), given, form)

    def _reply(self, request: Request, frame: Frame, given: Checked, form: str) -> Response:
        status = 200
        try:
            require_format(form, ("html", "md", "json", "txt", "csv"))
            # A form that was sent empty gets told so; a first visit does not.
            asked = given.text.strip() or form or "claim" in request.query_params
            checked = self._checked(given) if asked or request.method == "POST" else Checked()
        except AssistantError as error:
            checked, status = replace(given, problem=str(error)), status_of(error)
        if form and checked.verdicts:
            return self._file(request, frame, checked, form)
        view = check_view(checked, self._assistant.document, frame.disclaimer, self._claims())
        return shown(frame, request, view, status, PRIVATE)

    def _checked(self, given: Checked) -> Checked:
        """Return what was given with the verdict of a claim, or those of the sentences of a text.

        Raises:
            NotFoundError: When there is no such document.
            QuestionError: When there is nothing to check, or too much.
            ModelError: When the verifier's weights are missing or altered.
        """
        text = given.text.replace("\r\n", "\n").strip()
        documents = (given.document,) if given.document else ()
        if len(text) > MAX_TEXT_CHARS:
            raise QuestionError(
                f"The text has {len(text):,} characters; the limit is {MAX_TEXT_CHARS:,}, "
                "so check it in parts."
            )
        sentences = sentences_of_text(text)
        if len(sentences) < 2:
            verdict = self._assistant.check(text, documents=documents)
            return replace(given, text=text, verdicts=(verdict,), found=1)
        verdicts = self._assistant.check_sentences(sentences[:MAX_SENTENCES], documents)
        return replace(
            given, text=text, verdicts=tuple(verdicts), is_draft=True, found=len(sentences)
        )

    def _file(self, request: Request, frame: Frame, checked: Checked, form: str) -> Response:
        verdicts, disclaimer = checked.verdicts, frame.disclaimer
        name = f"check-{verdicts[0].id if not checked.is_draft else len(verdicts)}"
        address = {"claim": checked.text, "doc": checked.document}
        day, link = today(), whole_address(request, frame, "/check", **address)
        if form == "html":
            made = made_line(day, link)
            view = sheets.checked_view(verdicts, self._assistant.document, made)
            return shown(frame, request, view, headers=PRIVATE)
        if form == "md":
            return attachment(exports.checked_markdown(verdicts, disclaimer, link, day), name, form)
        if form == "csv":
            # Spreadsheets take a file for UTF-8 only when it says so in its first bytes.
            return attachment("\ufeff" + exports.checked_csv(verdicts), name, form)
        if form == "json":
            found = exports.checked_json(verdicts, disclaimer, checked.found)
            single = verdict_json(verdicts[0])
            return attachment(dump(found if checked.is_draft else single) + "\n", name, form)
        text = plain_verdict(verdicts[0])
        if checked.is_draft:
            text = draft_text(verdicts, disclaimer)
        return attachment(text + "\n", name, form)

    def _claims(self) -> tuple[str, ...]:
        """Return example claims: the corpus's own, then a key point and a myth it tells of."""
        found = [e for e in self._assistant.info.examples if not e.endswith("?")]
        for kind in ("takeaways", "reality"):
            if len(found) >= _EXAMPLES:
                break
            told = (c for c in self._told(kind) if all(_differ(c, e) for e in found))
            found += islice(told, 1)
        return tuple(found[:_EXAMPLES])

    def _told(self, kind: str) -> Iterator[str]:
        store = self._assistant.index.store
        for passage, _ in store.passages(store.rows_where("kind", kind)[:20]):
            claims = [passage.slice(s.start, s.end) for s in passage.sentences]
            if kind == "reality":
                claims = [heading.removeprefix("Myth: ") for heading in passage.heading[-1:]]
            yield from (
                claim
                for claim in claims
                if len(claim) <= _LONGEST_EXAMPLE and len(claim.split()) > 3 and claim[-1] == "."
            )


def _differ(claim: str, other: str) -> bool:
    """Tell whether two claims are about different things, by their words."""
    words, others = term_set(claim), term_set(other)
    return 2 * len(words & others) < min(len(words), len(others))
