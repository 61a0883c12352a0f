"""`/items refresh`: reading the whole account anew, with the progress in a direct message."""

from __future__ import annotations

from typing import Final

from bot.catalog import Changes, Progress
from bot.i18n import Words
from bot.invoicexpress.errors import AccountError
from bot.slack.blocks import Content, paragraph
from bot.slack.payloads import Command
from bot.slack.replies import Posted, SlackFailed
from bot.slack.text import escape
from bot.slack.turn import Turn

EVERY_SECONDS: Final = 3.0
"""Between two updates of the message: Slack allows some fifty a minute, for everything."""


class _Report:
    """The direct message that says how far the walk is."""

    def __init__(self, turn: Turn[Command], posted: Posted) -> None:
        self._turn = turn
        self._posted = posted
        self._told_at = turn.services.clock.monotonic()

    async def progress(self, progress: Progress) -> None:
        """Bring the message up to date, unless it was not long ago."""
        now = self._turn.services.clock.monotonic()
        if now - self._told_at < EVERY_SECONDS:
            return
        self._told_at = now
        await self.tell(_progress(self._turn.words, progress))

    async def tell(self, sentence: str) -> None:
        """Say something in the message. That it can't be said must not stop the walk."""
        try:
            await self._turn.slack.update_message(self._posted, _content(self._turn.words, sentence))
        except SlackFailed:
            await self._turn.tell(_content(self._turn.words, sentence))


async def refresh(turn: Turn[Command]) -> None:
    """Walk the account and tell how many records are new, changed and gone."""
    words = turn.words
    begun = _content(words, words.text("refresh.begun"))
    await turn.show(begun)
    report = _Report(turn, await turn.slack.direct_message(turn.person.id, begun))
    try:
        changes = await turn.services.catalog.refresh(report.progress)
    except AccountError as error:
        reason = words.text(error.key, **error.values)
        await report.tell(words.text("refresh.failed", reason=reason))
        return
    await report.tell(_told(words, changes))


def _progress(words: Words, progress: Progress) -> str:
    done = words.number(progress.done)
    if progress.checking:
        return words.text("refresh.checking", done=done, total=words.number(progress.expected or 0))
    return words.text(f"refresh.progress-{progress.kind}", done=done)


def _told(words: Words, changes: Changes) -> str:
    figures = {
        f"{kind}_{what}": words.number(getattr(tally, what))
        for kind, tally in (("items", changes.items), ("clients", changes.clients))
        for what in ("new", "changed", "gone")
    }
    return words.text("refresh.done", **figures)


def _content(words: Words, sentence: str) -> Content:
    return Content(words.text("app.name"), escape(sentence), (paragraph(sentence),))
