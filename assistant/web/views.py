"""The routes of the pages: FAQ, checking claims, sources, reader, and answers to keep.

``?part=1`` gives what stands inside ``<main>``, for the chat's tabs and for pages.js.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from assistant.answering.faq import FaqHit
from assistant.assistant import Assistant
from assistant.claims.draft import sentences_of_text
from assistant.errors import AssistantError, ModelError, NotFoundError, QuestionError
from assistant.jsonio import answer_json, dump, verdict_json
from assistant.textio import draft_text
from assistant.web import exports, sheets
from assistant.web.checkview import MAX_SENTENCES, Checked, check_view
from assistant.web.faqview import Asked, FaqBook, faq_view
from assistant.web.library import Library, Wanted, library_view
from assistant.web.pages import Frame, View, address_of, problem_view
from assistant.web.reader import Span, document_view
from assistant.web.render import escape, plain_text
from assistant.web.verdict import plain_verdict

MAX_TEXT_CHARS = 30_000
_METHODS = ["GET", "HEAD"]
_DRAFTS_AT_ONCE = 2
_EXAMPLES = 3
_LONGEST_EXAMPLE = 140
_KINDS = {
    "md": "text/markdown",
    "json": "application/json",
    "txt": "text/plain",
    "csv": "text/csv",
}
_PRIVATE = {"Cache-Control": "no-store"}  # what was asked stays out of caches


def add_pages(api: FastAPI, assistant: Assistant, has_map: bool = False) -> None:
    """Add the routes of the pages to an app."""
    pages = _Pages(assistant, has_map)
    api.add_api_route("/faq", pages.faq, methods=_METHODS)
    api.add_api_route("/check", pages.check, methods=_METHODS)
    api.add_api_route("/check", pages.check_posted, methods=["POST"])
    api.add_api_route("/answer", pages.answer, methods=_METHODS)
    api.add_api_route("/doc/", pages.library, methods=_METHODS)
    api.add_api_route("/doc/{doc_id:path}", pages.document, methods=_METHODS)


class _Pages:
    """The pages over one assistant."""

    def __init__(self, assistant: Assistant, has_map: bool) -> None:
        self.assistant = assistant
        self.frame = Frame(assistant.info.title, assistant.info.disclaimer, has_map)
        self._book = FaqBook()
        self._library = Library()
        self._drafts = threading.BoundedSemaphore(_DRAFTS_AT_ONCE)
        self._examples: tuple[str, ...] | None = None

    def faq(self, request: Request) -> HTMLResponse:
        """Show the frequently asked questions, all or those that fit what is typed."""
        query = " ".join(_value(request, "q").split())
        asked = Asked(query, _page(request), _value(request, "entry"))
        items = self._book.items(self.assistant.faq.entries)
        return self._shown(request, faq_view(items, asked, self._near(query)))

    def _near(self, query: str) -> list[FaqHit]:
        if query:
            with suppress(QuestionError):  # such as a lone "?": only the text is searched
                return self.assistant.ask_faq(query)[1]
        return []

    def library(self, request: Request) -> HTMLResponse:
        """Show the documents and what could not be read."""
        index = self.assistant.index
        catalogue = self._library.catalogue(index, self.assistant.faq.entries)
        wanted = Wanted(_value(request, "q"), _value(request, "folder"), _page(request))
        return self._shown(request, library_view(catalogue, index.manifest, wanted))

    def document(self, doc_id: str, request: Request) -> HTMLResponse:
        """Show a document."""
        try:
            found = self.assistant.document(doc_id)
        except NotFoundError:
            problem = problem_view("There is no document at this address.", address="/doc/")
            return self._shown(request, problem, 404)
        return self._shown(request, document_view(found, _span(request)))

    def check(self, request: Request) -> Response:
        """Show the form, and what came of the claim in the address."""
        return self._check(request, _value(request, "claim"), _value(request, "format"))

    async def check_posted(self, request: Request) -> Response:
        """Check what was typed into the form."""
        form = await _form(request)
        return await run_in_threadpool(
            self._check, request, form.get("claim", ""), form.get("format", "")
        )

    def _check(self, request: Request, text: str, form: str) -> Response:
        status = 200
        try:
            _known(form, ("html", "md", "json", "txt", "csv"))
            # A form that was sent empty gets told so; a first visit does not.
            asked = text.strip() or form or "claim" in request.query_params
            checked = self._checked(text) if asked or request.method == "POST" else Checked()
        except AssistantError as error:
            checked, status = Checked(text, problem=str(error)), _status(error)
        if form and checked.verdicts:
            return self._check_file(request, checked, form)
        view = check_view(checked, self.assistant.document, self.frame.disclaimer, self._claims())
        return self._shown(request, view, status, _PRIVATE)

    def _checked(self, text: str) -> Checked:
        """Return the verdict of a claim, or those of the sentences of a text.

        Raises:
            QuestionError: When there is nothing to check, or too much.
            ModelError: When the verifier's weights are missing or altered.
        """
        text = text.replace("\r\n", "\n").strip()
        if len(text) > MAX_TEXT_CHARS:
            raise QuestionError(
                f"The text has {len(text):,} characters; the limit is {MAX_TEXT_CHARS:,}, "
                "so check it in parts."
            )
        sentences = sentences_of_text(text)
        if len(sentences) < 2:
            return Checked(text, (self.assistant.check(text),), found=1)
        with self._one_draft():
            verdicts = self.assistant.check_sentences(sentences[:MAX_SENTENCES])
        return Checked(text, tuple(verdicts), is_draft=True, found=len(sentences))

    @contextmanager
    def _one_draft(self) -> Iterator[None]:
        """Let only a few long texts be checked at once, so that short questions go through."""
        if not self._drafts.acquire(blocking=False):
            raise _BusyError("Other texts are being checked right now; try again in a moment.")
        try:
            yield
        finally:
            self._drafts.release()

    def _check_file(self, request: Request, checked: Checked, form: str) -> Response:
        verdicts, disclaimer = checked.verdicts, self.frame.disclaimer
        name = f"check-{verdicts[0].id if not checked.is_draft else len(verdicts)}"
        day, link = _day(), _link(request, "/check", claim=checked.text)
        if form == "html":
            made = _made(day, link)
            view = sheets.checked_view(verdicts, disclaimer, self.assistant.document, made)
            return self._shown(request, view, headers=_PRIVATE)
        if form == "md":
            return _file(exports.checked_markdown(verdicts, disclaimer, link, day), name, form)
        if form == "csv":
            # Spreadsheets take a file for UTF-8 only when it says so in its first bytes.
            return _file("\ufeff" + exports.checked_csv(verdicts), name, form)
        if form == "json":
            found = exports.checked_json(verdicts, disclaimer, checked.found)
            single = verdict_json(verdicts[0])
            return _file(dump(found if checked.is_draft else single) + "\n", name, form)
        text = plain_verdict(verdicts[0])
        if checked.is_draft:
            text = draft_text(verdicts, disclaimer)
        return _file(text + "\n", name, form)

    def answer(self, request: Request) -> Response:
        """Show the answer to the question in the address, to print or as a file."""
        question, previous = _value(request, "q"), _value(request, "previous")
        form = _value(request, "format") or "html"
        try:
            _known(form, ("html", "md", "json", "txt"))
            answer = self.assistant.ask(question, previous=previous)
        except AssistantError as error:
            problem = problem_view(str(error), "No answer")
            return self._shown(request, problem, _status(error), _PRIVATE)
        name, day = f"answer-{answer.id}", _day()
        if form == "json":
            return _file(dump(answer_json(answer)) + "\n", name, form)
        if form == "txt":
            return _file(plain_text(answer, self.assistant.document) + "\n", name, form)
        link = _link(request, "/", q=answer.question)
        if form == "md":
            return _file(exports.answer_markdown(answer, link, day), name, form)
        saves = "".join(
            f'<a href="{address_of("/answer", q=question, previous=previous, format=kind)}">'
            f"Save as {words}</a>"
            for kind, words in (("md", "Markdown"), ("txt", "text"), ("json", "JSON"))
        )
        view = sheets.answer_view(answer, self.assistant.document, _made(day, link), saves)
        return self._shown(request, view, headers=_PRIVATE)

    def _claims(self) -> tuple[str, ...]:
        """Return example claims: the corpus's own, then a key point and a myth it tells of."""
        if self._examples is None:
            given = [e for e in self.assistant.info.examples if not e.endswith("?")]
            found = [*given, *self._told("takeaways"), *self._told("reality")]
            self._examples = tuple(dict.fromkeys(found))[:_EXAMPLES]
        return self._examples

    def _told(self, kind: str) -> Iterator[str]:
        store = self.assistant.index.store
        for passage, _ in store.passages(store.rows_where("kind", kind)[:20]):
            first = passage.sentences[0]
            claim = passage.slice(first.start, first.end)
            if kind == "reality":
                claim = passage.heading[-1].removeprefix("Myth: ") if passage.heading else ""
            if 0 < len(claim) <= _LONGEST_EXAMPLE and len(claim.split()) > 3:
                yield claim
                return

    def _shown(
        self, request: Request, view: View, status: int = 200, headers: dict[str, str] | None = None
    ) -> HTMLResponse:
        part = request.query_params.get("part") == "1"
        shown = self.frame.part(view) if part else self.frame.page(view)
        return HTMLResponse(shown, status, headers)


class _BusyError(AssistantError):
    """Too much is being done for others right now."""


def _status(error: AssistantError) -> int:
    return 503 if isinstance(error, ModelError | _BusyError) else 400


def _value(request: Request, name: str) -> str:
    return request.query_params.get(name, "")


def _page(request: Request) -> int:
    """Return the page asked for, the first where it is no number."""
    found = _value(request, "page")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 8 else 1


def _span(request: Request) -> Span:
    """Return the slice asked for, the empty one when it is no slice."""
    try:
        start, end = (int(request.query_params[name]) for name in ("start", "end"))
    except (KeyError, ValueError):
        return Span()
    return Span(start, end) if 0 <= start < end else Span()


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form sent as application/x-www-form-urlencoded."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return {name: values[0] for name, values in parse_qs(body, max_num_fields=10).items()}
    except ValueError:
        return {}


def _known(form: str, forms: tuple[str, ...]) -> None:
    if form and form not in forms:
        *most, last = forms
        raise QuestionError(
            f"The format “{form[:20]}” is not known; choose {', '.join(most)} or {last}."
        )


def _day() -> str:
    today = datetime.now(UTC)
    return f"{today.day} {today:%B %Y}"


def _link(request: Request, path: str, **query: str) -> str:
    """Return the whole address of a page of this site."""
    return f"{str(request.base_url).rstrip('/')}{path}?{urlencode(query)}"


def _made(day: str, link: str) -> str:
    return f'{day} · <a href="{escape(link)}">{escape(link)}</a>'


def _file(text: str, name: str, kind: str) -> Response:
    safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))
    headers = {**_PRIVATE, "Content-Disposition": f'attachment; filename="{safe}.{kind}"'}
    body = text.encode("utf-8", "replace")
    return Response(body, media_type=f"{_KINDS[kind]}; charset=utf-8", headers=headers)
