"""The plain routes beside the chat: the pages, health, the static files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse

from assistant.assistant import Assistant
from assistant.web.guard import Guard
from assistant.web.pathway import add_map, has_map
from assistant.web.views import add_pages

_STATIC = Path(__file__).parent / "static"
_SERVED = ("app.css", "app.js", "map.css", "map.js", "pages.css", "pages.js")
_METHODS = ["GET", "HEAD"]


def build_api(assistant: Assistant) -> FastAPI:
    """Return the app with the plain routes; the chat is mounted on it afterwards."""
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # No origins: other sites may not read answers; its presence keeps Gradio's own CORS off.
    api.add_middleware(CORSMiddleware, allow_origins=[])
    api.add_middleware(Guard)
    add_pages(api, assistant, has_map=has_map(assistant))
    add_map(api, assistant)

    @api.api_route("/healthz", methods=_METHODS)
    async def healthz() -> dict[str, str | int]:
        manifest = assistant.index.manifest
        counts = {"documents": manifest.documents, "passages": manifest.passages}
        return {"status": "ok", **counts, "built_at": manifest.built_at}

    for name in _SERVED:  # the fonts beside them are Gradio's
        api.add_api_route(f"/static/{name}", _static_file(name), methods=_METHODS)
    return api


def _static_file(name: str) -> Callable[[], FileResponse]:
    return lambda: FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})
