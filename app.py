"""Start the web chat: ``python app.py`` and open the address it prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from assistant import AssistantError, read_settings
from assistant.web.server import DEFAULT_HOST, DEFAULT_PORT, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the chat; return 0 when stopped and 1 after a problem, told in one sentence."""
    parser = argparse.ArgumentParser(description="Ask questions of your documents in a browser.")
    env = os.environ
    parser.add_argument("--host", default=env.get("GRADIO_SERVER_NAME") or DEFAULT_HOST)
    parser.add_argument("--port", type=int, default=env.get("GRADIO_SERVER_PORT") or DEFAULT_PORT)
    parser.add_argument("--corpus", help="folder with the documents (default: corpus/)")
    parser.add_argument("--index", help="folder for the index built from them")
    parser.add_argument("--watch", action=argparse.BooleanOptionalAction, default=True,
                        help="follow changes of the folder while running")  # fmt: skip
    parser.add_argument("--mcp", action="store_true", help="serve tools for models at /mcp")
    options = parser.parse_args(arguments)
    try:
        settings = read_settings(options.corpus, options.index)
        for notice in settings.notices:
            sys.stderr.write(f"{notice}\n")
        serve(settings, options.host, options.port, watch=options.watch, mcp=options.mcp)
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
