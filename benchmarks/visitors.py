"""What a visitor does under load, for locust: asks, looks up, checks, opens pages, chats.

``benchmarks.load`` starts it and sets LOAD_PLAN, a JSON file of what to ask. A refusal (429 or
503 with Retry-After and a sentence) is counted under a name of its own, anything else that is no
answer as a failure. It imports nothing of the product, for it runs in locust's environment.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, between
from locust.exception import StopUser

PLAN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PLAN"]).read_text(encoding="utf-8"))
REFUSED = " refused"
_fresh = itertools.count(1)
_chance = random.Random(7)
_WEIGHTS = {
    "ask": 5, "ask again": 2, "faq": 2, "check": 1, "chat": 3,
    "page /": 1, "page /faq": 1, "page /doc/": 1, "page /answer": 1,
}  # fmt: skip


def new_question() -> str:
    """Return a question of words of the corpus that nobody has asked in this run."""
    words: list[str] = PLAN["words"]
    number = next(_fresh) * 7919
    first, second = words[number % len(words)], words[number // len(words) % len(words)]
    return f"How does {first} matter for {second}?"


class Visitor(FastHttpUser):  # type: ignore[misc]  # locust may not be installed beside mypy
    """One visitor, who pauses between two things as long as the plan says."""

    wait_time = between(0.5 * PLAN["pause"], 1.5 * PLAN["pause"])
    network_timeout = connection_timeout = 60.0

    def do(self, kind: str) -> None:
        """Do one thing and have it counted."""
        if kind == "chat":
            chat(self, new_question())
        elif kind in ("ask", "ask again"):
            again = _chance.choice(PLAN["questions"])
            body = {"question": new_question() if kind == "ask" else again}
            fetch(self, kind, "/api/v1/ask", "statements", body)
        elif kind == "faq":
            asked = urlencode({"q": _chance.choice(PLAN["questions"])})
            fetch(self, kind, f"/api/v1/faq?{asked}", "candidates")
        elif kind == "check":
            claim = {"claim": _chance.choice(PLAN["claims"])}
            fetch(self, kind, "/api/v1/check", "label", claim)
        else:
            path = kind.removeprefix("page ")
            path = f"/doc/{_chance.choice(PLAN['documents'])}" if path == "/doc/" else path
            path += "?" + urlencode({"q": new_question()}) if path == "/answer" else ""
            fetch(self, kind, path, "</html>")


def fetch(visitor: Visitor, kind: str, path: str, expected: str, body: Any = None) -> None:
    """Make one call, a POST where there is a body; ``expected`` has to stand in its reply."""
    started = time.perf_counter()
    reply = call(visitor, path, body)
    count(visitor, kind, started, *judge(reply, expected))


def call(visitor: Visitor, path: str, body: Any = None) -> Any:
    """Return the reply to a call; ``count`` tells locust of it, not the client."""
    method = "GET" if body is None else "POST"
    return visitor.client.request(method, path, json=body, catch_response=True)


def judge(reply: Any, expected: str) -> tuple[bool, str]:
    """Return (whether it was refused, what is wrong with the reply or nothing)."""
    text = reply.text or ""
    if reply.status_code == 200:
        return False, "" if expected in text else "200 without what was asked for"
    if reply.status_code in (429, 503):
        after = (reply.headers or {}).get("Retry-After", "")
        if after.isdigit() and len(text.split()) > 3:
            return True, ""
        return False, f"{reply.status_code} without Retry-After or a sentence"
    return False, f"status {reply.status_code}: {text[:80]} {reply.error or ''}"


def chat(visitor: Visitor, question: str) -> None:
    """Ask in the chat as its page does: join Gradio's queue, read the events to the end."""
    session, started = uuid.uuid4().hex, time.perf_counter()
    body = {"data": [question, None, "Auto"], "fn_index": PLAN["submit"], "session_hash": session}
    refused, wrong = judge(call(visitor, "/gradio_api/queue/join", body), "event_id")
    if not refused and not wrong:
        reply = call(visitor, f"/gradio_api/queue/data?session_hash={session}")
        refused, wrong = read_events(reply)
    count(visitor, "chat", started, refused, wrong)


def read_events(reply: Any) -> tuple[bool, str]:
    """Return for a stream of the chat's events what ``judge`` does for a reply."""
    lines = (reply.text or "").splitlines()
    told = [json.loads(line[5:]) for line in lines if line.startswith("data:")]
    done = next((t for t in told if t["msg"] == "process_completed"), None)
    if done is None or not done["success"]:
        return False, f"the chat ended without an answer (status {reply.status_code})"
    shown = json.dumps(done["output"])
    if "try again in a few seconds" in shown:
        return True, ""
    return False, "" if 'class=\\"answer' in shown else "a chat turn without an answer"


def count(visitor: Visitor, kind: str, started: float, refused: bool, wrong: str) -> None:
    """Tell locust of one thing done."""
    visitor.environment.events.request.fire(
        request_type="",
        name=kind + (REFUSED if refused else ""),
        response_time=1000 * (time.perf_counter() - started),
        response_length=0,
        exception=RuntimeError(wrong) if wrong else None,
        context={},
    )


def _act(kind: str) -> Any:
    return lambda visitor: visitor.do(kind)


_sessions = itertools.count(1)


def _session(visitor: Visitor) -> None:
    """Open the page as a new visitor and ask one question; stop after so many."""
    number = next(_sessions)
    if number > PLAN["sessions"]:
        if number == PLAN["sessions"] + 1:  # from elsewhere: a visitor cannot wait for its own end
            gevent.spawn(visitor.environment.runner.quit)
        raise StopUser
    if number % 10 == 0:  # the page is the same for all; its cost is not what is measured
        fetch(visitor, "page /", "/", "</html>")
    chat(visitor, new_question())


Visitor.tasks = (
    [_session]
    if PLAN["sessions"]
    else [task for kind, weight in _WEIGHTS.items() for task in [_act(kind)] * weight]
)
