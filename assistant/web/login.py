"""The optional login: a form and a cookie for browsers, HTTP Basic for programs."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.escaping import escape
from assistant.web.limits import LOOPBACK_FACTOR, Buckets, client_of
from assistant.web.plainpage import plain_page
from assistant.web.refusal import refuse
from assistant.web.sessions import LASTS, Sessions

COOKIE = "assistant-session"
ATTEMPTS = 10  # wrong passwords a minute from one address
_OPEN = ("/healthz", "/readyz", "/static/", "/favicon.ico")
_WRONG = "The name or the password is not right."
# A path of this site: one slash first, then no second one, no backslash, nothing invisible.
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


class Login:
    """ASGI middleware that lets only logged-in visitors pass, and answers /login and /logout."""

    def __init__(
        self, app: ASGIApp, sessions: Sessions, root_path: str = "", attempts: int = ATTEMPTS
    ) -> None:
        self.app = app
        self.sessions = sessions
        self.root_path = root_path
        self.attempts = Buckets(attempts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is about logging in; pass on what is open or from a known visitor."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["path"] == "/login":
            request = Request(scope, receive)
            await (await self._login(request))(scope, receive, send)
        elif scope["path"] == "/logout":
            left = RedirectResponse(f"{self.root_path}/login", 303)
            left.delete_cookie(COOKIE, path=self.root_path or "/")
            await left(scope, receive, send)
        elif scope["method"] == "OPTIONS" or scope["path"].startswith(_OPEN):
            await self.app(scope, receive, send)
        else:
            await self._pass_or_ask(scope, receive, send)

    async def _pass_or_ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        header = request.headers.get("authorization", "")
        known = self.sessions.user_of_cookie(request.cookies.get(COOKIE, ""))
        known = known or self.sessions.proved(header)
        if known is None and header:
            if wait := self._wait(scope):
                await self._too_often(scope, send, wait)
                return
            known = await asyncio.to_thread(self.sessions.prove, header)
        if known is not None:
            await self.app(scope, receive, send)
        elif scope["method"] == "GET" and "text/html" in request.headers.get("accept", ""):
            wanted = quote(f"{scope['path']}?{request.url.query}".rstrip("?"), safe="/")
            there = f"{self.root_path}/login?next={wanted}"
            await RedirectResponse(there, 303)(scope, receive, send)
        else:
            # A page's own requests get no challenge: the browser would open a dialog for it.
            ours = "sec-fetch-site" in request.headers
            challenge = {} if ours else {"WWW-Authenticate": 'Basic realm="assistant"'}
            await refuse(scope, send, 401, "Log in first.", challenge)

    async def _login(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            return self._form(request.query_params.get("next", "/"))
        if request.method != "POST":
            return Response(status_code=405)
        name, password, wanted = _fields(await request.body())
        as_page = "text/html" in request.headers.get("accept", "")
        if wait := self._wait(request.scope):
            sentence = f"Too many attempts; try again in {wait} s."
            found: Response = JSONResponse({"error": sentence, "field": None}, 429)
            if as_page:
                found = self._form(wanted, sentence, 429)
            found.headers["Retry-After"] = str(wait)
            return found
        if not await asyncio.to_thread(self.sessions.check, name, password):
            problem = {"error": _WRONG, "field": None, "detail": _WRONG}
            return self._form(wanted, _WRONG, 401) if as_page else JSONResponse(problem, 401)
        there = f"{self.root_path}{_own_path(wanted)}"
        entered = RedirectResponse(there, 303) if as_page else JSONResponse({"success": True})
        entered.set_cookie(
            COOKIE, self.sessions.cookie(name), max_age=LASTS, httponly=True, samesite="lax",
            path=self.root_path or "/", secure=request.url.scheme == "https",
        )  # fmt: skip
        return entered

    def _form(self, wanted: str, problem: str = "", status: int = 200) -> Response:
        told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
        body = (
            "<main><h1>Log in</h1>"
            f'{told}<form method="post" action="{escape(self.root_path)}/login">'
            '<p><label for="username">Name</label>'
            '<input id="username" name="username" autocomplete="username" required></p>'
            '<p><label for="password">Password</label><input id="password" name="password" '
            'type="password" autocomplete="current-password" required></p>'
            f'<input type="hidden" name="next" value="{escape(_own_path(wanted))}">'
            '<p><button type="submit">Log in</button></p></form></main>'
        )
        page = plain_page("Log in", body, self.root_path)
        return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})

    def _wait(self, scope: Scope) -> int:
        key, here = client_of(scope)
        return self.attempts.take(key, LOOPBACK_FACTOR if here else 1)

    async def _too_often(self, scope: Scope, send: Send, wait: int) -> None:
        sentence = f"Too many attempts; try again in {wait} s."
        await refuse(scope, send, 429, sentence, {"Retry-After": str(wait)})


def _fields(body: bytes) -> tuple[str, str, str]:
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        found = {}
    name, password, wanted = (found.get(key, [""])[0] for key in ("username", "password", "next"))
    return name, password, wanted


def _own_path(wanted: str) -> str:
    """Return where to go after logging in: only a path of this site."""
    return wanted if _OWN_PATH.fullmatch(wanted) and "://" not in wanted else "/"
