"""A double click, an impatient second submission, a redelivery: what writes is done once."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.sandbox.slack import Exchange
from tests.flows.items.shop import LARGE, asked, confirmation, edit_form, held
from tests.flows.world import World


async def repeated(world: World, request: Exchange, times: int = 1) -> None:
    """Send a request again, so often at the same time, and return when each was seen to be a repetition."""
    with capture_logs() as lines:
        answers = await asyncio.gather(*(world.workspace.repeat(request) for _ in range(times)))
        assert all(answer.ok for answer in answers)
        async with asyncio.timeout(5):
            while sum(line.get("outcome") == "repeated" for line in lines) < times:  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.002)


async def test_a_create_that_is_submitted_twice(world: World) -> None:
    await world.ben.command("/items new Chá")
    await world.ben.modal(callback_id="items.new-form")
    await world.ben.fill({"Unit price": "1"})
    async with world.account.faults.holding("POST") as hold:
        await world.ben.submit()
        [submission] = world.workspace.calls_of("view_submission")
        await hold.arrived()
        await repeated(world, submission)
        hold.release()
        await world.ben.modal("The item was created.")
    await repeated(world, submission)
    assert len(world.account.requests.matching("POST")) == 1


async def test_an_edit_that_is_submitted_twice(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    [submission] = shop.workspace.calls_of("view_submission")
    shop.account.change_item(LARGE, unit_price=held(shop, LARGE).unit_price + 1)
    await repeated(shop, submission, times=3)
    assert [write.what for write in shop.account.writes] == ["update", "update"]
    assert held(shop, LARGE).unit_price == 102


async def test_a_delete_that_is_confirmed_twice(shop: World) -> None:
    await confirmation(shop, shop.ana, LARGE)
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")
    [submission] = shop.workspace.calls_of("view_submission")
    shop.account.add_item("Large", "100", unit="service", tax="IVA23", item_id=LARGE)
    shop.account.requests.clear()
    await repeated(shop, submission)
    assert shop.account.has_item(LARGE)
    assert asked(shop) == []


async def test_an_undo_that_is_clicked_twice(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    view = await shop.ben.modal("Large was saved.")
    async with shop.account.faults.holding("PUT") as hold:
        await shop.ben.click(view, "Undo")
        await hold.arrived()
        [click] = shop.workspace.calls_of("block_actions")
        await repeated(shop, click)
        hold.release()
        await shop.ben.modal("€101.00 → €100.00")
    assert [write.what for write in shop.account.writes] == ["update", "update"]


async def test_a_refused_form_can_be_submitted_again(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    for _ in range(3):
        fault = shop.account.faults.answer(429, method="PUT")
        await shop.ben.submit()
        await shop.ben.modal("only so many requests a minute")
        shop.account.faults.remove(fault)
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    assert len(shop.account.writes) == 1
