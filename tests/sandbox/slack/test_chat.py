from __future__ import annotations

import pytest

from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.slack.parts import Caller, HandClock, section

GERAL, VENDAS = "C0GERAL001", "C0VENDAS01"


async def test_a_message_is_seen_by_everybody_in_the_channel(
    call: Caller, workspace: Workspace, ana: Actor, ben: Actor
) -> None:
    answer = await call("chat.postMessage", channel=GERAL, text="Olá", blocks=[section("*Olá* &amp; bem-vindos")])
    assert answer["channel"] == GERAL
    assert answer["message"]["bot_id"] == "B0SANDBOX01"
    assert [message.plain for message in ana.messages()] == ["*Olá* & bem-vindos"]
    assert ben.messages()[0].ts == answer["ts"]
    assert workspace.person("Sam").messages() == []


async def test_timestamps_grow_while_the_clock_stands(call: Caller, clock: HandClock) -> None:
    first = await call("chat.postMessage", channel=GERAL, text="1")
    second = await call("chat.postMessage", channel=GERAL, text="2")
    clock.seconds = 60
    third = await call("chat.postMessage", channel=GERAL, text="3", thread_ts=first["ts"])
    assert [first["ts"], second["ts"], third["ts"]] == ["1741597200.000000", "1741597200.000001", "1741597260.000000"]
    assert third["message"]["thread_ts"] == first["ts"]


async def test_a_message_to_a_person_goes_into_their_conversation_with_the_bot(
    call: Caller, ana: Actor, ben: Actor
) -> None:
    answer = await call("chat.postMessage", channel="U0BEN00001", text="For you")
    assert answer["channel"].startswith("D")
    assert [message.text for message in ben.messages(channel="dm")] == ["For you"]
    assert ana.messages() == []


async def test_an_ephemeral_message_is_for_its_reader_alone(call: Caller, ana: Actor, ben: Actor) -> None:
    answer = await call("chat.postEphemeral", channel=GERAL, user="U0BEN00001", text="Psst", blocks=[section("Psst")])
    assert ben.messages()[0].ts == answer["message_ts"]
    assert ana.messages() == []


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": VENDAS, "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": GERAL}, "no_text"),
        ("chat.postMessage", {"channel": GERAL, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": GERAL, "blocks": {}, "text": "x"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": GERAL, "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ("chat.postEphemeral", {"channel": VENDAS, "user": "U0BEN00001", "text": "x"}, "not_in_channel"),
        ("chat.postEphemeral", {"channel": GERAL, "user": "U0SAM00001", "text": "x"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": GERAL, "user": "U0NOBODY01", "text": "x"}, "user_not_found"),
        ("chat.postEphemeral", {"channel": GERAL, "user": "U0BEN00001"}, "no_text"),
    ],
)
async def test_what_cannot_be_posted(call: Caller, method: str, arguments: dict[str, object], error: str) -> None:
    assert (await call(method, **arguments))["error"] == error


async def test_a_broken_block_is_pointed_at(call: Caller) -> None:
    answer = await call("chat.postMessage", channel=GERAL, blocks=[section("x" * 3001)])
    assert answer["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]


async def test_a_scope_lets_the_bot_post_where_it_is_no_member(call: Caller, workspace: Workspace, ben: Actor) -> None:
    workspace.scopes.add("chat:write.public")
    assert (await call("chat.postMessage", channel=VENDAS, text="x"))["ok"]
    assert len(ben.messages(channel="#vendas")) == 1


async def test_an_update_of_the_text_alone_takes_the_blocks_away(call: Caller, ben: Actor) -> None:
    ts = (await call("chat.postMessage", channel=GERAL, text="1", blocks=[section("one")]))["ts"]
    answer = await call("chat.update", channel=GERAL, ts=ts, text="2")
    assert "blocks" not in answer["message"]
    assert answer["message"]["edited"]["ts"] == ts
    assert ben.messages()[0].plain == "2"


async def test_an_update_of_the_blocks_alone_keeps_the_text(call: Caller, ben: Actor) -> None:
    ts = (await call("chat.postMessage", channel=GERAL, text="1", blocks=[section("one")]))["ts"]
    assert (await call("chat.update", channel=GERAL, ts=ts, blocks=[section("two")]))["text"] == "1"
    assert ben.messages()[0].plain == "two"
    assert (await call("chat.update", channel=GERAL, ts=ts))["ok"]
    assert ben.messages()[0].plain == "two"


async def test_a_message_is_deleted(call: Caller, ben: Actor) -> None:
    ts = (await call("chat.postMessage", channel=GERAL, text="1"))["ts"]
    assert (await call("chat.delete", channel=GERAL, ts=ts))["ok"]
    assert ben.messages() == []


async def test_a_message_has_an_address(call: Caller) -> None:
    ts = (await call("chat.postMessage", channel=GERAL, text="1"))["ts"]
    found = await call("chat.getPermalink", channel=GERAL, message_ts=ts)
    assert found["permalink"].endswith(f"/archives/{GERAL}/p{ts.replace('.', '')}")
    assert (await call("chat.getPermalink", channel=GERAL, message_ts="1.000000"))["error"] == "message_not_found"


async def test_what_cannot_be_changed(call: Caller, ben: Actor) -> None:
    ephemeral = await call("chat.postEphemeral", channel=GERAL, user="U0BEN00001", text="Psst")
    theirs = ben.says("Mine").ts
    for ts, error in (
        (ephemeral["message_ts"], "message_not_found"),
        ("1.000000", "message_not_found"),
        (theirs, "cant_update_message"),
    ):
        assert (await call("chat.update", channel=GERAL, ts=ts, text="x"))["error"] == error
    assert (await call("chat.delete", channel=GERAL, ts=theirs))["error"] == "cant_delete_message"
    assert (await call("chat.update", channel="C0NOWHERE1", ts=theirs, text="x"))["error"] == "channel_not_found"
