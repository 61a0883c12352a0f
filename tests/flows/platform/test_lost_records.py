"""Records that can't be read, and lists that can't: each costs itself alone, and is said where it is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.account import Account, ClientRecord
from tests.flows.items.shop import QUICK, TAXES, failed, item, walked
from tests.flows.world import World, living_world, standing_place
from tests.logs import caught_log

FIRST = 1001
LOST = range(FIRST + 35, FIRST + 38)
"""Three items of the second page."""
ONE = "1 record of the account can't be read: it is missing here, or out of date."


def without_id(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "id": None}


def stock(account: Account) -> None:
    items = [item(FIRST + number, f"Peça {number:02}", tax="IVA23") for number in range(65)]
    account.stock(items=items, clients=[ClientRecord(id=501, name="Padaria Oliveira")], taxes=TAXES)


def stock_of_which_some_are_lost(account: Account) -> None:
    stock(account)
    account.faults.alter_records(without_id, only=lambda record: record["id"] in LOST, path="/items.json")


@asynccontextmanager
async def shop_that_lost(folder: Path) -> AsyncIterator[World]:
    async with living_world(folder, samples=False, limits=QUICK, stock=stock_of_which_some_are_lost) as world:
        await walked(world)
        yield world


async def test_what_was_left_out_is_counted_where_one_looks(tmp_path: Path) -> None:
    async with shop_that_lost(tmp_path) as world:
        left_out = "3 records of the account can't be read: they are missing here, or out of date."
        await world.ben.command("/items")
        await world.ben.sees("1 to 10 of 62.", left_out)
        await world.ben.command("/items peça 36")
        none = await world.ben.sees("No item matches “peça 36”.", left_out)
        assert "Create it" not in none.plain, "it may be one of those"
        await world.ben.command("/items edit peça 36")
        await world.ben.modal("Nothing was found.", left_out)
        await world.ben.close()
        await world.ana.command("/artigos procurar")
        view = await world.ana.modal("3 registos da conta não podem ser lidos", callback_id="items.pick")
        [group] = (await world.ana.suggestions("items.pick", "peça", view))["option_groups"]
        assert group["label"]["text"] == "3 ilegíveis"
        await world.ben.command("/clients oliveira")
        assert "can't be read" not in (await world.ben.sees("Client no. 501.")).plain
        await world.ben.command("/items refresh")
        await world.ben.sees("Items: 0 new, 0 changed, 0 gone. 3 records can't be read. Clients: 0 new", channel="dm")


async def test_a_list_of_nothing_but_lost_records_is_not_an_empty_account(tmp_path: Path) -> None:
    def spoil(account: Account) -> None:
        account.stock(items=[item(FIRST, "Peça")], clients=[ClientRecord(id=501, name="Padaria")], taxes=TAXES)
        account.faults.alter_records(without_id)

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=spoil) as world:
        await walked(world)
        await world.ben.command("/items")
        none = await world.ben.sees("No item has been read from InvoiceXpress yet.", ONE)
        assert "Create it" not in none.plain
        await world.ben.command("/clients")
        await world.ben.sees("No client has been read from InvoiceXpress yet.", ONE)


async def test_the_count_outlives_the_bot_and_ends_with_the_trouble(tmp_path: Path) -> None:
    async with standing_place(tmp_path, samples=False, stock=stock_of_which_some_are_lost) as place:
        async with place.with_bot(limits=QUICK) as world:
            await walked(world)
        place.account.requests.clear()
        async with place.with_bot(limits=QUICK) as world:
            await world.ben.command("/items")
            await world.ben.sees("1 to 10 of 62.", "3 records of the account can't be read")
            assert not world.account.requests.matching(path="/items.json")
            world.account.faults.clear()
            await world.ben.command("/items refresh")
            await world.ben.sees("Items: 3 new, 0 changed, 0 gone. Clients", channel="dm")
            await world.ben.command("/items")
            assert "can't be read" not in (await world.ben.sees("1 to 10 of 65.")).plain


async def test_the_log_names_kind_and_page(tmp_path: Path) -> None:
    with caught_log("INFO") as log:
        async with shop_that_lost(tmp_path) as world:
            assert world.bot.copy.kinds["items"].unreadable == 3
        [warning] = log.events("catalog.records_lost")
        assert {name: warning[name] for name in ("level", "kind", "page", "records")} == {
            "level": "warning",
            "kind": "items",
            "page": 2,
            "records": 3,
        }


BROKEN = {
    "an error": (500, "<html>"),
    "null": (200, "null"),
    "no list": (200, '{"items": null}'),
    "a list that is none": (200, '{"items": {"0": {"id": 1}}}'),
    "a page": (200, "<html>"),
    "a refusal": (403, '{"errors": [{"error": "Não"}]}'),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_broken_list_of_items_costs_neither_clients_nor_taxes(tmp_path: Path, how: str) -> None:
    status, body = BROKEN[how]

    def spoil(account: Account) -> None:
        stock(account)
        account.faults.answer(status, body, path="/items.json")

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=spoil) as world:
        await failed(world, "items")
        await world.ben.command("/clients oliveira")
        told = await world.ben.sees("Padaria Oliveira", "Client no. 501.")
        assert "partial" not in told.plain
        await world.ben.command("/items new Chá")
        await world.ben.modal("New item", "IVA23")
        await world.ben.close()
        await world.ben.command("/items refresh")
        told = await world.ben.sees("Not all of the account could be read anew. Items were not read: ", channel="dm")
        assert told.text.endswith("The copy that we had stays. Clients: 0 new, 0 changed, 0 gone.")
        world.account.faults.clear()
        await world.ben.command("/items refresh")
        await world.ben.sees("The account has been read anew. Items: 65 new", channel="dm")


async def test_a_broken_list_of_clients_costs_no_items(tmp_path: Path) -> None:
    def spoil(account: Account) -> None:
        stock(account)
        account.faults.answer(500, path="/clients.json")

    async with living_world(tmp_path, samples=False, limits=QUICK, stock=spoil) as world:
        await failed(world, "clients")
        await world.ben.command("/items peça 36")
        assert "partial" not in (await world.ben.sees("Item no. 1037.")).plain
        await world.ben.command("/clients")
        await world.ben.sees("InvoiceXpress does not answer at this moment.")
