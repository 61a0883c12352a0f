"""`/items refresh`: the account is read anew, and a direct message says how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

from tests.clocks import QuickClock
from tests.flows.items.shop import LARGE, MEDIUM, item, open_shop, walked
from tests.flows.world import World

FEW = [item(1000 + number, f"Peça {number}") for number in range(40)]


async def test_the_account_is_read_anew(shop: World) -> None:
    shop.account.add_item("Chá")
    shop.account.change_item(MEDIUM, unit_price=shop.account.item(MEDIUM).unit_price + 1)
    shop.account.remove_item(LARGE)
    await shop.ben.command("/items refresh")
    await shop.ben.sees("Reading the account anew.", channel="geral")
    told = await shop.ben.sees("Items: 1 new, 1 changed, 1 gone. Clients: 0 new, 0 changed, 0 gone.", channel="dm")
    assert len(shop.ben.messages(channel="dm")) == 1
    assert told.text.startswith("The account has been read anew.")
    await shop.ben.command("/items chá")
    await shop.ben.sees("Chá", "Item no.")


async def test_a_failure_is_told_and_the_copy_stays(shop: World) -> None:
    shop.account.faults.answer(401, path="/items.json")
    await shop.ana.command("/artigos atualizar")
    told = await shop.ana.sees("Os artigos não foram lidos: O InvoiceXpress recusa a nossa chave", channel="dm")
    assert told.text.startswith("Nem tudo na conta pôde ser lido de novo.")
    assert told.text.endswith("Mantém-se a cópia anterior. Clientes: 0 novos, 0 alterados, 0 desaparecidos.")
    await shop.ana.command("/artigos large")
    await shop.ana.sees("Large", "Artigo n.º")


async def test_taxes_that_cannot_be_read_are_a_failure_of_their_own(shop: World) -> None:
    shop.account.faults.answer(500, path="/taxes.json")
    await shop.ben.command("/items refresh")
    told = await shop.ben.sees("Taxes were not read: ", channel="dm")
    assert "Items: 0 new, 0 changed, 0 gone. Clients: 0 new, 0 changed, 0 gone." in told.text


async def test_where_everything_fails_alike_the_reason_is_told_once(shop: World) -> None:
    shop.account.faults.answer(401)
    await shop.ben.command("/items refresh")
    told = await shop.ben.sees("Reading the account anew failed: ", channel="dm")
    assert told.text.count("InvoiceXpress refuses our key") == 1


async def test_how_far_it_is_is_told_now_and_then(tmp_path: Path) -> None:
    records = [item(1000 + number, f"Peça {number}") for number in range(100)]
    async with open_shop(tmp_path, items=records, clock=QuickClock()) as shop:
        async with shop.account.faults.holding(path="/clients.json"):
            await shop.ben.command("/items refresh")
            await shop.ben.sees("Reading the account anew: 100 items so far (99%).", channel="dm")
        await shop.ben.sees("The account has been read anew.", channel="dm")
        assert len(shop.ben.messages(channel="dm")) == 1


async def test_what_is_being_checked_is_told_too(tmp_path: Path) -> None:
    async with open_shop(tmp_path, items=FEW, clock=QuickClock()) as shop:
        for number in range(1030, 1036):
            shop.account.remove_item(number)
        async with shop.account.faults.holding(path="/items/1035.json"):
            await shop.ana.command("/artigos atualizar")
            await shop.ana.sees(
                "A ler de novo a conta: verificados 5 de 6 registos que já não aparecem nas listas.", channel="dm"
            )
        await shop.ana.sees("6 desaparecidos", channel="dm")


async def test_the_message_is_changed_every_three_seconds_at_most(tmp_path: Path) -> None:
    async with slow_walk(tmp_path) as shop:
        await shop.ben.command("/items refresh")
        await shop.ben.sees("The account has been read anew.", "10 gone", channel="dm")
        first, *updates, _ = [call.at for call in shop.workspace.calls_of("chat.update")]
        pauses = [(after - before).total_seconds() for before, after in pairwise([first, *updates])]
        assert len(pauses) >= 2
        assert min(pauses) > 2.99


@asynccontextmanager
async def slow_walk(tmp_path: Path) -> AsyncIterator[World]:
    """Start a shop of which a walk takes twenty seconds, and says every two how far it is."""
    async with open_shop(tmp_path, items=FEW, clock=QuickClock()) as shop:
        for number in range(1030, 1040):
            shop.account.remove_item(number)
        shop.account.faults.slow(2, path="/items/*")
        yield shop


async def test_where_the_message_cannot_be_changed_only_the_result_is_sent(tmp_path: Path) -> None:
    async with slow_walk(tmp_path) as shop:
        shop.workspace.faults.next("chat.update", error="message_not_found", times=99)
        await shop.ben.command("/items refresh")
        result = await shop.ben.sees("The account has been read anew.", "10 gone")
        texts = [message.text for where in ("dm", "geral") for message in shop.ben.messages(channel=where)]
        begun = "Reading the account anew. You will see how far it is in a direct message."
        assert texts == [begun, begun, result.text]
        assert len(shop.workspace.calls_of("chat.update")) == 2, "the first progress, and the result"


async def test_a_slack_that_hangs_holds_up_no_walk(tmp_path: Path) -> None:
    hung = asyncio.Event()
    async with slow_walk(tmp_path) as shop:
        shop.workspace.faults.next("chat.update", hold=hung)
        await shop.ben.command("/items refresh")
        async with asyncio.timeout(8):
            while not shop.account.requests.matching(path="/taxes.json"):  # noqa: ASYNC110 - as in `walked`
                await asyncio.sleep(0.002)
            await walked(shop)
        assert len(shop.workspace.calls_of("chat.update")) == 1, "the result does not overtake the progress"
        hung.set()
        await shop.ben.sees("The account has been read anew.", channel="dm")
        assert len(shop.workspace.calls_of("chat.update")) == 2
        assert telling() == []


async def test_a_refresh_that_is_given_up_tells_nothing_any_more(tmp_path: Path) -> None:
    async with (
        open_shop(tmp_path, items=FEW, clock=QuickClock()) as shop,
        shop.account.faults.holding(path="/clients.json") as hold,
    ):
        await shop.ben.command("/items refresh")
        await hold.arrived()
        assert len(telling()) == 1
        await shop.bot.drain(0)
        assert telling() == []


def telling() -> list[str]:
    """Return the tasks that tell how far a walk is."""
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "refresh-progress"]
