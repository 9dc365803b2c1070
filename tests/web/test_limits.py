from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.web.api import build_api
from assistant.web.hosting import Hosting
from assistant.web.limits import LOOPBACK_FACTOR, Buckets, client_of
from assistant.web.service import Service

ASK = {"question": "What is a kettle?"}


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_evenly() -> None:
    clock = _Clock()
    buckets = Buckets(6, clock)
    assert [buckets.take("a") for _ in range(7)] == [0] * 6 + [10]
    assert buckets.take("b") == 0
    clock.now += 9
    assert buckets.take("a") == 1
    clock.now += 1
    assert [buckets.take("a"), buckets.take("a")] == [0, 10]
    clock.now += 3_600
    assert [buckets.take("a") for _ in range(7)] == [0] * 6 + [10]


def test_a_factor_widens_a_bucket_and_no_rate_is_no_limit() -> None:
    clock = _Clock()
    buckets = Buckets(2, clock)
    assert [buckets.take("a", 3) for _ in range(7)] == [0] * 6 + [10]
    assert not any(Buckets(0, clock).take("a") for _ in range(1_000))


def test_the_number_of_buckets_is_bounded() -> None:
    buckets = Buckets(1, _Clock())
    for number in range(10_500):
        buckets.take(str(number))
    assert len(buckets._left) == 10_000


@pytest.mark.parametrize(
    ("host", "key", "here"),
    [
        ("203.0.113.9", "203.0.113.9", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::1", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("::ffff:203.0.113.9", "203.0.113.9", False),
        ("2001:db8::1:2:3:4", "2001:db8::/64", False),
        ("unix", "unix", False),
    ],
)
def test_an_address_is_known_by_its_network(host: str, key: str, here: bool) -> None:
    assert client_of({"client": (host, 1)}) == (key, here)


def test_no_address_is_an_address_too() -> None:
    assert client_of({"client": None}) == ("", False)


@pytest.fixture
def limited(kettles: Assistant) -> object:
    return build_api(kettles, Service(kettles), Hosting(rate=2))


def test_who_asks_too_often_is_told_when_to_try_again(limited) -> None:
    client = TestClient(limited, client=("203.0.113.9", 1))
    found = [client.post("/api/v1/ask", json=ASK) for _ in range(3)]
    assert [f.status_code for f in found] == [200, 200, 429]
    assert 1 <= int(found[2].headers["retry-after"]) <= 30
    assert "try again" in found[2].json()["error"]
    assert found[2].headers["x-content-type-options"] == "nosniff"
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/mcp", "/api/v1/check"):
        assert client.post(path, json={}).status_code == 429
    for path in ("/answer?q=a", "/faq?part=1&q=a", "/check?claim=a"):
        assert client.get(path).status_code == 429
    for path in ("/faq", "/check", "/healthz", "/doc/", "/static/app.css", "/api/docs", "/readyz"):
        assert client.get(path).status_code != 429
    other = TestClient(limited, client=("203.0.113.10", 1))
    assert other.post("/api/v1/ask", json=ASK).status_code == 200


def test_this_machine_may_ask_more_often(limited) -> None:
    client = TestClient(limited, client=("127.0.0.1", 1))
    asked = [client.get("/api/v1/documents").status_code for _ in range(20)]
    assert set(asked) == {200}
    assert LOOPBACK_FACTOR >= 10


def test_a_client_cannot_name_its_own_address(limited) -> None:
    client = TestClient(limited, client=("203.0.113.9", 1))
    found = [
        client.get("/api/v1/documents", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(3)
    ]
    assert found[2].status_code == 429
