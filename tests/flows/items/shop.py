"""A small shop: an account with a handful of items that each show something, for flows about items."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.catalog import KindName
from bot.invoicexpress.client import Limits
from bot.sandbox.account import Account, Exchange, ItemRecord, TaxRecord, Write
from bot.sandbox.slack import Actor, View
from tests.flows.world import World, living_world

QUICK = Limits(attempts=3, first_pause=0.001, longest_pause=0.002, failures=1000)
"""A bot that tries as often as ever, but hardly waits in between."""

TAXES = (
    TaxRecord(id=1, name="IVA23", value=Decimal(23), default=True),
    TaxRecord(id=2, name="IVA13", value=Decimal(13)),
    TaxRecord(id=3, name="IVA6", value=Decimal(6)),
)

MEDIUM = 402321
LARGE = 402322
COFFEE = 402323
DOUBLE = 402324
COSTS = 402325
KIT = 402326
YEAR = 402327
MODEL = 402328


def item(
    item_id: int,
    name: str,
    price: str = "10",
    *,
    description: str | None = None,
    unit: str | None = None,
    tax: str = "",
) -> ItemRecord:
    """Return an item; its tax is one of `TAXES` by name, or none."""
    rate = next((known.value for known in TAXES if known.name == tax), None)
    return ItemRecord(
        id=item_id,
        name=name,
        unit_price=Decimal(price),
        description=description,
        unit=unit,
        tax=tax or None,
        tax_value=rate,
    )


ITEMS = (
    item(MEDIUM, "Medium", "24.3902", description="foo", unit="service", tax="IVA23"),
    item(LARGE, "Large", "100", unit="service", tax="IVA23"),
    item(COFFEE, "Café Expresso", "0.6504", description="Lote da casa", unit="unit", tax="IVA13"),
    item(DOUBLE, "Café Duplo", "1.0569", unit="unit", tax="IVA13"),
    item(COSTS, "Ajudas de custo", "62.75"),
    item(KIT, "Kit de boas-vindas\n(caderno e caneta)", "9.99", description="Duas\nlinhas", unit="unit", tax="IVA23"),
    item(YEAR, "2024", "5", tax="IVA6"),
    item(MODEL, "Modelo 402322", "7", tax="IVA6"),
)


def stock_and_fail_after_one_page(account: Account) -> None:
    """Fill an account with more than one page, and let it answer one page of items only."""

    def break_down(exchange: Exchange) -> None:
        if exchange.request.path == "/items.json" and exchange.request.status == 200:
            account.faults.answer(503, path="/items.json")

    account.stock(items=[item(1000 + number, f"Peça {number:02}", tax="IVA23") for number in range(1, 36)], taxes=TAXES)
    account.on_exchange = break_down


@asynccontextmanager
async def open_shop(data_dir: Path, items: Iterable[ItemRecord] = ITEMS, **options: Any) -> AsyncIterator[World]:
    """Start the shop; with more options of `living_world`."""

    def stock(account: Account) -> None:
        account.stock(items=items, taxes=TAXES)

    chosen = {
        "samples": False,
        "limits": QUICK,
        "stock": stock,
        "invoicexpress_requests_per_minute": 60_000,
        **options,
    }
    async with living_world(data_dir, **chosen) as living:
        await walked(living)
        yield living


async def failed(world: World, kind: KindName) -> None:
    """Return when the bot has failed to read a kind of record."""
    while not world.bot.copy.kinds[kind].failure:  # noqa: ASYNC110 - as in `walked`
        await asyncio.sleep(0.002)


async def walked(world: World) -> None:
    """Return when the bot has made its copy of the account, and forget the requests that this took."""
    while not _is_over(world):  # noqa: ASYNC110 - the bot tells nobody when it has read everything
        await asyncio.sleep(0.002)
    world.account.requests.clear()


def _is_over(world: World) -> bool:
    status = world.bot.copy
    taxes_are_over = status.taxes_at is not None or status.taxes_failure
    return bool(taxes_are_over) and status.complete and not status.running


def asked(world: World) -> list[str]:
    """Return what the account was asked since the requests were last forgotten: `GET /items/402321.json`."""
    return [f"{request.method} {request.path}" for request in world.account.requests]


def writes_since(world: World, before: tuple[Write, ...]) -> list[tuple[str, int]]:
    """Return what was written after these writes, as (what, item)."""
    return [(write.what, write.id) for write in world.account.writes[len(before) :]]


def held(world: World, item_id: int) -> ItemRecord:
    """Return an item as the account holds it."""
    return world.account.item(item_id)


async def edit_form(world: World, person: Actor, item_id: int) -> View:
    """Open the form of an item by its number, and forget the requests so far."""
    await person.command(f"/items edit {item_id}")
    form = await person.modal(callback_id="items.form")
    world.account.requests.clear()
    return form


async def confirmation(world: World, person: Actor, item_id: int) -> View:
    """Open the confirmation that an item is to be deleted, and forget the requests so far."""
    await person.command(f"/items delete {item_id}")
    view = await person.modal(callback_id="items.delete-form")
    world.account.requests.clear()
    return view
