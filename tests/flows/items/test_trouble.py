"""The service fails at each stage: each failure has its sentence where the person is, and nothing typed is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from bot.invoicexpress.client import Limits
from bot.sandbox.account import Account, Fault
from tests.flows.items.shop import COFFEE, ITEMS, LARGE, MEDIUM, QUICK, confirmation, edit_form, held, open_shop
from tests.flows.world import World, living_world

Break = Callable[..., Fault]
IMPATIENT: Limits = dataclasses.replace(QUICK, attempts=2, read=0.3, answer=0.3)


@dataclass(frozen=True)
class Failure:
    """A way to fail, and the sentences about it: where nothing was sent, and where a write was."""

    of: Callable[[Account], Break]
    english: str
    portuguese: str
    of_a_write: str = ""


def answering(status: int, body: str = "") -> Callable[[Account], Break]:
    def fault(account: Account) -> Break:
        return lambda **where: account.faults.answer(status, body, content_type="text/html", **where)

    return fault


def cutting(account: Account) -> Break:
    return lambda **where: account.faults.cut("before", **where)


FAILURES = {
    "401": Failure(answering(401), "InvoiceXpress refuses our key", "O InvoiceXpress recusa a nossa chave"),
    "429": Failure(
        answering(429), "only so many requests a minute", "só permite um certo número de pedidos por minuto"
    ),
    "530": Failure(  # from an account that answered a moment ago
        answering(530), "does not answer at this moment", "não responde neste momento", "may or may not have been"
    ),
    "403": Failure(answering(403), "we don't understand (status 403)", "não compreendemos (estado 403)"),
    "302": Failure(
        answering(302), "we don't understand (status 302)", "não compreendemos (estado 302)", "may or may not have been"
    ),
    "503": Failure(
        answering(503, "<html>Oops</html>"),
        "does not answer at this moment",
        "não responde neste momento",
        "may or may not",
    ),
    "cut": Failure(cutting, "does not answer at this moment", "não responde neste momento", "may or may not have been"),
}

each_failure = pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)


UNREACHABLE = {"429", "503", "530", "cut"}
"""Failures in spite of which what the copy holds is shown."""

each_answer = pytest.mark.parametrize("failure", [FAILURES[name] for name in FAILURES.keys() - UNREACHABLE])
each_silence = pytest.mark.parametrize("name", sorted(UNREACHABLE))


@each_answer
async def test_looking_up_by_number(shop: World, failure: Failure) -> None:
    failure.of(shop.account)(path="/items/*")
    await shop.ben.command(f"/items {LARGE}")
    told = await shop.ben.sees(failure.english)
    assert told.is_ephemeral


@each_silence
async def test_looking_up_by_number_shows_the_copy(shop: World, name: str) -> None:
    FAILURES[name].of(shop.account)(path="/items/*")
    shop.account.change_item(LARGE, unit_price=Decimal(101))
    await shop.ben.command(f"/items {LARGE}")
    told = await shop.ben.sees("Large", "Modelo 402322", "€100.00")
    assert "Oops" not in told.plain
    await shop.ana.command(f"/artigos {MEDIUM}")
    told = await shop.ana.sees("Medium", "24,3902\u00a0€")
    assert ("O InvoiceXpress não responde desde" in told.plain) == (name != "429")


@each_answer
async def test_opening_an_item_of_a_list(shop: World, failure: Failure) -> None:
    await shop.ana.command("/artigos café")
    found = await shop.ana.sees("1 a 2 de 2.")
    failure.of(shop.account)(path="/items/*")
    await shop.ana.click(found, "Abrir", value=str(COFFEE))
    await shop.ana.sees(failure.portuguese)
    assert "1 a 2 de 2." in found.plain


@each_silence
async def test_opening_an_item_of_a_list_shows_the_copy(shop: World, name: str) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("1 to 2 of 2.")
    FAILURES[name].of(shop.account)(path="/items/*")
    await shop.ben.click(found, "Open", value=str(COFFEE))
    # A limit is no outage: the service did answer, only not with the item.
    why = "is taking a long time to answer" if name == "429" else "has not answered since"
    await shop.ben.sees("Café Expresso", f"InvoiceXpress {why}", "this is our copy.")


async def test_an_item_that_the_copy_lacks_too_is_told_as_a_failure(shop: World) -> None:
    await shop.ben.command("/items café")
    found = await shop.ben.sees("1 to 2 of 2.")
    shop.account.remove_item(COFFEE)
    await shop.ben.click(found, "Open", value=str(COFFEE))
    await shop.ben.sees("InvoiceXpress has no such record")
    shop.account.faults.cut("before", path="/items/*")
    await shop.ben.click(found, "Open", value=str(COFFEE))
    await shop.ben.sees("InvoiceXpress does not answer at this moment.")


@each_failure
async def test_opening_a_form(shop: World, failure: Failure) -> None:
    fault = failure.of(shop.account)(path="/items/*")
    await shop.ben.command(f"/items edit {LARGE}")
    await shop.ben.modal(failure.english)
    shop.account.faults.remove(fault)
    await shop.ben.command(f"/items edit {LARGE}")
    await shop.ben.modal("Edit item", "Large")


@each_failure
async def test_opening_a_confirmation(shop: World, failure: Failure) -> None:
    failure.of(shop.account)(path="/items/*")
    await shop.ana.command(f"/artigos eliminar {LARGE}")
    view = await shop.ana.modal(failure.portuguese)
    assert "submit" not in view.payload


@each_failure
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_saving(shop: World, failure: Failure, method: str) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101", "Description": "Nova"})
    fault = failure.of(shop.account)(method=method, path="/items/*")
    await shop.ben.submit()
    sentence = failure.of_a_write if method == "PUT" and failure.of_a_write else failure.english
    await shop.ben.modal(sentence, "101", "Nova", callback_id="items.form")
    assert held(shop, LARGE) == ITEMS[1]
    shop.account.faults.remove(fault)
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.", "€100.00 → €101.00")


@each_failure
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_deleting(shop: World, failure: Failure, method: str) -> None:
    await confirmation(shop, shop.ana, LARGE)
    fault = failure.of(shop.account)(method=method, path="/items/*")
    await shop.ana.submit()
    of_a_write = method == "DELETE" and failure.of_a_write
    sentence = "a alteração pode ter sido feita ou não" if of_a_write else failure.portuguese
    await shop.ana.modal(sentence, "Eliminar o artigo n.º", callback_id="items.delete-form")
    assert shop.account.has_item(LARGE)
    shop.account.faults.remove(fault)
    await shop.ana.submit()
    await shop.ana.modal("foi eliminado.")


@each_failure
async def test_creating(shop: World, failure: Failure) -> None:
    await shop.ben.command("/items new Chá")
    await shop.ben.modal(callback_id="items.new-form")
    await shop.ben.fill({"Unit price": "1,30"})
    failure.of(shop.account)(method="POST", times=3)
    await shop.ben.submit()
    if failure.of_a_write:
        await shop.ben.modal("We don't know whether Chá was created", "Check again")
        assert len(shop.account.requests.matching("POST")) == 1
    else:
        await shop.ben.modal(failure.english, "Chá", "1,30", callback_id="items.new-form")
        shop.account.faults.clear()
        await shop.ben.submit()
        await shop.ben.modal("The item was created.")
    assert len(shop.account.writes) == (0 if failure.of_a_write else 1)


@each_failure
async def test_sharing(shop: World, failure: Failure) -> None:
    await shop.ben.command("/items large")
    card = await shop.ben.sees("Large")
    failure.of(shop.account)(path="/items/*")
    await shop.ben.click(card, "Share to channel")
    told = await shop.ben.sees(failure.english)
    assert told.is_ephemeral
    assert "€100.00" in card.plain


async def test_the_first_look_up_of_all(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.faults.answer(401, path="/items.json")

    async with living_world(tmp_path, samples=False, stock=stock, limits=QUICK) as shop:
        await shop.ben.command("/items café")
        await shop.ben.sees("InvoiceXpress refuses our key: either the key is wrong or the account does not exist.")
        shop.account.stock(items=ITEMS)
        shop.account.faults.clear()
        await shop.ben.command(f"/items edit {LARGE}")
        await shop.ben.modal("Edit item", "Large")


async def test_an_edit_that_times_out(tmp_path: Path) -> None:
    async with open_shop(tmp_path, limits=IMPATIENT) as shop:
        await edit_form(shop, shop.ben, LARGE)
        await shop.ben.fill({"Unit price": "101"})
        async with shop.account.faults.holding("PUT", "/items/*"):
            await shop.ben.submit()
            await shop.ben.modal("its answer was lost: the change may or may not have been made.", "101")


async def test_a_reading_that_times_out(tmp_path: Path) -> None:
    async with open_shop(tmp_path, limits=IMPATIENT) as shop, shop.account.faults.holding("GET", "/items/*"):
        await shop.ben.command(f"/items edit {LARGE}")
        await shop.ben.modal("InvoiceXpress does not answer at this moment.")


async def test_a_create_that_times_out_after_it_was_carried_out(tmp_path: Path) -> None:
    async with open_shop(tmp_path, limits=IMPATIENT) as shop:
        await shop.ben.command("/items new Chá")
        await shop.ben.modal(callback_id="items.new-form")
        await shop.ben.fill({"Unit price": "1"})
        async with shop.account.faults.holding("POST", after=True):
            await shop.ben.submit()
            await shop.ben.modal("The answer of InvoiceXpress was lost, but the account holds an item of this name.")
        assert len(shop.account.writes) == 1


async def test_a_limit_that_passes_is_waited_for(shop: World) -> None:
    await edit_form(shop, shop.ben, LARGE)
    await shop.ben.fill({"Unit price": "101"})
    shop.account.faults.answer(429, method="PUT", times=1)
    await shop.ben.submit()
    await shop.ben.modal("Large was saved.")
    assert len(shop.account.requests.matching("PUT")) == 2
    assert len(shop.account.writes) == 1


async def test_too_many_at_once_are_told_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path, limits=dataclasses.replace(QUICK, inside=1)) as shop:
        async with shop.account.faults.holding("GET", "/items/*") as hold:
            await shop.ben.command(f"/items edit {LARGE}")
            await hold.arrived()
            await shop.ana.command(f"/artigos editar {COFFEE}")
            await shop.ana.modal("Já há demasiados pedidos ao InvoiceXpress em espera e este não foi enviado.")
        await shop.ben.modal("Edit item", "Large")


async def test_an_answer_that_is_no_item_is_told(shop: World) -> None:
    shop.account.faults.answer(200, "<html></html>", path="/items/*")
    await shop.ben.command(f"/items edit {LARGE}")
    await shop.ben.modal("InvoiceXpress gave an answer that we don't understand (status 200).")
