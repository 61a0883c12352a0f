"""What a test learns of an account and does to it, past the API."""

import sqlite3
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from bot.sandbox.account import Account, Exchange, ItemRecord, RequestRecord
from bot.sandbox.account.wire import open_account_link

from .hand_clock import HandClock


async def test_every_request_is_kept_in_order_and_without_the_key(account: Account, ask: httpx.AsyncClient) -> None:
    await ask.get("/items.json", params={"page": 2})
    await ask.post("/items.json", json={"item": {"name": "Galão", "unit_price": 1.5}})
    assert list(account.requests) == [
        RequestRecord(sequence=1, method="GET", path="/items.json", query={"page": "2"}, json=None, status=200),
        RequestRecord(
            sequence=2,
            method="POST",
            path="/items.json",
            query={},
            json={"item": {"name": "Galão", "unit_price": Decimal("1.5")}},
            status=201,
        ),
    ]
    assert account.requests[-1] == account.requests[1]
    assert account.requests[:1] == (account.requests[0],)
    assert account.requests.matching("POST") == account.requests[1:]
    assert account.requests.matching(path="/clients*") == ()
    assert account.api_key not in repr(list(account.requests))
    account.requests.clear()
    assert len(account.requests) == 0
    await ask.get("/items.json")
    assert account.requests[0].sequence == 3


async def test_every_write_is_logged_with_before_and_after(account: Account, ask: httpx.AsyncClient) -> None:
    by_hand = account.add_item("Galão", "1.2195", tax="IVA13")
    changed = account.change_item(by_hand.id, unit_price=Decimal(2))
    await ask.put(f"/items/{by_hand.id}.json", json={"item": {"name": "Garoto"}})
    await ask.post("/items.json", json={"item": {"name": "Garoto", "unit_price": 1}})
    await ask.delete(f"/items/{by_hand.id}.json")
    renamed = replace(changed, name="Garoto")
    assert [(w.number, w.what, w.id, w.before, w.after, w.request) for w in account.writes] == [
        (1, "create", by_hand.id, None, by_hand, None),
        (2, "update", by_hand.id, by_hand, changed, None),
        (3, "update", by_hand.id, changed, renamed, 1),
        (4, "delete", by_hand.id, renamed, None, 3),
    ]


async def test_others_can_add_change_and_remove_items(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão", item_id=7)
    assert account.item_named("Galão") == item
    assert account.item_named("galão") is None
    assert account.change_item(7, tax="IVA6").tax_value == 6
    assert account.change_item(7, tax=None).tax_value is None
    account.remove_item(7)
    assert not account.has_item(7)
    for missing in (account.item, account.remove_item, account.client, account.remove_client):
        with pytest.raises(KeyError):
            missing(7)
    with pytest.raises(KeyError):
        account.add_item("Galão", tax="IVA99")


async def test_names_and_ids_of_items_are_unique(account: Account) -> None:
    account.add_item("Galão", item_id=7)
    with pytest.raises(sqlite3.IntegrityError):
        account.add_item("Galão")
    with pytest.raises(sqlite3.IntegrityError):
        account.add_item("Garoto", item_id=7)
    assert len(account.items()) == len(account.writes) == 1


async def test_a_stock_stands_in_no_log(account: Account) -> None:
    account.stock(items=[ItemRecord(id=1, name="Galão", unit_price=Decimal(1))])
    client = account.add_client("João", city="Lisboa")
    assert account.items()[0].name == "Galão"
    assert account.client(client.id) == account.clients()[0] == client
    assert account.writes == ()


async def test_a_listener_hears_every_exchange_with_its_secrets_masked(
    account: Account, ask: httpx.AsyncClient, clock: HandClock
) -> None:
    heard: list[Exchange] = []
    account.on_exchange = heard.append
    assert account.on_exchange is not None
    client = account.add_client("João")
    await ask.get(f"/clients/{client.id}.json", params={"page": 1})
    account.faults.cut("after")
    with pytest.raises(httpx.RemoteProtocolError):
        await ask.post("/items.json", content="{")
    shown, cut = heard
    assert shown.address == f"/clients/{client.id}.json?api_key=***&page=1"
    assert shown.started == clock.now()
    assert shown.seconds == 0
    assert shown.request == account.requests[0]
    assert '"open_account_link": "***"' in shown.answer
    assert (cut.sent, cut.answer, cut.request.status) == ("{", "", None)
    told = repr(heard)
    assert account.api_key not in told
    assert open_account_link(client.id) not in told
