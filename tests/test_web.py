"""What the process answers over HTTP, to whatever is sent."""

import io
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.intake import Intake
from bot.web import MAX_BODY_BYTES, web_application
from tests.healthy import health
from tests.tiny_bot import tiny_bolt
from tests.tiny_slack import FORM, command_body, serve_tiny_slack, signed

JSON = "application/json"
Client = TestClient[Request, Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with serve_tiny_slack() as slack:
        bolt = tiny_bolt(slack.url)
        application = web_application(health, Intake(), bolt.async_dispatch)
        async with TestClient(TestServer(application)) as client:
            yield client


async def still_answers(client: Client) -> bool:
    body = command_body()
    async with client.post("/slack/events", data=body, headers=signed(body)) as answer:
        return answer.status == 200 and await answer.text() == "Café"


async def test_a_signed_request_is_answered(client: Client) -> None:
    assert await still_answers(client)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"command=%2Fitems&text=\xff\xfe", FORM),
        (b"command=%2Fitems", FORM + "; charset=nope"),
        (b"payload={broken", FORM),
        (b"payload=[1]", FORM),
        (b"{broken", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"[" * 100_000, JSON),
        (b'{"user": 5, "team": [], "authorizations": 5}', JSON),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_and_stops_nothing(
    client: Client, body: bytes, content_type: str
) -> None:
    async with client.post("/slack/events", data=body, headers=signed(body, content_type=content_type)) as answer:
        assert answer.status == 400
    assert await still_answers(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "²"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": "-1"},
    ],
)
async def test_a_forged_request_is_refused_and_stops_nothing(client: Client, changes: dict[str, str]) -> None:
    body = command_body()
    async with client.post("/slack/events", data=body, headers=signed(body) | changes) as answer:
        assert answer.status == 401
    assert await still_answers(client)


async def test_an_unsigned_request_is_refused(client: Client) -> None:
    async with client.post("/slack/events", data=command_body(), headers={"Content-Type": FORM}) as answer:
        assert answer.status == 401


async def test_a_ten_minute_old_request_is_refused(client: Client) -> None:
    body = command_body()
    async with client.post("/slack/events", data=body, headers=signed(body, at=time.time() - 600)) as answer:
        assert answer.status == 401


async def test_a_body_that_was_changed_is_refused(client: Client) -> None:
    body = command_body()
    async with client.post("/slack/events", data=body + b"&text=more", headers=signed(body)) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY_BYTES, 401), (MAX_BODY_BYTES + 1, 413)])
async def test_the_size_of_a_body_is_limited(client: Client, size: int, status: int) -> None:
    headers = signed(b"another body")
    async with client.post("/slack/events", data=io.BytesIO(b"x" * size), headers=headers) as answer:
        assert answer.status == status
    assert await still_answers(client)


async def test_other_verbs_and_paths_are_not_served(client: Client) -> None:
    async with client.get("/slack/events") as answer:
        assert answer.status == 405
    async with client.get("/") as answer:
        assert answer.status == 404


async def test_the_process_is_alive(client: Client) -> None:
    async with client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"alive": True})
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("stopping", "status"), [(False, 200), (True, 503)])
async def test_whether_it_is_ready_is_the_status_of_the_answer(stopping: bool, status: int) -> None:  # noqa: FBT001 - by pytest, by name
    facts = health(stopping=stopping)
    application = web_application(lambda: facts, Intake(), None)
    async with TestClient(TestServer(application)) as client:
        async with client.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (status, facts.readiness)
            assert answer.headers["Cache-Control"] == "no-store"
        async with client.get("/statusz") as answer:
            assert (answer.status, await answer.json()) == (200, facts.status)
            assert answer.headers["Cache-Control"] == "no-store"


async def test_in_socket_mode_nothing_is_taken_over_http() -> None:
    application = web_application(health, Intake(), None)
    body = command_body()
    async with (
        TestClient(TestServer(application)) as client,
        client.post("/slack/events", data=body, headers=signed(body)) as answer,
    ):
        assert answer.status == 404


async def test_once_closed_nothing_is_taken() -> None:
    async with serve_tiny_slack() as slack:
        intake = Intake()
        intake.close()
        application = web_application(health, intake, tiny_bolt(slack.url).async_dispatch)
        async with TestClient(TestServer(application)) as client:
            body = command_body()
            async with client.post("/slack/events", data=body, headers=signed(body)) as answer:
                assert answer.status == 503
                assert "Retry-After" in answer.headers
