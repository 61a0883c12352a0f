"""One walk at a time: who shares it, and who gets the next one."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from structlog.testing import capture_logs

from bot.catalog import Changes, Progress, Tally
from bot.invoicexpress.errors import CredentialsRejected
from tests.catalog.conftest import FIRST_ID, World
from tests.clocks import ManualClock
from tests.invoicexpress.support import settle, until

ITEMS, CLIENTS = "/items.json", "/clients.json"


async def test_everybody_who_waits_shares_one_walk(world: World) -> None:
    world.stock(items=30, clients=5)
    catalog = await world.catalog()
    answers = await asyncio.gather(*(catalog.refresh() for _ in range(5)))
    assert answers == [Changes(items=Tally(new=30), clients=Tally(new=5))] * 5
    assert world.asked(CLIENTS) <= 3
    before = world.asked()
    await asyncio.gather(*(catalog.search_items("a") for _ in range(20)), catalog.page_items(limit=10, offset=0))
    await asyncio.gather(catalog.search_clients("a"), catalog.page_clients(limit=1, offset=1), catalog.taxes())
    assert world.asked() == before


async def test_a_refresh_sees_what_changed_behind_a_walk_that_is_under_way(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=CLIENTS, times=1) as hold:
        first = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
        later = [asyncio.create_task(catalog.refresh()) for _ in range(3)]
        await asyncio.sleep(0)
    assert await first == Changes(items=Tally(new=40), clients=Tally(new=1))
    assert [await one for one in later] == [Changes(items=Tally(changed=1))] * 3, "they share one walk"
    assert await world.is_copied_by(catalog)


async def test_who_asks_during_the_next_walk_gets_the_one_after_it(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    ends: list[Progress] = []
    third: list[asyncio.Task[Changes]] = []

    async def begin_third(progress: Progress) -> None:
        ends.extend([progress] if (progress.kind, progress.done) == ("items", 40) else [])
        if len(ends) > 1 and not third:
            world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
            third.append(asyncio.create_task(catalog.refresh()))
            await settle()

    async with world.account.faults.holding(path=ITEMS, times=1) as hold:
        first = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        second = asyncio.create_task(catalog.refresh(begin_third))
        await settle()
    assert (await first, await second) == (Changes(items=Tally(new=40), clients=Tally(new=1)), Changes())
    assert (await third[0]).items == Tally(changed=1)
    assert await world.is_copied_by(catalog)


async def test_a_refresh_after_a_walk_that_failed_succeeds(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=CLIENTS, times=1) as hold:
        first = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        world.account.faults.answer(401, path=CLIENTS, times=1)
        later = asyncio.create_task(catalog.refresh())
        await asyncio.sleep(0)
    assert isinstance((await first).clients, CredentialsRejected)
    assert await later == Changes(), "the walk that failed had read everything"
    assert await world.is_copied_by(catalog)


async def test_who_asks_for_a_refresh_need_not_wait_for_one_in_the_background(world: World) -> None:
    clock = ManualClock()
    world.stock(items=40, clients=1)
    catalog = await world.catalog(clock=clock, refresh_minutes=10)
    catalog.start()
    await clock.advance(0)
    await catalog.refresh()
    async with world.account.faults.holding(path=CLIENTS, times=1) as hold:
        await clock.advance(600)
        await hold.arrived()
        world.account.change_item(FIRST_ID, unit_price=Decimal("99.99"))
        assert (await catalog.refresh()).items == Tally(changed=1)
    assert await world.is_copied_by(catalog)
    asked = world.asked(ITEMS)
    await clock.advance(600)
    await until(lambda: world.asked(ITEMS) > asked)
    await catalog.stop()


async def test_a_walk_that_was_to_follow_ends_with_the_catalogue(world: World) -> None:
    world.stock(items=40, clients=1)
    catalog = await world.catalog()
    async with world.account.faults.holding(path=CLIENTS) as hold:
        first = asyncio.create_task(catalog.refresh())
        await hold.arrived()
        later = asyncio.create_task(catalog.refresh())
        await settle()
        asked = world.asked(CLIENTS)
        await catalog.aclose()
        await asyncio.wait([first, later])
    assert first.cancelled()
    assert later.cancelled()
    assert world.asked(CLIENTS) == asked, "nothing was begun any more"


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
    told.sort(key=lambda progress: progress.kind)
    assert [line["exc_info"] for line in logs if line["event"] == "catalog.progress_not_told"] == [True, True]
    assert [(progress.kind, progress.done, progress.expected, progress.share) for progress in told] == [
        ("clients", 30, 40, 0.75), ("clients", 40, 40, 0.99),
        ("items", 30, None, None), ("items", 60, None, None), ("items", 65, None, None),
    ]  # fmt: skip
    assert sorted(progress.kind for progress in failures) == ["clients", "items"]
    told.clear()
    world.account.remove_item(FIRST_ID)
    await catalog.refresh(listen)
    assert [(progress.done, progress.expected) for progress in told if progress.kind == "items"] == [
        (30, 65), (60, 65), (64, 65), (0, 1),
    ]  # fmt: skip
    assert [progress.checking for progress in told if progress.kind == "items"] == [False, False, False, True]
