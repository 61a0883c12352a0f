"""Whether Slack and InvoiceXpress answer, asked of each now and then where nobody else did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import BotError
from bot.health import Service
from bot.invoicexpress.client import InvoiceXpress
from bot.slack.failures import CALL_FAILURES, in_words

BEAT_SECONDS: Final = 60.0


class Pulse:
    """Keeps watch over the two services.

    Args:
        slack: the Web API.
        account: the InvoiceXpress account; asked only where it has not answered anybody lately.
        clock: the time.
    """

    def __init__(self, slack: AsyncWebClient, account: InvoiceXpress, clock: Clock) -> None:
        self._slack = slack
        self._account = account
        self._clock = clock
        self._answered: datetime | None = None
        self._down_since: datetime | None = None
        self._log = structlog.get_logger(__name__)

    @property
    def services(self) -> dict[str, Service]:
        """What is known of both."""
        return {
            "slack": Service(self._answered, self._down_since),
            "invoicexpress": Service(self._account.last_answer, self._account.down_since),
        }

    def slack_answered(self) -> None:
        """Take note that Slack has just answered."""
        self._answered, self._down_since = self._clock.now(), None

    async def beat(self) -> None:
        """Ask both once. A service that does not answer is not an error here: its silence is what is reported."""
        try:
            await self._slack.auth_test()
            self.slack_answered()
        except CALL_FAILURES as error:
            self._down_since = self._down_since or self._clock.now()
            self._log.warning("slack does not answer", reason=in_words(error))
        last = self._account.last_answer
        if last is None or self._clock.now() - last > timedelta(seconds=BEAT_SECONDS / 2):
            try:
                await self._account.list_taxes(background=True)
            except BotError as error:
                self._log.warning("invoicexpress does not answer", error=type(error).__name__)
