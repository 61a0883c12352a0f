"""`python -m bot sandbox`: an account, a workspace and its page in this process, and the bot itself in another."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import sqlite3
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

import filelock

from bot.sandbox.account import Account, serve_account
from bot.sandbox.bot_process import STOP_SECONDS, BotEnded, Say, running_bot
from bot.sandbox.manifest import COMMANDS, EVENTS_PATH, SCOPES
from bot.sandbox.page import Page, serve_page
from bot.sandbox.page.faults import Mode
from bot.sandbox.slack import Workspace, serve_workspace

PLAYERS: Final = ("Ben", "Ana")
"""Whom one can be on the page; the first one at the beginning."""
_DIRECTORY: Final = Path("sandbox-data")
_FAILED: Final = 1
# By name: not every system has them all.
_STOPPING: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
# At once, also where somebody reads it through a pipe.
_PRINT: Final = partial(print, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the sandbox is started.

    Attributes:
        port: the page's port; 0 takes a free one.
        fresh: forget the data of earlier times.
        mode: signed requests over HTTP, or Socket Mode.
        browser: open the page in a browser, where there is one.
        directory: where the data lives.
        command: the bot; `--mode` and the mode are added.
        environ: stands in for the process's environment.
        say: is told each line for the terminal.
        show: opens an address in a browser.
        patience: how many seconds the bot may take to stop before it is ended.
    """

    port: int = 3000
    fresh: bool = False
    mode: Mode = "http"
    browser: bool = True
    directory: Path = _DIRECTORY
    command: Sequence[str] = (sys.executable, "-m", "bot", "run")
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    say: Say = _PRINT
    show: Callable[[str], object] = webbrowser.open
    patience: float = STOP_SECONDS

    @property
    def log(self) -> Path:
        """The file that gets the bot's log."""
        return self.directory / "bot.log"


def main(options: Options) -> int:
    """Run the sandbox until Ctrl-C; return the status to end with: 0, or 1 where something failed."""
    try:
        asyncio.run(_run(options))
    except filelock.Timeout:
        return _refused(options, f"Another sandbox already works with {options.directory}: stop it first.")
    except sqlite3.Error as error:
        return _refused(options, f"{options.directory / 'account.db'}: {error}; --fresh begins anew.")
    except OSError as error:
        return _refused(options, _trouble(error, options))
    except BotEnded as ended:
        return _refused(options, f"{ended} Its log is {options.log}.")
    return 0


def _refused(options: Options, sentence: str) -> int:
    options.say(sentence)
    return _FAILED


def _trouble(error: OSError, options: Options) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {options.port} is taken: --port chooses another, and --port 0 any free one."
    return f"The sandbox cannot start: {error}."


async def _run(options: Options) -> None:
    """Run until a signal comes.

    Raises:
        BotEnded: the bot ended by itself.
        OSError: the port is taken, or the directory cannot be used.
        filelock.Timeout: another sandbox has the directory.
        sqlite3.Error: the account's data cannot be read.
    """
    with _signals(), suppress(asyncio.CancelledError):
        async with _world(options) as world:
            options.say(_introduction(options, world))
            # Where the bot runs there is no `.env` for it to find.
            home = options.directory.absolute() / "bot"
            home.mkdir(mode=0o700, exist_ok=True)
            async with running_bot(
                [*options.command, "--mode", options.mode],
                _settings(options.mode, world, home),
                environ=options.environ,
                directory=home,
                log=options.log,
                say=options.say,
                patience=options.patience,
            ) as bot:
                address = await bot.address()
                if options.mode == "http":
                    world.workspace.request_url = address + EVENTS_PATH
                await bot.ready()
                options.say("The bot is ready. Press Ctrl-C to stop.")
                if options.browser and has_browser(options.environ, sys.platform):
                    await asyncio.to_thread(options.show, world.page.url)
                await bot.ended()


@dataclass(frozen=True, slots=True)
class _World:
    """What runs in this process."""

    account: Account
    workspace: Workspace
    page: Page


@asynccontextmanager
async def _world(options: Options) -> AsyncIterator[_World]:
    directory = options.directory
    async with AsyncExitStack() as stack:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.enter_context(filelock.FileLock(directory / "lock", timeout=0, mode=0o600))
        if options.fresh:
            _forget(directory)
        account = await stack.enter_async_context(serve_account(database=directory / "account.db"))
        names = [command.name for command in COMMANDS]
        workspace = await stack.enter_async_context(serve_workspace(scopes=SCOPES, commands=names))
        serving = serve_page(workspace, account, mode=options.mode, players=PLAYERS, port=options.port)
        yield _World(account, workspace, await stack.enter_async_context(serving))


def _forget(directory: Path) -> None:
    """Remove what earlier times left, and nothing else that may lie there."""
    for file in directory.glob("account.db*"):
        file.unlink()
    shutil.rmtree(directory / "bot", ignore_errors=True)


def _introduction(options: Options, world: _World) -> str:
    account, how = world.account, {"http": "signed HTTP requests", "socket": "Socket Mode"}[options.mode]
    return (
        "InvoiceXpress for Slack, in its sandbox. Nothing leaves this machine.\n"
        f"  page     {world.page.url}\n"
        f"  account  {account.url}, {len(account.items())} items and {len(account.clients())} clients\n"
        f"  slack    {world.workspace.url}, {how}\n"
        f"  data     {options.directory}, the bot's log in {options.log}"
    )


def _settings(mode: Mode, world: _World, home: Path) -> dict[str, str]:
    """Return the bot's settings: the ordinary ones, made up for this time."""
    workspace, account = world.workspace, world.account
    entrance = {
        "http": {"SLACK_SIGNING_SECRET": workspace.signing_secret},
        "socket": {"SLACK_APP_TOKEN": workspace.app_token},
    }
    return entrance[mode] | {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_API_URL": workspace.url,
        "INVOICEXPRESS_URL": account.url,
        "INVOICEXPRESS_API_KEY": account.api_key,
        "DATA_DIR": str(home),
        # Ben, a member, creates and edits; deleting takes Ana, an admin.
        "EDITORS": "members",
        "MANAGERS": "admins",
        "HOST": "127.0.0.1",
        "PORT": "0",
    }


def has_browser(environ: Mapping[str, str], platform: str) -> bool:
    """Tell whether a browser with windows can be expected; one for the terminal would only be in the way."""
    if environ.get("CI"):
        return False
    return platform in ("win32", "darwin") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _signals() -> Iterator[None]:
    """Let the first signal to stop cancel this task; what it then takes to stop must not be cancelled again."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - this is a coroutine
    stopping = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            loop.call_soon_threadsafe(task.cancel)

    numbers = [getattr(signal, name) for name in _STOPPING if hasattr(signal, name)]
    previous = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
