"""Requests that Slack never sent, or never would: refused or ignored, and the process goes on."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.sandbox.slack import Answer
from tests.flows.platform.own import own_world, shower, shown
from tests.flows.world import World
from tests.logs import caught_log

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
USER = {"id": "U0BEN00001"}
COMMAND = urlencode(
    {
        "command": "/own",
        "text": "",
        "user_id": "U0BEN00001",
        "team_id": "T0SANDBOX01",
        "channel_id": "C0GERAL001",
        "response_url": "http://127.0.0.1:9/never",
        "trigger_id": "1.2.3",
    }
).encode()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with own_world(tmp_path, shower()) as living:
        yield living
        await shown(living.ben)


def interaction(payload: object) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


async def send(world: World, body: bytes, content_type: str = FORM, **headers: str) -> Answer:
    signed = world.workspace.sign(body, content_type=content_type)
    return await world.workspace.send(body, signed | headers)


async def test_a_sound_request_for_comparison(world: World) -> None:
    assert (await send(world, COMMAND)).status == 200


async def test_an_unsigned_request_is_refused(world: World) -> None:
    assert (await world.workspace.send(COMMAND, {"Content-Type": FORM})).status == 401


async def test_a_forged_request_is_refused(world: World) -> None:
    forged = await send(world, COMMAND, **{"X-Slack-Signature": "v0=" + "0" * 64})
    assert forged.status == 401


async def test_a_signature_of_another_body_is_refused(world: World) -> None:
    signed = world.workspace.sign(COMMAND, content_type=FORM)
    assert (await world.workspace.send(COMMAND + b"&text=more", signed)).status == 401


async def test_a_request_of_ten_minutes_ago_is_refused(world: World) -> None:
    signed = world.workspace.sign(COMMAND, content_type=FORM, timestamp=int(time.time()) - 600)
    assert (await world.workspace.send(COMMAND, signed)).status == 401


async def test_nothing_refused_reached_anybody(world: World) -> None:
    before = len(world.workspace.calls_of("users.info"))
    await world.workspace.send(COMMAND, {"Content-Type": FORM})
    await send(world, COMMAND, **{"X-Slack-Signature": "v0=" + "0" * 64})
    await shown(world.ben)
    assert len(world.workspace.calls_of("users.info")) == before + 1, "for the sound one alone"


VIEW: dict[str, Any] = {"id": "V1", "type": "modal", "callback_id": "own.form", "private_metadata": ""}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        "text",
        7,
        None,
        {"type": "block_actions"},
        {"type": "block_actions", "user": USER, "actions": []},
        {"type": "block_actions", "user": USER, "trigger_id": "1", "actions": [{"type": "button"}]},
        {"type": "block_actions", "user": USER, "trigger_id": "1", "actions": [{"type": "button", "action_id": 7}]},
        {"type": "block_actions", "user": {"id": ["U1"]}, "trigger_id": "1", "actions": [{"action_id": "own"}]},
        {"type": "block_actions", "user": None, "trigger_id": "1", "actions": [{"action_id": "own"}]},
        {"type": "block_actions", "user": USER, "trigger_id": {}, "actions": [{"action_id": "own"}]},
        {"type": "block_actions", "user": USER, "trigger_id": "1", "actions": [{"action_id": "own"}], "view": "V1"},
        {"type": "view_submission", "user": USER},
        {"type": "view_submission", "user": USER, "view": {}},
        {"type": "view_submission", "user": USER, "view": VIEW | {"callback_id": 7}},
        {"type": "view_submission", "user": USER, "view": VIEW | {"private_metadata": {"a": 1}}},
        {"type": "view_submission", "user": USER, "view": VIEW | {"state": {"values": ["x"]}}},
        {"type": "view_submission", "user": USER, "view": VIEW | {"state": {"values": {"field": {"a": "text"}}}}},
        {"type": "block_suggestion", "user": USER},
        {"type": "block_suggestion", "user": USER, "action_id": "own", "value": 7},
        {"type": "interactive_message", "user": USER, "callback_id": "own", "actions": [{}]},
        {"type": "message_action", "user": USER, "callback_id": "own"},
        {"type": "something_new", "user": USER},
    ],
    ids=lambda payload: json.dumps(payload)[:60],
)
async def test_a_signed_interaction_of_an_unknown_shape(world: World, payload: object) -> None:
    answer = await send(world, interaction(payload))
    assert answer.status == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b""),
        (FORM, b"payload="),
        (FORM, b"payload=%7Bnot-json"),
        (FORM, b"payload=%ff%fe"),
        (FORM, b"command=%2Fown"),
        (FORM, b"command=%2Fown&user_id=U1&text=x"),
        (FORM, b"ssl_check=1&token=x"),
        (JSON, b""),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b"null"),
        (JSON, b"\xff\xfe"),
        (JSON, b'{"type": "event_callback"}'),
        (JSON, b'{"type": "event_callback", "event": {"type": "app_home_opened"}}'),
        (JSON, b'{"type": "event_callback", "event": {"type": "app_home_opened", "user": 7}}'),
        (JSON, b'{"type": "event_callback", "event": "app_home_opened"}'),
        (JSON, b"[" * 5000),
        ("text/plain; charset=nonsense", b"hello"),
    ],
)
async def test_signed_bytes_that_are_no_request(world: World, content_type: str, body: bytes) -> None:
    answer = await send(world, body, content_type)
    assert answer.status is not None
    assert answer.status == 200 or 400 <= answer.status < 500


async def test_what_is_ignored_stands_in_the_log(world: World) -> None:
    with caught_log() as log:
        answer = await send(world, interaction({"type": "view_submission", "user": USER, "view": {"callback_id": "x"}}))
        assert answer.status == 400
    assert log.the("malformed payload")["error"] == "payload without 'id'"


async def test_an_event_that_nobody_wants_is_left_to_bolt(world: World) -> None:
    body = json.dumps({"type": "event_callback", "event": {"type": "app_uninstalled", "user": USER["id"]}}).encode()
    with caught_log() as log:
        assert (await send(world, body, JSON)).status == 404
    assert "Unhandled request" in log.text
    assert log.events("request ended") == []


async def test_a_handshake_is_answered(world: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "made-up", "token": "x"}).encode()
    answer = await send(world, body, JSON)
    assert (answer.status, answer.json) == (200, {"challenge": "made-up"})


@pytest.mark.parametrize("kind", ["block_actions", "command", "event"])
async def test_socket_mode_takes_malformed_payloads_too(tmp_path: Path, kind: str) -> None:
    async with own_world(tmp_path, shower(), mode="socket") as world:
        payloads: list[Any] = [{}, [], "text", 7, None, {"type": "block_actions"}, {"command": 7}]
        for payload in [*payloads, {"type": "event_callback", "event": {}}]:
            await world.workspace.sockets.send(kind, payload, None)
        await shown(world.ben)
