"""What the routes of the pages share: reading an address or form, replying with page or file."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError, BusyError, ModelError, NotFoundError, QuestionError
from assistant.web.escaping import escape
from assistant.web.pages import Frame, View

_KINDS = {
    "md": "text/markdown",
    "json": "application/json",
    "txt": "text/plain",
    "csv": "text/csv",
}
PRIVATE = {"Cache-Control": "no-store"}  # what was asked stays out of caches


def shown(
    frame: Frame,
    request: Request,
    view: View,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Return a view as a page, or only its part where ``?part=1`` asks for it."""
    part = value(request, "part") == "1"
    return HTMLResponse(frame.part(view) if part else frame.page(view), status, headers)


def status_of(error: AssistantError) -> int:
    """Return the HTTP status of what went wrong."""
    if isinstance(error, NotFoundError):
        return 404
    return 503 if isinstance(error, ModelError | BusyError) else 400


def value(request: Request, name: str) -> str:
    """Return a field of the address, empty where it is missing."""
    return request.query_params.get(name, "")


def page_of(request: Request) -> int:
    """Return the page asked for, the first where it is no number."""
    found = value(request, "page")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 8 else 1


def require_format(form: str, forms: tuple[str, ...]) -> None:
    """Raise a QuestionError unless a format is empty or one of those there are."""
    if form and form not in forms:
        *most, last = forms
        raise QuestionError(
            f"The format “{form[:20]}” is not known; choose {', '.join(most)} or {last}."
        )


def today() -> str:
    """Return the day as written, in UTC."""
    now = datetime.now(UTC)
    return f"{now.day} {now:%B %Y}"


def whole_address(request: Request, frame: Frame, path: str, **query: str) -> str:
    """Return the whole address of a page of this site; empty values are left out."""
    kept = {name: text for name, text in query.items() if text}
    site = str(request.base_url).rstrip("/") + frame.root_path
    return f"{site}{path}?{urlencode(kept)}"


def made_line(day: str, link: str) -> str:
    """Return when something was made and where to find it again, as HTML."""
    return f'{day} · <a href="{escape(link)}">{escape(link)}</a>'


def attachment(text: str, name: str, kind: str) -> Response:
    """Return a text as a file to save; ``kind`` is its ending."""
    safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{safe}.{kind}"'}
    body = text.encode("utf-8", "replace")
    return Response(body, media_type=f"{_KINDS[kind]}; charset=utf-8", headers=headers)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form sent as application/x-www-form-urlencoded."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return {name: values[0] for name, values in parse_qs(body, max_num_fields=10).items()}
    except ValueError:
        return {}
