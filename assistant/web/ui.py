"""The chat in Gradio: one event for each question, answers and sources side by side.

The conversation lives in the session's state on the server; what a browser posts is only the
question. Imported lazily, for Gradio loads slowly and must first be told to stay offline.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, get_args

import gradio as gr

from assistant.assistant import Assistant
from assistant.config import MAX_QUESTION_CHARS
from assistant.errors import BusyError, NotFoundError
from assistant.web import render
from assistant.web.escaping import escape
from assistant.web.links import rooted
from assistant.web.pathway import has_map
from assistant.web.public import add_public
from assistant.web.render import Turn
from assistant.web.service import Service
from assistant.web.turns import (
    MODES,
    Input,
    Mode,
    Remember,
    forget,
    no_turn,
    read_option,
    take_turn,
)
from assistant.web.workers import Workers

_log = logging.getLogger(__name__)
_KEPT_TURNS = 40
_SESSIONS = 200
_AT_ONCE, _WAITING = 8, 64
_EXAMPLES = 6
AUTO = next(iter(MODES))
_ASSETS = ("app.css", "pages.css", "map.css", "app.js", "pages.js", "map.js")
# Each view is also a page of its own at its address, which app.js puts into the tab.
VIEWS = (("FAQ", "/faq"), ("Check", "/check"), ("Sources", "/doc/"), ("Map", "/map"))
Turns = tuple[Turn, ...]
Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its turns, and the id of the one document it keeps to, if any."""

    turns: Turns = ()
    document: str = ""


def head(root_path: str = "") -> str:
    """Return what the chat's page loads beside Gradio's own files."""
    tags = (
        f'<link rel="stylesheet" href="/static/{name}">'
        if name.endswith(".css")
        else f'<script src="/static/{name}" defer></script>'
        for name in _ASSETS
    )
    return rooted("".join(tags), root_path)


def build_ui(
    assistant: Assistant,
    service: Service | None = None,
    workers: Workers | None = None,
    root_path: str = "",
) -> Any:
    """Return the chat as Gradio Blocks, ready to be mounted, the other views in tabs beside it.

    The ``service`` answers programs and remembers what the chat has shown; the ``workers`` make
    the answers, by default in the thread that wants one; links begin with the root path.
    """
    service = service or Service(assistant)
    views = VIEWS if has_map(assistant) else VIEWS[:-1]
    with gr.Blocks(
        title=assistant.info.title, analytics_enabled=False, delete_cache=(86_400, 86_400)
    ) as blocks:
        state = gr.State(Talk())
        covered = _html(rooted(covers(assistant), root_path), "head")
        with gr.Tabs(elem_id="views"):
            with gr.Tab("Ask", id="ask"):
                chat, scope, mode, box, stop, panel = _conversation(assistant)
            for name, address in views:
                with gr.Tab(name, id=address.strip("/")):
                    place = rooted(render.view(name, address), root_path)
                    _html(place, f"view-{address.strip('/')}")
        remember = service.recent.remember
        events = _Events(assistant, chat, box, panel, state, remember, workers, root_path)
        events.connect(blocks, mode, stop, covered, scope)
        add_public(service, workers)
    blocks.state_session_capacity = _SESSIONS
    blocks.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING, api_open=False)
    return blocks


def covers(assistant: Assistant) -> str:
    """Return the head of the page for the index as it is now."""
    with assistant.pinned():
        manifest = assistant.index.manifest
        counts = (manifest.documents, manifest.passages, len(assistant.faq.entries))
        return render.header(assistant.info, *counts, _day(manifest.built_at))


def _conversation(assistant: Assistant) -> tuple[Any, ...]:
    with gr.Row(elem_id="columns"):
        with gr.Column(scale=3, min_width=280, elem_id="conversation"):
            chat = _chatbot(assistant)
            with gr.Column(elem_id="composer"):
                scope = gr.Markdown(
                    "", elem_id="scope", visible=False, latex_delimiters=[], header_links=False
                )
                box = _box()
                with gr.Row(elem_id="controls"):
                    mode = _mode()
                    stop = gr.Button("Stop", elem_id="stop", size="sm", scale=0)
        with gr.Column(scale=2, min_width=280, elem_id="evidence"):
            panel = _html(render.sources_panel(()), "sources")
    return chat, scope, mode, box, stop, panel


def _html(block: str, elem_id: str | None = None) -> Any:
    """Show HTML through Markdown, which leaves a block on one line untouched.

    gr.HTML would run its templates through eval, which the content security policy forbids.
    """
    return gr.Markdown(block, elem_id=elem_id, latex_delimiters=[], header_links=False)


def _chatbot(assistant: Assistant) -> Any:
    return gr.Chatbot(
        label="Conversation",
        show_label=False,
        elem_id="chat",
        container=False,
        render_markdown=False,
        sanitize_html=True,
        latex_delimiters=[],
        allow_tags=False,
        layout="panel",
        buttons=[],
        autoscroll=False,
        placeholder=render.welcome(assistant.info.disclaimer),
        examples=[{"text": example} for example in examples_of(assistant)],
    )


def examples_of(assistant: Assistant) -> list[str]:
    """Return the corpus's examples; without any, questions that its documents answer."""
    if assistant.info.examples:
        return list(assistant.info.examples)
    asked = [entry.question for entry in assistant.faq.entries[:_EXAMPLES]]
    if asked:
        return asked
    titles = [document.title for document in islice(assistant.documents(), _EXAMPLES)]
    return [f"What is said about {title}?" for title in titles]


def _mode() -> Any:
    return gr.Radio(
        list(MODES), value=AUTO, label="Read what I type as", container=False, elem_id="mode",
        show_label=False,
    )  # fmt: skip


def _box() -> Any:
    return gr.Textbox(
        label="Your question",
        placeholder="A question or a claim",
        max_length=MAX_QUESTION_CHARS,
        max_lines=6,
        submit_btn="Ask",
        autofocus=True,
        elem_id="box",
    )


class _Events:
    """What happens on a question, typed or clicked, and when the chat is cleared."""

    def __init__(
        self, assistant: Assistant, chat: Any, box: Any, panel: Any, state: Any,
        remember: Remember = forget, workers: Workers | None = None, root_path: str = "",
    ) -> None:  # fmt: skip
        self.assistant = assistant
        self.remember = remember
        self.workers = workers
        self.root_path = root_path
        self.covered: Any = "head"
        self.scope: Any = "scope"
        self.shown_first = covers(assistant)
        self.chat = chat
        self.box = box
        self.panel = panel
        self.state = state

    def connect(self, blocks: Any, mode: Any, stop: Any, covered: Any, scope: Any) -> None:
        """Attach the events to their components.

        ``covered`` tells what the page covers, ``scope`` which document alone is asked.
        """
        self.covered, self.scope = covered, scope
        shown = [self.chat, self.panel, self.state]
        once = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "trigger_mode": "once",
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
        }
        typed = self.box.submit(
            self.ask_typed, [self.box, self.state, mode], [*shown, self.box], **once
        )
        example = self.chat.example_select(self.ask_clicked, self.state, shown, **once)
        option = self.chat.option_select(self.ask_clicked, self.state, shown, **once)
        self.chat.clear(self.clear, self.state, shown, **once)
        linked = blocks.load(self.ask_linked, None, [*shown, covered, scope], **once)
        stop.click(
            None, cancels=[typed, example, option, linked], queue=False, api_visibility="private"
        )

    def ask_typed(self, text: Any, talk: Talk, mode: Any = AUTO) -> Update:
        """Take what was typed as what the mode says, perhaps a follow-up; empty the box."""
        previous = next((t.resolved for t in reversed(talk.turns) if t.resolved), "")
        chosen = MODES.get(mode, "auto") if isinstance(mode, str) else "auto"
        typed = Input(text if isinstance(text, str) else "", chosen, previous)
        return {**self._take(typed, talk), self.box: ""}

    def ask_clicked(self, talk: Talk, event: gr.SelectData) -> Update:
        """Take an example, a related question or another reading that was clicked."""
        return self._take(read_option(event.value), talk)

    def ask_linked(self, request: gr.Request) -> Any:
        """Ask what a link asks: ``?q=`` with, perhaps, ``&mode=``; renew what the page covers.

        With ``&doc=`` the whole conversation keeps to that document.
        """
        text = request.query_params.get("q", "")
        talk, changed = self._begin(request.query_params.get("doc", ""))
        now = covers(self.assistant)
        if now != self.shown_first:  # the folder has changed since the server started
            changed[self.covered] = rooted(now, self.root_path)
        if not text.strip():
            return changed or gr.skip()
        chosen = request.query_params.get("mode", "auto")
        mode: Mode = chosen if chosen in get_args(Mode) else "auto"
        return {**changed, **self._take(Input(text[: MAX_QUESTION_CHARS + 1], mode), talk)}

    def clear(self, talk: Talk) -> Update:
        """Forget the conversation, but not which document it keeps to."""
        return self._show(replace(talk, turns=()))

    def _begin(self, doc_id: str) -> tuple[Talk, Update]:
        """Return the empty conversation that keeps to a document, and what the page says of it."""
        if not doc_id:
            return Talk(), {}
        try:
            title = self.assistant.document(doc_id).title
        except NotFoundError:
            told, talk = "There is no such document here, so all are asked.", Talk()
        else:
            link = rooted('<a href="/">Ask all documents</a>', self.root_path)
            told, talk = f"Only “{escape(title)}” is asked. {link}", Talk((), doc_id)
        shown = gr.Markdown(f'<p role="status">{told}</p>', visible=True)
        return talk, {self.scope: shown, self.state: talk}

    def _take(self, typed: Input, talk: Talk) -> Update:
        number = talk.turns[-1].number + 1 if talk.turns else 1
        typed = replace(typed, document=talk.document)
        asked = (self.assistant, number, typed, self.remember)
        try:
            turn = self.workers.wait(take_turn, *asked) if self.workers else take_turn(*asked)
        except BusyError as error:
            turn = no_turn(number, typed, error)
        return self._show(replace(talk, turns=(*talk.turns, turn)[-_KEPT_TURNS:]))

    def _show(self, talk: Talk) -> Update:
        return {
            self.chat: messages(talk.turns, self.root_path),
            self.panel: rooted(render.sources_panel(talk.turns), self.root_path),
            self.state: talk,
        }


def messages(turns: Turns, root_path: str = "") -> list[dict[str, Any]]:
    """Return the turns as chat messages; the last one offers ways to go on."""
    shown: list[dict[str, Any]] = []
    for turn in turns:
        shown.append({"role": "user", "content": render.user_message(turn.question)})
        shown.append({"role": "assistant", "content": rooted(turn.message, root_path)})
    if turns and turns[-1].options:
        shown[-1]["options"] = [{"label": o.label, "value": o.value} for o in turns[-1].options]
    return shown


def theme() -> Any:
    """Return the theme: neutral, with one accent; app.css does the rest."""
    font = ["IBM Plex Sans", "ui-sans-serif", "system-ui", "sans-serif"]
    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=font, font_mono=["ui-monospace", "monospace"]
    )


def _day(built_at: str) -> str:
    day = datetime.fromisoformat(built_at)
    return f"{day.day} {day:%b %Y}"
