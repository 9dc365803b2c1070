"""The command line: parse, call the facade, print. No logic of answering lives here.

Exit codes: 0 done, 1 it failed (one sentence on stderr), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from assistant import __version__
from assistant.config import read_settings
from assistant.errors import AssistantError

_ABOUT = """\
Ask questions of a folder of documents. Every sentence of an answer is an exact slice of a
document, with its place; what the documents do not cover is said to be not covered.
"""
_EXAMPLES = """\
examples:
  python -m assistant ask "What activates mTORC1?"
  python -m assistant ask --json "Who showed that rapamycin extends the life of mice?"
  python -m assistant --corpus ~/notes ask "When is the next review?"
  python -m assistant faq "Can coffee switch mTOR on?"
  python -m assistant faq --list
  python -m assistant check "Rapamycin inhibits mTORC1."
  python -m assistant check --text draft.md
  python -m assistant search -k 5 "leucine sensing"
  python -m assistant ask --batch questions.jsonl > answers.jsonl
  python -m assistant document mtor-pathway-explained.md
  python -m assistant eval tests/data/cases.jsonl
  python -m assistant serve --port 7860
  python -m assistant doctor

The index of a folder is built on first use and kept up to date: a changed file is noticed on
the next call. Environment: ASSISTANT_CORPUS, ASSISTANT_INDEX, ASSISTANT_CACHE,
ASSISTANT_RUNTIME (light or reference).
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence and point to --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    from assistant import commands

    try:
        settings = read_settings(options.corpus, options.index)
        for notice in settings.notices:
            print(notice, file=sys.stderr)
        return commands.run(options, settings)
    except AssistantError as error:
        print(str(error).replace("\n", " "), file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    common = _common()
    parser = _Parser(
        prog="python -m assistant",
        description=_ABOUT,
        epilog=_EXAMPLES,
        parents=[common],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    shared = _common(defaults=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, about: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about, parents=[shared])

    index = add("index", "Build the index of the corpus, or bring it up to date.")
    index.add_argument("--rebuild", action="store_true", help="embed every passage again")
    index.add_argument("--full", action="store_true",
                       help="hash every file, whatever its size and times say")  # fmt: skip
    index.add_argument("--progress", action="store_true",
                       help="print progress on stderr where that is no terminal, too")  # fmt: skip

    ask = add("ask", "Answer a question with verbatim, cited sentences.")
    _add_text(ask, "question")

    faq = add("faq", "Find the frequently asked question, or list them all by topic.")
    _add_text(faq, "question")
    faq.add_argument("--list", action="store_true", help="list every entry by topic")

    check = add("check", "Tell which sources support a claim and which contradict it.")
    _add_text(check, "claim")
    check.add_argument("--text", dest="draft", metavar="FILE",
                       help="check each sentence of a text, for example a draft")  # fmt: skip

    search = add("search", "List the best passages or documents for a query.")
    _add_text(search, "query")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many (10)")
    search.add_argument("--level", choices=("passage", "document"), default="passage",
                        help="rank passages, or documents by their best passage")  # fmt: skip
    search.add_argument("--run", metavar="FILE", help="also write a TREC run file")

    document = add("document", "Print the text that offsets refer to, or list all documents.")
    document.add_argument("doc_id", nargs="?", help="the document's id; without it, a list")

    evaluate = add("eval", "Ask a file of cases and print how good the answers are.")
    evaluate.add_argument("file", metavar="FILE", help="JSON Lines, see docs/evaluation.md")

    serve = add("serve", "Start the web app.")
    serve.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1",
                       help="address to listen on (127.0.0.1)")  # fmt: skip
    serve.add_argument("--port", type=_port, default=os.environ.get("GRADIO_SERVER_PORT") or "7860",
                       help="port to listen on (7860)")  # fmt: skip
    serve.add_argument("--watch", action=argparse.BooleanOptionalAction, default=True,
                       help="follow changes of the folder while running (on)")  # fmt: skip
    serve.add_argument("--mcp", action="store_true", help="serve tools for models at /mcp too")

    add("mcp", "Serve tools for models on standard input and output (MCP).")

    add("convert", "Convert the models into the cache, for a machine without torch.")

    add("doctor", "Look whether everything is in order here, and prove it works offline.")

    feedback = add("feedback", "List what visitors thought of the answers.")
    feedback.add_argument("--cases", action="store_true",
                          help="print cases for eval instead, as JSON Lines")  # fmt: skip

    password = add("password", "Read a password and print a line for the file of users.")
    password.add_argument("name", metavar="NAME", help="the user's name")
    return parser


def _common(defaults: bool = True) -> _Parser:
    """Options allowed before and after the command; after it they do not reset those before."""
    missing = None if defaults else argparse.SUPPRESS
    common = _Parser(add_help=False)
    common.add_argument("--corpus", metavar="DIR", default=missing,
                        help="the folder of documents (the bundled corpus)")  # fmt: skip
    common.add_argument("--index", metavar="DIR", default=missing,
                        help="where its index is kept (a folder of the cache), or "
                        "milvus://host:port/collection")  # fmt: skip
    common.add_argument("--json", action="store_true", default=False if defaults else missing,
                        help="print JSON")  # fmt: skip
    return common


def _add_text(parser: argparse.ArgumentParser, noun: str) -> None:
    parser.add_argument("text", nargs="?", metavar=noun.upper(), help=f"the {noun}")
    parser.add_argument(
        "--batch", metavar="FILE",
        help='JSON Lines with "id" and "text"; prints one JSON object a line ("-": stdin)',
    )  # fmt: skip
    parser.add_argument(
        "--document", dest="documents", metavar="ID", action="append", default=[],
        help="look only at this document; may be given several times",
    )  # fmt: skip


def _positive(value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError(f"'{value}' is not a number from 1 to 10000")
    return number


def _port(value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = -1
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"'{value}' is not a port from 0 to 65535")
    return number
