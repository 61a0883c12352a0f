"""`/items refresh`: the account is read anew, and a direct message says how far it is."""

from __future__ import annotations

from pathlib import Path

from tests.clocks import ShiftedClock
from tests.flows.items.shop import LARGE, MEDIUM, item, open_shop
from tests.flows.world import World


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
    await shop.ana.sees("A leitura da conta falhou: O InvoiceXpress recusa a nossa chave", channel="dm")
    await shop.ana.command("/artigos large")
    await shop.ana.sees("Large", "Artigo n.º")


async def test_how_far_it_is_is_told_now_and_then(tmp_path: Path) -> None:
    clock = ShiftedClock()
    records = [item(1000 + number, f"Peça {number}") for number in range(100)]
    async with open_shop(tmp_path, items=records, clock=clock) as shop:
        shop.account.on_exchange = lambda _: clock.shift(4)
        await shop.ben.command("/items refresh")
        await shop.ben.sees("The account has been read anew.", channel="dm")
        updates = [exchange.request["text"] for exchange in shop.workspace.calls_of("chat.update")]
        assert any(text.startswith("Reading the account anew: 30 items so far.") for text in updates)


async def test_what_is_being_checked_is_told_too(tmp_path: Path) -> None:
    clock = ShiftedClock()
    records = [item(1000 + number, f"Peça {number}") for number in range(40)]
    async with open_shop(tmp_path, items=records, clock=clock) as shop:
        for number in range(1030, 1036):
            shop.account.remove_item(number)
        shop.account.on_exchange = lambda _: clock.shift(4)
        await shop.ana.command("/artigos atualizar")
        await shop.ana.sees("6 desaparecidos", channel="dm")
        told = [exchange.request["text"] for exchange in shop.workspace.calls_of("chat.update")]
        assert "A ler de novo a conta: verificados 5 de 6 registos que já não aparecem nas listas." in told


async def test_the_message_is_changed_every_three_seconds_at_most(tmp_path: Path) -> None:
    clock = ShiftedClock()
    records = [item(1000 + number, f"Peça {number}") for number in range(300)]
    async with open_shop(tmp_path, items=records, clock=clock) as shop:
        shop.account.on_exchange = lambda _: clock.shift(1)
        await shop.ben.command("/items refresh")
        await shop.ben.sees("The account has been read anew.", channel="dm")
        *updates, _ = shop.workspace.calls_of("chat.update")
        seconds = len(shop.account.requests)
        assert 1 < len(updates) <= seconds / 3


async def test_where_the_message_cannot_be_changed_another_is_sent(shop: World) -> None:
    shop.workspace.faults.next("chat.update", error="message_not_found", times=9)
    await shop.ben.command("/items refresh")
    await shop.ben.sees("The account has been read anew.")
