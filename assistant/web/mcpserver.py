"""The assistant as tools for language models: the Model Context Protocol, over HTTP or stdio.

Exactly five tools, which return the JSON of the command line. The arguments are checked by the
models of the API, and what is wrong with a call comes back as one sentence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from assistant import __version__
from assistant.errors import AssistantError
from assistant.jsonio import dump
from assistant.web.asked import (
    AskRequest,
    ClaimRequest,
    DocumentRequest,
    FaqRequest,
    SearchRequest,
)
from assistant.web.problems import explain
from assistant.web.refusal import refuse
from assistant.web.service import Service
from assistant.web.workers import Workers

DOCUMENT_CHARS = 20_000  # of a document in one reply: a model's context is bounded
_NAMED = 40
_QUOTES = (
    "Each quoted text is an exact slice of a document, given with its place; quote it unchanged "
    "and name the document. Pass the disclaimer on with it."
)


@dataclass(frozen=True, slots=True)
class _Spec:
    about: str
    arguments: type[BaseModel]
    work: Callable[[Service, Any], dict[str, Any]]


def _document(service: Service, asked: DocumentRequest) -> dict[str, Any]:
    found = service.document(asked.doc_id, asked.start, None)
    last = asked.start + DOCUMENT_CHARS
    end = min(asked.end or last, last, found["characters"])
    if (asked.start, end) == (found["start"], found["end"]):
        return found
    return service.document(asked.doc_id, asked.start, end)


_TOOLS: dict[str, _Spec] = {
    "ask": _Spec(
        "Answer a question from the indexed documents with verbatim, cited sentences. The "
        "outcome says whether they answer it (answered, partly, faq), do not cover it "
        "(not_covered) or must refer it to a professional (referred). Do not answer from "
        f"elsewhere what is not covered. {_QUOTES}",
        AskRequest,
        lambda service, asked: service.ask(asked.question, asked.previous, asked.documents),
    ),
    "faq": _Spec(
        "Find the frequently asked question of the documents that asks the same as yours and "
        "return its whole answer, with the nearest entries as candidates. Without a question, "
        f"list all entries by topic. {_QUOTES}",
        FaqRequest,
        lambda service, asked: service.faq(asked.question, asked.k, documents=asked.documents),
    ),
    "check_claim": _Spec(
        "Check one claim against the documents: supported, refuted, disputed or "
        "not_enough_info, with the sentence of each document that decides it and why other "
        "sentences do not count. It judges what the documents say, not what is true. The label "
        f"comes from a small model, so read the evidence. {_QUOTES}",
        ClaimRequest,
        lambda service, asked: service.check(asked.claim, asked.documents),
    ),
    "search": _Spec(
        "List the passages of the documents that are nearest to a query, best first, by words "
        f"and by meaning; use it where ask returns too little. {_QUOTES}",
        SearchRequest,
        lambda service, asked: service.search(asked.query, asked.k, asked.level, asked.documents),
    ),
    "get_document": _Spec(
        "Read a document's text by its id, to see a quote in context or to re-check it: the "
        "text from start to end is what citations with these offsets quote. Returns at most "
        f"{DOCUMENT_CHARS:,} characters; 'characters' is the length of the whole text, so go on "
        "with start at the end returned.",
        DocumentRequest,
        _document,
    ),
}


def mcp_server(service: Service, workers: Workers) -> Server[Any, Any]:
    """Return the server with its five tools."""
    server: Server[Any, Any] = Server(
        "document-assistant", version=__version__, instructions=_instructions(service)
    )

    @server.list_tools()  # type: ignore[no-untyped-call, untyped-decorator]
    async def tools() -> list[Tool]:
        return [_tool(name, spec) for name, spec in _TOOLS.items()]

    @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
    async def call(name: str, arguments: dict[str, Any]) -> CallToolResult:
        spec = _TOOLS.get(name)
        if spec is None:
            return _failed(f"There is no tool '{name[:50]}'; there are {', '.join(_TOOLS)}.")
        try:
            asked = spec.arguments.model_validate(arguments)
            found = await workers.run(spec.work, service, asked)
        except ValidationError as error:
            return _failed(explain(error.errors()[0])[0])
        except AssistantError as error:
            return _failed(str(error))
        text = TextContent(type="text", text=dump(found))
        return CallToolResult(content=[text], structuredContent=found)

    return server


def _tool(name: str, spec: _Spec) -> Tool:
    return Tool(
        name=name,
        description=spec.about,
        inputSchema=spec.arguments.model_json_schema(),
        annotations=ToolAnnotations(readOnlyHint=True, openWorldHint=False),
    )


def _failed(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], isError=True)


def _instructions(service: Service) -> str:
    assistant = service.assistant
    documents = assistant.index.manifest.documents
    named = [f"{d.doc_id} ({d.title})" for d in islice(assistant.documents(), _NAMED)]
    more = f" and {documents - _NAMED:,} more" if documents > _NAMED else ""
    info = assistant.info
    return (
        f"{info.title}. {info.description}\n{_QUOTES}\n"
        f"Documents: {'; '.join(named)}{more}.\nDisclaimer: {info.disclaimer}"
    )


class McpRoute:
    """The server over streamable HTTP, without sessions: an ASGI app for one path.

    A call from a page of another site is refused unless the operator allows that site.
    """

    def __init__(self, service: Service, workers: Workers, origins: tuple[str, ...]) -> None:
        self._service = service
        self._workers = workers
        self._origins = origins
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while the context is open."""
        server = mcp_server(self._service, self._workers)
        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with manager.run():
            self._manager = manager
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _origin_allowed(Headers(scope=scope), self._origins):
            await refuse(scope, send, 403, "Pages of this site may not call the assistant.")
        elif self._manager is None:
            await refuse(scope, send, 503, "The server is starting.", {"Retry-After": "2"})
        elif scope["method"] != "POST":  # without sessions there is no stream to listen to
            await refuse(scope, send, 405, "Send requests with POST.", {"Allow": "POST"})
        else:
            await self._manager.handle_request(scope, receive, send)


def _origin_allowed(headers: Mapping[str, str], origins: tuple[str, ...]) -> bool:
    origin = headers.get("origin")
    if origin is None or origin in origins or "*" in origins:
        return True
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


async def serve_stdio(service: Service, workers: Workers) -> None:
    """Serve on standard input and output until the client goes away."""
    server = mcp_server(service, workers)
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
