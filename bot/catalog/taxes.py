"""The account's taxes for whoever opens a form: from the copy, read again where they are old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from bot.clock import wait_at_most
from bot.invoicexpress.errors import AccountError

if TYPE_CHECKING:
    from bot.catalog.copy import Copy
    from bot.clock import Clock
    from bot.invoicexpress.client import InvoiceXpress
    from bot.invoicexpress.models import Tax

PATIENCE_SECONDS: Final = 2.0
"""How long somebody waits for old taxes to be read again: they hardly ever change, and a form is to open."""


class Taxes:
    """Reads the taxes when somebody needs them and the copy's are old: one read, shared by everybody who waits for it.

    Whoever is cancelled, or loses patience, leaves the read to the others; it goes on, and its failure is logged.

    Args:
        account: has them.
        copy: keeps them.
        clock: the time.
        is_old: whether what was read at a moment should be read again.

    Attributes:
        read_at: when the taxes of the copy were read; None where it has none.
        failure: how the last read failed, in one word; empty if it did not.
    """

    def __init__(self, account: InvoiceXpress, copy: Copy, clock: Clock, is_old: Callable[[datetime], bool]) -> None:
        self._account = account
        self._copy = copy
        self._clock = clock
        self._is_old = is_old
        self.read_at: datetime | None = None
        self.failure = ""
        self._reading: asyncio.Task[tuple[Tax, ...]] | None = None
        self._log = structlog.get_logger(__name__)

    async def open(self) -> None:
        """See of when the copy's taxes are; the copy is open."""
        kept = await self._copy.taxes()
        self.read_at = kept[0] if kept else None

    async def get(self) -> tuple[Tax, ...]:
        """Return the taxes: those of the copy where they are fresh, or can't be read again soon.

        Raises:
            AccountError: the copy has none, and they cannot be read.
        """
        reading = None if self._reading is None or self._reading.done() else self._reading
        kept = await self._copy.taxes()
        if kept is None:
            # A read that ended while we looked has what was asked for: it is not begun once more.
            return await self._result(reading or self._begin())
        self.read_at, taxes = kept
        return taxes if not self._is_old(self.read_at) else await self._again(taxes)

    async def refresh(self, *, background: bool = False) -> tuple[Tax, ...]:
        """Read the taxes and return them; a read that is under way is not begun twice.

        Args:
            background: nobody waits for them.

        Raises:
            AccountError: they cannot be read.
        """
        return await self._result(self._begin(background=background))

    async def aclose(self) -> None:
        """End the read that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def _again(self, held: tuple[Tax, ...]) -> tuple[Tax, ...]:
        """Return the taxes as they are read now; where that fails or takes long, those that are held."""
        reading = self._begin()
        await wait_at_most(self._clock, reading, PATIENCE_SECONDS)
        try:
            return reading.result() if reading.done() else held
        except AccountError:
            return held

    @staticmethod
    async def _result(reading: asyncio.Task[tuple[Tax, ...]]) -> tuple[Tax, ...]:
        await asyncio.wait([reading])  # unlike awaiting it, this does not cancel it for the others
        return reading.result()

    def _begin(self, *, background: bool = False) -> asyncio.Task[tuple[Tax, ...]]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(background=background), name="catalog-taxes")
            self._reading.add_done_callback(self._over)
        return self._reading

    async def _read(self, *, background: bool) -> tuple[Tax, ...]:
        began = self._clock.now()
        taxes = await self._account.list_taxes(background=background)
        await self._copy.keep_taxes(began, taxes)
        self.read_at = began
        return taxes

    def _over(self, task: asyncio.Task[tuple[Tax, ...]]) -> None:
        error = None if task.cancelled() else task.exception()
        self.failure = type(error).__name__ if error else ""
        if error is not None:
            ours = None if isinstance(error, AccountError) else error
            self._log.warning("catalog.taxes_not_read", reason=repr(error), exc_info=ours)
