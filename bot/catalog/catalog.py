"""The local copy of the account, as the rest of the bot uses it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.catalog.copy import Copy
from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.model import CatalogStatus, Changes, Hits, KindName, Progress, R, Standing
from bot.catalog.search import Found
from bot.catalog.sync import Sync
from bot.catalog.taxes import Taxes
from bot.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from bot.clock import Clock
    from bot.invoicexpress.client import InvoiceXpress
    from bot.invoicexpress.models import Client, Item, Tax

REFRESH_MINUTES: Final = 15.0

_PAUSE: Final = 30.0  # seconds after a failed walk before another is begun


class Catalog:
    """Items, clients and taxes of one account, searched and listed without a request.

    Until the copy is whole for the first time, searches and lists wait for the walk that fills it, one for everybody.
    If it fails, what was read before is answered and said to be partial; if there is nothing, its error is raised.
    From then on the copy answers by itself, whether InvoiceXpress does or not.

    Args:
        account: the account.
        path: where the copy is kept; None keeps it in memory. The file is disposable and its owner's alone.
        clients_on_disk: keep clients in the file too; otherwise they are in memory only.
        refresh_minutes: how long after the beginning of one walk the next is due.
        clock: the time.
    """

    def __init__(
        self,
        account: InvoiceXpress,
        *,
        path: Path | None = None,
        clients_on_disk: bool = True,
        refresh_minutes: float = REFRESH_MINUTES,
        clock: Clock | None = None,
    ) -> None:
        self._account = account
        self._clock = clock or SystemClock()
        self._copy = Copy(path, clients_on_disk=clients_on_disk, owner=account.address)
        self._sync = Sync(account, self._copy, self._clock)
        self._taxes = Taxes(self._sync, self._copy, self._clock, self._is_old)
        self._interval = timedelta(minutes=refresh_minutes)
        self._refreshing: asyncio.Task[None] | None = None
        self._log = structlog.get_logger(__name__)

    async def open(self) -> None:
        """Open the copy, or make an empty one. Nothing is asked of the account."""
        await self._copy.open()

    async def aclose(self) -> None:
        """Stop the refresh and the walk that is under way, and close the copy."""
        await self.stop()
        await self._taxes.aclose()
        await self._sync.aclose()
        await self._copy.aclose()

    @property
    def status(self) -> CatalogStatus:
        """The state of the copy."""
        synced = [when for when in self._copy.whole.values() if when is not None]
        complete = len(synced) == len(self._copy.whole)
        oldest = min(synced) if complete else None
        return CatalogStatus(
            complete=complete,
            synced_at=oldest,
            running=self._sync.running,
            items=self._copy.counts["items"],
            clients=self._copy.counts["clients"],
            on_disk=self._copy.on_disk,
        )

    def standing(self, kind: KindName) -> Standing:
        """Return how far the copy of a kind can be relied on now."""
        synced_at = self._copy.whole[kind]
        return Standing(partial=synced_at is None, synced_at=synced_at, stale=self._is_old(synced_at))

    async def search_items(
        self, text: str, *, limit: int = 10, offset: int = 0, patience_seconds: float | None = None
    ) -> Hits[Item]:
        """Return a part of the items that a text finds by name, description or id, best first.

        Case, accents and the order of words do not matter; words may be begun only, parts of words, or slightly
        misspelt. A blank text finds all items, by name.

        Args:
            text: what was typed.
            limit: how many are wanted at most.
            offset: how many to skip.
            patience_seconds: how long to wait for the first walk before what has been read so far is answered; None
                waits for its end. Whoever must answer Slack within three seconds has less.

        Raises:
            AccountError: nothing has been read yet, and the walk failed.
        """
        await self._first_walk(ITEMS, patience_seconds)
        return await self._search(ITEMS, text, limit, offset)

    async def search_clients(
        self, text: str, *, limit: int = 10, offset: int = 0, patience_seconds: float | None = None
    ) -> Hits[Client]:
        """Return a part of the clients that a text finds, as `search_items` does.

        By name, code, fiscal id, e-mail, phone or city; numbers with or without spaces, PT and +351.
        """
        await self._first_walk(CLIENTS, patience_seconds)
        return await self._search(CLIENTS, text, limit, offset)

    async def page_items(self, *, limit: int, offset: int) -> Hits[Item]:
        """Return a part of all items, by their name without case and accents, then by id.

        Raises:
            AccountError: nothing has been read yet, and the walk failed.
        """
        await self._first_walk(ITEMS, None)
        return await self._page(ITEMS, limit, offset)

    async def page_clients(self, *, limit: int, offset: int) -> Hits[Client]:
        """Return a part of all clients, as `page_items` does."""
        await self._first_walk(CLIENTS, None)
        return await self._page(CLIENTS, limit, offset)

    async def item(self, item_id: int) -> Item | None:
        """Return an item as the copy has it, or None."""
        return await self._copy.get(ITEMS, item_id)

    async def client(self, client_id: int) -> Client | None:
        """Return a client as the copy has it, or None."""
        return await self._copy.get(CLIENTS, client_id)

    async def put_item(self, item: Item) -> None:
        """Take over an item that was written, or read by its id."""
        await self._put(ITEMS, item)

    async def drop_item(self, item_id: int) -> None:
        """Drop an item that was deleted, or found to be gone."""
        await self._drop(ITEMS, item_id)

    async def put_client(self, client: Client) -> None:
        """Take over a client that was read by its id."""
        await self._put(CLIENTS, client)

    async def drop_client(self, client_id: int) -> None:
        """Drop a client that was found to be gone."""
        await self._drop(CLIENTS, client_id)

    async def taxes(self) -> tuple[Tax, ...]:
        """Return the account's taxes, read again if the copy of them is older than one refresh.

        A read that is under way is not begun twice. Where they cannot be read again within `taxes.PATIENCE_SECONDS`,
        those of the copy are returned.

        Raises:
            AccountError: they have never been read, and cannot be read now.
        """
        return await self._taxes.get()

    async def refresh(self, progress: Callable[[Progress], Awaitable[None]] | None = None) -> Changes:
        """Walk the whole account, as it is from now on, and return what changed.

        Whoever asks while a walk is under way shares the next one with all others who do.

        Raises:
            AccountError: the walk could not be finished; the copy is as whole as it was before.
        """
        return await self._sync.refresh(progress)

    def start(self) -> None:
        """Keep the copy fresh in the background from now on: walk at once if it is not whole, else when it is due."""
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._keep_fresh(), name="catalog-refresh")

    async def stop(self) -> None:
        """Stop keeping the copy fresh. A walk that is under way goes on."""
        task, self._refreshing = self._refreshing, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _keep_fresh(self) -> None:
        while True:
            await self._clock.sleep(self._until_due())
            # Whatever a walk fails with, it has logged, and the next one may succeed.
            with contextlib.suppress(Exception):
                # Nobody waits for a later walk; for the first one everybody does.
                await self._sync.refresh(background=self.status.complete)

    def _until_due(self) -> float:
        """Return the seconds until the next walk: one refresh at most, whatever the clock said before, or the pause."""
        pause = self._until_retry()
        fresh = [when for when in self._copy.whole.values() if when is not None and not self._is_old(when)]
        if len(fresh) < len(self._copy.whole):
            return pause
        return max(pause, (min(fresh) + self._interval - self._clock.now()).total_seconds())

    def _until_retry(self) -> float:
        if self._sync.failed_at is None:
            return 0.0
        return max(0.0, self._sync.failed_at + _PAUSE - self._clock.monotonic())

    def _is_old(self, moment: datetime | None) -> bool:
        """Return whether a moment is more than one refresh ago, or still to come: the clock was ahead at the time."""
        return moment is not None and not timedelta() <= self._clock.now() - moment <= self._interval

    async def _search(self, kind: Kind[R], text: str, limit: int, offset: int) -> Hits[R]:
        if not text.strip():
            return await self._page(kind, limit, offset)
        records, found = await self._copy.find(kind, text, limit, offset)
        return self._hits(kind, records, found)

    async def _page(self, kind: Kind[R], limit: int, offset: int) -> Hits[R]:
        records = await self._copy.page(kind, limit, offset)
        return self._hits(kind, records, Found((), self._copy.counts[kind.name], total_is_exact=True))

    def _hits(self, kind: Kind[R], records: tuple[R, ...], found: Found) -> Hits[R]:
        standing = self.standing(kind.name)
        return Hits(
            records,
            found.total,
            total_is_exact=found.total_is_exact,
            partial=standing.partial,
            synced_at=standing.synced_at,
            stale=standing.stale,
        )

    async def _first_walk(self, kind: Kind[R], patience: float | None) -> None:
        """Make sure that the copy is whole, as far as that can be had."""
        if self._copy.whole[kind.name] is not None:
            return
        if not self._until_retry():
            await self._sync.first(kind, patience)
        if self._sync.error is not None and not self._copy.counts[kind.name] and self._copy.whole[kind.name] is None:
            raise self._sync.error.with_traceback(None)

    async def _put(self, kind: Kind[R], record: R) -> None:
        self._sync.recent.note(kind.name, record.id)
        await self._copy.put(kind, [record])

    async def _drop(self, kind: Kind[R], record_id: int) -> None:
        self._sync.recent.note(kind.name, record_id)
        await self._copy.drop(kind, [record_id])
