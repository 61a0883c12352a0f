"""Pages that shift while the account is walked lose nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.catalog import Progress, Tally
from bot.catalog.copy import Copy
from bot.catalog.source import RecentWrites, sources
from bot.catalog.walk import Walk
from tests.catalog.conftest import FIRST_ID, World

ITEMS, CLIENTS = "/items.json", "/clients.json"


@pytest.mark.parametrize("page", range(1, 8))
async def test_pages_that_shift_during_the_first_walk_lose_nothing(world: World, page: int) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()

    async def shift(progress: Progress) -> None:
        if progress.kind == "items" and progress.done == min(page * 30, 170) and not world.account.writes:
            world.account.remove_item(FIRST_ID + page * 20)

    await catalog.refresh(shift)
    assert world.account.writes
    assert await world.is_copied_by(catalog)


async def test_pages_are_looked_at_again_while_records_are_still_being_written(world: World) -> None:
    world.stock(items=550)
    account, copy = world.client(), Copy(world.path, clients_on_disk=True, owner="", busy_seconds=10)
    await copy.open()
    world.stack.push_async_callback(copy.aclose)

    async def tell_nobody(progress: Progress) -> None:
        pass

    source, _ = sources(account)
    walk = Walk(source, copy, RecentWrites(world.clock), world.clock, tell_nobody)
    with closing(sqlite3.connect(world.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        running = asyncio.create_task(walk.run())
        asked: list[str | None] = []
        while asked.count("1") < 2:
            await asyncio.sleep(0)
            asked = [request.query.get("page") for request in world.account.requests.matching("GET", ITEMS)]
        assert copy.counts["items"] == 0
        other.execute("ROLLBACK")
        assert await running == Tally(new=550)


async def test_pages_that_shift_during_a_later_walk_lose_nothing(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    fault = world.account.faults.shift("delete", times=2)
    changes = await catalog.refresh()
    assert fault.hits == 2
    assert isinstance(changes.items, Tally)
    assert changes.items.new == 0
    held = await catalog.page_items(limit=1000, offset=0)
    assert {record.id for record in world.account.items()} <= {record.id for record in held.records}
    await catalog.refresh()
    assert await world.is_copied_by(catalog)


async def test_what_is_new_is_not_lost_where_pages_shift_during_a_later_walk(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    for number in range(600):
        world.account.add_item(f"Artigo novo {number}")

    async def shift(progress: Progress) -> None:
        if progress.kind == "items" and progress.done >= 60 and world.account.has_item(FIRST_ID):
            world.account.remove_item(FIRST_ID)

    assert (await catalog.refresh(shift)).items == Tally(new=600, gone=1)
    assert await world.is_copied_by(catalog)


async def test_what_is_inserted_during_a_later_walk_is_no_reason_to_walk_again(world: World) -> None:
    world.stock(items=600, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    before = world.asked(ITEMS)
    world.account.faults.shift("insert")
    await catalog.refresh()
    assert world.asked(ITEMS) - before < 2 * 20
    await catalog.refresh()
    assert await world.is_copied_by(catalog)


async def test_a_count_that_stays_the_same_hides_no_shift(world: World) -> None:
    world.stock(items=1, clients=40)
    catalog = await world.catalog()

    async def shift(progress: Progress) -> None:
        if progress.kind == "clients" and any(client.id == FIRST_ID for client in world.account.clients()):
            world.account.remove_client(FIRST_ID)
            world.account.add_client("Cliente novo")

    await catalog.refresh(shift)
    assert await world.is_copied_by(catalog)


@pytest.mark.parametrize("page", [1, 2])
async def test_a_count_that_falls_is_a_sign_by_itself(world: World, page: int) -> None:
    world.stock(items=1, clients=70)
    catalog = await world.catalog()

    async def shift(progress: Progress) -> None:
        if progress.kind == "clients" and progress.done == page * 30 and len(world.account.clients()) == 70:
            world.account.remove_client(FIRST_ID + page * 20)

    await catalog.refresh(shift)
    assert await world.is_copied_by(catalog)


async def test_pages_that_never_stop_shifting_end_the_walk_all_the_same(world: World) -> None:
    world.stock(items=95, clients=1)
    catalog = await world.catalog()
    world.account.faults.shift("delete", times=None)
    await catalog.refresh()
    assert catalog.status.complete
