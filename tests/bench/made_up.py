"""A made-up Portuguese catalogue as the bot reads it, and a copy of it in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.catalog.copy import Copy
from bot.catalog.kinds import CLIENTS, ITEMS, Kind
from bot.catalog.model import R
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.models import Client, Item
from bot.sandbox.account.samples import made_up_clients, made_up_items

FIRST_ID: Final = 400_000
_BATCH: Final = 1_000
_CHUNK: Final = 1 << 24


def items(count: int) -> Iterator[Item]:
    """Yield so many items."""
    for record in made_up_items(count, first_id=FIRST_ID):
        tax = {"name": record.tax, "value": record.tax_value} if record.tax else None
        yield Item.model_validate(asdict(record) | {"tax": tax})


def clients(count: int) -> Iterator[Client]:
    """Yield so many clients."""
    return (Client.model_validate(asdict(record)) for record in made_up_clients(count, first_id=FIRST_ID))


def nowhere() -> InvoiceXpress:
    """Return an account that is never asked."""
    return InvoiceXpress("http://127.0.0.1:9", SecretStr("none"))


async def write_copy(path: Path, count: int, owner: str) -> None:
    """Write a whole copy of so many items and as many clients, without an account."""
    copy = Copy(path, clients_on_disk=True, owner=owner)
    await copy.open()
    await _put(copy, ITEMS, items(count))
    await _put(copy, CLIENTS, clients(count))
    await copy.aclose()


async def _put(copy: Copy, kind: Kind[R], records: Iterable[R]) -> None:
    source = iter(records)
    while batch := list(islice(source, _BATCH)):
        await copy.put(kind, batch)
    await copy.tidy(kind)
    await copy.set_whole(kind, datetime.now(UTC))


def size_of(path: Path) -> float:
    """Return the size of a file in megabytes."""
    return path.stat().st_size / 1e6


def read_through(path: Path) -> None:
    """Read a file, so that the system holds it in memory, as it holds that of a bot which has run for a while.

    Of a file that takes minutes to write, the system has let go of the beginning when the end is written.
    """
    with path.open("rb") as file:
        while file.read(_CHUNK):
            pass
