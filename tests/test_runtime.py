"""Running the bot: what happens in which order, from the start to the stop."""

import asyncio
import gc
import signal
import socket as sockets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.config import Mode, Settings
from bot.errors import StartFailed
from bot.health import Readiness
from bot.runtime import run
from bot.socketmode import ConnectionLost, Limits
from tests.clocks import ManualClock
from tests.tiny_bot import TinyBot
from tests.tiny_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    TinySlack,
    command_body,
    envelope,
    next_answer,
    nothing_sent,
    serve_tiny_slack,
    signed,
)

LIMITS = Limits(ping=3600, farewell=0.02, patience=0)
WHOLE_LIFE = ["started", "drained for 25", "closed"]


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Let the collector look again at what a run has kept from it, and threads switch as they did."""
    interval = sys.getswitchinterval()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.fixture
async def slack() -> AsyncIterator[TinySlack]:
    async with asyncio.timeout(10), serve_tiny_slack() as slack:
        yield slack


def settings_for(
    slack: TinySlack, *, host: str = "127.0.0.1", port: int = 0, app_token: str | None = APP_TOKEN
) -> Settings:
    return Settings.model_validate(
        {
            "slack_bot_token": BOT_TOKEN,
            "slack_signing_secret": SIGNING_SECRET,
            "slack_app_token": app_token,
            "slack_api_url": slack.url,
            "invoicexpress_account": "acme",
            "invoicexpress_api_key": "made-up-key",
            "host": host,
            "port": port,
        }
    )


class Running:
    """A bot that runs in a task of its own, as it would in a process of its own."""

    def __init__(self, bot: TinyBot, settings: Settings, mode: Mode) -> None:
        self.clock = ManualClock()
        self._told = asyncio.Event()
        self._address = ""
        self.task = asyncio.create_task(
            run(bot, settings, mode, clock=self.clock, limits=LIMITS, announce=self._announce)
        )

    def _announce(self, address: str) -> None:
        self._address = address
        self._told.set()

    async def url(self) -> str:
        """Return the address that is listened on; raises what the start raises."""
        self.task.add_done_callback(lambda _: self._told.set())
        await self._told.wait()
        if not self._address:
            await self.task
        return self._address


@asynccontextmanager
async def running(bot: TinyBot, settings: Settings, mode: Mode) -> AsyncIterator[Running]:
    made = Running(bot, settings, mode)
    try:
        yield made
    finally:
        made.task.cancel()
        await asyncio.gather(made.task, return_exceptions=True)


def stop(number: signal.Signals = signal.SIGTERM) -> None:
    signal.raise_signal(number)


async def send_command(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    body = command_body()
    async with session.post(f"{url}/slack/events", data=body, headers=signed(body)) as answer:
        return answer.status, await answer.text()


async def test_over_http_it_answers_until_it_is_stopped(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "http") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        assert url.startswith("http://127.0.0.1:")
        assert await send_command(session, url) == (200, "Café")
        assert bot.happened == ["started"]
        stop()
        await made.task
    assert bot.happened == WHOLE_LIFE
    assert slack.calls == ["auth.test"], "in HTTP mode no connection is opened"


async def test_over_socket_mode_it_answers_until_it_is_stopped(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "socket") as made:
        await made.url()
        connection = await slack.sockets.get()
        await connection.send_json(envelope("E1"))
        assert await next_answer(slack) == {"envelope_id": "E1", "payload": {"text": "Café"}}
        stop()
        await made.task
    assert bot.happened == WHOLE_LIFE
    assert connection.closed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_both_signals_stop_it_and_are_given_back(slack: TinySlack, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert signal.getsignal(number) is not before
        stop(number)
        stop(number)
        await made.task
    assert signal.getsignal(number) is before


async def send_unsigned(session: aiohttp.ClientSession, url: str) -> int:
    async with session.post(f"{url}/slack/events", data=command_body()) as answer:
        return answer.status


async def test_a_stop_refuses_new_requests_and_lets_the_last_answers_out_before_it_drains(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.hold.released.clear()
    async with (
        running(bot, settings_for(slack), "http") as made,
        aiohttp.ClientSession() as session,
        aiohttp.ClientSession() as another,
    ):
        url = await made.url()
        assert await send_unsigned(another, url) == 401
        asked = asyncio.create_task(send_command(session, url))
        await bot.hold.asked.wait()
        stop()
        # The other session's connection is still open, and asks over it until the stop has begun.
        while (status := await send_unsigned(another, url)) == 401:
            pass
        assert status == 503
        assert bot.happened == ["started"]
        bot.hold.released.set()
        assert await asked == (200, "Café")
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_an_ack_that_is_due_leaves_before_the_connection_goes(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.hold.released.clear()
    async with running(bot, settings_for(slack), "socket") as made:
        await made.url()
        connection = await slack.sockets.get()
        await connection.send_json(envelope("E1"))
        await bot.hold.asked.wait()
        stop()
        assert await nothing_sent(slack, connection)
        await connection.send_json(envelope("E2"))
        assert await nothing_sent(slack, connection)
        assert bot.happened == ["started"]
        bot.hold.released.set()
        assert (await next_answer(slack))["envelope_id"] == "E1"
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_health_is_served_in_both_modes(slack: TinySlack) -> None:
    modes: tuple[Mode, Mode] = ("http", "socket")
    for mode in modes:
        async with (
            running(TinyBot(slack.url), settings_for(slack), mode) as made,
            aiohttp.ClientSession() as session,
            session.get(f"{await made.url()}/healthz") as answer,
        ):
            assert answer.status == 200


async def ready(session: aiohttp.ClientSession, url: str) -> tuple[int, bool, bool]:
    async with session.get(f"{url}/readyz") as answer:
        body = await answer.json()
        return answer.status, body["slack"], body["invoicexpress"]


async def test_readiness_is_the_bot_s(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "http") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        assert await ready(session, url) == (200, True, True)
        bot.state = Readiness(slack=True, invoicexpress=False)
        assert await ready(session, url) == (503, True, False)


async def test_in_socket_mode_readiness_takes_a_connection_as_well(slack: TinySlack) -> None:
    slack.greets = False
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "socket") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        assert await ready(session, url) == (503, False, True)
        connection = await slack.sockets.get()
        await connection.send_json({"type": "hello"})
        while (await ready(session, url))[0] == 503:
            pass
        bot.state = Readiness(slack=False, invoicexpress=True)
        assert await ready(session, url) == (503, False, True)


async def test_a_connection_that_is_lost_for_good_ends_it(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "socket") as made:
        await made.url()
        slack.answers["apps.connections.open"] = {"ok": False, "error": "internal_error"}
        await (await slack.sockets.get()).close()
        for _ in range(2):
            await made.clock.advance(31)
        with pytest.raises(ConnectionLost):
            await made.task
    assert bot.happened == WHOLE_LIFE


async def test_a_start_that_fails_closes_what_was_opened(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.fails_with = StartFailed("Slack answered invalid_auth.")
    async with running(bot, settings_for(slack), "http") as made:
        with pytest.raises(StartFailed, match="invalid_auth"):
            await made.url()
    assert bot.happened == ["closed"]


async def test_a_refused_app_token_ends_the_start(slack: TinySlack) -> None:
    slack.answers["apps.connections.open"] = {"ok": False, "error": "invalid_auth"}
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "socket") as made:
        with pytest.raises(StartFailed, match="invalid_auth"):
            await made.url()
    assert bot.happened == WHOLE_LIFE


async def test_socket_mode_without_its_token_does_not_start(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack, app_token=None), "socket") as made:
        with pytest.raises(StartFailed, match="SLACK_APP_TOKEN"):
            await made.url()
    assert bot.happened == ["closed"]


async def test_a_stop_while_it_starts_is_heard(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.may_start.clear()
    async with running(bot, settings_for(slack), "http") as made:
        await bot.starting.wait()
        stop()
        await made.task
    assert bot.happened == ["closed"]


async def test_a_stop_while_it_connects_is_heard(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    slack.held.clear()
    async with running(bot, settings_for(slack), "socket") as made:
        await slack.asked.wait()
        stop()
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_an_address_that_is_taken_ends_the_start_with_a_sentence(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    with sockets.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with running(bot, settings_for(slack, port=port), "http") as made:
            with pytest.raises(StartFailed, match=f"127.0.0.1:{port} cannot be listened on"):
                await made.url()
    assert bot.happened[-1] == "closed"


@pytest.mark.parametrize("host", ["203.0.113.1", "a" * 64, ".."])
async def test_an_address_that_is_not_this_machine_s_ends_the_start(slack: TinySlack, host: str) -> None:
    async with running(TinyBot(slack.url), settings_for(slack, host=host), "http") as made:
        with pytest.raises(StartFailed, match="HOST and PORT choose another"):
            await made.url()


@pytest.mark.skipif(not sockets.has_dualstack_ipv6(), reason="this machine has no IPv6")
async def test_an_ipv6_address_is_announced_as_one(slack: TinySlack) -> None:
    async with running(TinyBot(slack.url), settings_for(slack, host="::1"), "http") as made:
        assert (await made.url()).startswith("http://[::1]:")


async def test_the_log_is_told_where_it_listens(slack: TinySlack, capsys: pytest.CaptureFixture[str]) -> None:
    bot = TinyBot(slack.url)
    task = asyncio.create_task(run(bot, settings_for(slack), "http"))
    written = ""
    while "listening on http://127.0.0.1:" not in written:
        await asyncio.sleep(0)
        written += "".join(capsys.readouterr())
    stop()
    await task


async def test_what_start_up_made_is_kept_from_the_collector(slack: TinySlack) -> None:
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert gc.get_freeze_count() > 0


async def test_the_loop_does_not_wait_for_threads_that_compute(slack: TinySlack) -> None:
    sys.setswitchinterval(0.005)
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert sys.getswitchinterval() < 0.001
