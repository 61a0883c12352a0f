"""Walks of the account into the copy, over real HTTP."""

from __future__ import annotations

import asyncio
import dataclasses
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from bot.catalog import Changes, Progress, Tally
from bot.invoicexpress.errors import CredentialsRejected, Unavailable, UnexpectedAnswer
from bot.invoicexpress.models import ItemDraft
from bot.sandbox.account import Quirks
from tests.catalog.conftest import FIRST_ID, World
from tests.catalog.support import item
from tests.invoicexpress.support import settle

ITEMS, CLIENTS = "/items.json", "/clients.json"


async def test_a_walk_copies_everything(world: World) -> None:
    world.stock(items=95, clients=40)
    catalog = await world.catalog()
    assert await catalog.refresh() == Changes(items=Tally(new=95), clients=Tally(new=40))
    assert await world.is_copied_by(catalog)
    status = catalog.status
    assert {name: kind.records for name, kind in status.kinds.items()} == {"items": 95, "clients": 40}
    assert (status.complete, status.running) == (True, False)
    assert {kind.synced_at for kind in status.kinds.values()} == {world.clock.now()}


async def test_items_are_found_while_clients_are_still_being_read(world: World) -> None:
    world.stock(items=30, clients=5)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=CLIENTS):
        walk = asyncio.create_task(catalog.refresh())
        hits = await catalog.page_items(limit=1, offset=0)
        assert (hits.total, hits.partial) == (30, False)
        assert (catalog.status.complete, catalog.status.running) == (False, True)
    await walk


async def test_a_copy_is_as_old_as_the_beginning_of_its_walk(world: World) -> None:
    world.stock(items=95, clients=40)
    catalog = await world.catalog()

    async def dawdle(progress: Progress) -> None:
        await world.clock.sleep(5)

    began = world.clock.now()
    await catalog.refresh(dawdle)
    assert catalog.status.kinds["items"].synced_at == began < world.clock.now()


async def test_a_refresh_tells_what_is_new_changed_and_gone(world: World) -> None:
    world.stock(items=65, clients=3)
    catalog = await world.catalog()
    await catalog.refresh()
    world.account.add_item("Artigo novo")
    world.account.remove_item(FIRST_ID + 7)
    world.account.remove_item(FIRST_ID + 40)
    world.account.change_item(FIRST_ID + 2, unit_price=Decimal("24.3902"))
    world.account.add_client("Cliente novo")
    assert await catalog.refresh() == Changes(items=Tally(new=1, changed=1, gone=2), clients=Tally(new=1))
    assert await world.is_copied_by(catalog)
    assert await catalog.refresh() == Changes()


async def test_what_was_opened_and_then_changed_elsewhere_is_taken_over(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    await catalog.put_item(await world.client().get_item(FIRST_ID))
    world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
    await world.clock.sleep(30)
    assert (await catalog.refresh()).items == Tally(changed=1)
    assert await world.is_copied_by(catalog)


async def test_a_list_that_lags_behind_a_write_undoes_nothing(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    before = world.account.item(FIRST_ID).unit_price
    world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
    await catalog.put_item(await world.client().get_item(FIRST_ID))
    await catalog.drop_item(FIRST_ID + 1)
    world.account.change_item(FIRST_ID, unit_price=before)  # what the list still shows
    await world.clock.sleep(30)
    async with world.account.faults.holding(path=ITEMS, times=1, after=True) as hold:
        walk = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
        world.account.remove_item(FIRST_ID + 1)
    assert (await walk).items == Tally()
    assert await world.is_copied_by(catalog)


async def test_what_is_on_no_page_is_kept_if_it_is_there_by_its_id(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    world.account.quirks = Quirks(list_lag=1000)
    created = await world.client().create_item(ItemDraft(name="Acabado de criar", unit_price=Decimal(1)))
    await catalog.put_item(created)
    assert await catalog.refresh() == Changes()
    assert world.asked(f"/items/{created.id}.json") == 1
    assert await catalog.item(created.id) == created


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(most_per_page=7),
        Quirks(repeat_last_page=True),
        Quirks(most_per_page=20, repeat_last_page=True, numbers_as_strings=True, ids_as_strings=True),
    ],
)
async def test_pages_that_are_clamped_or_repeated_are_walked_to_the_end(world: World, quirks: Quirks) -> None:
    world.stock(items=90, clients=60)
    world.account.quirks = quirks
    catalog = await world.catalog()
    await catalog.refresh()
    assert await world.is_copied_by(catalog)


async def test_an_empty_account_is_a_whole_copy(world: World) -> None:
    catalog = await world.catalog()
    await catalog.refresh()
    before = world.asked()
    hits = await catalog.search_items("a")
    assert (hits.records, hits.total, hits.partial) == ((), 0, False)
    assert (await catalog.page_items(limit=1, offset=0)).total == 0
    assert world.asked() == before


async def test_a_limit_in_mid_walk_is_waited_for(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()

    async def limit(progress: Progress) -> None:
        if progress.done == 60:
            world.account.faults.answer(429, times=3)

    await catalog.refresh(limit)
    assert await world.is_copied_by(catalog)


async def test_a_walk_that_fails_half_way_leaves_what_it_read_and_says_so(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()

    async def close(progress: Progress) -> None:
        if progress.done == 60:
            world.account.faults.answer(401)

    assert isinstance((await catalog.refresh(close)).items, CredentialsRejected)
    hits = await catalog.page_items(limit=10, offset=0)
    assert 60 <= hits.total < 170
    assert (len(hits.records), hits.partial, hits.synced_at) == (10, True, None)
    assert (await catalog.search_items(hits.records[0].name)).partial
    assert not catalog.status.complete


async def test_a_walk_that_fails_keeps_the_copy_as_whole_as_it_was(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    before = catalog.status.kinds["items"]
    world.account.remove_item(FIRST_ID)
    world.account.faults.answer(401, path=f"/items/{FIRST_ID}.json")
    await world.clock.sleep(60)
    with capture_logs() as logs:
        assert isinstance((await catalog.refresh()).items, CredentialsRejected)
    [failed] = [line for line in logs if line["event"] == "catalog.walk_failed"]
    assert (failed["kind"], failed["exc_info"]) == ("items", None), "the account's refusal is no fault of ours"
    assert catalog.status.kinds["items"] == dataclasses.replace(before, failure="CredentialsRejected")
    hits = await catalog.page_items(limit=1000, offset=0)
    assert (hits.total, hits.partial, hits.synced_at) == (170, False, before.synced_at)


async def test_a_record_that_cannot_be_read_any_more_is_kept(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    kept = await catalog.item(FIRST_ID)
    world.account.remove_item(FIRST_ID)
    world.account.faults.answer(200, '{"item": {"id": "?"}}', path=f"/items/{FIRST_ID}.json")
    assert await catalog.refresh() == Changes()
    assert await catalog.item(FIRST_ID) == kept


async def test_nothing_to_answer_with_raises_why_and_is_tried_again_after_a_pause(world: World) -> None:
    world.stock(items=10, clients=1)
    catalog = await world.catalog()
    world.account.faults.answer(401)
    for look_up in (catalog.search_items("a"), catalog.page_clients(limit=1, offset=0)):
        with pytest.raises(CredentialsRejected):
            await look_up
    asked = world.asked()
    for look_up in (catalog.search_items("a"), catalog.page_clients(limit=1, offset=0)):
        with pytest.raises(CredentialsRejected):
            await look_up
    assert world.asked() == asked
    world.account.faults.clear()
    await world.clock.sleep(31)
    assert (await catalog.search_items("a")).partial is False


async def test_own_writes_during_a_walk_are_not_undone_by_a_page_read_before(world: World) -> None:
    world.stock(items=20, clients=1)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=ITEMS, times=1, after=True) as hold:
        walk = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        world.account.change_item(FIRST_ID, unit_price=Decimal(7))
        world.account.remove_item(FIRST_ID + 1)
        await catalog.put_item(await world.client().get_item(FIRST_ID))
        await catalog.drop_item(FIRST_ID + 1)
    await walk
    assert await world.is_copied_by(catalog)


async def test_own_writes_during_a_check_are_not_undone(world: World) -> None:
    world.stock(items=20, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    path = f"/items/{FIRST_ID}.json"
    world.account.remove_item(FIRST_ID)
    async with world.account.faults.holding(path=path, times=1, after=True) as hold:
        walk = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        await catalog.put_item(item(FIRST_ID, "Voltou"))
    assert await walk == Changes()
    assert await catalog.item(FIRST_ID) == item(FIRST_ID, "Voltou")
    await world.clock.sleep(100)
    assert await catalog.refresh() == Changes(items=Tally(gone=1))


async def test_clients_are_put_and_dropped_at_once(world: World) -> None:
    world.stock(items=1, clients=3)
    catalog = await world.catalog()
    await catalog.refresh()
    read = await world.client().get_client(FIRST_ID)
    await catalog.drop_client(FIRST_ID)
    assert await catalog.client(FIRST_ID) is None
    assert (await catalog.page_clients(limit=10, offset=0)).total == 2
    await catalog.put_client(read)
    assert await catalog.client(FIRST_ID) == read


async def test_a_crash_in_mid_walk_is_no_whole_copy_and_the_next_start_walks_again(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog(world.path)

    async def die(progress: Progress) -> None:
        if progress.done == 90:
            walk.cancel()
            await asyncio.Event().wait()

    walk = asyncio.create_task(catalog.refresh(die))
    with pytest.raises(asyncio.CancelledError):
        await walk
    assert catalog.status.running
    await catalog.aclose()
    again = await world.catalog(world.path)
    assert (again.status.complete, again.status.kinds["items"].records) == (False, 90)
    world.account.remove_item(FIRST_ID)
    assert await world.is_copied_by(again)


async def test_a_restart_needs_no_walk(world: World) -> None:
    world.stock(items=50, clients=20)
    catalog = await world.catalog(world.path)
    await catalog.refresh()
    status = catalog.status
    await catalog.aclose()
    before = world.asked()
    again = await world.catalog(world.path)
    assert await world.is_copied_by(again)
    assert again.status == status
    assert len(await again.taxes()) == 11
    assert world.asked() == before


async def test_the_account_down_from_the_start(world: World) -> None:
    catalog = await world.catalog()
    world.account.faults.switch(down=True)
    with pytest.raises(Unavailable):
        await catalog.page_items(limit=1, offset=0)


async def test_records_that_cannot_be_read_do_not_end_the_walk(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    world.account.faults.answer(200, '{"items": [{"id": "?"}]}', path=ITEMS, times=1)
    await catalog.refresh()
    assert (await catalog.page_items(limit=1, offset=0)).total == 10
    await catalog.refresh()
    assert await world.is_copied_by(catalog)


async def test_a_list_that_leaves_out_what_is_there_is_not_trusted(world: World) -> None:
    world.stock(items=130, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    world.account.faults.answer(200, '{"items": []}', path=ITEMS)
    assert isinstance((await catalog.refresh()).items, UnexpectedAnswer)
    assert world.asked("/items/*") == 101
    assert await world.is_copied_by(catalog)


async def test_an_id_of_sixteen_digits_is_lost_and_told(world: World) -> None:
    world.stock(items=40, clients=1)
    world.account.faults.alter_records(
        lambda record: {**record, "id": 10**15 + record["id"]}, only=lambda record: record["id"] == FIRST_ID, path=ITEMS
    )
    catalog = await world.catalog()
    with capture_logs() as logs:
        assert (await catalog.refresh()).items == Tally(new=39, unreadable=1)
    assert (await catalog.refresh()).items == Tally(unreadable=1)
    assert [(line["kind"], line["page"]) for line in logs if line["event"] == "catalog.records_lost"] == [("items", 1)]
    assert catalog.standing("items").unreadable == catalog.status.kinds["items"].unreadable == 1
    assert (await catalog.search_items("a")).has_gaps


async def test_of_many_pages_with_lost_records_the_first_ten_are_logged(world: World) -> None:
    world.stock(items=450, clients=1)
    world.account.faults.alter_records(
        lambda record: {**record, "id": "?"}, only=lambda record: record["id"] % 30 == 7, path=ITEMS
    )
    catalog = await world.catalog()
    with capture_logs() as logs:
        assert (await catalog.refresh()).items == Tally(new=435, unreadable=15)
    lost = [line["page"] for line in logs if line["event"] == "catalog.records_lost"]
    assert lost == list(range(1, 11))
    [walked] = [line for line in logs if line["event"] == "catalog.walked" and line["kind"] == "items"]
    assert walked["unreadable"] == 15


async def test_what_a_first_walk_could_not_read_is_told_while_it_lasts(world: World) -> None:
    world.stock(items=40, clients=1)
    world.account.faults.alter_records(
        lambda record: {**record, "id": ""}, only=lambda record: record["id"] == FIRST_ID, path=ITEMS
    )
    catalog = await world.catalog()
    told: list[int] = []

    async def listen(progress: Progress) -> None:
        if progress.kind == "items":
            told.append(catalog.standing("items").unreadable)

    await catalog.refresh(listen)
    assert set(told) == {1}


async def test_the_log_says_how_a_long_walk_proceeds_and_no_more(world: World) -> None:
    world.stock(items=12_000, clients=1)
    catalog = await world.catalog(account=world.client(requests_per_minute=1_000_000))
    with capture_logs() as logs:
        await catalog.refresh()
        first = [line["records"] for line in logs if line["event"] == "catalog.walking"]
        await catalog.refresh()
    lines = [line["records"] for line in logs if line["event"] == "catalog.walking"]
    assert first[0] == 1_020
    assert 4 <= len(first) <= 12  # doubling until the extent is measured, then a tenth each
    assert len(lines) - len(first) <= 12
    assert [line["kind"] for line in logs if line["event"] == "catalog.first_walk"] == ["items", "clients"]


async def test_what_has_been_read_is_found_before_a_batch_is_full(world: World) -> None:
    world.stock(items=95, clients=1)
    catalog = await world.catalog()
    found: list[int] = []

    async def dawdle(progress: Progress) -> None:
        if progress.kind == "items":
            await world.clock.sleep(2)
            await settle()
            found.append(catalog.status.kinds["items"].records)

    await catalog.refresh(dawdle)
    assert 0 < found[-2] < 95
