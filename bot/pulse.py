"""Whether Slack and InvoiceXpress answered lately, asked of each now and then where nobody else did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import BotError
from bot.health import Readiness
from bot.invoicexpress.client import InvoiceXpress
from bot.slack.failures import CALL_FAILURES, in_words

BEAT_SECONDS: Final = 60.0
LATELY: Final = timedelta(seconds=150)


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
        self._slack_answered: datetime | None = None
        self._log = structlog.get_logger(__name__)

    def slack_answered(self) -> None:
        """Take note that Slack has just answered."""
        self._slack_answered = self._clock.now()

    def readiness(self) -> Readiness:
        """Return which of the two answered lately."""
        return Readiness(
            slack=self._lately(self._slack_answered), invoicexpress=self._lately(self._account.last_answer)
        )

    async def beat(self) -> None:
        """Ask both once. A service that does not answer is not an error here: its silence is what is reported."""
        try:
            await self._slack.auth_test()
            self.slack_answered()
        except CALL_FAILURES as error:
            self._log.warning("slack does not answer", reason=in_words(error))
        last = self._account.last_answer
        if last is None or self._clock.now() - last > timedelta(seconds=BEAT_SECONDS / 2):
            try:
                await self._account.list_taxes(background=True)
            except BotError as error:
                self._log.warning("invoicexpress does not answer", error=type(error).__name__)

    def _lately(self, answered: datetime | None) -> bool:
        return answered is not None and self._clock.now() - answered <= LATELY
