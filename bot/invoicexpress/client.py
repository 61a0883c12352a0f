"""One InvoiceXpress account, as the rest of the bot uses it.

Every operation raises errors of `bot.invoicexpress.errors`, drawn in `bot.errors`. Any of them may raise
`CredentialsRejected`, `AccountUnknown`, `RateLimited`, `Overloaded`, `Unavailable` and `UnexpectedAnswer`; what is
special to one is named there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.invoicexpress import answers, wire
from bot.invoicexpress.models import Page
from bot.invoicexpress.pacing import REQUESTS_PER_MINUTE, Limits
from bot.invoicexpress.traffic import Look, Traffic
from bot.invoicexpress.transport import Sender
from bot.invoicexpress.turns import Lane
from bot.invoicexpress.walk import walk
from bot.scrubber import Scrubber

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from datetime import datetime

    import httpx
    from pydantic import SecretStr

    from bot.clock import Clock
    from bot.invoicexpress.models import Client, Item, ItemDraft, Tax
    from bot.invoicexpress.walk import ListedT

__all__ = ["InvoiceXpress", "Limits", "Page"]


class InvoiceXpress:
    """One account. Shared by the whole process; one pool of connections underneath.

    Args:
        base_url: such as `https://acme.app.invoicexpress.com`; http for addresses of this machine only.
        api_key: the account's key; it is in no log, error or repr.
        requests_per_minute: the account's budget.
        clock: the time; every wait but that for the network itself is on it.
        transport: what speaks HTTP; None is the network.
        verify: the certificates that are trusted; True for the usual ones. Verification cannot be switched off.
        limits: time-outs, retries, queues.

    Raises:
        ValueError: the address is not one that a key may be sent to, certificates would not be verified, or the
            budget is less than one request a minute.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        requests_per_minute: int = REQUESTS_PER_MINUTE,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: ssl.SSLContext | bool = True,
        limits: Limits | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._hide = Scrubber([api_key])
        self._sender = Sender(base_url, api_key, limits=self._limits, clock=clock, transport=transport, verify=verify)
        self._traffic = Traffic(
            self._sender.send, limits=self._limits, requests_per_minute=requests_per_minute, clock=clock
        )

    @property
    def address(self) -> str:
        """The account's address, without the key."""
        return self._sender.address

    @property
    def last_answer(self) -> datetime | None:
        """When the service last answered as one that works does, be it with a refusal; None before the first time."""
        return self._traffic.last_answer

    @property
    def down_since(self) -> datetime | None:
        """When the present run of failures began; None while the service answers."""
        return self._traffic.down_since

    async def aclose(self) -> None:
        """Close every connection. Operations that still wait for their turn end with `Unavailable`."""
        self._traffic.close()
        await self._sender.aclose()

    async def list_items(self, page: int = 1, *, per_page: int = wire.PER_PAGE, background: bool = False) -> Page[Item]:
        """Return one page of items, from 1. Beyond the last there may be an empty page, or the last one again."""
        return await self._items(page, per_page, _lane(background=background))

    def walk_items(
        self, *, first_page: int = 1, concurrency: int = 1, background: bool = False
    ) -> AsyncGenerator[Page[Item], None]:
        """Yield the pages of items in order, each item once, to the end of the list. See `walk`.

        Args:
            first_page: where to begin.
            concurrency: how many pages may be asked for at the same time.
            background: whether nobody waits; then it takes at most a quarter of the budget.
        """
        return self._walk(self._items, first_page, concurrency, background=background)

    async def get_item(self, item_id: int, *, background: bool = False) -> Item:
        """Return one item.

        Raises:
            NotFound: there is none with this id.
        """
        return answers.read_item(await self._ask(wire.get_item(item_id), _lane(background=background)), item_id)

    async def create_item(self, draft: ItemDraft) -> Item:
        """Create an item and return it as it was stored. Never sent twice.

        Raises:
            Rejected: a value was refused.
            OutcomeUnknown: it may or may not have been created; look for an item of this name.
        """
        return answers.read_created_item(await self._ask(wire.create_item(draft)))

    async def update_item(self, item_id: int, draft: ItemDraft, *, look: Look | None = None) -> None:
        """Replace an item's values, all of them.

        Args:
            item_id: the item.
            draft: the values.
            look: has a look at the account before the write is sent again.

        Raises:
            NotFound: there is none with this id.
            Rejected: a value was refused.
            OutcomeUnknown: it may or may not have been changed; read it.
        """
        answers.check_written(await self._ask(wire.update_item(item_id, draft), look=look), item_id)

    async def delete_item(self, item_id: int, *, look: Look | None = None) -> None:
        """Delete an item.

        Args:
            item_id: the item.
            look: has a look at the account before the write is sent again.

        Raises:
            NotFound: there is none with this id, and it was not this call that deleted it.
            Rejected: the service refuses to delete it.
            OutcomeUnknown: it may or may not have been deleted; read it.
        """
        answers.check_written(await self._ask(wire.delete_item(item_id), look=look), item_id)

    async def list_clients(
        self, page: int = 1, *, per_page: int = wire.PER_PAGE, background: bool = False
    ) -> Page[Client]:
        """Return one page of clients, from 1. Beyond the last there may be an empty page, or the last one again."""
        return await self._clients(page, per_page, _lane(background=background))

    def walk_clients(
        self, *, first_page: int = 1, concurrency: int = 1, background: bool = False
    ) -> AsyncGenerator[Page[Client], None]:
        """Yield the pages of clients in order, each client once, as `walk_items` does."""
        return self._walk(self._clients, first_page, concurrency, background=background)

    async def get_client(self, client_id: int, *, background: bool = False) -> Client:
        """Return one client.

        Raises:
            NotFound: there is none with this id.
        """
        return answers.read_client(await self._ask(wire.get_client(client_id), _lane(background=background)), client_id)

    async def find_client_by_name(self, name: str) -> Client | None:
        """Return the client that the service finds by this name, or None.

        Several clients may share a name; the service shows one. The live service was seen to answer 500 where there is
        none, so a 500 that comes twice is read as none.
        """
        return await self._find(wire.find_client_by_name(name))

    async def find_client_by_code(self, code: str) -> Client | None:
        """Return the client that has this code, or None."""
        return await self._find(wire.find_client_by_code(code))

    async def list_taxes(self, *, background: bool = False) -> tuple[Tax, ...]:
        """Return the account's taxes. The list has no pages."""
        return answers.read_taxes(await self._ask(wire.list_taxes(), _lane(background=background)))

    async def _ask(self, request: wire.Request, lane: Lane = Lane.PEOPLE, *, look: Look | None = None) -> wire.Answer:
        answer = await self._traffic.carry(request, lane, look)
        answers.check(request, answer, self._hide)
        return answer

    async def _find(self, request: wire.Request) -> Client | None:
        answer = await self._traffic.carry(request, Lane.PEOPLE)
        if answers.is_miss(request, answer):
            return None
        answers.check(request, answer, self._hide)
        return answers.read_client(answer)

    async def _items(self, page: int, per_page: int, lane: Lane) -> Page[Item]:
        answer = await self._page(wire.list_items(page, per_page), lane, page)
        return answers.read_items(answer, page) if answer else Page(page, ())

    async def _clients(self, page: int, per_page: int, lane: Lane) -> Page[Client]:
        answer = await self._page(wire.list_clients(page, per_page), lane, page)
        return answers.read_clients(answer, page) if answer else Page(page, ())

    async def _page(self, request: wire.Request, lane: Lane, page: int) -> wire.Answer | None:
        """Return a page of a list; None past its end."""
        answer = await self._traffic.carry(request, lane)
        if answers.is_end(answer, page):
            return None
        answers.check(request, answer, self._hide)
        return answer

    def _walk(
        self,
        fetch: Callable[[int, int, Lane], Awaitable[Page[ListedT]]],
        first_page: int,
        concurrency: int,
        *,
        background: bool,
    ) -> AsyncGenerator[Page[ListedT], None]:
        lane = Lane.BACKGROUND if background else Lane.WALK
        return walk(
            lambda page: fetch(page, wire.PER_PAGE, lane),
            first_page=first_page,
            concurrency=concurrency,
            per_page=wire.PER_PAGE,
            most_pages=self._limits.pages,
        )


def _lane(*, background: bool) -> Lane:
    return Lane.BACKGROUND if background else Lane.PEOPLE
