from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.feedback import FeedbackFile, read_feedback
from assistant.jsonio import answer_json, document_json, dump, faq_list_json, hits_json
from assistant.models import LazyVerifier
from assistant.web import schemas
from assistant.web.api import build_api
from assistant.web.guard import MAX_BODY_BYTES
from assistant.web.hosting import Hosting
from assistant.web.recent import Recent
from assistant.web.service import MAX_SENTENCES, Service

DOC = "sub dir/kettles.md"
ASK = {"question": "What is a kettle?"}


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    return tmp_path / "ratings" / "feedback.jsonl"


@pytest.fixture
def service(kettles: Assistant, ratings: Path) -> Service:
    return Service(kettles, Recent(), FeedbackFile(ratings))


@pytest.fixture
def api(kettles: Assistant, service: Service) -> Iterator[TestClient]:
    with TestClient(build_api(kettles, service, Hosting(rate=0))) as client:
        yield client


def _timeless(text: str) -> dict[str, object]:
    found = json.loads(text)
    found.pop("timings_ms")
    return found


def test_an_answer_has_the_bytes_of_the_command_line(api: TestClient, kettles: Assistant) -> None:
    found = api.post("/api/v1/ask", json=ASK)
    expected = dump(answer_json(kettles.ask(ASK["question"])))
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert list(_timeless(found.text)) == list(_timeless(expected))
    assert _timeless(found.text) == _timeless(expected)
    assert found.text == dump(json.loads(found.text)) + "\n"
    schemas.AnswerReply.model_validate_json(found.text)


def test_a_follow_up_builds_on_the_question_before(api: TestClient) -> None:
    alone = api.post("/api/v1/ask", json={"question": "What is it made of?"}).json()
    body = {"question": "What is it made of?", "previous": "What is a kettle?"}
    found = api.post("/api/v1/ask", json=body).json()
    assert "kettle" in found["resolved_question"]
    assert found["id"] != alone["id"]


def test_a_program_can_keep_to_some_documents(api: TestClient, kettles: Assistant) -> None:
    (document,) = kettles.documents()
    here = {"documents": [document.doc_id]}
    for path, body in (
        ("ask", {"question": "What is a kettle?"}),
        ("check", {"claim": "A kettle is a vessel."}),
        ("check", {"text": "A kettle is a vessel. It is made of steel."}),
        ("search", {"query": "kettle"}),
    ):
        assert api.post(f"/api/v1/{path}", json={**body, **here}).status_code == 200
        lost = api.post(f"/api/v1/{path}", json={**body, "documents": ["none.md"]})
        assert (lost.status_code, lost.json()["field"]) == (404, "documents")
        assert "none.md" in lost.json()["error"]
    asked = api.post("/api/v1/ask", json={"question": "What is a kettle?", **here}).json()
    assert asked["notices"][-1]["kind"] == "scope"
    listed = api.get("/api/v1/faq", params={"document": document.doc_id})
    assert listed.json()["total"] == len(kettles.faq.entries)
    lost = api.get("/api/v1/faq", params={"document": "none.md"})
    assert (lost.status_code, lost.json()["field"]) == (404, "document")


def test_every_quote_can_be_checked_again(api: TestClient) -> None:
    quoted = api.post("/api/v1/ask", json=ASK).json()["citations"]
    assert quoted
    for citation in quoted:
        place = {"start": citation["start"], "end": citation["end"]}
        found = api.get(f"/api/v1/documents/{citation['doc_id']}", params=place)
        assert found.json()["text"] == citation["quote"]
        schemas.SliceReply.model_validate_json(found.text)


def test_a_claim_and_each_sentence_of_a_text_are_checked(api: TestClient) -> None:
    one = api.post("/api/v1/check", json={"claim": "A kettle is a vessel for boiling water."})
    assert schemas.VerdictReply.model_validate_json(one.text).label == "supported"
    text = "A kettle is a vessel for boiling water. It sings loudly at night."
    found = schemas.DraftReply.model_validate_json(
        api.post("/api/v1/check", json={"text": text}).text
    )
    assert [v.claim for v in found.sentences] == text.replace(". ", ".\n").split("\n")
    assert [v.id for v in found.sentences] == ["1", "2"]


def test_search_faq_and_documents_match_the_command_line(
    api: TestClient, kettles: Assistant
) -> None:
    disclaimer = kettles.info.disclaimer
    found = api.post("/api/v1/search", json={"query": "steel vessel", "k": 3})
    hits = kettles.search("steel vessel", 3)
    assert found.text == dump(hits_json("query", "steel vessel", hits, disclaimer)) + "\n"
    schemas.SearchReply.model_validate_json(found.text)
    listed = api.get("/api/v1/faq")
    assert listed.text == dump(faq_list_json(kettles.faq.entries, disclaimer)) + "\n"
    schemas.FaqListReply.model_validate_json(listed.text)
    asked = api.get("/api/v1/faq", params={"q": "What is a kettle?", "k": 2})
    schemas.FaqAnswerReply.model_validate_json(asked.text)
    documents = schemas.DocumentsReply.model_validate_json(api.get("/api/v1/documents").text)
    assert [d.doc_id for d in documents.documents] == [DOC]
    whole = api.get(f"/api/v1/documents/{DOC}")
    assert whole.text == dump(document_json(kettles.document(DOC), disclaimer)) + "\n"
    schemas.DocumentReply.model_validate_json(whole.text)
    assert api.get("/api/v1/documents?offset=1").json()["documents"] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "field", "word"),
    [
        ("ask", {}, 422, "question", "missing"),
        ("ask", {"question": 3}, 422, "question", "not text"),
        ("ask", {"question": ""}, 422, "question", "empty"),
        ("ask", {"question": "???"}, 422, "question", "no words"),
        ("ask", {"question": "x" * 2_001}, 422, "question", "2,001 characters; the limit is 2,000"),
        ("ask", {"question": "a", "qestion": 1}, 422, "qestion", "no field 'qestion'"),
        ("ask", ["a"], 422, None, "JSON object"),
        ("ask", "a", 422, None, "JSON object"),
        ("check", {}, 422, None, "either 'claim' or 'text'"),
        ("check", {"claim": "It is.", "text": "It is."}, 422, None, "either 'claim' or 'text'"),
        ("check", {"claim": " "}, 422, "claim", "empty"),
        ("check", {"text": "\n\n"}, 422, "text", "no sentence"),
        ("check", {"text": "It is made of steel. " * 61}, 422, "text", "61 sentences"),
        ("check", {"text": "x" * 20_001}, 422, "text", "limit is 20,000"),
        ("search", {"query": "a", "k": 0}, 422, "k", "smaller than 1"),
        ("search", {"query": "a", "k": 101}, 422, "k", "larger than 100"),
        ("search", {"query": "a", "k": True}, 422, "k", "whole number"),
        ("search", {"query": "a", "k": "5"}, 422, "k", "whole number"),
        ("search", {"query": "a", "level": "word"}, 422, "level", "'passage' or 'document'"),
        ("search", {"query": "..."}, 422, "query", "no words"),
        ("feedback", {"answer_id": "none", "rating": "up"}, 404, "answer_id", "no recent answer"),
        ("feedback", {"answer_id": "a", "rating": "fine"}, 422, "rating", "'up' or 'down'"),
        ("feedback", {"answer_id": "", "rating": "up"}, 422, "answer_id", "empty"),
    ],
)
def test_a_forged_body_is_one_sentence_with_its_field(
    api: TestClient, path: str, body: object, status: int, field: str | None, word: str
) -> None:
    found = api.post(f"/api/v1/{path}", json=body)
    told = found.json()
    assert (found.status_code, list(told)) == (status, ["error", "field"])
    assert told["field"] == field
    assert word in told["error"]
    assert told["error"].count("\n") == 0
    schemas.ProblemReply.model_validate(told)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"question=a", "application/x-www-form-urlencoded", 415),
        (b'{"question": "a"}', "text/plain", 415),
        (b'{"question": "a"}', "", 415),
        (b'{"question": ', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"question": "a", "k": 1' + b"0" * 9_000 + b"}", "application/json", 400),
        (b'{"question": "\\ud800"}', "application/json", 422),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"question": NaN}', "application/json", 422),
        (b" " * (MAX_BODY_BYTES + 1), "application/json", 413),
    ],
)
def test_what_is_no_json_object_is_refused(
    api: TestClient, content: bytes, kind: str, status: int
) -> None:
    found = api.post("/api/v1/ask", content=content, headers={"Content-Type": kind})
    assert found.status_code == status
    assert found.json()["error"].endswith((".", "large"))
    assert "Traceback" not in found.text


def test_a_chunked_body_over_the_limit_is_refused(api: TestClient) -> None:
    chunks = (b" " * 1_000 for _ in range(1_000))
    found = api.post("/api/v1/ask", content=chunks, headers={"Content-Type": "application/json"})
    assert found.status_code == 413
    assert list(found.json()) == ["error", "field"]


def test_a_question_of_501_characters_is_answered(api: TestClient) -> None:
    found = api.post("/api/v1/ask", json={"question": ("What is a kettle? " * 40)[:501]})
    assert found.status_code == 200


@pytest.mark.parametrize(
    "doc_id",
    ["none.md", "../corpus.toml", "%2e%2e/corpus.toml", "..%2fcorpus.toml", "/etc/passwd",
     "%00", "sub dir", "sub dir/%2e%2e/sub dir/kettles.md", "x" * 3_000],
)  # fmt: skip
def test_an_id_reaches_no_file(api: TestClient, doc_id: str) -> None:
    found = api.get(f"/api/v1/documents/{doc_id}")
    assert found.status_code == 404
    assert len(found.json()["error"]) < 200


@pytest.mark.parametrize("query", ["start=5&end=2", "start=-1", "end=9999", "start=x", "end=1e3"])
def test_a_slice_that_is_none_is_told(api: TestClient, query: str) -> None:
    found = api.get(f"/api/v1/documents/{DOC}?{query}")
    assert found.status_code == 422
    assert found.json()["field"] in ("start", "end")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/ask", "/api/../doc/x"])
def test_an_unknown_address_is_told(api: TestClient, path: str) -> None:
    assert api.get(path).status_code == 404


def test_a_wrong_method_is_told(api: TestClient) -> None:
    found = api.get("/api/v1/ask")
    assert found.status_code == 405
    assert found.headers["allow"] == "POST"
    assert "/api/docs" in found.json()["error"]


def test_a_rating_is_kept_once_the_answer_is_known(api: TestClient, ratings: Path) -> None:
    answer_id = api.post("/api/v1/ask", json=ASK).json()["id"]
    body = {"answer_id": answer_id, "rating": "down", "reason": "incomplete", "comment": "more\n?"}
    found = api.post("/api/v1/feedback", json=body)
    assert schemas.StoredReply.model_validate_json(found.text).id == answer_id
    (record,) = read_feedback(ratings)
    assert record["question"] == ASK["question"]
    assert (record["rating"], record["reason"]) == ("down", "incomplete")
    assert record["cited"][0]["doc_id"] == DOC
    assert ratings.stat().st_mode & 0o077 == 0


def test_the_same_words_asked_and_checked_are_told_apart(api: TestClient, ratings: Path) -> None:
    text = "A kettle is a vessel."
    answer_id = api.post("/api/v1/ask", json={"question": text}).json()["id"]
    assert api.post("/api/v1/check", json={"claim": text}).json()["id"] == answer_id
    for kind in (None, "answer", "verdict"):
        body = {"answer_id": answer_id, "rating": "up", "kind": kind}
        assert api.post("/api/v1/feedback", json=body).status_code == 200
    assert [r["kind"] for r in read_feedback(ratings)] == ["verdict", "answer", "verdict"]


def test_feedback_that_cannot_be_written_is_told_without_a_path(
    api: TestClient, ratings: Path
) -> None:
    ratings.parent.write_text("a file where the folder should be")
    answer_id = api.post("/api/v1/ask", json=ASK).json()["id"]
    found = api.post("/api/v1/feedback", json={"answer_id": answer_id, "rating": "up"})
    assert found.status_code == 503
    assert str(ratings.parent) not in found.text


def test_feedback_that_is_switched_off_is_told(kettles: Assistant) -> None:
    with TestClient(build_api(kettles, Service(kettles), Hosting())) as client:
        found = client.post("/api/v1/feedback", json={"answer_id": "a", "rating": "up"})
    assert found.status_code == 404
    assert "switched off" in found.json()["error"]


def test_ready_means_that_every_model_is_loaded(
    api: TestClient, kettles: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.get("/readyz").status_code == 200
    monkeypatch.setattr(kettles, "_verifier", LazyVerifier(kettles.settings))
    found = api.get("/readyz")
    assert found.status_code == 503
    assert int(found.headers["retry-after"]) > 0
    assert api.get("/healthz").status_code == 200


def test_the_schema_holds_these_routes_and_their_limits(api: TestClient) -> None:
    schema = api.get("/api/openapi.json").json()
    assert set(schema["paths"]) == {
        "/v1/ask", "/v1/check", "/v1/search", "/v1/feedback", "/v1/faq", "/v1/documents",
        "/v1/documents/{doc_id}", "/v1/pathway",
    }  # fmt: skip
    assert schema["servers"] == [{"url": "/api"}]
    asked = schema["components"]["schemas"]["AskRequest"]
    assert asked["properties"]["question"]["maxLength"] == 2_000
    assert asked["required"] == ["question"]
    text = schema["components"]["schemas"]["CheckRequest"]["properties"]["text"]
    assert str(MAX_SENTENCES) in text["description"]
