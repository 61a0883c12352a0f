from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.account import Account
from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.page.parts import Window
from tests.sandbox.slack.parts import Caller, PlainBot, option


async def details(window: Window, id_: str) -> dict[str, Any]:
    _, text, _ = await window.get(f"/api/exchanges/{id_}")
    found: dict[str, Any] = json.loads(text)
    return found


async def test_exchanges_stand_in_the_order_of_their_beginning(
    window: Window, workspace: Workspace, account: Account, bot: PlainBot, ben: Actor
) -> None:
    call = Caller(workspace, window.session)
    await call("auth.test")
    async with window.session.get(f"{account.url}/items.json", params={"api_key": account.api_key, "page": 2}):
        pass
    bot.answers = [{"text": "Café"}]
    await ben.command("/items café")
    await ben.command("/items")
    exchanges = (await window.everything())["exchanges"]
    assert [(one["from"], one["to"], one["kind"], one["name"], one["status"]) for one in exchanges] == [
        ("bot", "slack", "api", "auth.test", 200),
        ("bot", "invoicexpress", "GET", "/items.json?page=2", 200),
        ("slack", "bot", "command", "/items café", 200),
        ("slack", "bot", "command", "/items", 200),
    ]
    assert all(one["ms"] >= 0 and one["error"] is None for one in exchanges)


async def test_an_exchange_shows_what_was_said(window: Window, account: Account, bot: PlainBot, ben: Actor) -> None:
    bot.answers = [{"text": "Café"}]
    await ben.command("/items café")
    body = '{"item": {"name": "Galão", "unit_price": 1.2000}}'
    params, headers = {"api_key": account.api_key}, {"Content-Type": "application/json"}
    url = f"{account.url}/items.json"
    async with window.session.post(url, params=params, data=body, headers=headers) as response:
        answer = await response.text()
    told, asked = (await window.everything())["exchanges"]
    shown = await details(window, told["id"])
    assert json.loads(shown["request"])["text"] == "café"
    assert json.loads(shown["response"]) == {"text": "Café"}
    shown = await details(window, asked["id"])
    assert (shown["request"], shown["response"]) == (body, answer)  # to the last digit
    assert shown["address"] == "/items.json?api_key=***"


async def test_secrets_are_masked(
    window: Window, workspace: Workspace, account: Account, bot: PlainBot, ben: Actor
) -> None:
    bot.answers = [f"my token is {workspace.bot_token}"]
    await ben.command(f"/items {workspace.signing_secret}")
    command = next(body for _, body in bot.requests)
    await Caller(workspace, window.session)("apps.connections.open")
    await Caller(workspace, window.session).reply("apps.connections.open", token=workspace.app_token)
    async with window.session.get(f"{account.url}/items.json", params={"api_key": account.api_key}):
        pass
    ids = [one["id"] for one in (await window.everything())["exchanges"]]
    shown = json.dumps([await details(window, id_) for id_ in ids])
    url_secret = command.partition("response_url=")[2].partition("&")[0].rpartition("%2F")[2]
    assert len(url_secret) == 24
    secrets = (workspace.bot_token, workspace.app_token, workspace.signing_secret, account.api_key, url_secret)
    assert [secret for secret in secrets if secret in shown] == []
    assert "sandbox-verification-token" not in shown
    assert json.loads(await _ticket(window, ids)).endswith("ticket=•••")


async def _ticket(window: Window, ids: list[str]) -> str:
    answers = [json.loads((await details(window, id_))["response"] or "{}") for id_ in ids if id_.startswith("s")]
    return json.dumps(next(answer["url"] for answer in answers if isinstance(answer, dict) and "url" in answer))


async def test_an_exchange_without_an_answer_says_why(
    window: Window, workspace: Workspace, account: Account, bot: PlainBot, ben: Actor
) -> None:
    account.faults.cut()
    with pytest.raises(aiohttp.ClientError):
        await window.session.post(f"{account.url}/items.json")
    workspace.request_url = "http://127.0.0.1:1/"
    await ben.command("/items")
    asked, told = (await window.everything())["exchanges"]
    assert (asked["status"], asked["error"]) == (None, "connection_cut")
    assert (told["status"], told["error"]) == (None, "dispatch_failed")
    assert (await details(window, told["id"]))["response"] == ""


async def test_lists_within_what_was_said_are_shown(
    window: Window, workspace: Workspace, bot: PlainBot, ben: Actor
) -> None:
    bot.answers = [{"options": [option("Café", "7")]}]
    await workspace.delivery.send("block_suggestion", "find", {"token": "", "value": "caf"})
    (told,) = (await window.everything())["exchanges"]
    shown = await details(window, told["id"])
    assert json.loads(shown["response"]) == {"options": [option("Café", "7")]}
    assert json.loads(shown["request"]) == {"token": "", "value": "caf"}


async def test_what_was_cleared_or_never_was_is_not_found(
    window: Window, account: Account, bot: PlainBot, ben: Actor
) -> None:
    await ben.command("/items")
    async with window.session.get(f"{account.url}/items.json"):
        pass
    ids = [one["id"] for one in (await window.everything())["exchanges"]]
    await window.done("exchanges/clear")
    for id_ in (*ids, "s99", "s0", "s", "a99", "x", "s²"):
        assert (await window.get(f"/api/exchanges/{id_}"))[0] == 404
    await ben.command("/items again")
    assert [one["name"] for one in (await window.everything())["exchanges"]] == ["/items again"]


async def test_a_page_learns_nothing_of_an_exchange_that_was_cleared_meanwhile(
    window: Window, workspace: Workspace, account: Account, bot: PlainBot, ben: Actor
) -> None:
    async with window.news() as news:
        await news.next()
        await ben.command("/items")
        exchange = workspace.calls[-1]
        await window.done("exchanges/clear")
        await news.until("cleared")
        workspace.feed.publish("exchange", str(exchange.number))
        ben.says("Olá")
        _, content = await news.next()
    assert list(content) == ["messages"]
