"""The plain routes beside the chat: documents to read, the map, health, the static files."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse

from assistant.assistant import Assistant
from assistant.errors import NotFoundError
from assistant.web.hosting import Hosting
from assistant.web.pathway import add_map
from assistant.web.programs import add_programs
from assistant.web.reader import Span, document_page, list_page, problem_page
from assistant.web.service import Service, service_of
from assistant.web.workers import Workers

_STATIC = Path(__file__).parent / "static"
_SERVED = ("app.css", "app.js", "map.css", "map.js", "pages.css")
_LISTED = 500
_METHODS = ["GET", "HEAD"]


def build_api(
    assistant: Assistant,
    service: Service | None = None,
    hosting: Hosting | None = None,
    workers: Workers | None = None,
) -> FastAPI:
    """Return the app with the plain routes; the chat is mounted on it afterwards.

    What is not given is made with its defaults.

    Raises:
        SettingsError: When the file of users cannot be used.
    """
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_programs(api, service or service_of(assistant), hosting or Hosting(), workers)
    _add_documents(api, assistant)
    add_map(api, assistant)

    @api.api_route("/healthz", methods=_METHODS)
    async def healthz() -> dict[str, str | int]:
        manifest = assistant.index.manifest
        counts = {"documents": manifest.documents, "passages": manifest.passages}
        return {"status": "ok", **counts, "built_at": manifest.built_at}

    for name in _SERVED:  # Gradio serves its own files below /static/
        if (_STATIC / name).is_file():
            _add_static(api, name)

    return api


def _add_static(api: FastAPI, name: str) -> None:
    @api.api_route(f"/static/{name}", methods=_METHODS)
    async def static() -> FileResponse:
        return FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})


def _add_documents(api: FastAPI, assistant: Assistant) -> None:
    disclaimer = assistant.info.disclaimer

    @api.api_route("/doc/", methods=_METHODS)
    def documents() -> HTMLResponse:
        shown = [(d.doc_id, d.title) for d in islice(assistant.documents(), _LISTED)]
        more = assistant.index.manifest.documents - len(shown)
        return HTMLResponse(list_page(assistant.info.title, shown, more, disclaimer))

    @api.api_route("/doc/{doc_id:path}", methods=_METHODS)
    def document(doc_id: str, request: Request) -> HTMLResponse:
        try:
            found = assistant.document(doc_id)
        except NotFoundError:
            return HTMLResponse(problem_page("There is no document at this address."), 404)
        return HTMLResponse(document_page(found, disclaimer, _span(request)))


def _span(request: Request) -> Span:
    """Return the slice asked for, the empty one when it is no slice."""
    try:
        start, end = (int(request.query_params[name]) for name in ("start", "end"))
    except (KeyError, ValueError):
        return Span()
    return Span(start, end) if 0 <= start < end else Span()
