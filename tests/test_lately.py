from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.lately import Lately


def test_a_value_is_made_once_while_it_is_kept() -> None:
    made: list[str] = []
    kept: Lately[str, str] = Lately(2)

    def value(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [value(k) for k in "aab"] == ["A", "A", "B"]
    assert value("a") == "A"  # now "b" is the one used longest ago
    value("c")
    value("a")
    assert made == ["a", "b", "c"]
    value("b")
    assert made == ["a", "b", "c", "b"]


def test_weights_bound_what_is_kept_and_too_much_is_not_kept_at_all() -> None:
    made: list[str] = []
    kept: Lately[str, str] = Lately(5, len)

    def value(text: str) -> None:
        kept.get(text, lambda: made.append(text) or text)

    for text in ("abc", "de", "much too long", "abc", "de", "xyz", "de", "abc"):
        value(text)
    assert made == ["abc", "de", "much too long", "xyz", "abc"]


def test_what_cannot_be_made_is_not_kept() -> None:
    kept: Lately[str, int] = Lately(2)
    with pytest.raises(ValueError, match="invalid"):
        kept.get("a", lambda: int("a"))
    assert kept.get("a", lambda: 7) == 7


def test_threads_get_the_value_of_their_own_key() -> None:
    kept: Lately[int, int] = Lately(7)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda n: kept.get(n % 20, lambda: 3 * (n % 20)), range(4_000))
        assert list(found) == [3 * (n % 20) for n in range(4_000)]
