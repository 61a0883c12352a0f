"""Running the bot: what happens in which order, from the start to the stop."""

import asyncio
import gc
import signal
import socket as sockets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import __version__
from bot.config import Mode, Settings
from bot.errors import StartFailed
from bot.lock import locked
from bot.runtime import run
from bot.socketmode import ConnectionLost, Limits
from tests.clocks import ManualClock
from tests.healthy import STATE
from tests.logs import caught_log
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
WHOLE_LIFE = ["started", "finished writing within 22", "drained for 22", "closed"]
NOT_STARTED = ["finished writing within 22", "drained for 22", "closed"]


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Let the collector look again at what a run has kept from it, and threads switch as they did."""
    interval = sys.getswitchinterval()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `DATA_DIR` be a directory that is empty."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[TinySlack]:
    async with asyncio.timeout(10), serve_tiny_slack() as slack:
        yield slack


def settings_for(
    slack: TinySlack, *, host: str = "127.0.0.1", port: int = 0, app_token: str | None = APP_TOKEN, **more: Any
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
            **more,
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_each_signal_stops_it_twice_as_well_as_once_and_is_given_back(
    slack: TinySlack, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert signal.getsignal(number) is not before
        stop(number)
        stop(number)
        await made.task
    assert signal.getsignal(number) is before


async def test_a_hang_up_that_is_ignored_already_stays_so(slack: TinySlack) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
            await made.url()
            stop(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            stop(signal.SIGTERM)
            await made.task
    finally:
        signal.signal(signal.SIGHUP, before)


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
        assert bot.happened == WHOLE_LIFE[:2]
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
        assert bot.happened == WHOLE_LIFE[:2]
        bot.hold.released.set()
        assert (await next_answer(slack))["envelope_id"] == "E1"
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_while_writes_come_to_their_end_it_is_not_ready_and_answers_on(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.may_finish.clear()
    async with running(bot, settings_for(slack), "http") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        stop()
        await bot.finishing.wait()
        assert await ready(session, url) == (503, ["stopping"])
        assert await send_command(session, url) == (200, "Café")
        bot.may_finish.set()
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_it_is_not_ready_for_a_while_before_it_takes_no_more(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with (
        running(bot, settings_for(slack, stop_delay=10), "http") as made,
        aiohttp.ClientSession() as session,
    ):
        url = await made.url()
        stop()
        await made.clock.sleeper()
        assert await ready(session, url) == (503, ["stopping"])
        assert await send_command(session, url) == (200, "Café")
        assert bot.happened == ["started"]
        stop()
        await made.clock.advance(10)
        await made.task
    assert bot.happened == ["started", "finished writing within 12", "drained for 12", "closed"]


@pytest.mark.parametrize(
    ("stop_seconds", "took", "left"),
    [(25, 0, (22, 22)), (25, 20, (22, 2)), (25, 24, (22, 0)), (25, 60, (22, 0)), (10, 4, (8, 4)), (1, 0, (1, 1))],
)
async def test_every_step_of_a_stop_gets_what_is_left_of_one_deadline(
    slack: TinySlack, stop_seconds: int, took: int, left: tuple[int, int]
) -> None:
    bot = TinyBot(slack.url)
    bot.may_finish.clear()
    async with running(bot, settings_for(slack, stop_seconds=stop_seconds), "http") as made:
        await made.url()
        stop()
        await bot.finishing.wait()
        made.clock.pass_by(took)
        bot.may_finish.set()
        await made.task
    assert bot.happened == ["started", f"finished writing within {left[0]}", f"drained for {left[1]}", "closed"]


async def test_a_close_that_hangs_ends_with_the_stop(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.may_close.clear()
    async with running(bot, settings_for(slack, stop_seconds=1), "http") as made:
        await made.url()
        stop()
        await made.task
    assert bot.happened[-1] == "broken off while it closed"


def is_taken(directory: Path) -> bool:
    try:
        with locked(directory):
            return False
    except StartFailed:
        return True


async def test_the_directory_is_given_up_when_nothing_is_written_before_slow_reads_end(slack: TinySlack) -> None:
    settings, bot = settings_for(slack), TinyBot(slack.url)
    bot.may_finish.clear()
    bot.may_drain.clear()
    async with running(bot, settings, "http") as made:
        await made.url()
        stop()
        await bot.finishing.wait()
        assert is_taken(settings.data_dir)
        bot.may_finish.set()
        await bot.draining.wait()
        assert not is_taken(settings.data_dir)
        bot.may_drain.set()
        await made.task
    assert bot.happened == WHOLE_LIFE


async def test_a_directory_that_another_process_is_about_to_leave_is_waited_for(slack: TinySlack) -> None:
    settings, bot = settings_for(slack), TinyBot(slack.url)
    with caught_log() as log:
        async with AsyncExitStack() as stack:
            with locked(settings.data_dir):
                made = await stack.enter_async_context(running(bot, settings, "http"))
                for _ in range(3):
                    await made.clock.advance(0.1)
                await made.clock.sleeper()
                assert bot.happened == []
            await made.clock.advance(0.1)
            await made.url()
            assert bot.happened == ["started"]
    event = log.the("another process works with data: waiting up to 120 s for it to end")
    assert event["level"] == "warning"


async def test_a_stop_while_it_waits_for_the_directory_is_heard(slack: TinySlack) -> None:
    settings, bot = settings_for(slack), TinyBot(slack.url)
    with locked(settings.data_dir):
        async with running(bot, settings, "http") as made:
            await made.clock.sleeper()
            stop()
            await made.task
    assert bot.happened == ["drained for 22", "closed"]


async def test_a_directory_that_stays_taken_ends_the_start(slack: TinySlack) -> None:
    settings = settings_for(slack, start_seconds=5)
    bot = TinyBot(slack.url)
    with locked(settings.data_dir):
        async with running(bot, settings, "http") as made:
            await made.clock.advance(4.9)
            await made.clock.sleeper()
            assert not made.task.done()
            await made.clock.advance(0.2)
            with pytest.raises(StartFailed, match="Another process already works with data"):
                await made.url()
    assert bot.happened == ["drained for 22", "closed"]


async def test_health_is_served_in_both_modes(slack: TinySlack) -> None:
    modes: tuple[Mode, Mode] = ("http", "socket")
    for mode in modes:
        async with (
            running(TinyBot(slack.url), settings_for(slack), mode) as made,
            aiohttp.ClientSession() as session,
            session.get(f"{await made.url()}/healthz") as answer,
        ):
            assert answer.status == 200


async def ready(session: aiohttp.ClientSession, url: str) -> tuple[int, list[str]]:
    async with session.get(f"{url}/readyz") as answer:
        return answer.status, (await answer.json())["reasons"]


async def status(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with session.get(f"{url}/statusz") as answer:
        told: dict[str, Any] = await answer.json()
        return told


async def test_readiness_is_the_bot_s(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "http") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        assert await ready(session, url) == (200, [])
        bot.state = replace(STATE, records="disk I/O error")
        assert await ready(session, url) == (503, ["records: disk I/O error"])
        told = await status(session, url)
        assert (told["mode"], told["version"], told["connections"]) == ("http", __version__, None)


async def test_in_socket_mode_readiness_takes_a_greeting_as_well(slack: TinySlack) -> None:
    slack.greets = False
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack), "socket") as made, aiohttp.ClientSession() as session:
        url = await made.url()
        assert await ready(session, url) == (503, ["no connection to Slack"])
        connection = await slack.sockets.get()
        await connection.send_json({"type": "hello", "num_connections": 3})
        while (await ready(session, url))[0] == 503:
            pass
        assert (await status(session, url))["connections"] == {"number": 3, "greeted": True}


async def test_while_it_starts_it_tells_so_and_takes_no_request(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.state = replace(STATE, started=False)
    bot.may_start.clear()
    port = free_port()
    async with (
        running(bot, settings_for(slack, port=port), "http") as made,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await bot.starting.wait()
        assert await ready(session, "") == (503, ["starting", "not listening"])
        assert (await send_command(session, ""))[0] == 503
        bot.may_start.set()
        bot.state = STATE
        await made.url()
        assert await ready(session, "") == (200, [])
        assert (await send_command(session, ""))[0] == 200


def free_port() -> int:
    with sockets.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


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
    assert bot.happened == NOT_STARTED


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
    assert bot.happened == []


async def test_http_mode_without_its_secret_does_not_start(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    async with running(bot, settings_for(slack, slack_signing_secret=None), "http") as made:
        with pytest.raises(StartFailed, match="SLACK_SIGNING_SECRET"):
            await made.url()
    assert bot.happened == []


async def test_a_stop_while_it_starts_is_heard(slack: TinySlack) -> None:
    bot = TinyBot(slack.url)
    bot.may_start.clear()
    async with running(bot, settings_for(slack), "http") as made:
        await bot.starting.wait()
        stop()
        await made.task
    assert bot.happened == NOT_STARTED


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


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("http", "in HTTP mode, version {version}, listening on {url}"),
        ("socket", "in Socket Mode, version {version}, for health probes alone listening on {url}"),
    ],
)
async def test_one_line_says_as_whom_and_how_it_is_ready(slack: TinySlack, mode: Mode, told: str) -> None:
    bot = TinyBot(slack.url)
    with caught_log() as log:
        async with running(bot, settings_for(slack), mode) as made:
            url = await made.url()
    [event] = [event for event in log.events() if event["event"].startswith("ready")]
    how = told.format(version=__version__, url=url)
    assert event["event"] == f"ready as @invoicexpress in Acme, for https://acme.app.invoicexpress.com, {how}"


async def test_what_start_up_made_is_kept_from_the_collector(slack: TinySlack) -> None:
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert gc.get_freeze_count() > 0


async def test_the_loop_does_not_wait_for_threads_that_compute(slack: TinySlack) -> None:
    sys.setswitchinterval(0.005)
    async with running(TinyBot(slack.url), settings_for(slack), "http") as made:
        await made.url()
        assert sys.getswitchinterval() < 0.001
