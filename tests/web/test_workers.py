from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.errors import BusyError, QuestionError
from assistant.web import ui
from assistant.web.api import build_api
from assistant.web.hosting import Hosting
from assistant.web.service import Service
from assistant.web.workers import Workers
from tests.live import run_async, serving_app


class _Slow(Service):
    """A service whose answers wait until they are let go."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant)
        self.go = threading.Event()
        self.started = threading.Semaphore(0)

    def ask(
        self, question: str, previous: str = "", documents: Sequence[str] = ()
    ) -> dict[str, object]:
        self.started.release()
        self.go.wait(30)
        return {"question": question}


@pytest.fixture
def slow(kettles: Assistant) -> Iterator[_Slow]:
    service = _Slow(kettles)
    yield service
    service.go.set()


def test_it_returns_and_raises_what_the_work_does() -> None:
    workers = Workers(1, 1)

    def fails() -> None:
        raise QuestionError("no")

    assert run_async(workers.run(max, 1, 2)) == 2
    with pytest.raises(QuestionError):
        run_async(workers.run(fails))
    workers.close()
    with pytest.raises(BusyError, match="stopping"):
        run_async(workers.run(max, 1, 2))


def test_more_than_the_bound_is_refused_and_room_comes_back(slow: _Slow) -> None:
    workers = Workers(1, 2)

    async def ask_many() -> list[object]:
        jobs = [asyncio.create_task(workers.run(slow.ask, "a")) for _ in range(5)]
        await asyncio.sleep(0.2)
        slow.go.set()
        return await asyncio.gather(*jobs, return_exceptions=True)

    found = run_async(ask_many())
    assert [isinstance(f, BusyError) for f in found] == [False] * 3 + [True] * 2
    assert run_async(workers.run(max, 1, 2)) == 2


def test_what_takes_too_long_is_told_and_keeps_its_place(slow: _Slow) -> None:
    workers = Workers(1, 1, timeout=0.05)

    async def ask_three() -> list[object]:
        jobs = [asyncio.create_task(workers.run(slow.ask, "a")) for _ in range(2)]
        first = await asyncio.gather(*jobs, return_exceptions=True)
        third = asyncio.create_task(workers.run(slow.ask, "c"))  # the first still runs
        fourth = asyncio.create_task(workers.run(slow.ask, "d"))
        return [*first, *await asyncio.gather(third, fourth, return_exceptions=True)]

    found = run_async(ask_three())
    assert all(isinstance(f, BusyError) for f in found)
    assert "longer than 0.05 seconds" in str(found[0])
    assert "waiting" in str(found[3])
    slow.go.set()
    assert run_async(Workers(1, 1).run(max, 1, 2)) == 2


def test_health_answers_while_sixteen_questions_wait_and_a_full_queue_is_told(
    kettles: Assistant, slow: _Slow
) -> None:
    workers = Workers(2, 14)
    app = build_api(kettles, slow, Hosting(rate=0), workers)
    with serving_app(app) as url, ThreadPoolExecutor(16) as pool:
        asked = [
            pool.submit(httpx.post, f"{url}/api/v1/ask", json={"question": "a"}, timeout=60)
            for _ in range(16)
        ]
        with httpx.Client(base_url=url) as client:
            while workers._short._threads._work_queue.qsize() < 14:
                time.sleep(0.01)
            refused = client.post("/api/v1/ask", json={"question": "b"})
            waits = [_timed(client) for _ in range(20)]
        slow.go.set()
        assert {job.result().status_code for job in asked} == {200}
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert "try again" in refused.json()["error"]
    assert min(waits) < 0.010


def _timed(client: httpx.Client) -> float:
    started = time.perf_counter()
    assert client.get("/healthz").status_code == 200
    return time.perf_counter() - started


def test_a_thread_may_wait_for_work_and_is_told_when_it_takes_too_long() -> None:
    workers, go = Workers(1, 0, timeout=0.1), threading.Event()
    assert workers.wait(max, 1, 2) == 2
    with pytest.raises(BusyError, match=r"longer than 0\.1 seconds"):
        workers.wait(go.wait, 30)
    with pytest.raises(BusyError, match="Too many questions"):
        workers.wait(max, 1, 2)
    go.set()


def test_long_work_leaves_the_threads_of_short_work_alone() -> None:
    workers, go = Workers(1, 0), threading.Event()

    async def both() -> list[object]:
        long = [asyncio.create_task(workers.run_long(go.wait, 30)) for _ in range(6)]
        await asyncio.sleep(0.05)
        short = await workers.run(max, 1, 2)
        go.set()
        return [short, *await asyncio.gather(*long, return_exceptions=True)]

    short, *long = run_async(both())
    assert short == 2
    assert long[:5] == [True] * 5
    assert isinstance(long[5], BusyError)


def test_a_server_that_is_too_busy_says_so_on_a_page_and_in_the_chat(
    kettles: Assistant, slow: _Slow
) -> None:
    workers = Workers(1, 0)
    with serving_app(build_api(kettles, slow, Hosting(rate=0), workers)) as url:
        asked = threading.Thread(target=workers.wait, args=(slow.ask, "a"))
        asked.start()
        slow.started.acquire()
        for path in ("/faq", "/check?claim=Kettles+boil.", "/answer?q=a", "/doc/"):
            page = httpx.get(url + path)
            assert page.status_code == 503, path
            assert int(page.headers["retry-after"]) > 0
            assert "Too many questions are waiting; try again in a few seconds." in page.text
        events = ui._Events(kettles, "chat", "box", "panel", "state", workers=workers)
        shown = events.ask_typed("What is a kettle?", ui.Talk())
        assert "try again in a few seconds" in shown["chat"][1]["content"]
        assert shown["chat"][1]["options"][0]["label"] == "Try again"
        slow.go.set()
        asked.join()
        assert httpx.get(url + "/faq").status_code == 200
        assert "steel" in events.ask_typed("What is a kettle?", ui.Talk())["chat"][1]["content"]
