"""The documented operations on items, over HTTP."""

import json
from decimal import Decimal

import httpx
import pytest

from bot.sandbox.account import Account, Quirks


async def test_a_list_of_items_stands_alone_without_pagination(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Galão", "1.2195", description="foo", unit="unit", tax="IVA13", item_id=402322)
    answer = await ask.get("/items.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {
        "items": [
            {
                "id": 402322,
                "name": "Galão",
                "description": "foo",
                "unit_price": 1.2195,
                "unit": "unit",
                "tax": {"name": "IVA13", "value": 13, "comment": "tax value:13.0%"},
            }
        ]
    }


async def test_an_item_is_answered_by_its_id(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão")
    answer = await ask.get(f"/items/{item.id}.json")
    assert answer.status_code == 200
    assert answer.json() == {
        "item": {"id": item.id, "name": "Galão", "description": None, "unit_price": 10, "unit": None, "tax": None}
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_item_that_is_not_there_is_404_with_an_empty_body(ask: httpx.AsyncClient, method: str) -> None:
    answer = await ask.request(method, "/items/7.json", json={"item": {}})
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("path", ["/items", "/items/7", "/items/x.json", f"/items/{'9' * 19}.json", "/invoices.json"])
async def test_any_other_path_is_404(ask: httpx.AsyncClient, path: str) -> None:
    assert (await ask.get(path)).status_code == 404


async def test_a_method_without_an_operation_is_404(ask: httpx.AsyncClient) -> None:
    assert (await ask.delete("/items.json")).status_code == 404


async def test_a_created_item_is_answered_as_it_was_stored(account: Account, ask: httpx.AsyncClient) -> None:
    body = {"name": "Item", "description": "d", "unit_price": "9.99", "unit": "service", "tax": {"name": "IVA23"}}
    answer = await ask.post("/items.json", json={"item": body})
    assert answer.status_code == 201
    created = answer.json()["item"]
    stored = account.item(created["id"])
    assert created == (await ask.get(f"/items/{stored.id}.json")).json()["item"]
    assert (stored.name, stored.description, stored.unit_price) == ("Item", "d", Decimal("9.99"))
    assert (stored.unit, stored.tax, stored.tax_value) == ("service", "IVA23", Decimal(23))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ('"24.3902"', "24.3902"),
        ("24.3902", "24.3902"),
        ('"9.99"', "9.9900"),
        ("10", "10.0000"),
        ('"0"', "0.0000"),
        ('" 1.5 "', "1.5000"),
        ('".5"', "0.5000"),
        ("1e2", "100.0000"),
        ('"123456789012.123456789012345678901"', "123456789012.123456789012345678901"),
    ],
)
async def test_a_price_keeps_every_digit_and_shows_four_decimals(
    account: Account, ask: httpx.AsyncClient, sent: str, shown: str
) -> None:
    answer = await ask.post("/items.json", content=f'{{"item": {{"name": "Item", "unit_price": {sent}}}}}')
    assert f'"unit_price": {shown}, ' in answer.text
    assert account.items()[0].unit_price == Decimal(shown)


@pytest.mark.parametrize("unit", ["hour", "day", "month", "unit", "service", "other", "", None])
async def test_the_six_units_and_none_are_accepted(account: Account, ask: httpx.AsyncClient, unit: str | None) -> None:
    answer = await ask.post("/items.json", json={"item": {"name": "Item", "unit_price": 1, "unit": unit}})
    assert answer.status_code == 201
    assert account.items()[0].unit == (unit or None)


@pytest.mark.parametrize("tax", [None, {}, {"name": ""}, {"name": None}, {"name": "IVA99"}, "IVA23"])
async def test_no_tax_and_an_unknown_tax_are_both_no_tax(account: Account, ask: httpx.AsyncClient, tax: object) -> None:
    answer = await ask.post("/items.json", json={"item": {"name": "Item", "unit_price": 1, "tax": tax}})
    assert answer.status_code == 201
    assert (account.items()[0].tax, account.items()[0].tax_value) == (None, None)


async def test_an_unknown_tax_can_become_the_default_tax(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(unknown_tax="default")
    await ask.post("/items.json", json={"item": {"name": "Unknown", "unit_price": 1, "tax": {"name": "IVA99"}}})
    await ask.post("/items.json", json={"item": {"name": "None", "unit_price": 1, "tax": {"name": ""}}})
    assert [item.tax for item in account.items()] == ["IVA23", None]


async def test_a_tax_that_was_removed_stays_on_its_items(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão", tax="IVA13")
    account.remove_tax("IVA13")
    assert "IVA13" not in [tax.name for tax in account.taxes()]
    await ask.put(f"/items/{item.id}.json", json={"item": {"description": "d"}})
    assert account.item(item.id).tax == "IVA13"


@pytest.mark.parametrize("body", ["", " "])
async def test_an_update_and_a_delete_succeed_without_saying_anything(
    account: Account, ask: httpx.AsyncClient, body: str
) -> None:
    account.quirks = Quirks(write_body="" if body == "" else " ")
    item = account.add_item("Galão")
    for answer in (
        await ask.put(f"/items/{item.id}.json", json={"item": {"name": "Garoto"}}),
        await ask.delete(f"/items/{item.id}.json"),
    ):
        assert (answer.status_code, answer.text) == (200, body)
        assert answer.headers["content-type"].startswith("application/json")
    assert not account.has_item(item.id)


async def test_an_update_keeps_what_it_is_not_sent(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Large", "24.3902", description="foo", unit="service", tax="IVA23")
    await ask.put(f"/items/{item.id}.json", json={"item": {"description": "bar"}})
    assert account.item(item.id) == account.writes[-1].after
    assert account.item(item.id).description == "bar"
    assert account.item(item.id).unit_price == Decimal("24.3902")
    assert (account.item(item.id).unit, account.item(item.id).tax) == ("service", "IVA23")
    await ask.put(f"/items/{item.id}.json", json={"item": {"tax": {"name": ""}, "unit": None}})
    assert (account.item(item.id).unit, account.item(item.id).tax) == (None, None)
    await ask.put(f"/items/{item.id}.json", json={"item": {"name": "Largo"}})
    assert account.item(item.id).tax is None


async def test_an_update_can_clear_what_it_is_not_sent(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(put_clears=True)
    item = account.add_item("Large", "24.3902", description="foo", unit="service", tax="IVA23")
    assert (await ask.put(f"/items/{item.id}.json", json={"item": {"description": "bar"}})).status_code == 422
    await ask.put(f"/items/{item.id}.json", json={"item": {"unit_price": "2"}})
    stored = account.item(item.id)
    assert (stored.name, stored.unit_price) == ("Large", Decimal(2))
    assert (stored.description, stored.unit, stored.tax) == (None, None, None)


async def test_an_item_may_keep_its_own_name(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Large")
    assert (await ask.put(f"/items/{item.id}.json", json={"item": {"name": "Large"}})).status_code == 200


async def test_an_id_is_never_given_twice(account: Account, ask: httpx.AsyncClient) -> None:
    first = account.add_item("Galão")
    await ask.delete(f"/items/{first.id}.json")
    answer = await ask.post("/items.json", json={"item": {"name": "Galão", "unit_price": 1}})
    assert answer.json()["item"]["id"] > first.id


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"item": {"name": "Item", "unit_price": NaN}}',
        b'{"item": {"name": "\\ud800", "unit_price": 1}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
async def test_a_body_that_is_not_json_is_refused(account: Account, ask: httpx.AsyncClient, body: bytes) -> None:
    answer = await ask.post("/items.json", content=body)
    assert answer.status_code == 400
    assert account.requests[-1].json is None
    assert account.items() == ()


@pytest.mark.parametrize("key", [None, "", "wrong"])
async def test_without_the_key_nothing_is_done(account: Account, key: str | None) -> None:
    query = {} if key is None else {"api_key": key}
    async with httpx.AsyncClient(base_url=account.url, params=query, trust_env=False) as stranger:
        answer = await stranger.post(
            "/items.json", json={"item": {"name": "Item", "unit_price": 1}}, headers={"api_key": account.api_key}
        )
    assert answer.status_code == 401
    assert json.loads(answer.text) == {"errors": [{"error": "Invalid API key"}]}
    assert account.items() == ()
