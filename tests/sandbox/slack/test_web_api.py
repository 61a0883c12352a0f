from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import Workspace
from bot.sandbox.slack.journal import MASK
from tests.sandbox.slack.parts import Caller, HandClock, section


async def test_the_bots_token_opens_the_door(call: Caller) -> None:
    reply = await call.reply("auth.test")
    assert reply.json["ok"] is True
    assert reply.json["user_id"] == "U0SANDBOT01"
    assert "chat:write" in reply.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(("token", "error"), [(None, "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_without_a_good_token_it_stays_shut(call: Caller, token: str | None, error: str) -> None:
    reply = await call.reply("auth.test", token=token)
    assert (reply.status, reply.json) == (200, {"ok": False, "error": error})
    assert "x-oauth-scopes" not in reply.headers


async def test_a_header_that_is_no_bearer_token_counts_for_nothing(call: Caller) -> None:
    reply = await call.reply("auth.test", token=None, headers={"Authorization": "Basic abc"})
    assert reply.json["error"] == "not_authed"


async def test_each_kind_of_token_has_its_own_methods(call: Caller, workspace: Workspace) -> None:
    assert (await call("apps.connections.open"))["error"] == "not_allowed_token_type"
    reply = await call.reply("users.info", token=workspace.app_token)
    assert reply.json["error"] == "not_allowed_token_type"
    assert reply.headers["x-oauth-scopes"] == "connections:write"
    assert (await call.reply("auth.test", token=workspace.app_token)).json["ok"] is True


async def test_a_missing_scope_is_named(call: Caller, workspace: Workspace) -> None:
    workspace.scopes.clear()
    workspace.scopes.add("commands")
    reply = await call.reply("users.info", json={"user": "U0BEN00001"})
    assert reply.json == {"ok": False, "error": "missing_scope", "needed": "users:read", "provided": "commands"}
    assert reply.headers["x-accepted-oauth-scopes"] == "users:read"


async def test_what_the_stand_in_does_not_do_is_an_unknown_method(call: Caller) -> None:
    assert await call("reactions.add") == {"ok": False, "error": "unknown_method"}


async def test_arguments_come_as_a_form_as_json_or_in_the_query(call: Caller, workspace: Workspace) -> None:
    blocks = [section("Hello")]
    for request in (
        {"data": {"channel": "C0GERAL001", "blocks": json.dumps(blocks), "text": ""}},
        {"json": {"channel": "C0GERAL001", "blocks": blocks}},
        {"json": {"channel": "C0GERAL001", "blocks": json.dumps(blocks)}},
        {"params": {"channel": "C0GERAL001"}, "json": {"text": "Hello"}},
    ):
        assert (await call.reply("chat.postMessage", **request)).json["ok"], request
    assert [message.plain for message in workspace.person("Ben").messages()] == ["Hello"] * 4


async def test_a_token_may_come_among_the_arguments(call: Caller, workspace: Workspace) -> None:
    form = {"token": workspace.bot_token, "user": "U0BEN00001"}
    assert (await call.reply("users.info", token=None, data=form)).json["ok"]
    assert workspace.calls[-1].request == {"user": "U0BEN00001"}


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        ({"json": []}, "json_not_object"),
        ({"data": "x", "headers": {"Content-Type": "text/plain"}}, "invalid_form_data"),
        ({"data": {"channel": "C0GERAL001", "blocks": "["}}, "invalid_blocks_format"),
        ({"data": {"channel": "C0GERAL001", "metadata": "["}}, "invalid_arguments"),
    ],
)
async def test_arguments_that_cannot_be_read(call: Caller, request_: dict[str, Any], error: str) -> None:
    assert (await call.reply("chat.postMessage", **request_)).json["error"] == error


async def test_every_call_is_on_record_with_its_secrets_masked(call: Caller, workspace: Workspace) -> None:
    text = f"my token is {workspace.bot_token}"
    await call("chat.postMessage", channel="C0GERAL001", text=text, blocks=[section(text)])
    await call("chat.postMessage", channel="C0NOWHERE1", text="x")
    first, second = workspace.calls_of("chat.postMessage")
    assert first.number == 1
    assert first.direction == "from_bot"
    assert first.kind == "api"
    assert first.request["text"] == f"my token is {MASK}"
    assert first.request["blocks"][0]["text"]["text"] == f"my token is {MASK}"
    assert first.response["ok"] is True
    assert (first.status, first.error) == (200, None)
    assert (second.status, second.error) == (200, "channel_not_found")
    assert first.ms is not None
    assert workspace.bot_token in workspace.everything_received()
    assert workspace.bot_token not in str(workspace.calls)


async def test_a_fault_makes_a_call_fail_once(call: Caller, workspace: Workspace) -> None:
    workspace.faults.next("auth.test", error="fatal_error", status=500)
    reply = await call.reply("auth.test")
    assert (reply.status, reply.json["error"]) == (500, "fatal_error")
    assert (await call("auth.test"))["ok"]


async def test_a_rate_limit_says_how_long_to_wait(call: Caller, workspace: Workspace) -> None:
    workspace.faults.next("*", retry_after=30, times=2)
    for method in ("auth.test", "users.list"):
        reply = await call.reply(method)
        assert (reply.status, reply.json["error"], reply.headers["Retry-After"]) == (429, "ratelimited", "30")
    assert (await call("auth.test"))["ok"]


async def test_a_fault_is_for_its_own_method_and_can_be_called_off(call: Caller, workspace: Workspace) -> None:
    workspace.faults.next("views.open", error="fatal_error")
    assert (await call("auth.test"))["ok"]
    workspace.faults.clear()
    assert (await call("views.open"))["error"] == "invalid_arguments"


async def test_a_call_is_held_back_until_it_is_let_go(call: Caller, workspace: Workspace, clock: HandClock) -> None:
    gate = asyncio.Event()
    workspace.faults.next("auth.test", delay=7, hold=gate)
    waiting = asyncio.create_task(call("auth.test"))
    with workspace.feed.subscribe() as changes:
        assert (await changes.get()).kind == "exchange"
    assert workspace.calls[0].status is None
    gate.set()
    assert (await waiting)["ok"]
    assert clock.seconds == 7


@pytest.mark.parametrize("done", [False, True])
async def test_a_connection_is_cut_before_or_after_the_work(call: Caller, workspace: Workspace, *, done: bool) -> None:
    workspace.faults.next("chat.postMessage", cut=True, done=done)
    with pytest.raises(aiohttp.ClientError):
        await call("chat.postMessage", channel="C0GERAL001", text="Hello")
    assert len(workspace.person("Ben").messages()) == done
    assert (workspace.calls[0].status, workspace.calls[0].error) == (None, "connection_cut")
