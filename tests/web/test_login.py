from __future__ import annotations

import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.errors import SettingsError
from assistant.web.api import build_api
from assistant.web.hosting import Hosting
from assistant.web.login import ATTEMPTS, COOKIE
from assistant.web.passwords import check_password, hash_password, read_users
from assistant.web.service import Service
from assistant.web.sessions import LASTS, Sessions, read_basic

PASSWORD = "kettles: über alles"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users.txt"
    path.write_text(f"# who may ask\n\nada:{hash_password(PASSWORD)}\n", encoding="utf-8")
    return path


@pytest.fixture
def client(kettles: Assistant, users: Path) -> TestClient:
    app = build_api(kettles, Service(kettles), Hosting(auth=users))
    return TestClient(app, client=("203.0.113.9", 1), follow_redirects=False)


def _enter(client: TestClient, password: str = PASSWORD, **more: str) -> object:
    form = {"username": "ada", "password": password, **more}
    return client.post("/login", data=form, headers=HTML)


def test_a_hash_knows_its_password_and_no_other() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second
    assert check_password(PASSWORD, first)
    assert not check_password(PASSWORD + " ", first)
    assert PASSWORD not in first


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "holds no name"),
        ("ada", "line 1"),
        ("ada:secret", "line 1"),
        (":scrypt$16384$8$1$YQ==$YQ==", "line 1"),
        ("# x\nada:scrypt$9999999$8$1$YQ==$" + "A" * 43 + "=", "line 2"),
        ("ada:scrypt$x$8$1$YQ==$YQ==", "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "users.txt"
    path.write_text(text)
    with pytest.raises(SettingsError, match=word):
        read_users(path)


def test_a_name_twice_and_a_missing_file_are_told(tmp_path: Path) -> None:
    line = f"ada:{hash_password(PASSWORD)}\n"
    (tmp_path / "twice.txt").write_text(line * 2)
    with pytest.raises(SettingsError, match="line 2"):
        read_users(tmp_path / "twice.txt")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_users(tmp_path / "none.txt")


def test_without_a_login_nothing_is_shown(client: TestClient) -> None:
    for path in ("/doc/", "/api/v1/documents", "/api/docs", "/api/openapi.json", "/anything"):
        found = client.get(path)
        assert found.status_code == 401
        assert found.headers["www-authenticate"].startswith("Basic")
        assert "kettle" not in found.text.lower()
    assert client.post("/api/v1/ask", json={"question": "What?"}).status_code == 401
    ours = client.get("/config", headers={"Sec-Fetch-Site": "same-origin"})
    assert "www-authenticate" not in ours.headers


@pytest.mark.parametrize("path", ["/healthz", "/static/app.css", "/static/plain.css", "/login"])
def test_health_and_the_login_stay_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_browser_is_sent_to_the_form_and_back(client: TestClient) -> None:
    sent = client.get("/doc/?x=1&y=2", headers=HTML)
    assert sent.status_code == 303
    form = client.get(sent.headers["location"])
    assert 'name="next" value="/doc/?x=1&amp;y=2"' in form.text
    assert "unsafe-inline" not in form.headers["content-security-policy"]
    entered = _enter(client, next="/doc/?x=1&y=2")
    assert (entered.status_code, entered.headers["location"]) == (303, "/doc/?x=1&y=2")
    cookie = entered.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert client.get("/doc/").status_code == 200
    left = client.get("/logout")
    assert left.headers["location"] == "/login"
    assert client.get("/doc/").status_code == 401


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "",
     "/x\r\nSet-Cookie: a=b", "/http://x"],
)  # fmt: skip
def test_a_login_leads_to_no_other_site(client: TestClient, wanted: str) -> None:
    assert _enter(client, next=wanted).headers["location"] == "/"


def test_a_wrong_password_is_told(client: TestClient) -> None:
    found = _enter(client, "wrong", next='"><script>')
    assert found.status_code == 401
    assert "not right" in found.text
    assert "<script>" not in found.text
    assert "set-cookie" not in found.headers
    unknown = client.post("/login", data={"username": "eve", "password": PASSWORD})
    assert (unknown.status_code, unknown.json()["error"]) == (401, found_sentence(found.text))


def found_sentence(page: str) -> str:
    return page.split('role="alert">')[1].split("<")[0]


def test_guessing_is_slowed_down(client: TestClient) -> None:
    guesses = [_enter(client, f"guess {n}").status_code for n in range(ATTEMPTS + 1)]
    assert guesses == [401] * ATTEMPTS + [429]
    basic = client.get("/api/v1/documents", auth=("ada", "guess"))
    assert basic.status_code == 429
    assert int(basic.headers["retry-after"]) > 0


def test_programs_send_basic(client: TestClient) -> None:
    for _ in range(ATTEMPTS + 5):  # what was proved does not count as a guess again
        found = client.get("/api/v1/documents", auth=("ada", PASSWORD.encode().decode("utf-8")))
        assert found.status_code == 200
    assert client.get("/api/v1/documents", auth=("ada", "wrong one")).status_code == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Bearer x", "Basic eA==", "Basic /w=="])
def test_a_header_that_is_none_is_refused(client: TestClient, header: str) -> None:
    found = client.get("/api/v1/documents", headers={"Authorization": header})
    assert found.status_code == 401


def test_a_form_that_is_none_is_refused(client: TestClient) -> None:
    for body in (b"\xff\xfe", b"a=1&" * 1_000, b"", b"username=ada"):
        assert client.post("/login", content=body).status_code == 401
    assert client.put("/login").status_code == 405


def test_a_cookie_is_secure_over_https(kettles: Assistant, users: Path) -> None:
    app = build_api(kettles, Service(kettles), Hosting(auth=users, root_path="/a"))
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    entered = _enter(client)
    assert "Secure" in entered.headers["set-cookie"]
    assert "Path=/a;" in entered.headers["set-cookie"]
    assert entered.headers["location"] == "/a/"


def test_a_cookie_cannot_be_forged_and_ends() -> None:
    now = [1_000.0]
    hashes = {"ada": hash_password(PASSWORD), "a|b": hash_password(PASSWORD)}
    sessions = Sessions(hashes, lambda: now[0])
    value = sessions.cookie("ada")
    assert sessions.user_of_cookie(value) == "ada"
    assert sessions.user_of_cookie(sessions.cookie("a|b")) == "a|b"
    head, tail = value.split(".")
    other = Sessions(hashes, lambda: now[0]).cookie("ada")
    forged = ["", ".", "x.y", head, f"{head}.", f"{head}.{tail[:-2]}AA", f"{head}.{other[-43:]}"]
    for value in (*forged, other, "é.é", "bmFu.bmFu"):
        assert sessions.user_of_cookie(value) is None
    now[0] += LASTS + 1
    assert sessions.user_of_cookie(f"{head}.{tail}") is None


def test_a_proof_is_forgotten_after_ten_minutes() -> None:
    now = [1_000.0]
    sessions = Sessions({"ada": hash_password(PASSWORD)}, lambda: now[0])
    header = "Basic YWRhOmtldHRsZXM6IMO8YmVyIGFsbGVz"
    assert read_basic(header) == ("ada", PASSWORD)
    assert sessions.proved(header) is None
    assert sessions.prove(header) == "ada"
    assert sessions.proved(header) == "ada"
    now[0] += 601
    assert sessions.proved(header) is None


def test_the_cookie_is_named(client: TestClient) -> None:
    assert _enter(client).cookies[COOKIE]


def test_the_command_makes_a_line_of_the_file(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["password", "ada"]) == 0
    path = tmp_path / "users.txt"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert check_password(PASSWORD, read_users(path)["ada"])


@pytest.mark.parametrize(("name", "password"), [("a:b", PASSWORD), ("ada", "short"), ("#a", "x")])
def test_the_command_explains_misuse(monkeypatch, capsys, name: str, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    assert main(["password", name]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_a_server_does_not_start_with_a_broken_file(kettles: Assistant, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_AUTH"):
        build_api(kettles, Service(kettles), Hosting(auth=tmp_path / "none.txt"))
