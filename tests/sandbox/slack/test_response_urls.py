from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Message, Workspace
from tests.sandbox.slack.parts import Caller, HandClock, PlainBot, actions, button, section

GERAL, VENDAS = "C0GERAL001", "C0VENDAS01"
BLOCKS = [actions(button("Edit", "edit"))]


async def command_url(bot: PlainBot, ben: Actor, channel: str = "geral") -> str:
    await ben.command("/items", channel=channel)
    return parse_qs(bot.requests[-1][1])["response_url"][0]


async def click_url(bot: PlainBot, ben: Actor, message: Message) -> str:
    await ben.click(message, "Edit")
    return str(bot.payloads[-1]["response_url"])


async def test_an_answer_is_for_the_person_alone_unless_it_says_otherwise(
    plain_bot: PlainBot, call: Caller, ben: Actor, ana: Actor
) -> None:
    url = await command_url(plain_bot, ben)
    assert (await call.respond(url, {"text": "For Ben", "blocks": [section("For Ben")]})).json == {"ok": True}
    assert (await call.respond(url, {"text": "For all", "response_type": "in_channel"})).status == 200
    assert [message.plain for message in ben.messages()] == ["For Ben", "For all"]
    assert [message.plain for message in ana.messages()] == ["For all"]


async def test_it_works_where_the_bot_is_no_member(
    plain_bot: PlainBot, call: Caller, workspace: Workspace, ben: Actor
) -> None:
    url = await command_url(plain_bot, ben, channel="vendas")
    await call.respond(url, {"text": "For all", "response_type": "in_channel"})
    assert (await workspace.person("Sam").sees("For all")).channel == VENDAS


async def test_it_is_good_for_five_answers(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    url = await command_url(plain_bot, ben)
    for number in range(5):
        assert (await call.respond(url, {"text": str(number)})).status == 200
    last = await call.respond(url, {"text": "6"})
    assert (last.status, last.json) == (404, {"ok": False, "error": "used_url"})
    assert len(ben.messages()) == 5


async def test_it_is_good_for_thirty_minutes(plain_bot: PlainBot, call: Caller, ben: Actor, clock: HandClock) -> None:
    url = await command_url(plain_bot, ben)
    clock.seconds = 30 * 60
    assert (await call.respond(url, {"text": "x"})).status == 200
    clock.seconds += 1
    assert (await call.respond(url, {"text": "x"})).json["error"] == "expired_url"


async def test_one_that_nobody_gave(call: Caller, workspace: Workspace) -> None:
    base = workspace.url.removesuffix("api/")
    assert (await call.respond(f"{base}actions/1/guess", {"text": "x"})).json["error"] == "invalid_url"


async def test_a_commands_url_replaces_nothing(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    url = await command_url(plain_bot, ben)
    await call.respond(url, {"text": "1"})
    await call.respond(url, {"text": "2", "replace_original": True})
    assert [message.text for message in ben.messages()] == ["1", "2"]


@pytest.mark.parametrize("reader", ["U0BEN00001", None])
async def test_a_clicks_url_replaces_its_message(
    plain_bot: PlainBot, call: Caller, ben: Actor, workspace: Workspace, reader: str | None
) -> None:
    message = workspace.state.post(GERAL, "U0SANDBOT01", text="1", blocks=BLOCKS, reader=reader)
    url = await click_url(plain_bot, ben, message)
    await call.respond(url, {"text": "2", "replace_original": True})
    assert [one.plain for one in ben.messages()] == ["2"]
    assert message.is_ephemeral is bool(reader)


async def test_a_clicks_url_posts_beside_its_message_by_default(
    plain_bot: PlainBot, call: Caller, ben: Actor, workspace: Workspace
) -> None:
    message = workspace.state.post(GERAL, "U0SANDBOT01", text="1", blocks=BLOCKS)
    await call.respond(await click_url(plain_bot, ben, message), {"text": "2", "thread_ts": message.ts})
    assert [(one.thread_ts, one.is_ephemeral) for one in ben.messages()] == [(None, False), (message.ts, True)]


async def test_a_clicks_url_deletes_its_message_and_then_has_nothing_to_replace(
    plain_bot: PlainBot, call: Caller, ben: Actor, workspace: Workspace
) -> None:
    message = workspace.state.post(GERAL, "U0SANDBOT01", text="1", blocks=BLOCKS)
    url = await click_url(plain_bot, ben, message)
    assert (await call.respond(url, {"delete_original": "true"})).status == 200
    assert ben.messages() == []
    await call.respond(url, {"text": "2", "replace_original": True})
    assert [one.text for one in ben.messages()] == ["2"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("no JSON", "invalid_payload"),
        ([1], "invalid_payload"),
        ({}, "no_text"),
        ({"blocks": [section("")]}, "invalid_blocks"),
    ],
)
async def test_what_cannot_be_posted(plain_bot: PlainBot, call: Caller, ben: Actor, body: Any, error: str) -> None:
    reply = await call.respond(await command_url(plain_bot, ben), body)
    assert (reply.status, reply.json["error"]) == (400, error)
    assert ben.messages() == []


async def test_posts_are_on_record(plain_bot: PlainBot, call: Caller, workspace: Workspace, ben: Actor) -> None:
    url = await command_url(plain_bot, ben)
    await call.respond(url, {"text": f"Café {workspace.signing_secret}"})
    exchange = workspace.calls_of("response_url")[0]
    assert exchange.request == {"text": "Café •••"}
    assert (exchange.name, exchange.status, exchange.error) == ("commands", 200, None)
    assert json.dumps(f"Café {workspace.signing_secret}") in workspace.everything_received()


async def test_faults_strike_here_too(plain_bot: PlainBot, call: Caller, workspace: Workspace, ben: Actor) -> None:
    url = await command_url(plain_bot, ben)
    workspace.faults.next("response_url", retry_after=1)
    reply = await call.respond(url, {"text": "x"})
    assert (reply.status, reply.headers["Retry-After"]) == (429, "1")
    workspace.faults.next("response_url", cut=True, done=True)
    with pytest.raises(aiohttp.ClientError):
        await call.respond(url, {"text": "x"})
    assert len(ben.messages()) == 1
    assert workspace.calls[-1].error == "connection_cut"


async def test_bolts_respond_uses_it(app: AsyncApp, ben: Actor) -> None:
    working = asyncio.Event()

    @app.command("/items")
    async def items(ack: Any, respond: Any) -> None:
        await ack("One moment")
        await respond(text="Here", blocks=BLOCKS)

    @app.action("edit")
    async def edit(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Edited", replace_original=True)
        working.set()

    await ben.command("/items")
    message = next(one for one in ben.messages() if one.text == "Here")
    await ben.click(message, "Edit")
    await working.wait()
    assert [one.plain for one in ben.messages()] == ["Edited", "One moment"]
