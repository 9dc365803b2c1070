"""What stands around and beside the pages: the guard, limits and login, the API and MCP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from fastapi import FastAPI
from starlette.routing import Route

from assistant.assistant import Assistant
from assistant.web.guard import Guard
from assistant.web.hosting import Hosting
from assistant.web.limits import Buckets, RateLimit
from assistant.web.login import Login
from assistant.web.passwords import read_users
from assistant.web.recent import Recent, log_question
from assistant.web.rest import add_rest, allow_origins
from assistant.web.service import Service, service_of
from assistant.web.sessions import Sessions
from assistant.web.workers import Workers


def open_service(assistant: Assistant, hosting: Hosting | None = None) -> Service:
    """Return the service that the chat and the API share."""
    logs = hosting is not None and hosting.log_questions
    return service_of(assistant, Recent(listener=log_question if logs else None))


def add_programs(app: FastAPI, service: Service, hosting: Hosting, workers: Workers) -> None:
    """Add the API and, where the hosting says so, MCP; and what every request passes through.

    From the outside in: the guard, CORS, the rate limit, the login.

    Raises:
        SettingsError: When the file of users cannot be used.
    """
    add_rest(app, service, hosting, workers)
    _live(app, workers, _add_mcp(app, service, hosting, workers) if hosting.mcp else None)
    if hosting.auth is not None:
        sessions = Sessions(read_users(hosting.auth))
        app.add_middleware(Login, sessions=sessions, root_path=hosting.root_path)
    app.add_middleware(RateLimit, buckets=Buckets(hosting.rate))
    # Its presence keeps Gradio's own CORS off, which would let any site read answers.
    allow_origins(app, hosting)
    app.add_middleware(Guard, hosting=hosting)


def _add_mcp(
    app: FastAPI, service: Service, hosting: Hosting, workers: Workers
) -> AbstractAsyncContextManager[None]:
    from assistant.web.mcpserver import McpRoute

    route = McpRoute(service, workers, hosting.origins)
    app.router.routes.append(Route("/mcp", endpoint=route, include_in_schema=False))
    return route.running()


def _live(
    app: FastAPI, workers: Workers, running: AbstractAsyncContextManager[None] | None
) -> None:
    """Let MCP run and the workers work as long as the app is served."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with running or nullcontext():
                yield
        finally:
            workers.close()

    app.router.lifespan_context = lifespan
