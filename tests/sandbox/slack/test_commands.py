from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, CannotDo, Workspace, serve_workspace
from tests.sandbox.slack.parts import Json, PlainBot, section


async def test_a_command_arrives_flat_and_signed(plain_bot: PlainBot, ben: Actor, workspace: Workspace) -> None:
    assert (await ben.command("/items  new\nCafé & Cª ")).ok
    headers, body = plain_bot.requests[0]
    payload = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
    assert payload.pop("response_url").startswith(workspace.url.removesuffix("api/") + "commands/")
    assert payload.pop("trigger_id").count(".") == 2
    assert payload.pop("token") == "sandbox-verification-token"
    assert payload == {
        "team_id": "T0SANDBOX01",
        "team_domain": "oficina",
        "channel_id": "C0GERAL001",
        "channel_name": "geral",
        "user_id": "U0BEN00001",
        "user_name": "ben",
        "command": "/items",
        "text": " new\nCafé & Cª ",
        "api_app_id": "A0SANDBOX01",
        "is_enterprise_install": "false",
    }
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert (
        workspace.sign(body.encode(), content_type="x", timestamp=int(headers["x-slack-request-timestamp"]))[
            "X-Slack-Signature"
        ]
        == headers["x-slack-signature"]
    )


@pytest.mark.parametrize(("channel", "name"), [("dm", "directmessage"), ("chefia", "privategroup")])
async def test_conversations_without_a_public_name(
    plain_bot: PlainBot, ben: Actor, workspace: Workspace, channel: str, name: str
) -> None:
    workspace.add_channel("chefia", ["Ben"], is_private=True)
    await ben.command("/items", channel=channel)
    assert parse_qs(plain_bot.requests[0][1])["channel_name"] == [name]


async def test_an_empty_acknowledgement_shows_nothing(app: AsyncApp, ben: Actor) -> None:
    @app.command("/items")
    async def items(ack: Any) -> None:
        await ack()

    answer = await ben.command("/items")
    assert (answer.ok, answer.status, answer.body, answer.json) == (True, 200, "", None)
    assert ben.messages() == []


async def test_a_text_is_shown_to_the_person_alone(app: AsyncApp, ben: Actor, ana: Actor) -> None:
    @app.command("/items")
    async def items(ack: Any) -> None:
        await ack("Só para ti")

    await ben.command("/items", channel="vendas")
    assert (await ben.sees("Só para ti", channel="vendas")).is_ephemeral
    assert ana.messages() == []


async def test_an_answer_for_the_channel_is_shown_even_where_the_bot_is_no_member(
    app: AsyncApp, ben: Actor, workspace: Workspace
) -> None:
    @app.command("/items")
    async def items(ack: Any) -> None:
        await ack(text="For all", blocks=[section("For all")], response_type="in_channel")

    await ben.command("/items", channel="vendas")
    assert (await workspace.person("Sam").sees("For all")).blocks[0]["block_id"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, "dispatch_failed"),
        (404, "dispatch_failed"),
        ({"blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"response_type": "ephemeral"}, "no_text"),
    ],
)
async def test_a_failed_command_shows_slacks_own_words(
    plain_bot: PlainBot, ben: Actor, answer: Any, error: str
) -> None:
    plain_bot.answers.append(answer)
    result = await ben.command("/items")
    assert (result.ok, result.error) == (False, error)
    message = await ben.sees()
    assert message.text == f'/items failed with the error "{error}"'
    assert message.author == "USLACKBOT"
    assert message.is_ephemeral


async def test_an_empty_object_shows_nothing(plain_bot: PlainBot, ben: Actor) -> None:
    plain_bot.answers.append({})
    assert (await ben.command("/items")).ok
    assert ben.messages() == []


async def test_json_that_is_no_object_is_shown_as_text(plain_bot: PlainBot, ben: Actor) -> None:
    plain_bot.answers.append([1])
    await ben.command("/items")
    assert (await ben.sees()).text == "[1]"


async def test_a_broken_answer_says_what_is_wrong(plain_bot: PlainBot, ben: Actor) -> None:
    plain_bot.answers.append({"blocks": [section("")]})
    assert (await ben.command("/items")).details == (
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    )


async def test_a_late_answer_is_a_time_out(app: AsyncApp, workspace: Workspace, ben: Actor) -> None:
    release = asyncio.Event()

    @app.command("/items")
    async def items(ack: Any) -> None:
        await release.wait()
        await ack("Too late")

    workspace.delivery.answer_seconds = 0.05
    answer = await ben.command("/items")
    assert (answer.status, answer.error) == (None, "operation_timeout")
    assert (await ben.sees()).text == '/items failed with the error "operation_timeout"'
    assert workspace.calls[0].error == "operation_timeout"
    release.set()


async def test_nobody_listens(workspace: Workspace, ben: Actor) -> None:
    workspace.request_url = "http://127.0.0.1:9/slack/events"
    assert (await ben.command("/items")).error == "dispatch_failed"
    assert workspace.request_url == "http://127.0.0.1:9/slack/events"


async def test_what_is_no_command_is_not_sent(ben: Actor, workspace: Workspace) -> None:
    with pytest.raises(CannotDo, match="no slash command"):
        await ben.command("items")
    with pytest.raises(CannotDo, match="Sam is not in geral"):
        await workspace.person("Sam").command("/items", channel="geral")
    assert workspace.calls == []


async def test_an_app_can_say_which_commands_it_has() -> None:
    async with serve_workspace(commands=["/items"]) as workspace:
        ben = workspace.person("Ben")
        assert (await ben.command("/other")).error == "invalid_command"
        assert (await ben.sees()).text == "`/other` is not a valid command."
        assert (await ben.command("/items")).error == "dispatch_failed"


async def test_a_request_can_be_sent_again(app: AsyncApp, workspace: Workspace, ben: Actor) -> None:
    seen: list[Json] = []

    @app.command("/items")
    async def items(ack: Any, command: Json) -> None:
        seen.append(command)
        await ack("Hello")

    await ben.command("/items x")
    assert (await workspace.repeat(workspace.calls_of("/items")[0])).body == "Hello"
    assert [one["text"] for one in seen] == ["x", "x"]
    assert len(ben.messages()) == 1


async def test_forged_unsigned_and_old_requests_can_be_sent(app: AsyncApp, workspace: Workspace) -> None:
    @app.command("/items")
    async def items(ack: Any) -> None:
        await ack("Let in")

    body = b"command=%2Fitems&text=&user_id=U0BEN00001&team_id=T0SANDBOX01&channel_id=C0GERAL001"
    form = "application/x-www-form-urlencoded"
    good = workspace.sign(body, content_type=form)
    assert (await workspace.send(body, good)).body == "Let in"
    assert (await workspace.send(body + b"x", good)).status == 401
    assert (await workspace.send(body, {"Content-Type": form})).status == 401
    old = workspace.sign(body, content_type=form, timestamp=int(good["X-Slack-Request-Timestamp"]) - 600)
    assert (await workspace.send(body, old)).status == 401
    assert [one.status for one in workspace.calls_of("raw")] == [200, 401, 401, 401]


async def test_raw_requests_need_an_address(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="no request_url"):
        await workspace.send(b"", {})
