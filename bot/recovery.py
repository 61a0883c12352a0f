"""Learning what became of writes whose outcome was lost, and telling whoever asked for them.

A bot that dies in mid-write leaves an intent without an outcome; an answer that is lost leaves one that is unknown. The
account is asked about both, at the start and every half minute, until it tells. A bot that dies before it has told
somebody an outcome, or that Slack did not let tell it, leaves a promise that is still to be kept.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.errors import BotError
from bot.history import Entry, Kept, NotReadable, NotRecorded, Outcome, Promise
from bot.i18n import Language, Words, language_of, zone_of
from bot.invoicexpress.errors import UNREACHABLE, AccountError, CredentialsRejected
from bot.items.outcomes import interrupted, settled, unreadable
from bot.items.settling import settle
from bot.services import Services
from bot.slack.directory import Directory
from bot.slack.replies import Slack, SlackFailed

SETTLE_SECONDS: Final = 30.0
GIVE_UP: Final = timedelta(days=2)
"""After so long a write stays unknown: what the account holds by then says nothing about it."""
_NOBODY_ANSWERS: Final = (*UNREACHABLE, CredentialsRejected)


class Recovery:
    """Settles what is unsettled, and keeps what was promised.

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
        self._silent_until = 0.0
        self._log = structlog.get_logger(__name__)

    async def look(self) -> None:
        """Settle what can be settled now, and tell what is known by then."""
        try:
            await self._services.history.tidy()
            await self.settle_all()
            await self.keep_promises()
        except (NotReadable, NotRecorded) as error:  # the log has the reason
            self._log.warning("the history can't be used now", error=type(error).__name__)

    async def settle_all(self) -> None:
        """Ask the account once about everything that is unsettled; what it does not tell waits for the next time."""
        history = self._services.history
        for entry in await history.unsettled():
            try:
                if isinstance(entry, Entry) and self._services.clock.now() - entry.at > GIVE_UP:
                    await history.settle(entry, Outcome.UNKNOWN, None)
                else:
                    await settle(self._services, entry)
            except _NOBODY_ANSWERS as error:
                self._log.warning("nothing can be settled now", error=type(error).__name__)
                return
            except AccountError as error:
                self._log.warning("a write can't be settled now", write=entry.reference, error=type(error).__name__)

    async def keep_promises(self) -> None:
        """Tell everybody who does not know it yet how what they asked for ended, as far as that is known."""
        history = self._services.history
        for promise in await history.promises():
            if promise not in await history.promises():  # they checked by hand while others were being told
                continue
            entry = await history.kept(promise.reference)
            if isinstance(entry, Entry) and not entry.is_settled:
                continue
            outcome = entry.outcome if isinstance(entry, Entry) else Outcome.UNKNOWN if entry else None
            if self._services.clock.monotonic() < self._silent_until:
                return
            if outcome not in (Outcome.SUCCEEDED, Outcome.UNKNOWN):
                await history.release(promise.reference)  # nothing was done: it may be asked for again
            await self._keep(promise, entry)

    async def _keep(self, promise: Promise, entry: Kept | None) -> None:
        """Tell a person, and note that they know; a stop in between waits, or they would be told once more."""
        keeping = asyncio.ensure_future(self._tell_and_note(promise, entry))
        try:
            await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await keeping
            raise

    async def _tell_and_note(self, promise: Promise, entry: Kept | None) -> None:
        if await self._tell(promise, entry):
            await self._services.history.told(promise.reference)

    async def _tell(self, promise: Promise, entry: Kept | None) -> bool:
        """Tell a person; False where Slack does not let us, so that it is tried again."""
        words = await self._words(promise.person)
        match entry:
            case Entry():
                told = settled(words, entry, entry.outcome or Outcome.UNKNOWN)
            case None:
                told = interrupted(words, promise.at)
            case _:
                told = unreadable(words, promise.at)
        try:
            await self._slack.direct_message(promise.person, told)
        except SlackFailed as error:
            self._silent_until = self._services.clock.monotonic() + error.wait
            self._log.error("outcome not told yet", person=promise.person, write=promise.reference, reason=str(error))
            return False
        return True

    async def _words(self, id_: str) -> Words:
        """Return the words for a person; the default ones where Slack does not say who that is."""
        try:
            person = await self._directory.person(id_)
        except BotError:
            return Words(self._default)
        return Words(language_of(person.locale, self._default), zone_of(person.zone))
