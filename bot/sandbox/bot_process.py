"""The bot as a process of its own, unchanged: its settings, its log, its end."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import aiohttp

Say = Callable[[str], object]

STOP_SECONDS: Final = 5.0
_LONGEST_LINE: Final = 16 * 1024 * 1024
_ASK_SECONDS: Final = 0.1
# Settings of a real bot on this machine, and proxies, which would be asked for 127.0.0.1, too.
_NOT_OURS: Final = re.compile(
    r"""
    (?:SLACK|INVOICEXPRESS|CATALOG|HISTORY|LOG|START|STOP)_\w+ | AUDIT_CHANNEL | DATA_DIR | DEFAULT_LANGUAGE
    | VIEWERS | EDITORS | MANAGERS | HOST | PORT | \w+_PROXY
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LISTENING: Final = re.compile(r"listening on (http://[^\s\"]+)")
_LOG_LINE: Final = re.compile(r"\S+ (?P<level>[A-Z]+) +\S+: ")
_QUIET: Final = frozenset({"DEBUG", "INFO", "WARNING"})


class BotEnded(Exception):
    """The bot's process has ended by itself.

    Args:
        status: the status that it ended with.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"The bot has ended with status {status}.")


def environment(surroundings: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the bot: these settings and no others, and the code that runs here.

    Args:
        surroundings: the environment of this process.
        settings: the variables that the bot is to have.
    """
    kept = {name: value for name, value in surroundings.items() if not _NOT_OURS.fullmatch(name)}
    code = str(Path(__file__).parents[2])
    paths = [code, *filter(None, [kept.get("PYTHONPATH", "")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"} | dict(settings)


@dataclass(slots=True)
class BotProcess:
    """The running bot."""

    process: Process
    _address: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def address(self) -> str:
        """Return where the bot listens, once it does: `http://127.0.0.1:PORT`.

        Raises:
            BotEnded: it ended before.
        """
        return await self._unless_ended(asyncio.shield(self._address))

    async def ready(self) -> None:
        """Return once the bot is ready.

        Raises:
            BotEnded: it ended before.
        """
        address = await self.address()
        await self._unless_ended(asyncio.ensure_future(_until_ready(f"{address}/readyz")))

    async def ended(self) -> None:
        """Wait for the bot's end.

        Raises:
            BotEnded: always.
        """
        raise BotEnded(await self.process.wait())

    async def _unless_ended(self, work: asyncio.Future[str]) -> str:
        ended = asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait((work, ended), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise BotEnded(ended.result())
            return work.result()
        finally:
            work.cancel()
            ended.cancel()

    async def follow(self, log: IO[str], say: Say) -> None:
        """Read what the bot writes until it ends: into the log, and errors to the terminal as well."""
        stream = self.process.stdout
        assert stream is not None  # noqa: S101 - it was asked for as a pipe
        spoken = True
        async for raw in stream:
            line = raw.decode(errors="replace").rstrip()
            log.write(f"{line}\n")
            log.flush()
            # A line of another form belongs to the one before it, as a traceback does, or comes before the first.
            known = _LOG_LINE.match(line)
            spoken = spoken if known is None else known["level"] not in _QUIET
            if spoken:
                say(f"  bot | {line}")
            heard = _LISTENING.search(line)
            if heard is not None and not self._address.done():
                self._address.set_result(heard[1])


async def _until_ready(url: str) -> str:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as response:
                    if response.ok:
                        return url
            except aiohttp.ClientError:
                pass  # it is about to end, which is noticed elsewhere
            await asyncio.sleep(_ASK_SECONDS)


@asynccontextmanager
async def running_bot(
    command: Sequence[str],
    settings: Mapping[str, str],
    *,
    environ: Mapping[str, str],
    directory: Path,
    log: Path,
    say: Say,
    patience: float = STOP_SECONDS,
) -> AsyncIterator[BotProcess]:
    """Run the bot within the block.

    Args:
        command: the program and its arguments.
        settings: the bot's variables.
        environ: the environment of this process.
        directory: where it runs; it finds no `.env` there.
        log: the file that gets its log, which is begun anew.
        say: is told its errors, and whatever it says before it logs.
        patience: how many seconds it may take to stop before it is ended.

    Raises:
        OSError: the program cannot be started, or the log cannot be written.
    """
    with log.open("w", encoding="utf-8") as file:
        # A group of its own: Ctrl-C is for this process, which then ends the bot in its turn.
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment(environ, settings),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        bot = BotProcess(process)
        following = asyncio.create_task(bot.follow(file, say))
        try:
            yield bot
        finally:
            await _stop(process, patience)
            await following


async def _stop(process: Process, seconds: float) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
