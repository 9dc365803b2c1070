from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest

from assistant.offline import no_network


def _connect(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(address)


def test_connections_are_refused_and_told_while_the_guard_is_open() -> None:
    _connect(("127.0.0.1", 9))
    with no_network() as attempts:
        assert attempts == []
        with pytest.raises(PermissionError, match=r"connect to 127\.0\.0\.1"):
            _connect(("127.0.0.1", 9))
        assert attempts == ["connect to 127.0.0.1"]
    _connect(("127.0.0.1", 9))


def test_names_are_not_looked_up_but_addresses_are_read() -> None:
    with no_network() as attempts:
        with pytest.raises(PermissionError):
            socket.getaddrinfo("assistant.example.org", 443)
        socket.getaddrinfo("127.0.0.1", 80)
        socket.getaddrinfo("::1", 80)
        socket.getaddrinfo(None, 80)
    assert attempts == ["look up assistant.example.org"]


def test_other_threads_are_guarded_and_swallowed_errors_are_told() -> None:
    def swallow() -> None:
        try:
            _connect(("192.0.2.1", 53))
        except OSError:
            return

    with no_network() as outer, no_network() as inner:
        thread = threading.Thread(target=swallow)
        thread.start()
        thread.join()
    assert outer == inner == ["connect to 192.0.2.1"]


def test_local_sockets_work(tmp_path) -> None:
    path = str(tmp_path / "s")
    with no_network() as attempts, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
    assert attempts == []


def test_the_guard_is_cheap_to_import() -> None:
    code = "import sys, assistant.offline; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
