from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.memory import create_connected_server_and_client_session as connected
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.config import ROOT
from assistant.jsonio import answer_json, dump
from assistant.web.api import build_api
from assistant.web.hosting import Hosting
from assistant.web.mcpserver import DOCUMENT_CHARS, mcp_server
from assistant.web.service import Service
from assistant.web.workers import Workers
from tests.live import run_async, serving_app

TOOLS = ["ask", "faq", "check_claim", "search", "get_document"]
DOC = "sub dir/kettles.md"
Call = Callable[..., Any]
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"}}}  # fmt: skip
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def service(kettles: Assistant) -> Service:
    return Service(kettles)


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture
def call(service: Service, workers: Workers) -> Call:
    """Call a tool through a client in memory."""

    def call_tool(name: str, **arguments: object) -> Any:
        async def calling() -> Any:
            async with connected(mcp_server(service, workers)) as session:
                return await session.call_tool(name, arguments)

        return run_async(calling())

    return call_tool


async def _over_http(url: str, work: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async with (
        streamable_http_client(f"{url}/mcp") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        return await work(session)


def test_a_client_finds_exactly_five_described_tools(kettles: Assistant, service: Service) -> None:
    async def listing(session: ClientSession) -> Any:
        return (await session.list_tools()).tools

    with serving_app(build_api(kettles, service, Hosting(mcp=True))) as url:
        tools = run_async(_over_http(url, listing))
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert len(tool.description) > 100
        assert tool.annotations.readOnlyHint
        fields = tool.inputSchema["properties"]
        assert all(field.get("description") for field in fields.values())
        assert tool.inputSchema["additionalProperties"] is False


def test_a_client_is_told_what_is_covered(service: Service, workers: Workers) -> None:
    told = mcp_server(service, workers).create_initialization_options().instructions or ""
    assert "Kettles & co" in told
    assert DOC in told
    assert "disclaimer" in told.lower()


def test_the_tools_return_the_json_of_the_command_line(call: Call, kettles: Assistant) -> None:
    found = call("ask", question="What is a kettle?")
    expected = answer_json(kettles.ask("What is a kettle?"))
    assert {**found.structuredContent, "timings_ms": 0} == {**expected, "timings_ms": 0}
    assert found.content[0].text == dump(found.structuredContent)
    claim = call("check_claim", claim="A kettle is a vessel for boiling water.")
    assert claim.structuredContent["label"] == "supported"
    hits = call("search", query="steel", k=1, level="document").structuredContent["hits"]
    assert [hit["doc_id"] for hit in hits] == [DOC]
    assert call("faq").structuredContent["total"] == 0
    assert "candidates" in call("faq", question="What is a kettle?").structuredContent
    for result in (found, claim):
        assert result.structuredContent["disclaimer"]


def test_the_tools_keep_to_the_documents_that_are_named(call: Call, kettles: Assistant) -> None:
    (document,) = kettles.documents()
    for tool, given in (
        ("ask", {"question": "What is a kettle?"}), ("faq", {"question": "What is a kettle?"}),
        ("check_claim", {"claim": "A kettle is a vessel."}), ("search", {"query": "kettle"}),
    ):  # fmt: skip
        assert not call(tool, **given, documents=[document.doc_id]).isError
        assert call(tool, **given, documents=["none.md"]).isError


def test_a_document_is_read_in_parts(call: Call, kettles: Assistant) -> None:
    text = kettles.document(DOC).text
    whole = call("get_document", doc_id=DOC).structuredContent
    assert (whole["text"], whole["characters"]) == (text, len(text))
    part = call("get_document", doc_id=DOC, start=5, end=20).structuredContent
    assert (part["text"], part["start"], part["end"]) == (text[5:20], 5, 20)
    rest = call("get_document", doc_id=DOC, start=5).structuredContent
    assert rest["text"] == text[5:]


def test_a_long_document_is_cut(corpus_of, open_with_hashes, workers: Workers) -> None:
    long = "# Long\n\n" + "\n\n".join(f"Kettle number {n} is made of steel." for n in range(1_500))
    service = Service(open_with_hashes(corpus_of({"long.md": long})))

    async def reading() -> Any:
        async with connected(mcp_server(service, workers)) as session:
            return await session.call_tool("get_document", {"doc_id": "long.md"})

    found = run_async(reading()).structuredContent
    assert len(found["text"]) == DOCUMENT_CHARS == found["end"]
    assert found["characters"] > DOCUMENT_CHARS


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("ask", {}, "'question' is missing"),
        ("ask", {"question": ""}, "empty"),
        ("ask", {"question": 3}, "not text"),
        ("ask", {"question": "x" * 2_001}, "limit is 2,000"),
        ("ask", {"question": "a", "x": 1}, "no field 'x'"),
        ("search", {"query": "a", "k": 1_000}, "larger than 100"),
        ("get_document", {"doc_id": "../corpus.toml"}, "no document"),
        ("get_document", {"doc_id": DOC, "start": 10, "end": 5}, "does not lie"),
        ("get_document", {"doc_id": DOC, "start": 10**6}, "does not lie"),
        ("feedback", {}, "no tool 'feedback'"),
    ],
)
def test_what_is_wrong_with_a_call_is_one_sentence(
    call: Call, name: str, arguments: dict[str, object], word: str
) -> None:
    found = call(name, **arguments)
    assert found.isError
    assert word in found.content[0].text
    assert "\n" not in found.content[0].text


def test_without_the_flag_there_is_no_such_address(kettles: Assistant, service: Service) -> None:
    with TestClient(build_api(kettles, service, Hosting())) as client:
        assert client.post("/mcp", json=INITIALIZE, headers=ACCEPT).status_code == 404


def test_pages_of_other_sites_and_other_methods_are_refused(
    kettles: Assistant, service: Service
) -> None:
    hosting = Hosting(mcp=True, origins=("https://a.example",))
    with TestClient(build_api(kettles, service, hosting)) as client:

        def post(**headers: str) -> int:
            found = client.post("/mcp", json=INITIALIZE, headers={**ACCEPT, **headers})
            return int(found.status_code)

        assert post() == 200
        assert post(Origin="http://testserver") == 200
        assert post(Origin="https://a.example") == 200
        assert post(Origin="https://evil.example") == 403
        assert post(Origin="null") == 403
        assert client.get("/mcp", headers=ACCEPT).status_code == 405
        large = client.post("/mcp", content=b" " * 70_000, headers=ACCEPT)
        assert large.status_code == 413


def test_a_server_that_is_not_running_yet_says_so(kettles: Assistant, service: Service) -> None:
    client = TestClient(build_api(kettles, service, Hosting(mcp=True)))
    found = client.post("/mcp", json=INITIALIZE, headers=ACCEPT)
    assert found.status_code == 503


@pytest.mark.slow
def test_desktop_clients_start_it_on_stdio(corpus_of, tmp_path, cache) -> None:
    corpus = corpus_of({"kettles.md": "# Kettles\n\nA kettle is a vessel for boiling water.\n"})
    environment = {"ASSISTANT_CACHE": str(cache), "ASSISTANT_FEEDBACK": "off",
                   "PYTHONPATH": str(ROOT)}  # fmt: skip
    arguments = ["-m", "assistant", "mcp", "--corpus", str(corpus), "--index", str(tmp_path / "i")]
    server = StdioServerParameters(
        command=sys.executable, args=arguments, env=environment, cwd=str(tmp_path)
    )

    async def asking() -> tuple[list[str], Any]:
        with (tmp_path / "log").open("w") as log:
            async with (
                stdio_client(server, errlog=log) as (read, write),
                ClientSession(read, write) as session,
            ):
                await session.initialize()
                names = [tool.name for tool in (await session.list_tools()).tools]
                return names, await session.call_tool("ask", {"question": "What is a kettle?"})

    names, found = run_async(asking())
    assert names == TOOLS
    assert "vessel" in json.loads(found.content[0].text)["statements"][0]["text"]
    assert "Traceback" not in (tmp_path / "log").read_text()
