"""Every change to the account, told to an audit channel."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

import structlog

from bot.clock import Clock
from bot.history import Entry
from bot.i18n import Language, Words
from bot.items.trail import audit_content
from bot.slack.replies import Slack, SlackFailed

_TRIES: Final = 5
_PAUSE: Final = 15.0
"""Seconds before a post that Slack could not take is tried again."""


class Audit:
    """Posts each write that has ended, one after another, in their order.

    Args:
        slack: the Web API.
        channel: the id of the channel, of which the bot is a member.
        language: the language of the channel.
        clock: the time.
        most: how many posts may wait; for what comes on top, the log and the history are there.
        last_seconds: what a stop leaves for those that still wait.
    """

    def __init__(
        self,
        slack: Slack,
        channel: str,
        language: Language,
        clock: Clock,
        *,
        most: int = 1000,
        last_seconds: float = 2.0,
    ) -> None:
        self._slack = slack
        self._channel = channel
        self._words = Words(language)
        self._clock = clock
        self._most = most
        self._last_seconds = last_seconds
        self._waiting: deque[Entry] = deque()
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger(__name__)

    def post(self, entry: Entry) -> None:
        """Post a write, soon; where Slack does not take it, the log says so, and the history has it."""
        if len(self._waiting) >= self._most:
            self._lost(entry, "too much is waiting")
            return
        self._waiting.append(entry)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Post what waits, for a few seconds; the log has what remains."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self._last_seconds)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for entry in self._waiting:
            self._lost(entry, "the bot was stopped")
        self._waiting.clear()

    async def _work(self) -> None:
        while self._waiting:
            entry = self._waiting.popleft()
            try:
                await self._post(entry)
            except asyncio.CancelledError:
                self._lost(entry, "the bot was stopped")
                raise

    async def _post(self, entry: Entry) -> None:
        content = audit_content(self._words, entry, self._clock.now())
        tries = 0
        while True:
            tries += 1
            try:
                await self._slack.post(self._channel, content)
            except SlackFailed as error:
                # What Slack answered with a name of its own it will answer again; a broken connection passes, and so
                # does a limit.
                if (error.code and not error.wait) or tries == _TRIES:
                    self._lost(entry, str(error))
                    return
                pause = max(_PAUSE, error.wait)
            else:
                return
            await self._clock.sleep(pause)

    def _lost(self, entry: Entry, reason: str) -> None:
        self._log.error("audit channel not told", write=entry.reference, reason=reason)
