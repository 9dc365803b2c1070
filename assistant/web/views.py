"""The routes of the pages: FAQ, checking claims, map, sources, reader, answers to keep.

``?part=1`` gives what stands inside ``<main>``, for the chat's tabs and for pages.js.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from assistant.answering.faq import FaqHit
from assistant.assistant import Assistant
from assistant.config import MAX_QUESTION_CHARS
from assistant.errors import AssistantError, BusyError, NotFoundError, QuestionError
from assistant.jsonio import answer_json, dump
from assistant.web import exports, sheets
from assistant.web.checking import CheckPages
from assistant.web.faqview import Asked, FaqBook, faq_view
from assistant.web.library import Library, Wanted, library_view
from assistant.web.pages import Frame, address_of, problem_view
from assistant.web.pathway import current_frame, find_pathway, map_response
from assistant.web.reader import Reader, Span
from assistant.web.render import plain_text
from assistant.web.replies import (
    PRIVATE,
    attachment,
    made_line,
    page_of,
    require_format,
    shown,
    status_of,
    today,
    value,
    whole_address,
)
from assistant.web.workers import Workers

_METHODS = ["GET", "HEAD"]


def add_pages(api: FastAPI, assistant: Assistant, workers: Workers, root_path: str = "") -> None:
    """Add the routes of the pages to an app; the workers make them.

    Links on them begin with the root path.
    """

    def frame() -> Frame:
        return current_frame(assistant, root_path)

    pages, checks = _Pages(assistant, frame), CheckPages(assistant, frame, workers)

    def made(make: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        return refusing(frame, lambda request: workers.run(make, request))

    def add(path: str, page: Callable[[Request], Awaitable[Response]], *methods: str) -> None:
        api.add_route(path, page, methods=list(methods or _METHODS))

    add("/faq", made(pages.faq))
    add("/check", refusing(frame, checks.asked))
    add("/check", refusing(frame, checks.posted), "POST")
    add("/answer", made(pages.answer))
    add("/map", made(pages.pathway))
    add("/doc/", made(pages.library))
    add("/doc/{doc_id:path}", made(pages.document))


def refusing(
    frame: Callable[[], Frame], page: Callable[[Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """Return a page that says so in one sentence, with 503, when the server is too busy for it."""

    async def endpoint(request: Request) -> Response:
        try:
            return await page(request)
        except BusyError as error:
            headers = {**PRIVATE, "Retry-After": str(error.retry_after)}
            view = problem_view(str(error), "Too busy")
            return shown(frame(), request, view, status_of(error), headers)

    return endpoint


class _Pages:
    """The pages over one assistant; each is made from one generation of its index."""

    def __init__(self, assistant: Assistant, frame: Callable[[], Frame]) -> None:
        self.assistant = assistant
        self.frame = frame
        self._book = FaqBook()
        self._library = Library()
        self._reader = Reader()

    def faq(self, request: Request) -> HTMLResponse:
        """Show the frequently asked questions, all or those that fit what is typed."""
        query = " ".join(value(request, "q").split())
        asked = Asked(query, page_of(request), value(request, "entry"))
        with self.assistant.pinned():
            items = self._book.items(self.assistant.faq.entries)
            return shown(self.frame(), request, faq_view(items, asked, self._near(query)))

    def _near(self, query: str) -> list[FaqHit]:
        if query:
            with suppress(QuestionError):  # such as a lone "?": only the text is searched
                return self.assistant.ask_faq(query)[1]
        return []

    def library(self, request: Request) -> HTMLResponse:
        """Show the documents and what could not be read."""
        wanted = Wanted(value(request, "q"), value(request, "folder"), page_of(request))
        with self.assistant.pinned():
            index = self.assistant.index
            catalogue = self._library.catalogue(index, self.assistant.faq.entries)
            return shown(self.frame(), request, library_view(catalogue, index.manifest, wanted))

    def document(self, request: Request) -> HTMLResponse:
        """Show a document."""
        with self.assistant.pinned():
            try:
                found = self.assistant.document(request.path_params["doc_id"])
            except NotFoundError:
                problem = problem_view("There is no document at this address.", address="/doc/")
                return shown(self.frame(), request, problem, 404)
            return shown(self.frame(), request, self._reader.view(found, _span(request)))

    def pathway(self, request: Request) -> HTMLResponse:
        """Show the pathway map."""
        with self.assistant.pinned():
            return map_response(request, find_pathway(self.assistant), self.frame())

    def answer(self, request: Request) -> Response:
        """Show the answer to the question in the address, to print or as a file."""
        with self.assistant.pinned():
            return self._answer(request, self.frame())

    def _answer(self, request: Request, frame: Frame) -> Response:
        question, previous = value(request, "q"), value(request, "previous")[:MAX_QUESTION_CHARS]
        form, only = value(request, "format") or "html", value(request, "doc")
        try:
            require_format(form, ("html", "md", "json", "txt"))
            documents = (only,) if only else ()
            answer = self.assistant.ask(question, previous=previous, documents=documents)
        except AssistantError as error:
            problem = problem_view(str(error), "No answer")
            return shown(frame, request, problem, status_of(error), PRIVATE)
        name, day = f"answer-{answer.id}", today()
        if form == "json":
            return attachment(dump(answer_json(answer)) + "\n", name, form)
        if form == "txt":
            return attachment(plain_text(answer, self.assistant.document) + "\n", name, form)
        link = whole_address(request, frame, "/", q=answer.question, doc=only)
        if form == "md":
            return attachment(exports.answer_markdown(answer, link, day), name, form)
        again = {"q": question, "previous": previous, "doc": only}
        saves = "".join(
            f'<a href="{address_of("/answer", **again, format=kind)}">Save as {words}</a>'
            for kind, words in (("md", "Markdown"), ("txt", "text"), ("json", "JSON"))
        )
        view = sheets.answer_view(answer, self.assistant.document, made_line(day, link), saves)
        return shown(frame, request, view, headers=PRIVATE)


def _span(request: Request) -> Span:
    """Return the slice asked for, the empty one when it is no slice."""
    try:
        start, end = (int(request.query_params[name]) for name in ("start", "end"))
    except (KeyError, ValueError):
        return Span()
    return Span(start, end) if 0 <= start < end else Span()
