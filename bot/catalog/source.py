"""Where the records of each kind come from, and which of them others have written meanwhile."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from bot.catalog.kinds import CLIENTS, ITEMS
from bot.catalog.model import R

if TYPE_CHECKING:
    from bot.catalog.kinds import Kind
    from bot.clock import Clock
    from bot.invoicexpress.client import InvoiceXpress, Page
    from bot.invoicexpress.models import Client, Item


@dataclass(frozen=True, slots=True)
class Source(Generic[R]):
    """Where one kind of record comes from. All three can be told that nobody waits: `background=True`.

    Attributes:
        kind: the kind.
        pages: yields all pages in order, each record once.
        page: reads one page.
        one: reads one record by its id.
    """

    kind: Kind[R]
    pages: Callable[..., AsyncGenerator[Page[R], None]]
    page: Callable[..., Awaitable[Page[R]]]
    one: Callable[..., Awaitable[R]]


def sources(account: InvoiceXpress) -> tuple[Source[Item], Source[Client]]:
    """Return where the records of an account come from."""
    return (
        Source(ITEMS, account.walk_items, account.list_items, account.get_item),
        Source(CLIENTS, account.walk_clients, account.list_clients, account.get_client),
    )


class RecentWrites:
    """Which records of a kind have been put or dropped by their id lately: a page read earlier must not undo that.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: dict[int, float] = {}

    def note(self, record_id: int) -> None:
        """Remember a write."""
        self._times[record_id] = self._clock.monotonic()

    def since(self, moment: float, record_id: int) -> bool:
        """Return whether a record was written at a moment or after it."""
        return self._times.get(record_id, float("-inf")) >= moment

    def forget_before(self, moment: float) -> None:
        """Forget the writes before a moment."""
        self._times = {record_id: time for record_id, time in self._times.items() if time >= moment}
