"""Everything that can go wrong with a call -> one sentence, the field it is about, a status."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.errors import AssistantError, BusyError, NotFoundError, QuestionError
from assistant.jsonio import dump

_log = logging.getLogger(__name__)
_FIELDS = {"/v1/ask": "question", "/v1/search": "query", "/v1/faq": "q"}
_SCOPED = {
    "/v1/ask": "documents", "/v1/check": "documents", "/v1/search": "documents",
    "/v1/faq": "document",
}  # fmt: skip
_SENTENCES = {
    400: "The body is not valid JSON.",
    404: "There is nothing at this address; /api/docs lists what there is.",
    405: "This address does not take that method; /api/docs lists which.",
}
CANNOT = "The assistant cannot do this now; its operator finds the reason in the server's log."


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON as the command line prints it."""
    text = dump(value) + "\n"
    found = Response(text.encode("utf-8", "replace"), status, media_type="application/json")
    found.headers.update({"Cache-Control": "no-store", **(headers or {})})
    return found


def problem(
    status: int, sentence: str, field: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem as JSON."""
    return reply({"error": sentence, "field": field}, status, headers)


def add_problems(app: FastAPI) -> None:
    """Make an app answer every problem in one sentence, and never with a traceback."""

    @app.exception_handler(RequestValidationError)
    async def unusable(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return problem(400, _SENTENCES[400])
        return problem(422, *explain(first))

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        sentence = _SENTENCES.get(error.status_code, str(error.detail))
        return problem(error.status_code, sentence, None, error.headers)

    @app.exception_handler(AssistantError)
    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssistantError)
        return _told(error, _field(request, error))

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> Response:
        return problem(500, CANNOT)


def _told(error: AssistantError, field: str | None) -> Response:
    if isinstance(error, BusyError):
        return problem(503, str(error), None, {"Retry-After": str(error.retry_after)})
    if isinstance(error, QuestionError):
        return problem(422, str(error), field)
    if isinstance(error, NotFoundError):
        return problem(404, str(error), field)
    _log.error("%s", error)  # names files of the server, which are not a visitor's business
    return problem(503, CANNOT)


def _field(request: Request, error: AssistantError) -> str | None:
    path = request.scope["path"].removeprefix("/api")
    if isinstance(error, NotFoundError) and path in _SCOPED:
        return _SCOPED[path]
    if path == "/v1/check":
        return "text" if str(error).startswith("The text") else "claim"
    if path == "/v1/feedback":
        return "answer_id"
    if path.startswith("/v1/documents/"):
        return "doc_id" if isinstance(error, NotFoundError) else "start"
    return _FIELDS.get(path)


def explain(error: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return one of pydantic's errors as a sentence, and the field it is about."""
    place: Sequence[str | int] = [p for p in error["loc"] if p not in ("body", "query", "path")]
    field = str(place[0]) if place else None
    context = error.get("ctx", {})
    given = error.get("input")
    kind = str(error["type"])
    if field is None:
        wrong = f"{error['msg'].rstrip('.')}." if kind == "one_of" else "Send a JSON object."
        return wrong, None
    length = f"{len(given):,} characters" if isinstance(given, str) else "too many characters"
    limits = context.get("le", context.get("ge"))
    sentences = {
        "missing": f"The field '{field}' is missing; add it.",
        "extra_forbidden": f"There is no field '{field[:50]}'; remove it.",
        "string_type": f"The field '{field}' is not text; put it in quotes.",
        "string_unicode": f"The field '{field}' is not valid Unicode text; mend it.",
        "string_too_long": f"The field '{field}' has {length}; the limit is "
        f"{context.get('max_length', 0):,}, so shorten it.",
        "string_too_short": f"The field '{field}' is empty; fill it.",
        "literal_error": f"The field '{field}' must be one of {context.get('expected')}.",
        "less_than_equal": f"The field '{field}' is larger than {limits}.",
        "greater_than_equal": f"The field '{field}' is smaller than {limits}.",
    }
    number = f"The field '{field}' is not a whole number in range; mend it."
    return sentences.get(kind, number if kind.startswith("int") else _other(field)), field


def _other(field: str) -> str:
    return f"The field '{field}' cannot be used; /api/docs says what it takes."
