"""What a test can put into the account's own answers, and bodies that are no text."""

import gzip
import json
from decimal import Decimal

import httpx

from bot.sandbox.account import GONE, Account


async def test_json_is_changed_digit_for_digit(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Galão", "24.390200000000000001")
    account.faults.alter(lambda answer: {**answer, "page": Decimal("1.0")}, path="/items.json", times=1)
    changed = await ask.get("/items.json")
    assert '"unit_price": 24.390200000000000001' in changed.text
    assert changed.text.endswith('"page": 1.0}')
    assert "page" not in (await ask.get("/items.json")).json()


async def test_the_records_that_are_meant_are_changed_in_lists_and_alone(
    account: Account, ask: httpx.AsyncClient
) -> None:
    bica, pingo = account.add_item("Bica"), account.add_item("Pingo")
    account.add_client("Rita", client_id=bica.id)
    account.faults.alter_records(lambda item: {**item, "unit": {}}, only=lambda item: item["name"] == "Bica")
    listed = (await ask.get("/items.json")).json()["items"]
    assert [item["unit"] for item in listed] == [{}, None]
    assert (await ask.get(f"/items/{bica.id}.json")).json()["item"]["unit"] == {}
    assert (await ask.get(f"/items/{pingo.id}.json")).json()["item"]["unit"] is None
    assert "unit" not in (await ask.get("/clients.json")).json()["clients"][0]
    account.faults.clear()
    account.faults.alter_records(lambda _: GONE, only=lambda item: item["name"] == "Bica", path="/items.json")
    assert [item["name"] for item in (await ask.get("/items.json")).json()["items"]] == ["Pingo"]


async def test_what_holds_no_record_stays_as_it_is(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.alter_records(lambda _: None)
    assert (await ask.get("/items/1.json")).content == b""
    account.faults.alter(lambda _: None, path="/items.json")
    assert (await ask.get("/items.json")).text == "null"
    account.faults.alter_records(lambda _: None)
    assert (await ask.get("/items.json")).text == "null"


async def test_a_write_is_not_altered_unless_it_is_named(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.alter(lambda _: None)
    body = {"item": {"name": "Galão", "unit_price": "1"}}
    assert (await ask.post("/items.json", json=body)).json()["item"]["name"] == "Galão"
    account.faults.alter(lambda _: None, method="POST")
    assert (await ask.post("/items.json", json={"item": {"name": "Bica", "unit_price": "1"}})).json() is None
    assert len(account.items()) == 2


async def test_alterations_follow_one_another(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.alter(lambda _: [1], path="/items.json")
    account.faults.alter_bytes(lambda body: b"\xef\xbb\xbf" + body.replace(b"1", b'"\t\xff"'), path="/items.json")
    answer = await ask.get("/items.json")
    assert answer.content == b'\xef\xbb\xbf["\t\xff"]'
    assert account.faults.take("GET", "/items.json")[0].hits == 2


async def test_half_a_character_goes_as_json_writes_it(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão")
    account.faults.alter_records(lambda item: {**item, "description": "Doce \ud83d"})
    answer = await ask.get(f"/items/{item.id}.json")
    assert b'"Doce \\ud83d"' in answer.content
    assert json.loads(answer.content)["item"]["description"] == "Doce \ud83d"


async def test_bytes_and_headers_go_as_they_are(account: Account, ask: httpx.AsyncClient) -> None:
    packed = gzip.compress(gzip.compress(b'{"items": []}'))
    account.faults.answer(200, packed, {"Content-Encoding": "gzip, gzip"})
    async with ask.stream("GET", "/items.json") as answer:
        assert answer.headers["content-encoding"] == "gzip, gzip"
        assert b"".join([part async for part in answer.aiter_raw()]) == packed


async def test_an_endless_body_lasts_until_the_caller_hangs_up(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.answer(200, b"x" * 1000, endless=True, times=1)
    async with ask.stream("GET", "/items.json") as answer:
        received = 0
        async for part in answer.aiter_raw():
            received += len(part)
            if received > 5_000_000:
                break
    assert (await ask.get("/items.json")).json() == {"items": []}
