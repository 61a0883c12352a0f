"""Socket Mode: requests over it, and the watch that notices a bad connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.errors import StartFailed
from bot.intake import Intake
from bot.socketmode import ConnectionLost, Limits, SocketMode
from tests.clocks import ManualClock
from tests.tiny_bot import tiny_bolt
from tests.tiny_slack import APP_TOKEN, TinySlack, envelope, next_answer, nothing_sent, serve_tiny_slack, settle

# Pings of the library go by the real time: an hour keeps them out of the tests.
LIMITS = Limits(ping=3600, farewell=0.02)


class Scene:
    """A Slack, a connection to it, and the clock that the watch goes by."""

    def __init__(self, slack: TinySlack, limits: Limits, bolt: AsyncApp) -> None:
        self.slack = slack
        self.clock = ManualClock()
        self.intake = Intake()
        self.socket = SocketMode(bolt, SecretStr(APP_TOKEN), self.intake, clock=self.clock, limits=limits)

    async def open(self) -> web.WebSocketResponse:
        await self.socket.open()
        return await self.greeted()

    async def greeted(self) -> web.WebSocketResponse:
        """Return the server's end of the next connection, once our end has read its greeting."""
        session = await self.slack.sockets.get()
        await settle(self.slack, session)
        return session

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[asyncio.Task[None]]:
        task: asyncio.Task[None] = asyncio.create_task(self.socket.watch())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def looked(self) -> None:
        """Return when the watch has finished its look."""
        await self.clock.sleeper()

    async def ended(self, watching: asyncio.Task[None]) -> bool:
        """Tell whether the watch has ended, once it has finished its look or ended."""
        look = asyncio.create_task(self.clock.sleeper())
        await asyncio.wait({watching, look}, return_when=asyncio.FIRST_COMPLETED)
        look.cancel()
        return watching.done()


@asynccontextmanager
async def scene(limits: Limits = LIMITS) -> AsyncIterator[Scene]:
    async with asyncio.timeout(10), serve_tiny_slack() as slack:
        made = Scene(slack, limits, tiny_bolt(slack.url))
        try:
            yield made
        finally:
            await made.socket.close()


async def until_connected(socket: SocketMode) -> None:
    while not socket.connected:  # noqa: ASYNC110 - a connection tells nobody that it is one
        await asyncio.sleep(0)  # a test that waits in vain is ended by `scene`


async def test_it_is_connected_once_slack_said_hello() -> None:
    async with scene() as made:
        assert not made.socket.connected
        await made.open()
        await until_connected(made.socket)
        assert made.slack.calls == ["apps.connections.open"]
        assert made.slack.tokens == [f"Bearer {APP_TOKEN}"]


async def test_a_request_is_answered_over_the_connection() -> None:
    async with scene() as made:
        session = await made.open()
        await session.send_json(envelope("E1"))
        assert await next_answer(made.slack) == {"envelope_id": "E1", "payload": {"text": "Café"}}


async def test_malformed_frames_stop_nothing() -> None:
    async with scene() as made:
        session = await made.open()
        for text in ("no JSON", "{broken", "[1]", '{"type": "slash_commands", "envelope_id": "E0", "payload": 5}'):
            await session.send_str(text)
        await session.send_bytes(b"\xff\xfe")
        await session.send_json(envelope("E1"))
        assert (await next_answer(made.slack))["envelope_id"] == "E1"


async def test_once_the_door_is_closed_nothing_is_taken() -> None:
    async with scene() as made:
        session = await made.open()
        await session.send_json(envelope("E1"))
        assert (await next_answer(made.slack))["envelope_id"] == "E1"
        made.intake.close()
        await session.send_json(envelope("E2"))
        assert await nothing_sent(made.slack, session)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"ok": False, "error": "invalid_auth"}, "Slack answered invalid_auth"),
        ({"ok": False}, "does not speak as Slack does"),
        ("<html>Welcome to the hotel</html>", "does not speak as Slack does"),
    ],
)
async def test_a_refusal_ends_the_start_with_a_sentence(answer: dict[str, object] | str, words: str) -> None:
    async with scene() as made:
        made.slack.answers["apps.connections.open"] = answer
        with pytest.raises(StartFailed, match=words) as caught:
            await made.socket.open()
        assert APP_TOKEN not in str(caught.value)
        assert not made.socket.connected


async def test_an_unreachable_slack_ends_the_start_with_a_sentence() -> None:
    async with serve_tiny_slack() as slack:
        url = slack.url
    socket = SocketMode(tiny_bolt(url), SecretStr(APP_TOKEN), Intake(), clock=ManualClock())
    with pytest.raises(StartFailed, match="Slack cannot be reached"):
        await socket.open()
    await socket.close()


async def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    async with scene(Limits(ping=3600, attempt=0.02)) as made:
        made.slack.held.clear()
        with pytest.raises(StartFailed, match=r"Slack cannot be reached \(TimeoutError\)"):
            await made.socket.open()


async def test_a_proxy_of_the_environment_is_not_taken_against_the_client_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with serve_tiny_slack() as slack:
        bolt = tiny_bolt(slack.url)
        bolt.client.proxy = None
        made = Scene(slack, LIMITS, bolt)
        await made.open()
        await until_connected(made.socket)
        await made.socket.close()


async def test_closing_twice_is_closing_once() -> None:
    async with scene() as made:
        await made.open()
        await made.socket.close()
        await made.socket.close()
        assert not made.socket.connected


async def test_a_connection_that_slack_closed_is_replaced() -> None:
    async with scene() as made, made.watched():
        session = await made.open()
        await until_connected(made.socket)
        await session.close()
        await made.clock.advance(1)
        session = await made.greeted()
        await until_connected(made.socket)
        await session.send_json(envelope("E2"))
        assert (await next_answer(made.slack))["envelope_id"] == "E2"


async def test_a_silent_connection_is_replaced_even_when_it_does_not_say_farewell() -> None:
    async with scene() as made, made.watched():
        made.slack.reads = False
        await made.socket.open()
        await made.slack.sockets.get()
        await until_connected(made.socket)
        made.slack.reads = True
        await made.clock.advance(30.5)
        await made.greeted()
        await until_connected(made.socket)
        assert made.slack.calls == ["apps.connections.open"] * 2


async def test_a_connection_that_speaks_is_kept() -> None:
    async with scene() as made, made.watched():
        session = await made.open()
        for _ in range(3):
            await made.clock.advance(29)
            await made.looked()
            await session.send_json({"type": "something"})
            await settle(made.slack, session)
        assert made.socket.connected
        assert made.slack.calls == ["apps.connections.open"]


async def test_a_pong_is_a_sign_of_life() -> None:
    async with scene() as made, made.watched():
        session = await made.open()
        for number in range(4):
            await session.pong(f"sdk-ping-pong:{number}.0".encode())
            await settle(made.slack, session)
            await made.clock.advance(29)
            await made.looked()
        assert made.socket.connected
        assert made.slack.calls == ["apps.connections.open"]


async def test_the_first_time_of_a_pong_is_none() -> None:
    """The library's client fills it in when it pings, whether or not a pong ever comes."""
    async with scene() as made, made.watched():
        session = await made.open()
        await made.clock.advance(29)
        await made.looked()
        await session.pong(b"sdk-ping-pong:1.0")
        await settle(made.slack, session)
        await made.clock.advance(2)
        await made.greeted()
        assert made.slack.calls == ["apps.connections.open"] * 2


async def test_a_connection_without_a_hello_is_replaced_though_it_answers_pings() -> None:
    async with scene() as made, made.watched():
        made.slack.greets = False
        session = await made.open()
        await made.clock.advance(14)
        await made.looked()
        assert not made.socket.connected
        assert made.slack.calls == ["apps.connections.open"]
        await session.pong(b"sdk-ping-pong:1.0")
        await session.pong(b"sdk-ping-pong:2.0")
        await settle(made.slack, session)
        made.slack.greets = True
        await made.clock.advance(2)
        await made.greeted()
        await until_connected(made.socket)


async def test_when_slack_asks_for_it_the_connection_changes() -> None:
    async with scene() as made, made.watched():
        session = await made.open()
        await session.send_json({"type": "disconnect", "reason": "refresh_requested"})
        session = await made.greeted()
        await until_connected(made.socket)
        await made.clock.advance(1)
        await made.looked()
        await session.send_json(envelope("E2"))
        assert (await next_answer(made.slack))["envelope_id"] == "E2"
        assert made.slack.calls[:2] == ["apps.connections.open"] * 2
        assert "apps.connections.open" not in made.slack.calls[2:]


async def test_a_change_that_gets_nowhere_is_taken_over() -> None:
    async with scene() as made, made.watched():
        session = await made.open()
        made.slack.refuses_sockets = True
        await session.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await made.slack.refused.get()
        await made.clock.advance(10)
        await made.looked()
        assert made.slack.calls == ["apps.connections.open"] * 2, "it is left to the library for a while"
        made.slack.refuses_sockets = False
        await made.clock.advance(21)
        await made.greeted()
        await until_connected(made.socket)
        assert made.slack.calls == ["apps.connections.open"] * 3


async def test_without_a_working_connection_for_long_it_gives_up() -> None:
    async with scene() as made, made.watched() as watching:
        session = await made.open()
        made.slack.answers["apps.connections.open"] = {"ok": False, "error": "internal_error"}
        await session.close()
        for pause in (1, 2, 4, 8, 16, *[30] * 9):
            tried = len(made.slack.calls)
            await made.clock.advance(pause - 0.5)
            await made.looked()
            assert len(made.slack.calls) == tried
            await made.clock.advance(0.5)
            await made.looked()
            assert len(made.slack.calls) == tried + 1
        await made.clock.advance(30)
        with pytest.raises(ConnectionLost, match="for 330 seconds"):
            await watching


async def test_a_connection_that_never_greets_is_given_up_too() -> None:
    async with scene() as made, made.watched() as watching:
        made.slack.greets = False
        await made.socket.open()
        for _ in range(100):
            await made.clock.advance(4)
            if await made.ended(watching):
                break
        with pytest.raises(ConnectionLost, match="no hello"):
            await watching
        assert 300 < made.clock.monotonic() < 340


async def test_what_works_again_is_forgiven() -> None:
    async with scene(Limits(ping=3600, farewell=0.02, patience=5)) as made, made.watched() as watching:
        session = await made.open()
        for _ in range(5):
            await until_connected(made.socket)
            await made.clock.advance(2)
            await made.looked()
            await session.close()
            await made.clock.advance(1)
            session = await made.greeted()
        assert not watching.done()
