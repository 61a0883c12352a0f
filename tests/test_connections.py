"""The server's connections: few enough, none for ever, and Slack gets in whoever else is there."""

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.connections import Caps, caps_here
from bot.listener import listen
from tests.listening import listening, slack_application
from tests.logs import Log, caught_log
from tests.tiny_bot import Hold, tiny_bolt
from tests.tiny_slack import command_body, serve_tiny_slack, signed
from tests.wire import Wire, http, wire

UNSIGNED = {"Content-Type": "application/x-www-form-urlencoded"}


@asynccontextmanager
async def serving(caps: Caps, hold: Hold | None = None) -> AsyncIterator[str]:
    async with (
        asyncio.timeout(20),
        serve_tiny_slack() as slack,
        listening(slack_application(tiny_bolt(slack.url, hold)), caps) as url,
    ):
        yield url


@pytest.fixture
def log() -> Iterator[Log]:
    with caught_log() as caught:
        yield caught


async def answered(url: str) -> bool:
    """Send a command over a connection of its own."""
    async with wire(url) as sent:
        await sent.send(http(command_body(), signed(command_body())))
        return await sent.answer() == (200, "Café")


async def healthy(url: str) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz") as answer:
        return answer.status == 200


@asynccontextmanager
async def wires(url: str, number: int, first: bytes = b"") -> AsyncIterator[list[Wire]]:
    """Open so many connections, and send each the same beginning."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(wire(url)) for _ in range(number)]
        for sent in opened:
            await sent.send(first)
        yield opened


BEGINNINGS = {
    "nothing": b"",
    "half a line": b"POST /slack",
    "half the headers": b"POST /slack/events HTTP/1.1\r\nHost: x\r\n",
    "half a body": http(b"te", UNSIGNED | {"Content-Length": "500"}),
    "half a signed body": http(b"te", signed(b"text") | {"Content-Length": "4"}),
    "half a chunk": http(b"5\r\nte", UNSIGNED | {"Transfer-Encoding": "chunked"}),
    "a refused request": http(b"text", UNSIGNED),
    "a lost path": http(b"", {}, path="/nowhere"),
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
async def test_half_open_connections_keep_nobody_out(beginning: bytes, log: Log) -> None:
    async with serving(Caps(10)) as url, wires(url, 50, beginning):
        for _ in range(3):
            assert await answered(url)
            assert await healthy(url)
        assert len(log.text) < 4000


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
async def test_a_stranger_s_connection_does_not_last(beginning: bytes) -> None:
    async with serving(Caps(10, request=0.05)) as url, wire(url) as sent:
        await sent.send(beginning)
        assert await sent.closed()
        assert await answered(url)


async def drip(sent: Wire, data: bytes, pause: float = 0) -> None:
    """Send the same again and again, until the other side has had enough."""
    with suppress(ConnectionError):
        while True:
            await sent.send(data)
            await asyncio.sleep(pause)


async def test_headers_that_drip_do_not_make_it_last_longer() -> None:
    async with serving(Caps(10, request=0.3)) as url, wire(url) as sent:
        await drip(sent, b"P", 0.01)
        assert await answered(url)


async def test_a_connection_of_slack_s_is_kept_for_its_next_request() -> None:
    async with serving(Caps(10, request=0.05)) as url, wire(url) as sent:
        for _ in range(3):
            await sent.send(http(command_body(), signed(command_body())))
            assert await sent.answer() == (200, "Café")
            await asyncio.sleep(1.2)


async def test_an_idle_connection_of_slack_s_does_not_last_for_ever() -> None:
    async with serving(Caps(10, idle=0.05)) as url, wire(url) as sent:
        await sent.send(http(command_body(), signed(command_body())))
        assert await sent.answer() == (200, "Café")
        assert await sent.closed()


async def test_where_room_is_short_strangers_go_first() -> None:
    async with serving(Caps(5)) as url, wire(url) as sent:
        await sent.send(http(command_body(), signed(command_body())))
        assert await sent.answer() == (200, "Café")
        async with wires(url, 20):
            await sent.send(http(command_body(), signed(command_body())))
            assert await sent.answer() == (200, "Café")


async def test_connections_of_slack_s_make_room_for_each_other() -> None:
    async with serving(Caps(5)) as url, AsyncExitStack() as stack:
        for _ in range(20):
            sent = await stack.enter_async_context(wire(url))
            await sent.send(http(command_body(), signed(command_body())))
            assert await sent.answer() == (200, "Café")


async def test_what_is_signed_is_answered_however_many_come_at_once() -> None:
    hold = Hold()
    hold.released.clear()
    async with serving(Caps(40), hold) as url:
        asked = [asyncio.create_task(answered(url)) for _ in range(100)]
        await hold.asked.wait()
        await asyncio.sleep(0.3)
        assert not [one for one in asked if one.done()]
        hold.released.set()
        assert all(await asyncio.gather(*asked))


async def test_what_is_not_read_by_its_sender_is_not_kept_for_it() -> None:
    async with serving(Caps(10, request=0.2)) as url, wire(url, window=2048) as sent:
        await drip(sent, b"GET /statusz HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        assert await answered(url)


async def test_unsigned_bytes_in_memory_are_bounded_and_the_largest_go_first(log: Log) -> None:
    begun = http(b"x" * 200_000, UNSIGNED | {"Content-Length": "300000"})
    async with serving(Caps(100, unsigned=1_000_000)) as url, wire(url) as small:
        body = command_body()
        await small.send(http(body[:5], signed(body) | {"Content-Length": str(len(body))}))
        async with wires(url, 0), AsyncExitStack() as stack:
            for _ in range(20):
                sent = await stack.enter_async_context(wire(url))
                try:
                    await sent.send(begun)
                except ConnectionError:
                    continue
            assert await answered(url)
        await small.send(body[5:])
        assert await small.answer() == (200, "Café")
    assert log.events("a connection was dropped")[0]["reason"] == "too much in memory"


@pytest.mark.parametrize(
    "flood",
    [
        b"POST /slack/events HTTP/1.1\r\n" + b"".join(b"X-%d: " % n + b"y" * 8000 + b"\r\n" for n in range(400)),
        http(b"1\r\nx\r\n" * 500_000, UNSIGNED | {"Transfer-Encoding": "chunked"}),
        b"A" * 2_000_000,
        b"POST / HTTP/1.1\r\nX: " + b"A" * 2_000_000,
    ],
    ids=["headers", "chunks of a byte", "a line", "a header"],
)
async def test_no_connection_is_read_for_ever(flood: bytes, log: Log) -> None:
    async with serving(Caps(10)) as url:
        async with wire(url) as sent:
            with suppress(ConnectionError):
                await sent.send(flood)
            assert await sent.closed()
        assert await answered(url)
    assert len(log.text) < 1000


async def test_what_comes_behind_a_signed_request_waits_for_its_turn() -> None:
    hold = Hold()
    hold.released.clear()
    body = command_body()
    async with serving(Caps(10), hold) as url, wire(url) as sent:
        await sent.send(http(body, signed(body)))
        await hold.asked.wait()
        for _ in range(3):
            await sent.send(http(body, signed(body)))
            assert await healthy(url)
        hold.released.set()
        assert [await sent.answer() for _ in range(4)] == [(200, "Café")] * 4


async def test_a_signed_request_of_the_largest_size_is_read_whole() -> None:
    body = command_body() + b"&more=" + b"x" * (1024 * 1024 - len(command_body()) - 6)
    async with serving(Caps(10)) as url, wire(url) as sent:
        for _ in range(3):
            await sent.send(http(body, signed(body)))
            assert await sent.answer() == (200, "Café")


@contextmanager
def out_of_files() -> Iterator[Callable[[], None]]:
    """Leave no file to be opened within the block, but those that what this gives sets free, one at a time."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, limits[1]))
    taken: list[int] = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.dup(0))
        yield lambda: os.close(taken.pop())
    finally:
        for number in taken:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_out_of_files_a_stranger_makes_room(log: Log) -> None:
    async with serving(Caps(100)) as url, wires(url, 5):
        assert await answered(url)  # Bolt asks who it is, once
        with out_of_files() as spare:
            spare()  # for the one who asks
            assert await answered(url)
        assert log.the("a connection could not be taken in")


async def test_out_of_files_it_waits_quietly_and_goes_on(log: Log) -> None:
    async with serving(Caps(100)) as url:
        assert await answered(url)
        with out_of_files() as spare:
            spare()
            asked = asyncio.create_task(answered(url))
            await asyncio.sleep(1)
        assert await asked
    assert 1 <= len(log.events("a connection could not be taken in")) <= 6


async def test_a_request_that_breaks_is_answered_and_logged(log: Log) -> None:
    async def breaks(request: web.Request) -> web.Response:
        raise RuntimeError("it broke")

    application = web.Application()
    application.router.add_get("/", breaks)
    async with listening(application) as url, aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 500
    assert "it broke" in log.text


async def test_an_address_that_is_taken_is_said() -> None:
    async with serving(Caps(10)) as url:
        runner = web.AppRunner(web.Application())
        await runner.setup()
        with pytest.raises(OSError, match="in use"):
            await listen(runner, "127.0.0.1", int(url.rpartition(":")[2]))
        await runner.cleanup()


async def test_a_runner_must_be_set_up() -> None:
    with pytest.raises(RuntimeError, match="set up"):
        await listen(web.AppRunner(web.Application()), "127.0.0.1", 0)


@pytest.mark.parametrize(("files", "connections"), [(256, 128), (10, 8), (4096, 1024)])
def test_half_of_the_files_are_for_connections(files: int, connections: int) -> None:
    """In a process of its own: this one needs its files."""
    code = (
        "import resource; from bot.connections import caps_here;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {max(files, 256)})); print(caps_here().connections)"
    )
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < files:
        pytest.skip("this machine allows no more files")
    command = [sys.executable, "-c", code]
    asked = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)  # noqa: S603 - our own
    assert int(asked.stdout) == connections


def test_here_there_is_room() -> None:
    assert 8 <= caps_here().connections <= 1024
