"""`/items refresh`: reading the whole account anew, with the progress in a direct message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.catalog import Changes, KindName, Outcome, Progress
from bot.i18n import Words
from bot.invoicexpress.errors import AccountError
from bot.slack.blocks import Content, paragraph
from bot.slack.lists import share_read
from bot.slack.payloads import Command
from bot.slack.replies import Posted, SlackFailed
from bot.slack.text import escape
from bot.slack.turn import Turn

EVERY_SECONDS: Final = 3.0
"""Between two updates of the message: Slack allows some fifty a minute, for everything."""

_PARTS: Final = 3
"""Items, clients and taxes."""

_log: Final = structlog.get_logger(__name__)


class _Report:
    """The direct message that says how far the walk is.

    Everybody who waits for the walk would wait for Slack, too, if the walk did. So it only leaves here how far it is,
    and a task tells Slack whatever is newest.
    """

    def __init__(self, turn: Turn[Command], posted: Posted) -> None:
        self._turn = turn
        self._posted = posted
        self._told_at = turn.services.clock.monotonic()
        self._newest: dict[KindName, str] = {}
        self._news = asyncio.Event()
        self._calling = asyncio.Lock()

    async def progress(self, progress: Progress) -> None:
        """Take note of how far the walk is; Slack is told by and by."""
        self._newest[progress.kind] = _progress(self._turn.words, progress)
        self._news.set()

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tell the progress within the block. At its end nothing is on its way that could overtake what follows."""
        task = asyncio.create_task(self._keep_telling(), name="refresh-progress")
        try:
            yield
            async with self._calling:
                task.cancel()
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def conclude(self, sentence: str) -> None:
        """Say the last thing in the message, or in another where that one can't be changed."""
        try:
            await self._say(sentence)
        except SlackFailed:
            await self._turn.tell(_content(self._turn.words, sentence))

    async def _keep_telling(self) -> None:
        """Bring the message up to date, until that fails: it can wait for the result, which is told in any case."""
        clock = self._turn.services.clock
        try:
            while True:
                await self._news.wait()
                await clock.sleep(max(0.0, self._told_at + EVERY_SECONDS - clock.monotonic()))
                async with self._calling:
                    self._news.clear()
                    await self._say(_under_way(self._turn.words, self._newest))
                    self._told_at = clock.monotonic()
        except Exception as error:  # noqa: BLE001 - whatever it is, the walk and its result are what matters
            expected = isinstance(error, SlackFailed)
            _log.warning("the progress is not told any more", reason=str(error), exc_info=not expected)

    async def _say(self, sentence: str) -> None:
        await self._turn.slack.update_message(self._posted, _content(self._turn.words, sentence))


async def refresh(turn: Turn[Command]) -> None:
    """Walk the account and tell what became of each kind: what is new, changed and gone, or what failed."""
    turn.services.history.require_going_on(turn.reference)
    words = turn.words
    begun = _content(words, words.text("refresh.begun"))
    await turn.show(begun)
    report = _Report(turn, await turn.slack.direct_message(turn.person.id, begun))
    async with report.telling():
        changes = await turn.services.catalog.refresh(report.progress)
    await report.conclude(_told(words, changes))


def _under_way(words: Words, newest: Mapping[KindName, str]) -> str:
    return words.text("refresh.progress", parts=", ".join(newest.values()))


def _progress(words: Words, progress: Progress) -> str:
    """Return how far the walk of one kind is, as a part of a sentence."""
    if progress.checking:
        done, total = words.number(progress.done), words.number(progress.expected or 0)
        return words.text("refresh.checking", done=done, total=total)
    told = words.text(f"refresh.progress-{progress.kind}", done=words.number(progress.done))
    share = share_read(words, progress)
    return f"{told} ({share})" if share else told


def _told(words: Words, changes: Changes) -> str:
    """Return what became of each kind; one sentence alone where all of them failed alike."""
    reasons = [words.text(error.key, **error.values) for error in changes.failures]
    if len(reasons) == _PARTS and len(set(reasons)) == 1:
        return words.text("refresh.failed", reason=reasons[0])
    told = [words.text("refresh.in-part" if reasons else "refresh.done")]
    told += [_outcome(words, "items", changes.items), _outcome(words, "clients", changes.clients)]
    if changes.taxes is not None:
        told.append(words.text("refresh.taxes-failed", reason=words.text(changes.taxes.key, **changes.taxes.values)))
    return " ".join(told)


def _outcome(words: Words, kind: KindName, outcome: Outcome) -> str:
    if isinstance(outcome, AccountError):
        return words.text(f"refresh.{kind}-failed", reason=words.text(outcome.key, **outcome.values))
    figures = {what: words.number(getattr(outcome, what)) for what in ("new", "changed", "gone")}
    told = words.text(f"refresh.{kind}", **figures)
    return f"{told} {words.plural('refresh.left-out', outcome.unreadable)}" if outcome.unreadable else told


def _content(words: Words, sentence: str) -> Content:
    return Content(words.text("app.name"), escape(sentence), (paragraph(sentence),))
