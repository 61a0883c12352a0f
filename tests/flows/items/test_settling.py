"""What is done about a write whose outcome nobody knows, while people go on working."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack import Actor
from tests.flows.dying import Rounds
from tests.flows.items.shop import LARGE, QUICK, edit_form, held
from tests.flows.items.test_lost_answers import fill_in, not_confirmed
from tests.flows.test_dying import cut_down, outcomes, standing
from tests.flows.world import World
from tests.history.support import rows


def told_of(world: World) -> list[str]:
    return [row["outcome"] for row in rows(world.settings.data_dir / "records.db", "outcomes")]


async def lost_create(world: World, person: Actor, when: Any, *, unseen: bool = False) -> None:
    """Submit a create whose answer is lost, and maybe also hide the list in which its item would be seen."""
    await fill_in(world, person)
    cut = world.account.faults.cut(when, method="POST")
    lists = world.account.faults.answer(503, path="/items.json", method="GET") if unseen else None
    await person.submit()
    if lists is not None:
        await person.modal("We don't know whether Chá was created")
        world.account.faults.remove(lists)
        world.account.faults.remove(cut)


async def test_what_was_found_but_cannot_be_read_is_shown_as_the_list_has_it(shop: World) -> None:
    shop.account.faults.answer(503, path="/items/*", method="GET")
    await lost_create(shop, shop.ben, "after")
    await shop.ben.modal("the account holds an item of this name.", "Chá", "€1.30")
    assert told_of(shop) == ["unknown", "succeeded"]


async def test_a_new_item_that_was_edited_before_its_create_was_settled_is_known_by_what_we_read(shop: World) -> None:
    await lost_create(shop, shop.ben, "after", unseen=True)
    [new] = [write.id for write in shop.account.writes]
    await edit_form(shop, shop.ana, new)
    await shop.ana.fill({"Preço unitário": "2"})
    await shop.ana.submit()
    await shop.ana.modal("foi guardado.")
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("the account holds an item of this name.", "€2.00")
    assert told_of(shop) == ["unknown", "succeeded", "succeeded"]


async def test_an_item_that_somebody_else_created_through_us_is_not_taken_for_the_lost_one(shop: World) -> None:
    await fill_in(shop, shop.ana)
    await shop.ana.submit()
    await shop.ana.modal("O artigo foi criado.")
    await lost_create(shop, shop.ben, "before")
    await shop.ben.modal("Your new item Chá from", "was not created.")
    assert told_of(shop) == ["succeeded", "unknown", "failed"]
    assert [write.what for write in shop.account.writes] == ["create"]


@pytest.mark.parametrize("there", [True, False], ids=["there", "not there"])
async def test_a_create_that_the_history_no_longer_holds_is_looked_up_by_its_name(shop: World, there: Any) -> None:
    """`HISTORY_DAYS` may have dropped it, or the records were lost."""
    await not_confirmed(shop)
    await shop.ben.click(None, "Check again")
    await shop.ben.modal("We don't know whether Chá was created")
    if there:
        shop.account.add_item("Cacau", "3")
    [click] = shop.workspace.calls_of("block_actions")
    click.request["actions"][0]["value"] = "Cacau"
    await shop.workspace.repeat(click)
    expected = "the account holds an item of this name." if there else "We don't know whether Cacau was created"
    await shop.ben.modal(expected, "Cacau")


async def test_what_is_settled_already_is_told_as_it_ended(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place, place.with_bot(clock=clock, limits=QUICK) as world:
        await lost_create(world, world.ben, "before")
        await world.ben.modal("We don't know whether Chá was created")
        clock.shift(120)
        clock.ring()
        await world.ben.sees("was not created.", channel="dm", ever=True)
        world.account.requests.clear()
        await world.ben.click(None, "Check again")
        await world.ben.modal("Your new item Chá from", "was not created.")
        assert list(world.account.requests) == []


async def test_nothing_is_sent_to_an_item_of_which_an_earlier_write_may_still_be_on_its_way(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=False)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await edit_form(world, world.ana, LARGE)
            await world.ana.fill({"Preço unitário": "90"})
            await world.ana.submit()
            await world.ana.modal("Nada foi enviado", "90")
            assert (place.account.writes, outcomes(place)) == ((), [])
            clock.shift(180)
            await world.ana.submit()
            await world.ana.modal("Large foi guardado.", "100,00\u00a0€ → 90,00\u00a0€")
            assert held(world, LARGE).unit_price == Decimal(90)
        assert outcomes(place) == ["failed", "succeeded"]


async def test_a_form_that_no_longer_knows_its_item_does_not_come_back_as_one_for_a_new_item(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    [submission] = shop.workspace.calls_of("view_submission")
    submission.request["view"]["private_metadata"] = '{"attempt":1}'
    await shop.workspace.repeat(submission)
    shown = await shop.ben.modal("This button or form comes from an older version and no longer works.")
    assert shown.title == "InvoiceXpress"
    assert [write.what for write in shop.account.writes] == ["update"]


async def test_whoever_checks_while_others_are_being_told_is_not_told_once_more(tmp_path: Path) -> None:
    clock, held_back = Rounds(), asyncio.Event()
    async with standing(tmp_path) as place, place.with_bot(clock=clock, limits=QUICK) as world:
        for person, name in ((world.ben, "Chá"), (world.ana, "Cacau")):
            await fill_in(world, person, name)
            cut = place.account.faults.cut("before", method="POST")
            await person.submit()
            await person.modal(name, callback_id="")
            place.account.faults.remove(cut)
        clock.shift(120)
        message = place.workspace.faults.next("chat.postMessage", hold=held_back)
        clock.ring()
        while message.times:  # noqa: ASYNC110 - nobody is told when a call is held back
            await asyncio.sleep(0.002)
        await world.ana.click(None, "Verificar de novo")
        await world.ana.modal("Cacau", "não foi criado.")
        held_back.set()
        await clock.round()
        assert len(world.ben.messages("Chá", channel="dm")) == 1
        assert world.ana.messages(channel="dm") == []
