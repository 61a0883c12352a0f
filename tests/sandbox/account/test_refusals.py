"""Refused values, and every body in which the service says no."""

from typing import Any

import httpx
import pytest

from bot.sandbox.account import Account, Quirks
from bot.sandbox.account.quirks import RefusalShape


async def refusal(ask: httpx.AsyncClient, **item: Any) -> httpx.Response:
    answer = await ask.post("/items.json", json={"item": {"name": "Item", "unit_price": "1", **item}})
    assert answer.status_code == 422
    return answer


@pytest.mark.parametrize(
    ("item", "pt", "en"),
    [
        ({"name": None}, "Nome não pode estar em branco", "Name can't be blank"),
        ({"name": "  "}, "Nome não pode estar em branco", "Name can't be blank"),
        ({"name": "Galão"}, "Nome não está disponível", "Name has already been taken"),
        ({"unit": "box"}, "Unidade não está incluído na lista", "Unit is not included in the list"),
        ({"unit_price": None}, "Preço unitário não é um número", "Unit price is not a number"),
        ({"unit_price": "12,5"}, "Preço unitário não é um número", "Unit price is not a number"),
        ({"unit_price": True}, "Preço unitário não é um número", "Unit price is not a number"),
        ({"unit_price": "1" * 17}, "Preço unitário não é um número", "Unit price is not a number"),
        (
            {"unit_price": "-0.01"},
            "Preço unitário tem de ser maior ou igual a 0",
            "Unit price must be greater than or equal to 0",
        ),
    ],
)
async def test_a_refusal_is_said_in_the_language_of_the_account(
    account: Account, ask: httpx.AsyncClient, item: dict[str, Any], pt: str, en: str
) -> None:
    account.add_item("Galão")
    assert (await refusal(ask, **item)).json() == {"errors": [{"error": pt}]}
    account.language = "en"
    assert account.language == "en"
    assert (await refusal(ask, **item)).json() == {"errors": [{"error": en}]}
    assert len(account.writes) == 1


@pytest.mark.parametrize("body", [None, [], {"item": None}, {"items": {}}])
async def test_a_body_without_an_item_lacks_everything(ask: httpx.AsyncClient, body: object) -> None:
    answer = await ask.post("/items.json", json=body)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 2


async def test_an_update_is_refused_like_a_create(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Galão")
    item = account.add_item("Garoto")
    answer = await ask.put(f"/items/{item.id}.json", json={"item": {"name": "Galão", "unit_price": 5}})
    assert (answer.status_code, answer.json()) == (422, {"errors": [{"error": "Nome não está disponível"}]})
    assert account.item(item.id) == item


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        (
            "errors-objects",
            {"errors": [{"error": "Name can't be blank"}, {"error": "Unit is not included in the list"}]},
        ),
        ("pairs", [["name", "can't be blank"], ["unit", "is not included in the list"]]),
        ("errors-object", {"errors": {"error": "Name can't be blank, Unit is not included in the list"}}),
        ("errors-strings", {"errors": ["Name can't be blank", "Unit is not included in the list"]}),
        ("errors-by-field", {"errors": {"name": ["can't be blank"], "unit": ["is not included in the list"]}}),
        ("by-field", {"name": ["can't be blank"], "unit": ["is not included in the list"]}),
        ("error", {"error": "Name can't be blank, Unit is not included in the list"}),
        ("message", {"message": "Name can't be blank, Unit is not included in the list"}),
    ],
)
async def test_a_refusal_takes_every_shape_that_was_seen(
    account: Account, ask: httpx.AsyncClient, shape: RefusalShape, body: object
) -> None:
    account.language = "en"
    account.quirks = Quirks(refusal=shape)
    assert (await refusal(ask, name="", unit="box")).json() == body


async def test_a_refusal_may_say_nothing(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(refusal="blank")
    assert (await refusal(ask, name="")).content == b""


async def test_a_wrong_key_may_be_answered_with_an_empty_body(account: Account) -> None:
    account.quirks = Quirks(unauthorised="blank")
    async with httpx.AsyncClient(base_url=account.url, trust_env=False) as stranger:
        answer = await stranger.get("/items.json")
    assert (answer.status_code, answer.content) == (401, b"")


async def test_not_found_may_be_a_space_or_a_page(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(not_found="space")
    answer = await ask.get("/items/7.json")
    assert (answer.status_code, answer.content) == (404, b" ")
    account.quirks = Quirks(not_found="html")
    answer = await ask.get("/items/7.json")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
