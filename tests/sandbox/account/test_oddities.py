"""The account can be odd in every way that its table names."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.sandbox.account import ODDITIES, Account, ItemRecord, Quirks, TaxRecord
from bot.sandbox.account.samples import usual_taxes

from .hand_clock import HandClock

E_ACUTE = "e\N{COMBINING ACUTE ACCENT}"


@pytest.fixture
def item(account: Account) -> ItemRecord:
    account.add_client("Maré Alta", client_id=9, code="7", fiscal_id="508025339", phone="+351 2", country="Portugal")
    return account.add_item("Chá de menta", "24.3902", description="Verde", unit="unit", tax="IVA23", item_id=5)


async def put(ask: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await ask.put("/items/5.json", json={"item": fields})


async def create(ask: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await ask.post("/items.json", json={"item": {"name": "Pão", "unit_price": "1", **fields}})


def test_each_oddity_has_its_name_and_says_what_it_does() -> None:
    assert all(name == oddity.id and oddity.does.endswith(".") for name, oddity in ODDITIES.items())
    assert len({oddity.does for oddity in ODDITIES.values()}) == len(ODDITIES)


async def test_an_unknown_oddity_is_an_error(account: Account) -> None:
    with pytest.raises(KeyError, match="polite"):
        account.odd("polite")


@pytest.mark.parametrize(
    ("name", "status", "is_done"),
    [
        ("delete-ignored", 200, False),
        ("delete-refused-done", 422, True),
        ("delete-bad-request-done", 400, True),
        ("change-page", 200, False),
        ("change-page-done", 200, True),
        ("change-unsuccessful", 200, False),
        ("change-unsuccessful-done", 200, True),
        ("refusal-repeats-address", 403, False),
    ],
)
async def test_what_a_delete_is_told_and_what_is_done(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord, *, name: str, status: int, is_done: bool
) -> None:
    account.odd(name)
    answer = await ask.delete("/items/5.json")
    assert (answer.status_code, account.has_item(item.id)) == (status, not is_done)
    assert ("text/html" in answer.headers["content-type"]) is ("page" in name)
    assert ('"success": false' in answer.text) is ("unsuccessful" in name)
    assert (account.api_key in answer.text) is ("address" in name)
    assert (await ask.delete("/items/5.json")).status_code == (404 if is_done else 200)  # once


@pytest.mark.parametrize("name", ["update-ignored", "change-page", "change-page-done", "change-unsuccessful-done"])
async def test_what_an_update_is_told_and_what_is_done(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord, name: str
) -> None:
    account.odd(name)
    assert (await put(ask, unit_price="2")).status_code == 200
    assert account.item(item.id).unit_price == (Decimal(2) if name.endswith("-done") else Decimal("24.3902"))


@pytest.mark.parametrize("name", ["create-page", "create-page-done", "create-unsuccessful", "create-unsuccessful-done"])
async def test_what_a_create_is_told_and_what_is_done(account: Account, ask: httpx.AsyncClient, name: str) -> None:
    account.odd(name)
    assert (await create(ask)).status_code == 200
    assert (account.item_named("Pão") is not None) is name.endswith("-done")


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("refused-400", 400, "Razão de isenção"),
        ("refused-403", 403, "Razão de isenção"),
        ("refused-406", 406, "Razão de isenção"),
        ("refused-old-field", 422, "Nome não é válido"),
    ],
)
async def test_refusals_with_a_reason(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord, *, name: str, status: int, words: str
) -> None:
    account.odd(name)
    answer = await put(ask, unit_price="2")
    assert (answer.status_code, account.item(item.id)) == (status, item)
    assert answer.json()["errors"][0]["error"].startswith(words)


@pytest.mark.parametrize(
    ("name", "field", "stored"),
    [
        ("stores-crlf", "description", f"  Caf{E_ACUTE}\r\n de  menta "),
        ("stores-trimmed", "description", f"Caf{E_ACUTE}\n de  menta"),
        ("stores-single-spaces", "description", f" Caf{E_ACUTE}\n de menta "),
        ("stores-composed", "description", "  Café\n de  menta "),
        ("stores-zero-rate", "tax_value", Decimal(0)),
        ("stores-zero-rate", "tax", "IVA6"),
        ("stores-no-tax", "tax", None),
        ("stores-no-tax", "tax_value", None),
    ],
)
async def test_what_is_stored_otherwise_than_it_was_sent(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord, *, name: str, field: str, stored: object
) -> None:
    fault = account.odd(name)
    sent = {"description": f"  Caf{E_ACUTE}\n de  menta ", "tax": {"name": "IVA6"}}
    await put(ask, **sent)
    await create(ask, **sent)
    assert {getattr(one, field) for one in account.items()} == {stored}
    account.faults.remove(fault)
    await put(ask, **sent)
    assert account.item(item.id).tax_value == 6


async def test_nothing_is_stored_otherwise_where_there_is_nothing(account: Account, ask: httpx.AsyncClient) -> None:
    account.odd("stores-zero-rate")
    account.odd("stores-trimmed")
    await create(ask)
    assert (account.items()[0].tax_value, account.items()[0].description) == (None, None)


async def test_an_update_clears_what_it_is_not_sent(account: Account, ask: httpx.AsyncClient, item: ItemRecord) -> None:
    account.change_item(item.id, discount=Decimal("5.5"))
    assert (await ask.get("/items/5.json")).json()["item"]["discount"] == 5.5
    await put(ask, unit_price="2")
    assert account.item(item.id).discount == Decimal("5.5")
    account.odd("clears-unsent")
    await put(ask, unit_price="3", discount="5.5")
    assert (account.item(item.id).discount, account.item(item.id).description) == (Decimal("5.5"), None)
    await put(ask, unit_price="4")
    assert account.item(item.id).discount is None


async def test_a_discount_is_kept_in_the_log(account: Account, item: ItemRecord) -> None:
    account.change_item(item.id, discount=Decimal("5.50"))
    assert [write.after and write.after.discount for write in account.writes] == [None, Decimal("5.50")]


async def test_two_taxes_of_one_name_are_told_apart_by_id(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord
) -> None:
    account.stock(taxes=[TaxRecord(id=9977, name="IVA23", value=Decimal(16), region="PT-AC")])
    await put(ask, tax={"id": 9977, "name": "IVA23"})
    assert account.item(item.id).tax_value == 16
    await put(ask, tax={"name": "IVA23"})
    assert account.item(item.id).tax_value == 23


@pytest.mark.parametrize(
    ("name", "field", "shown"),
    [
        ("tax-unnamed", "tax", {"id": 3, "name": None, "value": None, "comment": None}),
        ("tax-value-null", "tax", {"name": "IVA23", "value": None, "comment": "tax value:23.0%"}),
        ("tax-value-empty", "tax", {"name": "IVA23", "value": "", "comment": "tax value:23.0%"}),
        ("price-comma", "unit_price", "24,39"),
        ("price-thousands", "unit_price", "1,234.56"),
        ("price-null", "unit_price", None),
        ("price-empty", "unit_price", ""),
        ("unit-object", "unit", {"id": 4, "name": "unit"}),
        ("half-emoji", "description", "Verde\ud83d"),
        ("discount", "discount", "5.0"),
        ("code-as-name", "name", "REF-5"),
        ("code-as-name", "description", "Chá de menta"),
        ("id-impossible", "id", 10**30),
    ],
)
async def test_one_odd_field_in_lists_and_alone(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord, *, name: str, field: str, shown: object
) -> None:
    account.add_item("Outro", item_id=6)
    account.odd(name, only=lambda record: record["id"] == item.id)
    listed = json.loads((await ask.get("/items.json")).content)["items"]
    alone = json.loads((await ask.get("/items/5.json")).content)["item"]
    assert listed[0][field] == alone[field] == shown
    assert listed[1]["id"] == 6
    assert listed[1].get(field) != shown


async def test_an_item_without_a_tax_has_no_odd_one(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Outro")
    account.odd("tax-unnamed")
    assert (await ask.get("/items.json")).json()["items"][0]["tax"] is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("country-object", {"country": {"id": 620, "name": "Portugal"}}),
        ("unshown-fields", {"send_options": {}, "language": ["pt"], "website": 7, "fax": False}),
        ("numbers-for-texts", {"code": 7.0, "fiscal_id": 508025339.0, "phone": "+351 2", "city": None}),
    ],
)
@pytest.mark.usefixtures("item")
async def test_odd_clients(account: Account, ask: httpx.AsyncClient, *, name: str, shown: dict[str, Any]) -> None:
    account.odd(name)
    alone = (await ask.get("/clients/9.json")).json()["client"]
    assert {key: alone[key] for key in shown} == shown
    if name == "numbers-for-texts":
        assert '"fiscal_id": 508025339.0' in (await ask.get("/clients.json")).text


async def test_odd_ids(account: Account, ask: httpx.AsyncClient, item: ItemRecord) -> None:
    account.odd("other-id", times=1)
    assert (await ask.get("/items/5.json")).json()["item"]["id"] == 999
    assert (await ask.get("/items/5.json")).json()["item"]["id"] == item.id
    account.odd("id-missing", path="/items.json")
    assert "id" not in (await ask.get("/items.json")).json()["items"][0]
    assert "id" in (await ask.get("/clients.json")).json()["clients"][0]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("list-null", None),
        ("list-null-inside", {"items": None}),
        ("list-many-empty", {"items": [{}] * 100_000}),
    ],
)
async def test_lists_that_are_none(account: Account, ask: httpx.AsyncClient, name: str, body: object) -> None:
    account.odd(name)
    assert (await ask.get("/items.json")).json() == body
    assert (await ask.get("/clients.json")).json()["clients"] == []


async def test_a_list_that_fails_and_one_that_is_numbered(
    account: Account, ask: httpx.AsyncClient, item: ItemRecord
) -> None:
    account.odd("list-fails", times=1)
    assert (await ask.get("/items.json")).status_code == 500
    account.odd("list-numbered", path="*")
    assert (await ask.get("/items.json")).json()["items"]["0"]["id"] == item.id
    clients = (await ask.get("/clients.json")).json()
    assert (clients["clients"]["0"]["name"], clients["pagination"]["total_entries"]) == ("Maré Alta", 1)


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [
        ("past-end-not-found", 404, ""),
        ("past-end-null", 200, "null"),
        ("past-end-null-inside", 200, '{"items": null}'),
        ("past-end-empty-object", 200, "{}"),
        ("past-end-blank", 200, ""),
    ],
)
@pytest.mark.usefixtures("item")
async def test_what_may_come_past_the_last_page(
    account: Account, ask: httpx.AsyncClient, *, name: str, status: int, text: str
) -> None:
    account.odd(name)
    assert len((await ask.get("/items.json", params={"page": 1})).json()["items"]) == 1
    past = await ask.get("/items.json", params={"page": 2})
    assert (past.status_code, past.text) == (status, text)
    assert (await ask.get("/clients.json", params={"page": 2})).status_code == status
    account.quirks = Quirks()
    account.faults.clear()
    account.odd("past-end-repeats")
    assert len((await ask.get("/items.json", params={"page": 2})).json()["items"]) == 1


@pytest.mark.usefixtures("item")
async def test_bytes_that_are_no_text(account: Account, ask: httpx.AsyncClient) -> None:
    account.odd("raw-tab", times=1)
    assert "Chá\tde menta".encode() in (await ask.get("/items/5.json")).content
    account.odd("latin-1", times=1)
    assert b"Ch\xe1 de menta" in (await ask.get("/items/5.json")).content
    account.odd("bom", times=1)
    assert (await ask.get("/clients.json")).content.startswith(b'\xef\xbb\xbf{"clients"')
    account.odd("packed-twice", times=1)
    packed = await ask.get("/items/5.json")
    assert packed.headers["content-encoding"] == "gzip, gzip"
    assert packed.json()["item"]["id"] == 5


async def test_a_bomb_and_an_endless_answer(account: Account, ask: httpx.AsyncClient) -> None:
    account.odd("packed-bomb")
    async with ask.stream("GET", "/items.json") as answer:
        assert len([_ async for _ in answer.aiter_raw()]) > 0
        assert answer.num_bytes_downloaded < 20_000
    account.odd("endless")
    async with ask.stream("GET", "/items.json") as answer:
        async for _ in answer.aiter_raw():
            if answer.num_bytes_downloaded > 1_000_000:
                break
    assert (await ask.get("/items.json")).json() == {"items": []}


async def test_an_unknown_account(account: Account, ask: httpx.AsyncClient) -> None:
    account.odd("account-unknown")
    assert (await ask.get("/taxes.json")).status_code == 530


async def test_a_slow_list(account: Account, ask: httpx.AsyncClient, clock: HandClock) -> None:
    account.odd("list-slow")
    assert (await ask.get("/taxes.json")).json()["taxes"][0]["name"] == usual_taxes()[0].name
    asked = asyncio.create_task(ask.get("/items.json"))
    await clock.sleepers(1)
    clock.advance(0.9)
    assert (await asked).status_code == 200
