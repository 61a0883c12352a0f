"""Running the bot: start, listen, and a stop that lets go of nothing that was begun."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from aiohttp import web

from bot.clock import SystemClock
from bot.errors import StartFailed
from bot.intake import Intake
from bot.interpreter import tune
from bot.socketmode import DEFAULT_LIMITS, Limits, SocketMode
from bot.web import web_application

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType

    from slack_bolt.async_app import AsyncApp

    from bot.clock import Clock
    from bot.config import Mode, Settings
    from bot.health import Readiness

DRAIN_SECONDS: Final = 25.0
# Answers to requests that are already inside take milliseconds; they leave before the connection goes.
LAST_ANSWERS_SECONDS: Final = 3.0

_log = structlog.get_logger(__name__)


class Bot(Protocol):
    """What running asks of the bot."""

    @property
    def bolt(self) -> AsyncApp:
        """Bolt's application, with every listener."""
        ...

    async def start(self) -> None:
        """Make ready for the first request. Raises StartFailed where that is no use."""
        ...

    async def drain(self, seconds: float) -> None:
        """Refuse new work, and wait so long for the running work."""
        ...

    async def aclose(self) -> None:
        """Close whatever is open."""
        ...

    def readiness(self) -> Readiness:
        """Say which services answered lately."""
        ...


def _announce(address: str) -> None:
    _log.info(f"listening on {address}")


async def run(
    bot: Bot,
    settings: Settings,
    mode: Mode,
    *,
    clock: Clock | None = None,
    limits: Limits = DEFAULT_LIMITS,
    announce: Callable[[str], None] = _announce,
) -> None:
    """Run the bot until SIGTERM or SIGINT comes, and finish what was begun. Only the main thread can do it.

    Args:
        bot: not yet started; closed when this returns or raises.
        settings: where to listen, and the app token.
        mode: how Slack's requests come in.
        clock: the time that Socket Mode's watch goes by.
        limits: of Socket Mode's watch.
        announce: told the address once requests can come; the log is told by default.

    Raises:
        StartFailed: it cannot start, or its connection to Slack is lost for good.
    """
    with _signals() as stop:
        # The stack is taken down from its top: close the door, let the last answers out, hang up, finish, close.
        async with AsyncExitStack() as stack:
            stack.push_async_callback(bot.aclose)
            intake = Intake()
            socket = _socket(bot, settings, intake, clock or SystemClock(), limits) if mode == "socket" else None
            if not await _unless(stop, bot.start()):
                return
            runner = web.AppRunner(_application(bot, intake, socket), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            stack.push_async_callback(bot.drain, DRAIN_SECONDS)
            if socket is not None:
                stack.push_async_callback(socket.close)
            stack.push_async_callback(intake.emptied, LAST_ANSWERS_SECONDS)
            stack.push_async_callback((await _listen(runner, settings)).stop)
            stack.callback(intake.close)
            if socket is not None and not await _unless(stop, socket.open()):
                return
            announce(_address(runner, settings))
            tune()
            await (stop.wait() if socket is None else _unless(stop, socket.watch()))
            _log.info("stopping")


def _socket(bot: Bot, settings: Settings, intake: Intake, clock: Clock, limits: Limits) -> SocketMode:
    if settings.slack_app_token is None:
        raise StartFailed("Socket Mode needs SLACK_APP_TOKEN.")
    return SocketMode(bot.bolt, settings.slack_app_token, intake, clock=clock, limits=limits)


def _application(bot: Bot, intake: Intake, socket: SocketMode | None) -> web.Application:
    def readiness() -> Readiness:
        state = bot.readiness()
        return state if socket is None else replace(state, slack=state.slack and socket.connected)

    return web_application(readiness, intake, bot.bolt.async_dispatch if socket is None else None)


async def _listen(runner: web.AppRunner, settings: Settings) -> web.TCPSite:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except (OSError, UnicodeError) as error:  # a name that can be none fails when it is encoded
        reason = error.strerror if isinstance(error, OSError) else "no such name"
        raise StartFailed(
            f"{settings.host}:{settings.port} cannot be listened on ({reason}): HOST and PORT choose another."
        ) from None
    return site


def _address(runner: web.AppRunner, settings: Settings) -> str:
    """Return where the process listens, with the port that the system chose where PORT is 0."""
    port = runner.addresses[0][1]
    return f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"


@contextmanager
def _signals() -> Iterator[asyncio.Event]:
    """Yield an event that SIGTERM and SIGINT set. Unlike the loop's own handlers, these exist on every system."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


async def _unless(stop: asyncio.Event, work: Coroutine[object, object, object]) -> bool:
    """Do the work, unless the stop comes first; tell whether it was done. Raises what the work raises."""
    task = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in (task, stopping):
            one.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)
    if task.cancelled():
        return False
    task.result()
    return True
