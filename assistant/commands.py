"""What each command does, given its parsed options: the facade's calls, printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn, TextIO

from assistant import operating
from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.datatypes import Hit
from assistant.errors import AssistantError, QuestionError, why_unread
from assistant.indexing import check_current, sync_placed
from assistant.jsonio import (
    answer_json,
    document_json,
    document_line,
    draft_json,
    dump,
    faq_answer_json,
    faq_list_json,
    hits_json,
    verdict_json,
)
from assistant.opening import keep_faq
from assistant.progress import ProgressLine
from assistant.reading import read_corpus_info
from assistant.textio import answer_text, draft_text, hits_text, sync_text, verdict_text

_SHOWN_CANDIDATES = 3
_LISTED = 20


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run the chosen command and return its exit code.

    Raises:
        AssistantError: With one sentence, when it failed.
    """
    command: Callable[[argparse.Namespace, Settings], int] = {
        "index": _index,
        "ask": _ask,
        "faq": _faq,
        "check": _check,
        "search": _search,
        "document": _document,
        "eval": _eval,
        "serve": _serve,
        "mcp": _mcp,
        "convert": operating.convert,
        "doctor": operating.doctor,
        "feedback": operating.feedback,
        "password": operating.password,
    }[options.command]
    return command(options, settings)


def open_assistant(
    settings: Settings, *, show_progress: bool = False, verify_soon: bool = False
) -> Assistant:
    """Open the assistant with a progress line on stderr; list the files that failed."""
    with ProgressLine(show_progress) as progress:
        assistant = Assistant.open(settings, progress=progress, wait=_say, verify_soon=verify_soon)
    if assistant.notice:
        _say(assistant.notice)
    if assistant.report is not None:
        _list_problems(assistant.report.problems)
    return assistant


def _say(told: str) -> None:
    print(told, file=sys.stderr)


def _list_problems(problems: list[str]) -> None:
    for problem in problems[:_LISTED]:
        _say(f"Not read: {problem}")
    if len(problems) > _LISTED:
        _say(f"Not read: {len(problems) - _LISTED:,} more; see them with: "
             "python -m assistant index --json")  # fmt: skip


def _index(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.models import LazyEncoder

    read_corpus_info(settings.corpus)  # a corpus.toml that cannot be used is told now
    encoder = LazyEncoder(settings)
    with ProgressLine(options.progress) as progress:
        report = sync_placed(
            settings, encoder, progress, full=options.full, rebuild=options.rebuild,
            retry=True, wait=_say, prepare=keep_faq(encoder),
        )  # fmt: skip
    if not report.built:
        check_current(settings.index, encoder.model_id)
    if options.json:
        print(dump({**report.as_json(), "index": settings.milvus or str(settings.index)}))
    else:
        print(sync_text(report, settings.milvus or str(settings.index)))
    _list_problems(report.problems)
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    texts = _texts(options)
    assistant = open_assistant(settings, verify_soon=True)
    if texts is None:
        answer = assistant.ask(options.text, documents=options.documents)
        print(dump(answer_json(answer)) if options.json else answer_text(answer))
        return 0

    def answer_one(record_id: str, text: str) -> dict[str, Any]:
        return answer_json(assistant.ask(text, record_id, documents=options.documents))

    return _each(texts, answer_one)


def _faq(options: argparse.Namespace, settings: Settings) -> int:
    if options.list:
        return _list_faq(open_assistant(settings), options.documents, as_json=options.json)
    texts = _texts(options)
    assistant = open_assistant(settings, verify_soon=True)

    def find_one(record_id: str, text: str) -> dict[str, Any]:
        found = assistant.ask_faq(text, record_id, documents=options.documents)
        return faq_answer_json(*found)

    if texts is not None:
        return _each(texts, find_one)
    answer, entries = assistant.ask_faq(options.text, documents=options.documents)
    if options.json:
        print(dump(faq_answer_json(answer, entries)))
        return 0
    if answer.faq is None:
        print("No frequently asked question asks this; from the documents instead:\n")
    print(answer_text(answer))
    if entries:
        print("\nNearest questions")
    for entry in entries[:_SHOWN_CANDIDATES]:
        print(f"- {entry.question} ({entry.score:.2f})")
    return 0


def _list_faq(assistant: Assistant, documents: Sequence[str], *, as_json: bool) -> int:
    entries = sorted(assistant.faq_entries(documents), key=lambda e: e.topic)
    if as_json:
        print(dump(faq_list_json(entries, assistant.info.disclaimer)))
        return 0
    if not entries:
        print("The documents hold no frequently asked questions.")
    for topic, group in groupby(entries, key=lambda e: e.topic):
        print(topic or "Questions")
        for entry in group:
            print(f"- {entry.question} ({entry.faq_id})")
        print()
    print(assistant.info.disclaimer)
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    if options.draft is not None:
        return _check_draft(options, settings)
    texts = _texts(options)
    assistant = open_assistant(settings, verify_soon=True)

    def check_one(record_id: str, text: str) -> dict[str, Any]:
        return verdict_json(assistant.check(text, record_id, options.documents))

    if texts is not None:
        return _each(texts, check_one)
    verdict = assistant.check(options.text, documents=options.documents)
    print(dump(verdict_json(verdict)) if options.json else verdict_text(verdict))
    return 0


def _check_draft(options: argparse.Namespace, settings: Settings) -> int:
    if options.text is not None or options.batch is not None:
        _misused(options.command, "give a claim, --batch FILE or --text FILE, only one of them")
    assistant = open_assistant(settings, verify_soon=True)
    checked = assistant.check_draft(Path(options.draft), options.documents)
    if options.json:
        print(dump({"file": options.draft, **draft_json(checked, assistant.info.disclaimer)}))
    else:
        print(draft_text(checked, assistant.info.disclaimer))
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    texts = _texts(options)
    with ExitStack() as stack:
        run_file = _open_run(options.run, stack)
        assistant = open_assistant(settings)

        def search_one(record_id: str, text: str) -> dict[str, Any]:
            hits = assistant.search(text, options.k, options.level, options.documents)
            _write_run(run_file, record_id, hits, options.level)
            return hits_json(record_id, text, hits, assistant.info.disclaimer)

        if texts is not None:
            return _each(texts, search_one)
        result = search_one("query", options.text)
        print(dump(result) if options.json else hits_text(result))
    return 0


def _open_run(path: str | None, stack: ExitStack) -> TextIO | None:
    if path is None:
        return None
    try:
        return stack.enter_context(Path(path).open("w", encoding="utf-8"))
    except OSError as error:
        raise AssistantError(f"--run: {path} cannot be written ({error.strerror}).") from error


def _write_run(file: TextIO | None, query_id: str, hits: list[Hit], level: str) -> None:
    """Write TREC lines: query id, Q0, id, rank from 1, score, tag."""
    for rank, hit in enumerate(hits, start=1):
        if file is not None:
            name = hit.passage.doc_id if level == "document" else hit.passage.passage_id
            file.write(f"{query_id} Q0 {name} {rank} {hit.score:.6f} assistant\n")


def _document(options: argparse.Namespace, settings: Settings) -> int:
    assistant = open_assistant(settings)
    if options.doc_id is None:
        for document in assistant.documents():
            also = f" (also {', '.join(document.also)})" if document.also else ""
            line = f"{document.doc_id}\t{document.title}{also}"
            print(dump(document_line(document)) if options.json else line)
        return 0
    document = assistant.document(options.doc_id)
    if options.json:
        print(dump(document_json(document, assistant.info.disclaimer)))
    else:
        sys.stdout.write(document.text + "\n")
    return 0


def _eval(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation import run_eval

    text, code = run_eval(
        open_assistant(settings, verify_soon=True), Path(options.file), options.json
    )
    print(text)
    return code


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.server import serve

    serve(settings, options.host, options.port, watch=options.watch, mcp=options.mcp)
    return 0


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.stdio import serve_models

    serve_models(open_assistant(settings, verify_soon=True))
    return 0


def _texts(options: argparse.Namespace) -> Iterator[tuple[str, str]] | None:
    """Return the batch's (id, text) pairs, or None for a single text.

    Raises:
        AssistantError: When there is neither or both, or the file cannot be read.
    """
    if (options.text is None) == (options.batch is None):
        _misused(options.command, "give a text or --batch FILE, not both")
    if options.batch is None:
        return None
    if options.batch == "-":
        return _records(sys.stdin, "standard input")
    try:
        text = Path(options.batch).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(
            f"--batch: {options.batch} cannot be read ({why_unread(error)}); check the path."
        ) from error
    return _records(iter(text.split("\n")), options.batch)


def _misused(command: str, remedy: str) -> NoReturn:
    name = f"python -m assistant {command}"
    print(f"{name}: {remedy}; see {name} --help", file=sys.stderr)
    raise SystemExit(2)


def _records(lines: Iterator[str] | TextIO, name: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record["text"], str):
                raise TypeError
            yield str(record["id"]), record["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise AssistantError(
                f'{name}: line {number} is not a JSON object with "id" and "text"; mend it.'
            ) from error


def _each(texts: Iterator[tuple[str, str]], one: Callable[[str, str], dict[str, Any]]) -> int:
    """Print a JSON object a line; a question that cannot be asked gets an ``error`` field."""
    for record_id, text in texts:
        try:
            print(dump(one(record_id, text)))
        except QuestionError as error:
            print(dump({"id": record_id, "error": str(error)}))
    return 0
