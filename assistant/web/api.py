"""The plain routes beside the chat: the pages, health, the static files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

from assistant.assistant import Assistant
from assistant.web.hosting import Hosting
from assistant.web.programs import add_programs
from assistant.web.service import Service, service_of
from assistant.web.views import add_pages
from assistant.web.workers import Workers

_STATIC = Path(__file__).parent / "static"
_SERVED = ("app.css", "app.js", "map.css", "map.js", "pages.css", "pages.js", "plain.css")
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
    hosting = hosting or Hosting()
    workers = workers or Workers(timeout=hosting.timeout)
    add_programs(api, service or service_of(assistant), hosting, workers)
    add_pages(api, assistant, workers, hosting.root_path)

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
