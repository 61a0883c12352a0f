"""Learning what became of writes whose outcome was lost, and telling whoever asked for them.

A bot that dies in mid-write leaves an intent without an outcome; an answer that is lost leaves one that is unknown.
Both are asked of the account, at the start and every half minute, until it tells.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from bot.errors import BotError
from bot.history import Entry, Outcome
from bot.i18n import Language, Words, language_of
from bot.items.outcomes import settled
from bot.items.settling import what_happened
from bot.services import Services
from bot.slack.directory import Directory
from bot.slack.replies import Slack, SlackFailed

SETTLE_SECONDS: Final = 30.0
_GIVE_UP: Final = timedelta(days=2)
"""After so long a write stays unknown: what the account holds by then says nothing about it."""


class Recovery:
    """Settles what is unsettled.

    Args:
        services: the account, the history and the copy.
        directory: for the language of whoever is told.
        slack: to tell them.
        default_language: for whoever's Slack speaks neither of our languages.
    """

    def __init__(self, services: Services, directory: Directory, slack: Slack, default_language: Language) -> None:
        self._services = services
        self._directory = directory
        self._slack = slack
        self._default = default_language
        self._log = structlog.get_logger(__name__)

    async def settle_all(self) -> None:
        """Ask the account once about everything that is unsettled; what it does not tell waits for the next time."""
        for entry in await self._services.history.unsettled():
            if self._services.clock.now() - entry.at < _GIVE_UP:
                try:
                    await self._settle(entry)
                except BotError as error:
                    self._log.warning("nothing can be settled now", error=type(error).__name__)
                    return

    async def _settle(self, entry: Entry) -> None:
        services = self._services
        known = await what_happened(services.account, entry, services.clock.now())
        if known is None:
            return
        outcome, item = known
        await services.history.settle(entry, outcome, item)
        if item is not None:
            await services.catalog.put_item(item)
        elif outcome is Outcome.SUCCEEDED and entry.item_id is not None:
            await services.catalog.drop_item(entry.item_id)
        await self._tell(entry, outcome)

    async def _tell(self, entry: Entry, outcome: Outcome) -> None:
        """Tell a person; where Slack does not let us, the log and the history have it."""
        try:
            person = await self._directory.person(entry.person)
            words = Words(language_of(person.locale, self._default))
            await self._slack.direct_message(entry.person, settled(words, entry, outcome))
        except (BotError, SlackFailed) as error:
            self._log.error("outcome not told", person=entry.person, write=entry.reference, error=type(error).__name__)
