from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Workspace, serve_workspace
from tests.sandbox.slack.parts import Caller, HandClock, Json, bolt_app, field_of, home, modal, option, section


@asynccontextmanager
async def connected(workspace: Workspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, workspace.app_token, web_client=app.client, ping_interval=0.05)
    # Every broken connection is an error in its log; here it is meant.
    logging.getLogger("slack_bolt.AsyncApp").setLevel(logging.CRITICAL)
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped


@pytest.fixture
async def socket_app(workspace: Workspace) -> AsyncIterator[AsyncApp]:
    """An app on Bolt that is connected over Socket Mode."""
    app = bolt_app(workspace)
    async with connected(workspace, app):
        yield app


@asynccontextmanager
async def opened(call: Caller) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A connection without an SDK."""
    answer = (await call.reply("apps.connections.open", token=call.workspace.app_token)).json
    async with call.session.ws_connect(answer["url"]) as socket:
        hello = await socket.receive_json()
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": "A0SANDBOX01"}
        yield socket


async def connections(workspace: Workspace, *, opened: int) -> None:
    """Return once so many connections were opened in all, and the last is the only one."""

    def there() -> bool | None:
        return (workspace.sockets.opened == opened and len(workspace.sockets.connections) == 1) or None

    await workspace.feed.until(there, seconds=2, otherwise=lambda: "the bot did not come back")


async def test_a_whole_conversation(socket_app: AsyncApp, workspace: Workspace, ben: Actor) -> None:
    @socket_app.command("/items")
    async def items(ack: Any, body: Json, client: Any) -> None:
        await ack("One moment")
        field = field_of("item", {"type": "external_select", "min_query_length": 0})
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field, callback_id="find"))

    @socket_app.options("item")
    async def suggest(ack: Any) -> None:
        await ack(options=[option("Café", "1")])

    @socket_app.view("find")
    async def find(ack: Any) -> None:
        await ack(response_action="errors", errors={"item": "Sold out"})

    @socket_app.event("app_home_opened")
    async def home_opened(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home(section("Olá")))

    answer = await ben.command("/items")
    assert (answer.status, answer.json) == (200, {"text": "One moment"})
    await ben.sees("One moment")
    await ben.modal()
    assert len(await ben.type_ahead("item", "")) == 1
    await ben.choose("item", "Café")
    await ben.submit()
    await ben.modal("Sold out")
    assert (await ben.open_home()).ok
    await ben.home("Olá")
    assert "One moment" in workspace.everything_received()


async def test_an_envelope_is_what_slack_sends(call: Caller, workspace: Workspace, ben: Actor) -> None:
    async with opened(call) as socket:
        sending = asyncio.create_task(ben.command("/items"))
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["command"] == "/items"
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        answer = await sending
        assert (answer.status, answer.body) == (200, "")

        sending = asyncio.create_task(ben.open_home())
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {}})
        assert (await sending).ok


async def test_what_is_no_acknowledgement_is_ignored(call: Caller, ben: Actor) -> None:
    async with opened(call) as socket:
        sending = asyncio.create_task(ben.command("/items"))
        envelope = await socket.receive_json()
        for text in ("no JSON", "[]", "{}", '{"envelope_id": "other"}'):
            await socket.send_str(text)
        await socket.send_bytes(b"x")
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Here"}})
        assert (await sending).json == {"text": "Here"}


async def test_a_late_acknowledgement_is_none(call: Caller, workspace: Workspace, ben: Actor) -> None:
    workspace.delivery.answer_seconds = 0.05
    async with opened(call) as socket:
        answer = await ben.command("/items")
        assert (answer.status, answer.error) == (None, "app_did_not_respond")
        assert (await ben.sees()).text == "/items failed because the app did not respond"
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await socket.ping()
    assert len(ben.messages()) == 1


async def test_a_failed_event_says_so_when_it_comes_again(call: Caller, workspace: Workspace) -> None:
    workspace.delivery.answer_seconds = 0.05
    async with opened(call) as socket:
        assert not (await workspace.event({"type": "app_uninstalled"})).ok
        workspace.delivery.answer_seconds = 3
        await socket.receive_json()
        envelope = await socket.receive_json()
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (1, "timeout")
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await workspace.events.repeated()


async def test_nobody_is_connected(ben: Actor) -> None:
    assert (await ben.command("/items")).error == "dispatch_failed"


async def test_a_ticket_opens_one_connection(call: Caller, workspace: Workspace) -> None:
    answer = (await call.reply("apps.connections.open", token=workspace.app_token)).json
    async with call.session.ws_connect(answer["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await call.session.ws_connect(answer["url"])
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await call.session.ws_connect(answer["url"].split("?")[0])
    assert workspace.sockets.opened == 1


async def test_several_connections_take_turns(call: Caller, workspace: Workspace, ben: Actor) -> None:
    async with opened(call) as first, opened(call) as second:
        for socket in (first, second, first):
            sending = asyncio.create_task(ben.command("/items"))
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
            assert (await sending).ok
        assert len(workspace.sockets.connections) == 2


async def test_a_cut_connection_comes_back(socket_app: AsyncApp, workspace: Workspace, ben: Actor) -> None:
    @socket_app.command("/items")
    async def items(ack: Any) -> None:
        await ack("Here")

    assert workspace.sockets.cut() == 1
    await connections(workspace, opened=2)
    assert (await ben.command("/items")).body == '{"text": "Here"}'


async def test_a_connection_that_breaks_at_this_moment_is_passed_over(
    call: Caller, workspace: Workspace, ben: Actor
) -> None:
    async with opened(call):
        workspace.sockets.cut()
        workspace.sockets.cut()
        assert (await ben.command("/items")).error == "dispatch_failed"


async def test_the_bot_is_asked_to_reconnect(socket_app: AsyncApp, workspace: Workspace, ben: Actor) -> None:
    @socket_app.command("/items")
    async def items(ack: Any) -> None:
        await ack()

    await workspace.sockets.ask_to_reconnect()
    await connections(workspace, opened=2)
    assert (await ben.command("/items")).ok


async def test_a_warning_names_its_reason(call: Caller, workspace: Workspace) -> None:
    async with opened(call) as socket:
        await workspace.sockets.ask_to_reconnect("warning")
        message = await socket.receive_json()
        assert (message["type"], message["reason"]) == ("disconnect", "warning")


async def test_a_muted_connection_stays_open_and_deaf(call: Caller, workspace: Workspace, ben: Actor) -> None:
    async with opened(call) as socket:
        workspace.sockets.mute()
        workspace.delivery.answer_seconds = 0.05
        await socket.ping()
        assert (await ben.command("/items")).error == "app_did_not_respond"
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.02)
        assert not socket.closed


async def test_a_silent_bot_is_pinged_unless_it_is_muted(clock: HandClock) -> None:
    async with serve_workspace(clock=clock, ping_seconds=0.02) as workspace, aiohttp.ClientSession() as session:
        call = Caller(workspace, session)
        answer = (await call.reply("apps.connections.open", token=workspace.app_token)).json
        async with session.ws_connect(answer["url"], autoping=False) as socket:
            await socket.receive_json()
            for _ in range(2):
                message = await socket.receive()
                assert message.type == aiohttp.WSMsgType.PING
                await socket.pong(message.data)
            await socket.ping()
            assert (await socket.receive()).type == aiohttp.WSMsgType.PONG
            assert workspace.sockets.connections[0].pongs == 2
            workspace.sockets.mute()
            with pytest.raises(TimeoutError):
                await socket.receive(timeout=0.06)


async def test_a_pong_answers_a_ping(call: Caller) -> None:
    answer = (await call.reply("apps.connections.open", token=call.workspace.app_token)).json
    async with call.session.ws_connect(answer["url"], autoping=False) as socket:
        await socket.receive_json()
        await socket.ping(b"are you there")
        message = await socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.PONG, b"are you there")


async def test_the_workspace_closes_its_connections(clock: HandClock) -> None:
    async with aiohttp.ClientSession() as session:
        async with serve_workspace(clock=clock) as workspace:
            call = Caller(workspace, session)
            answer = (await call.reply("apps.connections.open", token=workspace.app_token)).json
            socket = await session.ws_connect(answer["url"])
            await socket.receive_json()
            reading = asyncio.create_task(socket.receive())
            await asyncio.sleep(0)
        assert (await reading).type == aiohttp.WSMsgType.CLOSE
