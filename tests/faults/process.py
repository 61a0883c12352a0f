"""A bot's process as the walk handles it: started, told the time, waited for, killed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from bot.sandbox.bot_process import environment
from bot.web import EVENTS_PATH

Event = dict[str, Any]

_PATIENCE: Final = 30.0
"""Real seconds that anything may take before the walk is given up."""
_ENDINGS: Final = frozenset({"request ended", "request cut off"})
_LAST_LINES: Final = 200


class BotSilent(AssertionError):
    """The bot ended by itself, or did not do what was waited for; its last lines are with it."""


class BotProcess:
    """One process.

    Args:
        settings: its variables.
        directory: where it runs; it finds no `.env` there.
        seconds: how late it is by its clock.

    Attributes:
        seconds: how late it was when it last said so.
        ended: how many of Slack's requests it has dealt with.
        intended: the references of the writes that it has recorded.
    """

    def __init__(self, settings: Mapping[str, str], directory: Path, seconds: float) -> None:
        self.seconds = seconds
        self.ended = 0
        self.intended: list[str] = []
        self._directory = directory
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._heard: dict[str, int] = {}
        self._news = asyncio.Condition()
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._following: asyncio.Task[None] | None = None
        self._address = ""
        self._silent = False

    async def start(self) -> str:
        """Start it and return where it takes Slack's requests, once it does and has looked after loose ends."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.bot", str(self.seconds)),
            env=environment(os.environ, self._settings),
            cwd=self._directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            limit=2**20,
        )
        self._following = asyncio.create_task(self._follow(self._process))
        await self._until("it listens", lambda: bool(self._address) and "looked" in self._heard)
        return f"{self._address}{EVENTS_PATH}"

    async def kill(self) -> None:
        """Kill it, as `kill -9` does."""
        assert self._process is not None
        assert self._following is not None
        self._process.kill()
        await self._process.wait()
        await self._following

    async def later(self, seconds: float) -> None:
        """Let time pass for it."""
        await self._say(f"later {seconds}", "later")

    async def look(self) -> None:
        """Have it look after loose ends, and return when it has."""
        await self._say("look", "look")

    async def has_ended(self, number: int) -> None:
        """Return when so many of Slack's requests have been dealt with since it started."""
        await self._until(f"{number} requests have ended", lambda: self.ended >= number)

    async def _say(self, line: str, echo: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        before = self._heard.get(echo, 0)
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        await self._until(f"it has heard {line!r}", lambda: self._heard.get(echo, 0) > before)

    async def _until(self, what: str, happened: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE), self._news:
                await self._news.wait_for(lambda: happened() or self._silent)
        except TimeoutError:
            raise BotSilent(self._report(f"waited in vain until {what}")) from None
        if not happened():
            raise BotSilent(self._report(f"it ended before {what}"))

    def _report(self, what: str) -> str:
        return "\n".join([f"The bot: {what}. Its last lines:", *self._lines])

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self._lines.append(line)
            self._note(line)
            async with self._news:
                self._news.notify_all()
        async with self._news:
            self._silent = True
            self._news.notify_all()

    def _note(self, line: str) -> None:
        try:
            event: Event = json.loads(line)
        except ValueError:
            return
        name = str(event.get("event"))
        self._heard[name] = self._heard.get(name, 0) + 1
        self.ended += name in _ENDINGS
        if name == "write intended":
            self.intended.append(str(event["reference"]))
        if name in ("later", "look"):
            self.seconds = float(event["seconds"])
        if name.startswith("ready as "):
            self._address = name.rpartition(" ")[2]
