"""The chat in Gradio: one event for each question, answers and sources side by side.

The conversation lives in the session's state on the server; what a browser posts is only the
question. Imported lazily, for Gradio loads slowly and must first be told to stay offline.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import gradio as gr

from assistant.assistant import Assistant
from assistant.config import MAX_QUESTION_CHARS
from assistant.datatypes import CorpusInfo
from assistant.errors import AssistantError
from assistant.web import render
from assistant.web.public import add_public
from assistant.web.render import Turn
from assistant.web.service import Service
from assistant.web.verdict import verdict_turn

_log = logging.getLogger(__name__)
_KEPT_TURNS = 40
_SESSIONS = 200
_AT_ONCE, _WAITING = 8, 64
ASK, CHECK = "Ask a question", "Check a claim"
HEAD = '<link rel="stylesheet" href="/static/app.css"><script src="/static/app.js" defer></script>'
Turns = tuple[Turn, ...]
Update = dict[Any, Any]


def build_ui(assistant: Assistant, service: Service | None = None) -> Any:
    """Return the chat as Gradio Blocks, ready to be mounted."""
    info, manifest = assistant.info, assistant.index.manifest
    with gr.Blocks(
        title=info.title, analytics_enabled=False, delete_cache=(86_400, 86_400)
    ) as blocks:
        state = gr.State(())
        _html(render.header(info, manifest.documents, manifest.passages, _day(manifest.built_at)))
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=280, elem_id="conversation"):
                chat = _chatbot(info)
                with gr.Column(elem_id="composer"):
                    mode = _mode()
                    box = _box()
            with gr.Column(scale=2, min_width=280, elem_id="evidence"):
                panel = _html(render.sources_panel(()), "sources")
        _Events(assistant, chat, box, panel, state).connect(blocks, mode)
        add_public(service or Service(assistant))
    blocks.state_session_capacity = _SESSIONS
    blocks.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING, api_open=False)
    return blocks


def _html(block: str, elem_id: str | None = None) -> Any:
    """Show HTML through Markdown, which leaves a block on one line untouched.

    gr.HTML would run its templates through eval, which the content security policy forbids.
    """
    return gr.Markdown(block, elem_id=elem_id, latex_delimiters=[], header_links=False)


def _chatbot(info: CorpusInfo) -> Any:
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
        placeholder=render.welcome(info.disclaimer),
        examples=[{"text": example} for example in info.examples],
    )


def _mode() -> Any:
    return gr.Radio(
        [ASK, CHECK], value=ASK, label="What to do", show_label=False, container=False,
        elem_id="mode",
    )  # fmt: skip


def _box() -> Any:
    return gr.Textbox(
        label="Your question",
        placeholder="Ask about these documents, or state a claim to check",
        max_length=MAX_QUESTION_CHARS,
        max_lines=6,
        submit_btn="Ask",
        autofocus=True,
        elem_id="box",
    )


class _Events:
    """What happens on a question, typed or clicked, and when the chat is cleared."""

    def __init__(self, assistant: Assistant, chat: Any, box: Any, panel: Any, state: Any) -> None:
        self.assistant = assistant
        self.chat = chat
        self.box = box
        self.panel = panel
        self.state = state

    def connect(self, blocks: Any, mode: Any) -> None:
        """Attach the events to their components."""
        shown = [self.chat, self.panel, self.state]
        once = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "trigger_mode": "once",
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
        }
        typed = [self.box, self.state, mode]
        self.box.submit(self.ask_typed, typed, [*shown, self.box], **once)
        self.chat.example_select(self.ask_clicked, self.state, shown, **once)
        self.chat.option_select(self.ask_clicked, self.state, shown, **once)
        self.chat.clear(self.clear, None, shown, **once)
        blocks.load(prefill, None, self.box, queue=False, api_visibility="private")

    def ask_typed(self, question: Any, turns: Turns, mode: Any = ASK) -> Update:
        """Answer what was typed, perhaps a follow-up, or check it; empty the box."""
        if mode == CHECK:
            return {**self._check(question, turns), self.box: ""}
        previous = next((t.resolved for t in reversed(turns) if t.resolved), "")
        return {**self._ask(question, turns, previous), self.box: ""}

    def ask_clicked(self, turns: Turns, event: gr.SelectData) -> Update:
        """Answer an example or a related question that was clicked."""
        value = event.value
        return self._ask(value.get("text") if isinstance(value, dict) else value, turns)

    def clear(self) -> Update:
        """Forget the conversation."""
        return self._show(())

    def _ask(self, question: Any, turns: Turns, previous: str = "") -> Update:
        number = turns[-1].number + 1 if turns else 1
        asked = question if isinstance(question, str) else ""
        try:
            answer = self.assistant.ask(asked, previous=previous)
            turn = render.answered_turn(number, answer, self.assistant.document)
        except AssistantError as error:
            turn = render.problem_turn(number, asked, str(error))
        return self._show((*turns, turn)[-_KEPT_TURNS:])

    def _check(self, claim: Any, turns: Turns) -> Update:
        number = turns[-1].number + 1 if turns else 1
        stated = claim if isinstance(claim, str) else ""
        try:
            verdict = self.assistant.check(stated)
            turn = verdict_turn(number, verdict, self.assistant.document)
        except AssistantError as error:
            turn = render.problem_turn(number, stated, str(error))
        return self._show((*turns, turn)[-_KEPT_TURNS:])

    def _show(self, turns: Turns) -> Update:
        return {
            self.chat: messages(turns),
            self.panel: render.sources_panel(turns),
            self.state: turns,
        }


def messages(turns: Turns) -> list[dict[str, Any]]:
    """Return the turns as chat messages; the last one offers its related questions."""
    shown: list[dict[str, Any]] = []
    for turn in turns:
        shown.append({"role": "user", "content": render.user_message(turn.question)})
        shown.append({"role": "assistant", "content": turn.message})
    if turns and turns[-1].related:
        shown[-1]["options"] = [{"value": q} for q in turns[-1].related]
    return shown


def prefill(request: gr.Request) -> Any:
    """Put the question of a link (``?q=``) into the box, without asking it."""
    question = request.query_params.get("q", "")[:MAX_QUESTION_CHARS]
    return question if question.strip() else gr.skip()


def theme() -> Any:
    """Return the theme: neutral, with one accent; app.css does the rest."""
    font = ["IBM Plex Sans", "ui-sans-serif", "system-ui", "sans-serif"]
    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=font, font_mono=["ui-monospace", "monospace"]
    )


def _day(built_at: str) -> str:
    day = datetime.fromisoformat(built_at)
    return f"{day.day} {day:%b %Y}"
