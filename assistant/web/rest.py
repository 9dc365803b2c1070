"""The API for programs: FastAPI routes below ``/api``, with the JSON of the command line.

It is an app of its own, so that its schema holds nothing but these routes and its errors are
JSON. Blocking work goes to a bounded pool of threads, never on the event loop.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant import __version__
from assistant.config import MAX_QUESTION_CHARS
from assistant.web.apidocs import docs_page
from assistant.web.asked import (
    MAX_DOCUMENTS,
    AskRequest,
    CheckRequest,
    FeedbackRequest,
    SearchRequest,
)
from assistant.web.hosting import Hosting
from assistant.web.problems import add_problems, problem, reply
from assistant.web.schemas import (
    AnswerReply,
    DocumentReply,
    DocumentsReply,
    DraftReply,
    FaqAnswerReply,
    FaqListReply,
    PathwayReply,
    ProblemReply,
    SearchReply,
    SliceReply,
    StoredReply,
    VerdictReply,
)
from assistant.web.service import Service
from assistant.web.workers import Workers

_ABOUT = """\
Ask a set of documents, check claims against them, search them and read them. Every text in a
statement or a piece of evidence is an exact slice of a document, which start and end of its
citation give: ask for that slice of the document to re-check it. Errors are one sentence, with
the field it is about.
"""
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


def add_rest(app: FastAPI, service: Service, hosting: Hosting, workers: Workers) -> None:
    """Add the API, its page and /readyz to an app."""
    app.mount("/api", rest_app(service, hosting, workers))

    @app.get("/api", include_in_schema=False)
    async def to_docs() -> Response:
        return RedirectResponse(f"{hosting.root_path}/api/docs")

    @app.api_route("/readyz", methods=["GET", "HEAD"], include_in_schema=False)
    async def readyz() -> Response:
        if service.is_ready:
            return reply({"status": "ready"})
        waiting = "The models are still loading; try again in a few seconds."
        return problem(503, waiting, None, {"Retry-After": "2"})


def rest_app(service: Service, hosting: Hosting, workers: Workers) -> FastAPI:
    """Return the API as an app to be mounted below /api."""
    api = FastAPI(
        title="Document assistant",
        version=__version__,
        description=_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(_only_json)],
        responses={422: {"model": ProblemReply}, 503: {"model": ProblemReply}},
    )
    add_problems(api)
    _add_asking(api, service, workers)
    _add_reading(api, service, workers)
    _add_schema(api, hosting)
    return api


async def _only_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise HTTPException(415, "Send the body as JSON, with Content-Type: application/json.")


def _add_asking(api: FastAPI, service: Service, workers: Workers) -> None:
    @api.post("/v1/ask", summary="Answer a question", responses={200: {"model": AnswerReply}})
    async def ask(body: AskRequest) -> Response:
        """Answer with verbatim, cited sentences, or say that it is not covered."""
        given = (body.question, body.previous, body.documents)
        return reply(await workers.run(service.ask, *given))

    @api.post(
        "/v1/check",
        summary="Check a claim or a text",
        responses={200: {"model": VerdictReply | DraftReply}},
    )
    async def check(body: CheckRequest) -> Response:
        """Tell which documents support a claim, which contradict it, and by which sentence."""
        if body.text is not None:
            return reply(await workers.run_long(service.check_text, body.text, body.documents))
        return reply(await workers.run(service.check, body.claim, body.documents))

    @api.post("/v1/search", summary="Search passages", responses={200: {"model": SearchReply}})
    async def search(body: SearchRequest) -> Response:
        """List the best passages, or documents by their best passage."""
        given = (body.query, body.k, body.level, body.documents)
        return reply(await workers.run(service.search, *given))

    @api.post(
        "/v1/feedback",
        summary="Rate an answer",
        responses={200: {"model": StoredReply}, 404: {"model": ProblemReply}},
    )
    async def feedback(body: FeedbackRequest) -> Response:
        """Keep what you thought of an answer or verdict that this server gave lately."""
        given = (body.answer_id, body.rating, body.reason, body.comment, body.kind)
        return reply(await workers.run(service.rate, *given))


def _add_reading(api: FastAPI, service: Service, workers: Workers) -> None:
    @api.get(
        "/v1/faq",
        summary="Frequently asked questions",
        responses={200: {"model": FaqListReply | FaqAnswerReply}},
    )
    async def faq(
        q: Annotated[
            str,
            Query(
                max_length=MAX_QUESTION_CHARS,
                description="A question; without one, the entries are listed by topic.",
                examples=["Can coffee switch mTOR on?"],
            ),
        ] = "",
        k: Annotated[int, Query(ge=1, le=10, description="How many candidates.")] = 10,
        offset: Offset = 0,
        document: Annotated[
            list[str], Query(max_length=MAX_DOCUMENTS, description="Look only at these ids.")
        ] = [],  # noqa: B006 - read only
    ) -> Response:
        """Find the entry that asks the same, with the nearest ones; or list them."""
        return reply(await workers.run(service.faq, q, k, offset, document))

    @api.get("/v1/documents", summary="List documents", responses={200: {"model": DocumentsReply}})
    async def documents(offset: Offset = 0) -> Response:
        """List at most a thousand documents, from the one numbered offset."""
        return reply(await workers.run(service.documents, offset))

    @api.get(
        "/v1/documents/{doc_id:path}",
        summary="Read a document",
        responses={200: {"model": DocumentReply | SliceReply}, 404: {"model": ProblemReply}},
    )
    async def document(
        doc_id: str,
        start: Annotated[int | None, Query(ge=0, description="First character, from 0.")] = None,
        end: Annotated[int | None, Query(ge=0, description="One after the last.")] = None,
    ) -> Response:
        """Return a document with its sections; with start and end, that slice of its text."""
        return reply(await workers.run(service.document, doc_id, start, end))

    @api.get(
        "/v1/pathway",
        summary="The pathway map",
        responses={200: {"model": PathwayReply}, 404: {"model": ProblemReply}},
    )
    async def pathway() -> Response:
        """Return what acts on what, each relation with the quote that states it."""
        return reply(await workers.run(service.pathway))


def _add_schema(api: FastAPI, hosting: Hosting) -> None:
    schema: dict[str, Any] = {
        **api.openapi(), "servers": [{"url": f"{hosting.root_path}/api"}],
    }  # fmt: skip
    for route in api.routes:  # after the schema, which need not name it
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return reply(schema)

    @api.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        base = f"{request.url.scheme}://{request.url.netloc}{hosting.root_path}"
        return HTMLResponse(docs_page(schema, base, hosting.root_path))


def allow_origins(app: FastAPI, hosting: Hosting) -> None:
    """Let the pages of the sites that the operator names, and no others, read answers."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(hosting.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Authorization"],
        expose_headers=["Retry-After"],
    )
