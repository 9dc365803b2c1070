"""Real servers on free ports, and Debian's Chromium; skipped where it is not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import Settings
from assistant.protocols import Encoder
from tests.live import serving

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Backticks keep Markdown from reading this as markup; every question word is in the document.
HOSTILE = """# Odd `<img src=x onerror=window.hacked=1>` text

## The zorblatt formula `<img src=x onerror=window.hacked=2>`

The zorblatt formula is `IFN-γ *alone* did_not p<0.05 H₂O $$ x_1 $$ ${window.hacked=3} back\\slash
{{constructor}} &amp; <script>window.hacked=4</script> <img src=x onerror=window.hacked=5>` today.
"""


@pytest.fixture(scope="session")
def playwright_api() -> object:
    """Playwright, unless it or the browser is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    return pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture(scope="session")
def chat_url(playwright_api, bundled: Assistant) -> Iterator[str]:
    with serving(bundled) as url:
        yield url


@pytest.fixture(scope="session")
def hostile(
    encoder: Encoder, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "odd.md").write_text(HOSTILE, encoding="utf-8")
    settings = Settings(folder / "corpus", folder / "index", cache)
    assistant = Assistant.open(settings, encoder=encoder)
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def hostile_url(playwright_api, hostile: Assistant) -> Iterator[str]:
    with serving(hostile) as url:
        yield url


@pytest.fixture(scope="session")
def browser(playwright_api, chat_url: str, hostile_url: str) -> Iterator[object]:
    # The apps are built first: Playwright keeps an event loop running in this thread.
    with playwright_api.sync_playwright() as session:
        browser = session.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page with what went over the wire and what went wrong."""

    page: object
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def ask(self, question: str, number: int = 1) -> object:
        """Ask with the Enter key and return the answer's card."""
        box = self.page.locator("#box textarea")
        box.fill(question)
        box.press("Enter")
        card = self.page.locator(f"#a{number}")
        card.wait_for()
        if card.locator("a.cite").count():
            self.page.locator(f"#src-a{number}-1").wait_for(state="attached")
        return card


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visit]]:
    """Open an address in a fresh context; in the end nothing may have gone wrong."""
    opened: list[tuple[object, Visit, str]] = []

    def open_page(url: str, path: str = "/", width: int = 1280, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 740}, **options)
        found = Visit(context.new_page())
        page = found.page
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and found.problems.append(m.text))
        page.goto(url + path)
        if path.startswith("/?") or path == "/":
            page.locator("#box textarea:enabled").wait_for()
            for _ in range(100):  # until the page's own event is on its way
                if any("queue/data" in request for request in found.requests):
                    break
                page.wait_for_timeout(50)
        opened.append((context, found, url))
        return found

    yield open_page
    for context, found, url in opened:
        context.close()
        assert found.problems == []
        assert [r for r in found.requests if not r.startswith((url, "data:"))] == []
