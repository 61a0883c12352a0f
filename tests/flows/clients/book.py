"""A small address book: an account with clients that each show something, for flows about clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.account import Account, ClientRecord, ContactRecord
from bot.sandbox.slack import Message, View
from tests.flows.items.shop import QUICK, asked, walked
from tests.flows.world import World, living_world

__all__ = ["BAKERY", "BARE", "BRANCH", "CLIENTS", "ODD", "QUICK", "TWIN", "asked", "elements", "open_book"]

BAKERY = 501
BRANCH = 502
TWIN = 503
BARE = 504
ODD = 505

CLIENTS = (
    ClientRecord(
        id=BAKERY,
        name="Padaria Oliveira & Filhos, Lda.",
        code="PAD-7",
        email="geral@padaria.example",
        language="pt",
        address="Rua das Flores, 12\r\n2.º Esq.",
        city="Porto",
        postal_code="4050-262",
        country="Portugal",
        fiscal_id="508 025 338",
        website="www.padaria.example",
        phone="213 456 789",
        fax="213456788",
        preferred_contact=ContactRecord(name="Rui Oliveira", email="rui@padaria.example", phone="+351 912 345 678"),
        observations="Entregar até às 7h.\nTocar duas vezes.",
    ),
    ClientRecord(id=BRANCH, name="Padaria Oliveira (Braga)", fiscal_id="508025338", city="Braga"),
    ClientRecord(id=TWIN, name="Café Central", fiscal_id="PT 508 025 338", code="C-3"),
    ClientRecord(id=BARE, name="Só Nome"),
    ClientRecord(id=ODD, name="*Über* <!channel> & _Söhne_\nGmbH", fiscal_id="DE 811 907 980", city="Köln"),
)


@asynccontextmanager
async def open_book(data_dir: Path, clients: Iterable[ClientRecord] = CLIENTS, **options: Any) -> AsyncIterator[World]:
    """Start the account with these clients, the workspace and the bot; with more options of `living_world`."""

    def stock(account: Account) -> None:
        account.stock(clients=clients)

    async with living_world(data_dir, **{"samples": False, "limits": QUICK, "stock": stock, **options}) as living:
        await walked(living)
        yield living


def elements(shown: Message | View, kind: str) -> list[dict[str, Any]]:
    """Return every element or block of a type, wherever in the blocks."""
    found: list[dict[str, Any]] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            if value.get("type") == kind:
                found.append(value)
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(shown.blocks)
    return found
