"""What the process answers about itself over HTTP."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.web import web_application
from tests.healthy import health
from tests.listening import slack_application
from tests.tiny_bot import tiny_bolt
from tests.tiny_slack import command_body, serve_tiny_slack, signed

Client = TestClient[Request, Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with serve_tiny_slack() as slack, TestClient(TestServer(slack_application(tiny_bolt(slack.url)))) as client:
        yield client


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
    application = web_application(lambda: facts, None)
    async with TestClient(TestServer(application)) as client:
        async with client.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (status, facts.readiness)
            assert answer.headers["Cache-Control"] == "no-store"
        async with client.get("/statusz") as answer:
            assert (answer.status, await answer.json()) == (200, facts.status)
            assert answer.headers["Cache-Control"] == "no-store"


async def test_in_socket_mode_nothing_is_taken_over_http() -> None:
    application = web_application(health, None)
    body = command_body()
    async with (
        TestClient(TestServer(application)) as client,
        client.post("/slack/events", data=body, headers=signed(body)) as answer,
    ):
        assert answer.status == 404
