"""Photograph every view, light and dark, wide and phone, into docs/screenshots/.

    make screenshots

Needs Playwright (requirements-dev.txt) and Debian's chromium.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import sync_playwright

from assistant import Assistant, read_settings
from assistant.web.server import address, claim_port, create_app

FOLDER = Path(__file__).parent / "screenshots"
CHROMIUM = "/usr/bin/chromium"
SIZES = {"wide": (1280, 860), "phone": (360, 740)}
QUESTION = "How do mTORC1 and mTORC2 differ?"
CLAIM = "More mTOR activity always helps muscle."
DRAFT = (
    "Leucine activates mTORC1. Coffee definitely activates mTOR. Insulin lowers body temperature."
)


def main() -> None:
    """Write the pictures and print their names."""
    assistant = Assistant.open(read_settings())
    _ = assistant.verifier
    with _serving(assistant) as url, sync_playwright() as session:
        browser = session.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme,
                    reduced_motion="reduce",
                )  # fmt: skip
                for name, prepare in VIEWS.items():
                    page = context.new_page()
                    prepare(page, url)
                    page.wait_for_timeout(400)
                    path = FOLDER / f"{name}-{size}-{scheme}.png"
                    page.screenshot(path=path, animations="disabled")
                    sys.stdout.write(f"{path.name}\n")
                    page.close()
                context.close()
        browser.close()
    assistant.close()


def _empty(page: Any, url: str) -> None:
    page.goto(url)
    page.locator("#box textarea:enabled").wait_for()


def _asked(text: str) -> Callable[[Any, str], None]:
    def prepare(page: Any, url: str) -> None:
        _empty(page, url)
        page.locator("#box textarea").fill(text)
        page.locator("#box textarea").press("Enter")
        page.locator("#a1").wait_for()

    return prepare


def _page(path: str) -> Callable[[Any, str], None]:
    return lambda page, url: page.goto(url + path)


def _checked(page: Any, url: str) -> None:
    page.goto(url + "/check")
    page.locator("textarea").fill(DRAFT)
    page.locator("main form [type=submit]").first.click()
    page.locator("main table").wait_for()


def _read(page: Any, url: str) -> None:
    page.goto(url + "/doc/")
    page.locator("main a[href^='/doc/']").first.click()
    page.goto(page.url.split("#")[0] + "#s12")


VIEWS: dict[str, Callable[[Any, str], None]] = {
    "start": _empty,
    "answer": _asked(QUESTION),
    "claim": _asked(CLAIM),
    "faq": _page("/faq"),
    "check": _checked,
    "sources": _page("/doc/"),
    "reader": _read,
    "map": _page("/map"),
}


@contextmanager
def _serving(assistant: Assistant) -> Iterator[str]:
    listener = claim_port("127.0.0.1", 0)
    config = uvicorn.Config(create_app(assistant), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield address(listener)
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
