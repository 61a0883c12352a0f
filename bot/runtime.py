"""Running the bot: start, listen, and a stop that lets go of nothing that was begun."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from aiohttp import web

from bot import __version__
from bot.clock import SystemClock
from bot.errors import StartFailed
from bot.health import Connections, Health
from bot.intake import Intake
from bot.interpreter import tune
from bot.listener import listen
from bot.lock import DirectoryLock
from bot.slack_http import SlackRequests
from bot.socketmode import DEFAULT_LIMITS, Limits, SocketMode
from bot.web import web_application

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType

    from slack_bolt.async_app import AsyncApp

    from bot.clock import Clock
    from bot.config import Mode, Settings
    from bot.health import BotState

_LAST_SECONDS: Final = 3.0
"""What a stop keeps for its last steps: answers that are due, and whatever has to be closed."""
_LAST_SHARE: Final = 0.2
"""As much of a short stop, at most."""

_STOPPING: Final = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
"""The signals that end the process; a hang-up is unknown on Windows."""

_log = structlog.get_logger(__name__)


class Bot(Protocol):
    """What running asks of the bot."""

    @property
    def bolt(self) -> AsyncApp:
        """Bolt's application, with every listener."""
        ...

    @property
    def description(self) -> str:
        """As whom it works, in which workspace, and for which account; known once it has started."""
        ...

    @property
    def state(self) -> BotState:
        """What it knows of itself."""
        ...

    async def start(self) -> None:
        """Make ready for the first request. Raises StartFailed where that is no use."""
        ...

    async def finish_writing(self, seconds: float) -> None:
        """Begin nothing new that writes, wait so long for what does, and leave the data directory to another process.

        What only reads goes on.
        """
        ...

    async def drain(self, seconds: float) -> None:
        """Refuse new work, and wait so long for the running work."""
        ...

    async def aclose(self) -> None:
        """Close whatever is open."""
        ...


async def run(
    bot: Bot,
    settings: Settings,
    mode: Mode,
    *,
    clock: Clock | None = None,
    limits: Limits = DEFAULT_LIMITS,
    announce: Callable[[str], object] = lambda _: None,
) -> None:
    """Run the bot until a signal to stop comes, and finish what was begun. Only the main thread can do it.

    Args:
        bot: not yet started; closed when this returns or raises.
        settings: where to listen, where the data lie, how long things may take, and the app token.
        mode: how Slack's requests come in.
        clock: the time.
        limits: of Socket Mode's watch.
        announce: told the address once requests can come.

    Raises:
        StartFailed: it cannot start, or its connection to Slack is lost for good.
    """
    clock = clock or SystemClock()
    life = _Life(bot, settings, mode, clock, limits)
    with _signals() as stop:
        # Taken down from its top, which is the order of a stop.
        async with AsyncExitStack() as stack:
            stack.push_async_callback(life.close)
            await life.set_up(stack)
            if not await _unless(stop, life.take_directory()):
                return
            await life.listen(stack)
            stack.push_async_callback(life.finish_writing)
            stack.push_async_callback(life.stop, stop)
            if not await _unless(stop, life.start()):
                return
            announce(life.address)
            tune()
            await (stop.wait() if life.socket is None else _unless(stop, life.socket.watch()))


class _Life:
    """One process's bot, from its start to its stop. The steps of a stop share one deadline."""

    def __init__(self, bot: Bot, settings: Settings, mode: Mode, clock: Clock, limits: Limits) -> None:
        self._bot = bot
        self._settings = settings
        self._mode = mode
        self._clock = clock
        self._intake = Intake()
        self._intake.close()
        self._lock = DirectoryLock(settings.data_dir)
        self._began = clock.now()
        self._until: float | None = None
        self.socket = _socket(bot, settings, self._intake, clock, limits) if mode == "socket" else None
        slack = _slack_requests(bot, settings, self._intake).answer if self.socket is None else None
        self._runner = web.AppRunner(web_application(self._health, slack), access_log=None, shutdown_timeout=1.0)
        self._port = settings.port

    @property
    def address(self) -> str:
        """Where the process listens, with the port that the system chose where PORT is 0."""
        host = self._settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    async def set_up(self, stack: AsyncExitStack) -> None:
        """Prepare what a start needs, and the steps of a stop that come after the door is closed."""
        await self._runner.setup()
        stack.push_async_callback(self._runner.cleanup)
        stack.push_async_callback(self._drain)
        if self.socket is not None:
            stack.push_async_callback(self.socket.close)
        stack.push_async_callback(self._let_last_answers_out)
        stack.callback(self._lock.release)

    async def take_directory(self) -> None:
        """Take the data directory, from an earlier process where that is about to end."""
        seconds = self._settings.start_seconds

        def tell() -> None:
            directory = self._settings.data_dir
            _log.warning(f"another process works with {directory}: waiting up to {seconds:.0f} s for it to end")

        await self._lock.wait(seconds, self._clock, tell)

    async def listen(self, stack: AsyncExitStack) -> None:
        """Answer questions about the health from now on. Slack's requests are let in once the bot has started."""
        try:
            listener = await listen(self._runner, self._settings.host, self._settings.port)
        except (OSError, UnicodeError) as error:  # a name that can be none fails when it is encoded
            reason = error.strerror if isinstance(error, OSError) else "no such name"
            host, port = self._settings.host, self._settings.port
            raise StartFailed(
                f"{host}:{port} cannot be listened on ({reason}): HOST and PORT choose another."
            ) from None
        self._port = listener.port
        stack.push_async_callback(listener.stop)
        stack.callback(self._intake.close)

    async def start(self) -> None:
        """Let Slack's requests in."""
        await self._bot.start()
        self._intake.open()
        how = f"in HTTP mode, version {__version__}, listening on {self.address}"
        if self.socket is not None:
            await self.socket.open()
            how = f"in Socket Mode, version {__version__}, for health probes alone listening on {self.address}"
        _log.info(f"ready as {self._bot.description}, {how}")

    async def stop(self, asked: asyncio.Event) -> None:
        """Say that no more requests should be sent here, and go on for a while where a signal asks for the stop."""
        self._left()
        _log.info("stopping")
        if asked.is_set() and self._settings.stop_delay:
            await self._clock.sleep(min(self._settings.stop_delay, self._left()))

    async def finish_writing(self) -> None:
        """Let what writes come to its end; who only looks something up is still answered."""
        await self._bot.finish_writing(self._left())

    async def _let_last_answers_out(self) -> None:
        await self._intake.emptied(self._left())

    async def _drain(self) -> None:
        await self._bot.drain(self._left())

    async def close(self) -> None:
        """Close the bot."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._left(all_of_it=True)):
                await self._bot.aclose()

    def _left(self, *, all_of_it: bool = False) -> float:
        """Return the seconds that are left of the stop, which begins with the first call."""
        now, seconds = self._clock.monotonic(), self._settings.stop_seconds
        if self._until is None:
            self._until = now + seconds
        kept = 0.0 if all_of_it else min(_LAST_SECONDS, seconds * _LAST_SHARE)
        return max(self._until - now - kept, 0.0)

    def _health(self) -> Health:
        socket = self.socket
        return Health(
            bot=self._bot.state,
            connections=None if socket is None else Connections(socket.connections, greeted=socket.connected),
            arriving=self._intake.inside,
            listening=not self._intake.closed,
            stopping=self._until is not None,
            mode=self._mode,
            version=__version__,
            started_at=self._began,
            now=self._clock.now(),
        )


def _socket(bot: Bot, settings: Settings, intake: Intake, clock: Clock, limits: Limits) -> SocketMode:
    if settings.slack_app_token is None:
        raise StartFailed("Socket Mode needs SLACK_APP_TOKEN.")
    return SocketMode(bot.bolt, settings.slack_app_token, intake, clock=clock, limits=limits)


def _slack_requests(bot: Bot, settings: Settings, intake: Intake) -> SlackRequests:
    if settings.slack_signing_secret is None:
        raise StartFailed("HTTP mode needs SLACK_SIGNING_SECRET.")
    return SlackRequests(bot.bolt.async_dispatch, settings.slack_signing_secret, intake)


@contextmanager
def _signals() -> Iterator[asyncio.Event]:
    """Yield an event that the signals to stop set. Unlike the loop's own handlers, these exist on every system."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    # A hang-up that is ignored already, as under nohup, stays so.
    heard = [number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, on_signal) for number in heard}
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
