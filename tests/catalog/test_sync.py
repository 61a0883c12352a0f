"""Walks of the account into the copy, over real HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from bot.catalog import Changes, Progress, Tally
from bot.catalog.copy import Copy
from bot.catalog.kinds import ITEMS as KIND
from bot.catalog.walk import RecentWrites, Source, Walk
from bot.invoicexpress.errors import CredentialsRejected, Unavailable, UnexpectedAnswer
from bot.invoicexpress.models import ItemDraft
from bot.sandbox.account import Quirks
from tests.catalog.conftest import FIRST_ID, World
from tests.catalog.support import item

ITEMS, CLIENTS = "/items.json", "/clients.json"


async def test_a_walk_copies_everything(world: World) -> None:
    world.stock(items=95, clients=40)
    catalog = await world.catalog()
    assert await catalog.refresh() == Changes(items=Tally(new=95), clients=Tally(new=40))
    assert await world.is_copied_by(catalog)
    status = catalog.status
    assert (status.complete, status.items, status.clients, status.running) == (True, 95, 40, False)
    assert status.synced_at == world.clock.now()


async def test_everybody_who_waits_shares_one_walk(world: World) -> None:
    world.stock(items=30, clients=5)
    catalog = await world.catalog()
    answers = await asyncio.gather(
        *(catalog.search_items("a") for _ in range(20)), *(catalog.refresh() for _ in range(5))
    )
    assert len({id(answer) for answer in answers[20:]}) == 1
    assert world.asked(CLIENTS) <= 2
    before = world.asked()
    await asyncio.gather(*(catalog.search_items("a") for _ in range(20)), catalog.page_items(limit=10, offset=0))
    await asyncio.gather(catalog.search_clients("a"), catalog.page_clients(limit=1, offset=1), catalog.taxes())
    assert world.asked() == before


async def test_items_are_found_while_clients_are_still_being_read(world: World) -> None:
    world.stock(items=30, clients=5)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=CLIENTS):
        hits = await catalog.page_items(limit=1, offset=0)
        assert (hits.total, hits.partial) == (30, False)
        assert (catalog.status.complete, catalog.status.running) == (False, True)


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

    source = Source(KIND, lambda: account.walk_items(concurrency=8), account.list_items, account.get_item)
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
    assert (fault.hits, changes.items.new) == (2, 0)
    held = await catalog.page_items(limit=1000, offset=0)
    assert {record.id for record in world.account.items()} <= {record.id for record in held.records}
    await catalog.refresh()
    assert await world.is_copied_by(catalog)


async def test_pages_that_never_stop_shifting_end_the_walk_all_the_same(world: World) -> None:
    world.stock(items=95, clients=1)
    catalog = await world.catalog()
    world.account.faults.shift("delete", times=None)
    await catalog.refresh()
    assert catalog.status.complete


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

    with pytest.raises(CredentialsRejected):
        await catalog.refresh(close)
    hits = await catalog.page_items(limit=10, offset=0)
    assert 60 <= hits.total < 170
    assert (len(hits.records), hits.partial, hits.synced_at) == (10, True, None)
    assert (await catalog.search_items(hits.records[0].name)).partial
    assert not catalog.status.complete


async def test_a_walk_that_fails_keeps_the_copy_as_whole_as_it_was(world: World) -> None:
    world.stock(items=170, clients=1)
    catalog = await world.catalog()
    await catalog.refresh()
    before = catalog.status
    world.account.remove_item(FIRST_ID)
    world.account.faults.answer(401, path=f"/items/{FIRST_ID}.json")
    await world.clock.sleep(60)
    with capture_logs() as logs, pytest.raises(CredentialsRejected):
        await catalog.refresh()
    [failed] = [line for line in logs if line["event"] == "catalog.walk_failed"]
    assert failed["exc_info"] is None, "the account's refusal is no fault of ours"
    assert catalog.status == before
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
    with pytest.raises(CredentialsRejected):
        await catalog.search_items("a")
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
    assert (again.status.complete, again.status.items) == (False, 90)
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


async def test_a_caller_who_gives_up_leaves_the_walk_to_the_others(world: World) -> None:
    world.stock(items=10, clients=1)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=ITEMS) as hold:
        impatient, patient = (asyncio.create_task(catalog.refresh()) for _ in range(2))
        await hold.arrived()
        impatient.cancel()
    assert (await patient).items == Tally(new=10)
    assert impatient.cancelled()


async def test_progress_is_told_to_each_who_asks_and_a_listener_that_fails_is_left_out(world: World) -> None:
    world.stock(items=65, clients=40)
    catalog = await world.catalog()
    told: list[Progress] = []
    failures: list[Progress] = []

    async def listen(progress: Progress) -> None:
        told.append(progress)

    async def fail(progress: Progress) -> None:
        failures.append(progress)
        raise ConnectionError

    with capture_logs() as logs:
        await asyncio.gather(catalog.refresh(listen), catalog.refresh(fail))
    assert [line["exc_info"] for line in logs if line["event"] == "catalog.progress_not_told"] == [True]
    assert [(progress.kind, progress.done, progress.expected) for progress in told] == [
        ("items", 30, None), ("items", 60, None), ("items", 65, None), ("clients", 30, 40), ("clients", 40, 40),
    ]  # fmt: skip
    assert len(failures) == 1
    told.clear()
    world.account.remove_item(FIRST_ID)
    await catalog.refresh(listen)
    assert [(progress.done, progress.expected) for progress in told if progress.kind == "items"] == [
        (30, 65), (60, 65), (64, 65), (0, 1),
    ]  # fmt: skip
    assert [progress.checking for progress in told if progress.kind == "items"] == [False, False, False, True]


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
    with pytest.raises(UnexpectedAnswer):
        await catalog.refresh()
    assert world.asked("/items/*") == 101
    assert await world.is_copied_by(catalog)
