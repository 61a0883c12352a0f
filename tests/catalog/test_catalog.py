"""The catalogue as the rest of the bot uses it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.catalog import Catalog, Progress
from bot.catalog.taxes import PATIENCE_SECONDS
from bot.invoicexpress.errors import CredentialsRejected
from bot.invoicexpress.models import Tax
from tests.catalog.conftest import FIRST_ID, World
from tests.clocks import ManualClock
from tests.invoicexpress.support import settle, until

ITEMS, CLIENTS, TAXES = "/items.json", "/clients.json", "/taxes.json"
MINUTE = 60.0


async def test_a_blank_search_is_a_page(world: World) -> None:
    world.stock(items=40, clients=20)
    catalog = await world.catalog()
    assert await catalog.search_items(" ", limit=7, offset=3) == await catalog.page_items(limit=7, offset=3)
    assert await catalog.search_clients("", limit=7) == await catalog.page_clients(limit=7, offset=0)
    hits = await catalog.search_items("☕")
    assert (hits.records, hits.total, hits.total_is_exact) == ((), 0, True)


async def test_a_page_knows_how_many_there_are_and_how_old_it_is(world: World) -> None:
    world.stock(items=40, clients=20)
    catalog = await world.catalog(refresh_minutes=15)
    began = world.clock.now()
    await catalog.refresh()
    hits = await catalog.page_items(limit=10, offset=35)
    assert (len(hits.records), hits.total, hits.total_is_exact) == (5, 40, True)
    assert (hits.synced_at, hits.stale) == (began, False)
    await world.clock.sleep(15 * MINUTE)
    assert not (await catalog.search_items("a")).stale
    await world.clock.sleep(1)
    assert (await catalog.search_items("a")).stale
    await catalog.refresh()
    assert not (await catalog.search_items("a")).stale
    assert catalog.status.kinds["items"].synced_at == began + timedelta(minutes=15, seconds=1)


async def test_a_large_account_is_searched(world: World) -> None:
    world.stock(items=700, clients=200)
    catalog = await world.catalog(world.path)
    await catalog.refresh()
    assert await world.is_copied_by(catalog)
    for record in world.account.items()[::111]:
        assert [hit.id for hit in (await catalog.search_items(record.name, limit=1)).records] == [record.id]
    for client in world.account.clients()[::50]:
        assert [hit.id for hit in (await catalog.search_clients(str(client.fiscal_id))).records] == [client.id]


async def test_look_ups_go_on_when_the_account_is_down(world: World) -> None:
    world.stock(items=40, clients=20)
    catalog = await world.catalog()
    await catalog.refresh()
    taxes = await catalog.taxes()
    world.account.faults.answer(401)
    await world.clock.sleep(60 * MINUTE)
    assert [type(error) for error in (await catalog.refresh()).failures] == [CredentialsRejected] * 3
    hits = await catalog.page_items(limit=10, offset=0)
    assert (hits.total, hits.partial, hits.stale) == (40, False, True)
    assert await catalog.item(FIRST_ID) is not None
    assert await catalog.taxes() == taxes
    world.account.faults.clear()
    world.account.faults.switch(down=True)
    assert await catalog.taxes() == taxes


async def test_taxes_are_read_once_for_everybody(world: World) -> None:
    world.stock()
    catalog = await world.catalog()
    world.account.faults.answer(401, times=1)
    with pytest.raises(CredentialsRejected):
        await catalog.taxes()
    first, *others = await asyncio.gather(*(catalog.taxes() for _ in range(5)))
    assert [tax.name for tax in first] == [tax.name for tax in world.account.taxes()]
    assert others == [first] * 4
    assert world.asked(TAXES) == 2
    world.account.remove_tax("IVA13")
    assert await catalog.taxes() == first


async def test_taxes_that_are_old_are_read_again(world: World) -> None:
    catalog, clock, first = await with_old_taxes(world)
    one, other = await asyncio.gather(catalog.taxes(), catalog.taxes())
    assert len(one) == len(first) - 1
    assert one == other
    assert world.asked(TAXES) == 2
    assert clock.sleeping == 0, "nobody is left waiting"


async def with_old_taxes(world: World) -> tuple[Catalog, ManualClock, tuple[Tax, ...]]:
    """Return a catalogue with taxes that were read an hour ago and have changed, and its clock."""
    clock = ManualClock()
    clock.astray = timedelta(hours=-1)
    world.stock()
    catalog = await world.catalog(clock=clock)
    first = await catalog.taxes()
    clock.astray = timedelta()
    world.account.remove_tax("IVA13")
    return catalog, clock, first


async def test_fresh_taxes_do_not_wait_for_a_walk_that_reads_them(world: World) -> None:
    world.stock()
    catalog = await world.catalog()
    first = await catalog.taxes()
    async with world.account.faults.holding(path=TAXES) as hold:
        walk = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        async with asyncio.timeout(10):
            assert await catalog.taxes() == first
    await walk


@pytest.mark.parametrize("reader", ["a walk", "nobody else"])
async def test_old_taxes_are_soon_had_while_they_are_being_read(world: World, reader: str) -> None:
    catalog, clock, first = await with_old_taxes(world)
    async with world.account.faults.holding(path=TAXES) as hold:
        walk = asyncio.create_task(catalog.refresh() if reader == "a walk" else asyncio.sleep(0))
        if reader == "a walk":
            await hold.arrived()
        impatient, gone = (asyncio.create_task(catalog.taxes()) for _ in range(2))
        await hold.arrived()
        await until(lambda: clock.sleeping == 2)
        await clock.advance(PATIENCE_SECONDS - 0.1)
        await settle()
        assert not impatient.done()
        gone.cancel()
        await clock.advance(0.1)
        async with asyncio.timeout(10):
            assert await impatient == first
        stays = asyncio.create_task(catalog.taxes())
        await until(lambda: clock.sleeping == 1)
    assert len(await stays) == len(first) - 1, "neither who lost patience nor who was cancelled ended the read"
    assert gone.cancelled()
    await walk
    assert world.asked(TAXES) == 2


async def test_old_taxes_stay_where_they_cannot_be_read_again(world: World) -> None:
    catalog, clock, first = await with_old_taxes(world)
    world.account.faults.answer(401, path=TAXES, times=1)
    assert await catalog.taxes() == first
    assert world.asked(TAXES) == 2
    assert clock.sleeping == 0


async def test_a_read_of_taxes_that_fails_when_nobody_waits_any_more_is_logged_and_tried_again(world: World) -> None:
    catalog, clock, first = await with_old_taxes(world)
    with capture_logs() as log:
        async with world.account.faults.holding(path=TAXES) as hold:
            world.account.faults.answer(401, path=TAXES, times=1)
            impatient = asyncio.create_task(catalog.taxes())
            await hold.arrived()
            await clock.advance(PATIENCE_SECONDS)
            assert await impatient == first
        await until(lambda: any(line["event"] == "catalog.taxes_not_read" for line in log))
    assert len(await catalog.taxes()) == len(first) - 1


async def test_closing_ends_the_read_of_the_taxes(world: World) -> None:
    world.stock()
    catalog = await world.catalog()
    async with world.account.faults.holding(path=TAXES) as hold:
        reading = asyncio.create_task(catalog.taxes())
        await hold.arrived()
        await catalog.aclose()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_taxes_that_a_walk_is_reading_are_not_asked_for_once_more(world: World) -> None:
    world.stock()
    catalog = await world.catalog()
    async with world.account.faults.holding(path=TAXES) as hold:
        walk = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        reading = asyncio.create_task(catalog.taxes())
        await settle()
    assert [tax.name for tax in await reading] == [tax.name for tax in world.account.taxes()]
    await walk
    assert world.asked(TAXES) == 1


async def test_impatient_look_ups_are_answered_with_what_has_been_read(world: World) -> None:
    world.stock(items=65, clients=1)
    catalog = await world.catalog(patience_seconds=PATIENCE_SECONDS)
    async with world.account.faults.holding(path=ITEMS) as hold:
        hits = await catalog.search_items("a")
        await hold.arrived()
        assert (hits.records, hits.total, hits.partial, hits.synced_at) == ((), 0, True, None)
        assert catalog.status.running
    await catalog.refresh()
    assert not (await catalog.search_items("a")).partial


async def test_a_first_walk_is_waited_for_once_and_not_by_everybody_anew(world: World) -> None:
    clock = ManualClock()
    world.stock(items=65, clients=1)
    catalog = await world.catalog(clock=clock, patience_seconds=PATIENCE_SECONDS)
    async with world.account.faults.holding(path=ITEMS):
        early = asyncio.create_task(catalog.search_items("a"))
        await clock.advance(PATIENCE_SECONDS - 0.5)
        late = asyncio.create_task(catalog.page_items(limit=1, offset=0))
        await until(lambda: clock.sleeping == 2)
        await clock.advance(0.5)
        async with asyncio.timeout(10):
            assert (await early).reading == (await late).reading == Progress("items", 0)
            assert (await catalog.search_items("a")).partial, "who comes later still does not wait at all"
    await catalog.refresh()
    assert (await catalog.search_items("a")).reading is None


async def test_the_copy_is_filled_and_kept_fresh_in_the_background(world: World) -> None:
    clock = ManualClock()
    world.stock(items=40, clients=2)
    catalog = await world.catalog(clock=clock, refresh_minutes=10)
    catalog.start()
    catalog.start()
    await clock.advance(0)
    assert (await catalog.page_items(limit=1, offset=0)).total == 40
    await catalog.refresh()
    asked = world.asked(ITEMS)
    world.account.add_item("Artigo novo")
    await until(lambda: clock.sleeping == 2)
    await clock.advance(10 * MINUTE - 1)
    assert world.asked(ITEMS) == asked
    await clock.advance(1)
    await until(lambda: catalog.status.kinds["items"].records == 41)
    await catalog.refresh()
    asked = world.asked(ITEMS)
    await catalog.stop()
    await catalog.stop()
    assert world.asked(ITEMS) == asked
    await catalog.aclose()


async def test_a_copy_made_while_the_clock_was_ahead_is_old_and_made_anew_at_once(world: World) -> None:
    clock = ManualClock()
    clock.astray = timedelta(days=400)
    world.stock(items=5, clients=1)
    before = await world.catalog(world.path, clock=clock)
    await before.refresh()
    assert not (await before.page_items(limit=1, offset=0)).stale
    await before.aclose()
    clock.astray = timedelta()
    world.account.add_item("Artigo novo")
    world.account.remove_tax("IVA13")
    catalog = await world.catalog(world.path, clock=clock)
    assert (await catalog.page_items(limit=1, offset=0)).stale
    assert (await catalog.page_clients(limit=1, offset=0)).stale
    assert "IVA13" not in {tax.name for tax in await catalog.taxes()}
    catalog.start()
    await clock.advance(0)
    await until(lambda: catalog.status.kinds["items"].records == 6)
    await catalog.refresh()
    assert not (await catalog.page_items(limit=1, offset=0)).stale


@pytest.mark.parametrize("hours", [1, -1], ids=["ahead", "behind"])
async def test_a_copy_made_while_the_clock_was_astray_is_walked_anew_at_once(world: World, hours: int) -> None:
    clock = ManualClock()
    clock.astray = timedelta(hours=hours)
    world.stock(items=5, clients=1)
    catalog = await world.catalog(clock=clock)
    await catalog.refresh()
    clock.astray = timedelta()
    items, clients = world.asked(ITEMS), world.asked(CLIENTS)
    catalog.start()
    await clock.advance(0)
    await until(lambda: world.asked(ITEMS) > items and world.asked(CLIENTS) > clients)
    await catalog.refresh()


async def test_a_refresh_in_the_background_takes_a_quarter_of_the_budget(world: World) -> None:
    clock = ManualClock()
    world.stock(items=500, clients=1)
    account = world.client(clock, requests_per_minute=120)
    catalog = await world.catalog(clock=clock, account=account, refresh_minutes=10)
    catalog.start()
    await clock.advance(0)
    await catalog.refresh()
    await until(lambda: clock.sleeping == 2)
    asked = world.asked()
    await clock.advance(10 * MINUTE)
    await until(lambda: world.asked() - asked == 15)  # half of a minute's quarter at once, the rest as it flows in
    assert (await account.get_item(FIRST_ID)).id == FIRST_ID
    assert world.asked() - asked == 16
    await settle()
    await clock.advance(4)
    await until(lambda: world.asked() - asked == 17)
    await account.get_item(FIRST_ID)
    assert world.asked() - asked == 18


async def test_a_walk_that_fails_in_the_background_is_tried_again_after_a_pause(world: World) -> None:
    clock = ManualClock()
    world.stock(items=40, clients=2)
    world.account.faults.answer(401, path=ITEMS, times=1)
    catalog = await world.catalog(clock=clock)
    catalog.start()
    await clock.advance(0)
    with pytest.raises(CredentialsRejected):
        await catalog.page_items(limit=1, offset=0)
    assert (await catalog.page_clients(limit=1, offset=0)).total == 2
    await until(lambda: clock.sleeping == 2)
    await clock.advance(29)
    assert world.asked(ITEMS) == 1
    await clock.advance(1)
    assert (await catalog.page_items(limit=1, offset=0)).total == 40


async def test_a_file_that_breaks_in_mid_walk_is_never_taken_for_whole(world: World) -> None:
    world.stock(items=650, clients=1)
    catalog = await world.catalog(world.path)

    async def spoil(progress: Progress) -> None:
        if progress.done == 600 and catalog.status.kinds["items"].records == 510:
            spoil_root(world.path, "items")
            await catalog.item(FIRST_ID)

    await catalog.refresh(spoil)
    assert await world.is_copied_by(catalog)
    assert catalog.status.on_disk


def spoil_root(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


async def test_a_copy_that_is_handed_over_can_be_searched_and_changes_nothing_any_more(world: World) -> None:
    world.stock(items=40, clients=2)
    old = await world.catalog(world.path)
    await old.refresh()
    old.start()
    await old.end_writing()
    new = await world.catalog(world.path)
    assert new.status.complete, "all of it was in the file itself"
    changed = (await old.item(FIRST_ID) or pytest.fail("gone")).model_copy(update={"name": "Changed"})
    await old.put_item(changed)
    await old.drop_item(FIRST_ID + 1)
    assert (await new.item(FIRST_ID)) != changed
    assert (await old.page_items(limit=1, offset=0)).total == 40
    assert (await old.search_clients("", limit=9)).total == 2
    assert len(await old.taxes()) == len(world.account.taxes())
    await new.put_item(changed)
    await old.aclose()
    assert await new.item(FIRST_ID) == changed
    assert world.path.with_name("catalog.db-wal").exists(), "which is the next one's now"


async def test_a_first_walk_that_is_handed_over_is_not_taken_for_whole(world: World) -> None:
    world.stock(items=100)
    old = await world.catalog(world.path)

    async def leave(progress: Progress) -> None:
        await old.end_writing()

    with pytest.raises(asyncio.CancelledError):
        await old.refresh(leave)
    new = await world.catalog(world.path)
    assert not new.status.complete


async def test_it_is_not_quiet_while_somebody_waits_for_the_walk_they_asked_for(world: World) -> None:
    world.stock(items=1)
    catalog = await world.catalog(world.path)
    seen: list[bool] = []

    async def look(progress: Progress) -> None:
        seen.append(catalog.is_quiet)

    await catalog.refresh(look)
    assert set(seen) == {False}
    assert catalog.is_quiet
