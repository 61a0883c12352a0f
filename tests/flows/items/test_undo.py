"""Undo: after an edit or a delete, for ten minutes by whoever did it, from the history by whoever manages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.sandbox.slack import Actor
from tests.clocks import ShiftedClock, StandingClock
from tests.flows.items.shop import ITEMS, LARGE, asked, confirmation, edit_form, held, open_shop
from tests.flows.world import World

LARGE_ITEM = replace(ITEMS[1], description="")


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def office(tmp_path: Path, clock: ShiftedClock) -> AsyncIterator[World]:
    """A shop in which Ana manages and Ben edits."""
    async with open_shop(tmp_path, clock=clock, managers="admins", editors="members") as living:
        yield living


async def edited(world: World, person: Actor, **entries: str) -> None:
    """Edit the large item, and leave the outcome on the screen."""
    await edit_form(world, person, LARGE)
    names = (
        {"price": "Unit price", "description": "Description"} if person is world.ben else {"price": "Preço unitário"}
    )
    await person.fill({names[name]: entry for name, entry in entries.items()})
    await person.submit()
    await person.modal("→")
    world.account.requests.clear()


async def test_an_edit_is_undone_in_the_modal(office: World) -> None:
    await edited(office, office.ben, price="101", description="Nova")
    await office.ben.click(None, "Undo")
    await office.ben.modal("Large was saved.", "€101.00 → €100.00", "Nova → (empty)")
    assert held(office, LARGE) == LARGE_ITEM
    assert asked(office) == [f"GET /items/{LARGE}.json", f"PUT /items/{LARGE}.json", f"GET /items/{LARGE}.json"]


async def test_an_edit_is_undone_in_the_message(office: World) -> None:
    await edit_form(office, office.ben, LARGE)
    await office.ben.fill({"Unit price": "101"})
    async with office.account.faults.holding("PUT") as hold:
        await office.ben.submit()
        await hold.arrived()
        await office.ben.close()
        hold.release()
        told = await office.ben.sees("Large was saved.")
    await office.ben.click(told, "Undo")
    await office.ben.sees("€101.00 → €100.00")
    writes = len(office.account.writes)
    await office.ben.click(told, "Undo")
    await office.ben.sees("This was asked for already")
    assert len(office.account.writes) == writes


async def test_what_others_changed_elsewhere_stays(office: World) -> None:
    await edited(office, office.ben, price="101")
    office.account.change_item(LARGE, unit="day", description="Deles")
    await office.ben.click(None, "Undo")
    await office.ben.modal("Large was saved.", "€101.00 → €100.00")
    assert held(office, LARGE) == replace(LARGE_ITEM, unit="day", description="Deles")


async def test_what_was_changed_again_is_a_conflict(office: World) -> None:
    await edited(office, office.ben, price="101")
    office.account.change_item(LARGE, unit_price=Decimal(90))
    await office.ben.click(None, "Undo")
    view = await office.ben.modal(
        "Not undone: Large was changed again since.", "now €90.00, undone it would be €100.00"
    )
    assert held(office, LARGE).unit_price == 90
    assert asked(office) == [f"GET /items/{LARGE}.json"]
    await office.ben.click(view, "Edit")
    await office.ben.modal("Edit item", "90.00")


async def test_a_delete_is_undone_under_a_new_number(office: World) -> None:
    await confirmation(office, office.ana, LARGE)
    await office.ana.submit()
    await office.ana.modal("foi eliminado.")
    await office.ana.click(None, "Anular")
    await office.ana.modal("O artigo existe de novo, criado outra vez: o número era 402322 e agora é 402329.", "Large")
    assert replace(held(office, 402329), id=LARGE) == LARGE_ITEM
    await office.ben.command("/items large")
    await office.ben.sees("Item no. 402329.")


async def test_a_delete_whose_name_is_taken_since_is_refused_and_can_be_tried_again(office: World) -> None:
    await confirmation(office, office.ana, LARGE)
    await office.ana.submit()
    await office.ana.modal("foi eliminado.")
    other = office.account.add_item("Large")
    await office.ana.click(None, "Anular")
    await office.ana.modal("O InvoiceXpress recusou: Nome não está disponível", "Anular")
    office.account.remove_item(other.id)
    await office.ana.click(None, "Anular")
    await office.ana.modal("O artigo existe de novo")


async def test_an_undo_whose_answer_is_lost_is_not_sent_again(office: World) -> None:
    await confirmation(office, office.ana, LARGE)
    await office.ana.submit()
    await office.ana.modal("foi eliminado.")
    office.account.faults.cut("after", method="POST")
    await office.ana.click(None, "Anular")
    view = await office.ana.modal("a alteração pode ter sido feita ou não")
    assert "Anular" not in view.plain
    [click] = office.workspace.calls_of("block_actions")
    await office.workspace.repeat(click)
    await office.ana.modal("Isto já foi pedido e só é feito uma vez.")
    assert [write.what for write in office.account.writes] == ["delete", "create"]


async def test_an_undo_that_cannot_be_read_back_says_so(office: World) -> None:
    await edited(office, office.ben, price="101")

    def break_down(exchange: object) -> None:
        office.account.faults.answer(503, method="GET", path="/items/*")

    async with office.account.faults.holding("PUT") as hold:
        await office.ben.click(None, "Undo")
        await hold.arrived()
        break_down(None)
        hold.release()
        await office.ben.modal("Large was saved.", "it could not be read back")
    assert held(office, LARGE) == LARGE_ITEM


async def test_an_item_that_is_gone_is_not_undone(office: World) -> None:
    await edited(office, office.ben, price="101")
    office.account.remove_item(LARGE)
    await office.ben.click(None, "Undo")
    await office.ben.modal("InvoiceXpress has no such record", "Undo")


async def test_ten_minutes_later_it_takes_a_manager(office: World, clock: ShiftedClock) -> None:
    await edited(office, office.ben, price="101")
    clock.shift(601)
    await office.ben.click(None, "Undo")
    await office.ben.modal("You can undo your own changes for ten minutes.")
    assert held(office, LARGE).unit_price == 101
    await office.ana.command("/artigos histórico large")
    found = await office.ana.sees("Large (n.º 402322)", "100,00\u00a0€ → 101,00\u00a0€")
    await office.ana.click(found, "Anular")
    await office.ana.sees("Large foi guardado.", "101,00\u00a0€ → 100,00\u00a0€")
    assert held(office, LARGE) == LARGE_ITEM
    await office.ana.command("/artigos histórico large")
    await office.ana.sees("uma anulação")


async def test_the_undo_of_others_is_refused(office: World) -> None:
    await edited(office, office.ana, price="101")
    await office.ana.click(None, "Anular")
    await office.ana.modal("101,00\u00a0€ → 100,00\u00a0€")
    await edited(office, office.ben, description="Nova")
    await office.ben.click(None, "Undo")
    await office.ben.modal("Nova → (empty)")
    theirs = office.workspace.calls_of("block_actions")[0]
    ours = office.workspace.calls_of("block_actions")[-1]
    ours.request["actions"][0]["value"] = theirs.request["actions"][0]["value"]
    writes = len(office.account.writes)
    await office.workspace.repeat(ours)
    await office.ben.modal("You may not do this here.")
    assert len(office.account.writes) == writes


async def test_an_undo_from_another_place_is_one_too_many(office: World) -> None:
    await edited(office, office.ben, price="101")
    await office.ana.command("/artigos histórico large")
    found = await office.ana.sees("Large (n.º 402322)")
    await office.ben.click(None, "Undo")
    await office.ben.modal("€101.00 → €100.00")
    writes = len(office.account.writes)
    await office.ana.click(found, "Anular")
    await office.ana.sees("Isto já foi pedido e só é feito uma vez.")
    assert len(office.account.writes) == writes


async def test_the_undo_of_what_is_not_recorded_says_so(office: World) -> None:
    await edited(office, office.ben, price="101")
    await office.ben.click(None, "Undo")
    await office.ben.modal("€101.00 → €100.00")
    [click] = office.workspace.calls_of("block_actions")
    click.request["actions"][0]["value"] = '{"reference":"00000000"}'
    await office.workspace.repeat(click)
    await office.ben.modal("This button or form comes from an older version and no longer works.")


async def test_a_guest_undoes_nothing(office: World) -> None:
    await edited(office, office.ben, price="101")
    await office.ben.click(None, "Undo")
    await office.ben.modal("€101.00 → €100.00")
    [click] = office.workspace.calls_of("block_actions")
    click.request["user"]["id"] = office.workspace.person("Gil").id
    writes = len(office.account.writes)
    await office.workspace.repeat(click)
    await office.ben.modal("Não tem permissão para fazer isto aqui.")
    assert len(office.account.writes) == writes


async def test_a_create_cannot_be_undone(office: World) -> None:
    await office.ben.command("/items new Chá")
    await office.ben.modal(callback_id="items.new-form")
    await office.ben.fill({"Unit price": "1"})
    await office.ben.submit()
    done = await office.ben.modal("The item was created.")
    assert "Undo" not in done.plain
    await office.ana.command("/artigos histórico")
    assert "Anular" not in (await office.ana.sees("Chá", "criado")).plain


@pytest.mark.parametrize(
    ("seconds", "allowed"),
    [(599.9, True), (600, True), (600.1, False), (-599.9, True), (-600.1, False)],
)
async def test_ten_minutes_to_the_tenth_of_a_second(tmp_path: Path, seconds: float, *, allowed: bool) -> None:
    """They count from the end of the edit, which took half a minute here; one that lies ahead says nothing."""
    clock = StandingClock()
    async with open_shop(tmp_path, clock=clock, managers="admins", editors="members") as shop:
        await edit_form(shop, shop.ben, LARGE)
        await shop.ben.fill({"Unit price": "101"})
        async with shop.account.faults.holding("PUT") as hold:
            await shop.ben.submit()
            await hold.arrived()
            clock.put(30)
            hold.release()
            await shop.ben.modal("→")
        clock.put(seconds)
        await shop.ben.click(None, "Undo")
        await shop.ben.modal("€101.00 → €100.00" if allowed else "You can undo your own changes for ten minutes.")
        assert held(shop, LARGE).unit_price == (100 if allowed else 101)
