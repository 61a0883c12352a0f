"""The parts that handlers ask, built once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.catalog import Catalog
from bot.clock import Clock
from bot.history import History
from bot.invoicexpress.client import InvoiceXpress
from bot.turnstile import OneAtATime


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler may use beside its request.

    Attributes:
        account: the InvoiceXpress account, over the network.
        catalog: the local copy of the account.
        history: where writes are recorded.
        clock: the time.
        one_at_a_time: keeps those apart who write to the same item.
    """

    account: InvoiceXpress
    catalog: Catalog
    history: History
    clock: Clock
    one_at_a_time: OneAtATime = field(default_factory=OneAtATime)
