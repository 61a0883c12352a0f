"""Every change to the account, told to an audit channel."""

from __future__ import annotations

import structlog

from bot.clock import Clock
from bot.history import Entry, Write
from bot.i18n import Language, Words
from bot.invoicexpress.models import Item
from bot.items.trail import audit_content
from bot.slack.replies import Slack, SlackFailed
from bot.slack.tasks import Tasks


class Audit:
    """Posts each write that has ended.

    Args:
        slack: the Web API.
        tasks: the running work; posting holds nobody up.
        channel: the id of the channel, of which the bot is a member.
        language: the language of the channel.
        clock: the time.
    """

    def __init__(self, slack: Slack, tasks: Tasks, channel: str, language: Language, clock: Clock) -> None:
        self._slack = slack
        self._tasks = tasks
        self._channel = channel
        self._language: Language = language
        self._clock = clock
        self._log = structlog.get_logger(__name__)

    def post(self, write: Write) -> None:
        """Post a write, soon; where Slack does not take it, the log says so, and the history has it."""
        self._tasks.start(self._post(entry_of(write, self._clock)), spare=True)

    async def _post(self, entry: Entry) -> None:
        try:
            await self._slack.post(self._channel, audit_content(Words(self._language), entry, self._clock.now()))
        except SlackFailed as error:
            self._log.error("audit channel not told", write=entry.reference, reason=str(error))


def entry_of(write: Write, clock: Clock) -> Entry:
    """Return a write that has just ended as the history holds it."""
    now = clock.now()
    return Entry(
        reference=write.reference,
        at=now,
        person=write.person,
        action=write.action,
        item_id=write.item_id,
        name=write.name,
        before=write.before,
        sent=write.after.draft() if isinstance(write.after, Item) else write.after,
        after=write.after if isinstance(write.after, Item) else None,
        undoes=write.undoes,
        outcome=write.outcome,
        ended_at=now,
    )
