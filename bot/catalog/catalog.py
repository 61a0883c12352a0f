"""The local copy of the account, as the rest of the bot uses it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.catalog.copy import Copy
from bot.catalog.entries import LONGEST_QUERY
from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.model import CatalogStatus, Changes, Hits, KindName, Progress, R, Standing
from bot.catalog.search import Found
from bot.catalog.source import sources
from bot.catalog.sync import Sync
from bot.catalog.taxes import Taxes
from bot.clock import SystemClock
from bot.invoicexpress.errors import AccountError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.clock import Clock
    from bot.invoicexpress.client import InvoiceXpress
    from bot.invoicexpress.models import Client, Item, Tax

REFRESH_MINUTES: Final = 15.0

T = TypeVar("T")

PATIENCE_SECONDS: Final = 2.0
"""How long a look-up waits for the first walk before it answers with what is there; Slack waits three for an answer."""


class Catalog:
    """Items, clients and taxes of one account, searched and listed without a request.

    Each kind is walked, fails and is tried again by itself. Until the copy of a kind is whole for the first time,
    searches and lists wait a moment for the walk that fills it, one for everybody; then they answer with what has been
    read, and say how far the walk is. If it has failed and nothing was read, its error is raised. From then on the copy
    answers by itself, whether InvoiceXpress does or not.

    Args:
        account: the account.
        path: where the copy is kept; None keeps it in memory. The file is disposable and its owner's alone.
        clients_on_disk: keep clients in the file too; otherwise they are in memory only.
        refresh_minutes: how long after the beginning of one walk the next is due.
        patience_seconds: how long a search or a list waits for the first walk before it answers with what has been
            read; None waits for its end.
        clock: the time.
    """

    def __init__(
        self,
        account: InvoiceXpress,
        *,
        path: Path | None = None,
        clients_on_disk: bool = True,
        refresh_minutes: float = REFRESH_MINUTES,
        patience_seconds: float | None = PATIENCE_SECONDS,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._copy = Copy(path, clients_on_disk=clients_on_disk, owner=account.address)
        self._syncs: dict[KindName, Sync[Any]] = {
            source.kind.name: Sync(source, self._copy, self._clock) for source in sources(account)
        }
        self._taxes = Taxes(account, self._copy, self._clock, self._is_old)
        self._interval = timedelta(minutes=refresh_minutes)
        self._patience = patience_seconds
        self._refreshing: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Open the copy, or make an empty one. Nothing is asked of the account."""
        await self._copy.open()
        await self._taxes.open()

    @property
    def is_quiet(self) -> bool:
        """Whether no walk is under way that somebody has asked for."""
        return not any(sync.is_asked_for for sync in self._syncs.values())

    async def end_writing(self) -> None:
        """Stop every walk and change nothing on the disk any more; what was read before can still be searched."""
        await self._stop_reading()
        await self._copy.end_writing()

    async def aclose(self) -> None:
        """Stop the refresh and the walk that is under way, and close the copy."""
        await self._stop_reading()
        await self._copy.aclose()

    async def _stop_reading(self) -> None:
        await self.stop()
        await self._taxes.aclose()
        for sync in self._syncs.values():
            await sync.aclose()

    @property
    def status(self) -> CatalogStatus:
        """The state of the copy."""
        return CatalogStatus(
            kinds={name: sync.status for name, sync in self._syncs.items()},
            taxes_at=self._taxes.read_at,
            taxes_failure=self._taxes.failure,
            on_disk=self._copy.on_disk,
        )

    def standing(self, kind: KindName) -> Standing:
        """Return how far the copy of a kind can be relied on now."""
        synced_at = self._copy.whole[kind]
        partial = synced_at is None
        return Standing(
            partial=partial,
            synced_at=synced_at,
            stale=self._is_old(synced_at),
            reading=self._syncs[kind].progress if partial else None,
            unreadable=self._copy.unreadable[kind],
        )

    async def search_items(self, text: str, *, limit: int = 10, offset: int = 0) -> Hits[Item]:
        """Return a part of the items that a text finds by name, description or id, best first.

        Case, accents and the order of words do not matter; words may be begun only, parts of words, or slightly
        misspelt. A blank text finds all items, by name.

        Args:
            text: what was typed.
            limit: how many are wanted at most.
            offset: how many to skip.

        Raises:
            AccountError: nothing has been read yet, and the walk failed.
        """
        await self._first_walk(ITEMS)
        return await self._search(ITEMS, text, limit, offset)

    async def search_clients(self, text: str, *, limit: int = 10, offset: int = 0) -> Hits[Client]:
        """Return a part of the clients that a text finds, as `search_items` does.

        By name, code, fiscal id, e-mail, phone or city; numbers with or without spaces, PT and +351.
        """
        await self._first_walk(CLIENTS)
        return await self._search(CLIENTS, text, limit, offset)

    async def page_items(self, *, limit: int, offset: int) -> Hits[Item]:
        """Return a part of all items, by their name without case and accents, then by id.

        Raises:
            AccountError: nothing has been read yet, and the walk failed.
        """
        await self._first_walk(ITEMS)
        return await self._page(ITEMS, limit, offset)

    async def page_clients(self, *, limit: int, offset: int) -> Hits[Client]:
        """Return a part of all clients, as `page_items` does."""
        await self._first_walk(CLIENTS)
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
        """Walk the whole account, as it is from now on, and return what changed and what failed.

        Whoever asks while a walk is under way shares the next one with all others who do. Of what failed, the copy is
        as whole as it was before.
        """
        items, clients, taxes = await asyncio.gather(
            _outcome(self._syncs["items"].refresh(progress)),
            _outcome(self._syncs["clients"].refresh(progress)),
            _outcome(self._taxes.refresh()),
        )
        return Changes(items, clients, taxes if isinstance(taxes, AccountError) else None)

    def start(self) -> None:
        """Keep the copy fresh in the background from now on: walk at once what is not whole, else when it is due."""
        if not self._refreshing:
            self._refreshing = [
                asyncio.create_task(self._keep_fresh(sync), name=f"catalog-refresh-{sync.kind.name}")
                for sync in self._syncs.values()
            ]

    async def stop(self) -> None:
        """Stop keeping the copy fresh. A walk that is under way goes on."""
        tasks, self._refreshing = self._refreshing, []
        for task in tasks:
            task.cancel()
            await asyncio.wait([task])

    async def _keep_fresh(self, sync: Sync[Any]) -> None:
        while True:
            await self._clock.sleep(self._until_due(sync))
            # Nobody waits for a later walk; for the first one everybody does.
            background = self._copy.whole[sync.kind.name] is not None
            # Whatever a walk fails with, it has logged, and the next one may succeed.
            with contextlib.suppress(Exception):
                await sync.refresh(background=background)
            if sync.kind is ITEMS:
                with contextlib.suppress(Exception):
                    await self._taxes.refresh(background=background)

    def _until_due(self, sync: Sync[Any]) -> float:
        """Return the seconds until the next walk: one refresh at most, whatever the clock said before, or the pause."""
        synced_at = self._copy.whole[sync.kind.name]
        if synced_at is None or self._is_old(synced_at):
            return sync.until_retry
        return max(sync.until_retry, (synced_at + self._interval - self._clock.now()).total_seconds())

    def _is_old(self, moment: datetime | None) -> bool:
        """Return whether a moment is more than one refresh ago, or still to come: the clock was ahead at the time."""
        return moment is not None and not timedelta() <= self._clock.now() - moment <= self._interval

    async def _search(self, kind: Kind[R], text: str, limit: int, offset: int) -> Hits[R]:
        if not text.strip():
            return await self._page(kind, limit, offset)
        # The rest is not looked at, and what is kept of this search is no long text.
        records, found = await self._copy.find(kind, text[:LONGEST_QUERY], limit, offset)
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
            reading=standing.reading,
            unreadable=standing.unreadable,
        )

    async def _first_walk(self, kind: Kind[R]) -> None:
        """Make sure that the copy is whole, as far as that can be had soon."""
        sync = self._syncs[kind.name]
        if self._copy.whole[kind.name] is not None:
            return
        if not sync.until_retry:
            await sync.first(self._patience)
        if sync.error is not None and not self._copy.counts[kind.name] and self._copy.whole[kind.name] is None:
            raise sync.error.with_traceback(None)

    async def _put(self, kind: Kind[R], record: R) -> None:
        self._syncs[kind.name].recent.note(record.id)
        await self._copy.put(kind, [record])

    async def _drop(self, kind: Kind[R], record_id: int) -> None:
        self._syncs[kind.name].recent.note(record_id)
        await self._copy.drop(kind, [record_id])


async def _outcome(work: Awaitable[T]) -> T | AccountError:
    """Return what work returns, or how the account failed it."""
    try:
        return await work
    except AccountError as error:
        return error
