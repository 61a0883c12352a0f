from __future__ import annotations

import asyncio
import re

import pytest

from bot.sandbox.slack import Actor, CannotDo, NotSeen, Workspace, serve_workspace
from tests.sandbox.slack.parts import (
    Caller,
    HandClock,
    Json,
    PlainBot,
    actions,
    button,
    field_of,
    home,
    modal,
    plain,
    section,
    typed,
)

GERAL = "C0GERAL001"


async def open_modal(call: Caller, *blocks: dict[str, object]) -> None:
    trigger = call.workspace.state.grants.trigger("U0BEN00001")
    assert (await call("views.open", trigger_id=trigger, view=modal(*blocks)))["ok"]


async def test_a_person_waits_for_what_comes_later(call: Caller, ben: Actor) -> None:
    waiting = asyncio.create_task(ben.sees("second", re.compile(r"mess.ge")))
    await call("chat.postMessage", channel=GERAL, text="first message")
    assert not waiting.done()
    await call("chat.postMessage", channel=GERAL, text="second message")
    assert (await waiting).text == "second message"


async def test_only_what_is_new_since_the_last_deed_is_seen(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await call("chat.postMessage", channel=GERAL, text="old")
    await ben.sees("old")
    await ben.command("/items")
    assert ben.messages(ever=False) == []
    assert (await ben.sees("old", ever=True)).text == "old"
    await call("chat.postMessage", channel=GERAL, text="new")
    assert (await ben.sees()).text == "new"
    assert (await ben.sees()).text == "new"


async def test_what_does_not_come_fails_with_what_is_on_the_screen(clock: HandClock) -> None:
    async with serve_workspace(clock=clock, wait_seconds=0.01) as workspace:
        ben = workspace.person("Ben")
        with pytest.raises(NotSeen, match=r"Ben waited for a message with .*\n.*Nothing is on the screen"):
            await ben.sees("Café")
        ben.says("Olá", channel="#geral")
        workspace.state.slackbot(GERAL, ben.id, "Psst")
        workspace.state.views.publish(ben.id, home(section("Bem-vindo")))
        workspace.state.views.open(ben.id, modal(typed("name", initial_value="Café"), title="Item"))
        with pytest.raises(NotSeen) as failed:
            await ben.modal("Price")
        assert str(failed.value).split("\n") == [
            "Ben waited for a modal with ('Price',).",
            "── message in geral (U0BEN00001) ──",
            "Olá",
            "── message in geral (only visible to you) ──",
            "Psst",
            "── modal 1 of 1 ──",
            "Item",
            "Name",
            "Café",
            "Save",
            "── Home ──",
            "Bem-vindo",
        ]
        with pytest.raises(NotSeen, match="waited for no modal"):
            await ben.no_modal()
        with pytest.raises(NotSeen, match="waited for a Home"):
            await ben.home("Adeus")
        with pytest.raises(NotSeen):
            await ben.modal(callback_id="other")


async def test_buttons_that_are_alike_are_told_apart(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    rows = [
        section(name, accessory=button("Open", "open", value=value, accessibility_label=f"Open {name}"))
        for name, value in (("Café", "1"), ("Chá", "2"))
    ]
    await call("chat.postMessage", channel=GERAL, text="x", blocks=rows)
    message = await ben.sees()
    await ben.click(message, "Open", value="2")
    await ben.click(message, "open", label="Open Café")
    assert [one["actions"][0]["value"] for one in plain_bot.payloads] == ["2", "1"]
    with pytest.raises(CannotDo, match="2 buttons are 'Open'"):
        await ben.click(message, "Open")
    with pytest.raises(CannotDo, match=r"0 buttons are 'Close'.*there are \[\('Open', 'open', '1'\)"):
        await ben.click(message, "Close")


async def test_the_words_of_a_confirmation_can_be_read(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("It is gone then."), "confirm": plain("Delete")}
    await open_modal(call, actions(button("Delete", "delete", confirm=confirm), button("Keep", "keep")))
    assert ben.confirmation(None, "Delete") == "Sure?\nIt is gone then.\nDelete"
    assert ben.confirmation(await ben.modal(), "Keep") is None
    assert (await ben.click(None, "Delete")).ok


async def test_fields_that_are_not_there(call: Caller, ben: Actor) -> None:
    await open_modal(call, typed("name"))
    with pytest.raises(CannotDo, match=r"0 fields are 'price'; there are \[\('name', 'name', 'Name'\)\]"):
        await ben.fill({"price": "1"})


async def test_without_a_modal_there_is_nothing_to_fill_in(ben: Actor) -> None:
    with pytest.raises(CannotDo, match="Ben has no modal open"):
        await ben.fill({"price": "1"})


async def test_a_person_is_chosen_by_name_and_a_conversation_with_the_bot_is_dm(call: Caller, ben: Actor) -> None:
    await open_modal(call, field_of("to", {"type": "conversations_select"}), field_of("who", {"type": "users_select"}))
    await ben.fill({"to": "dm", "who": "Gil"})
    values = (await ben.modal()).values
    assert values["to", "to"]["selected_conversation"] == "D0BEN00001"
    assert values["who", "who"]["selected_user"] == "U0GIL00001"


@pytest.mark.parametrize(
    ("element", "offered", "not_offered"),
    [
        ({"type": "conversations_select"}, ["geral", "dm", "cofre"], "lá"),
        ({"type": "conversations_select", "filter": {"include": ["private"]}}, ["cofre"], "geral"),
        ({"type": "conversations_select", "filter": {"exclude_bot_users": True}}, ["geral"], "dm"),
        (
            {"type": "conversations_select", "filter": {"exclude_external_shared_channels": True}},
            ["cofre", "dm"],
            "vendas",
        ),
        ({"type": "channels_select"}, ["geral", "vendas"], "cofre"),
    ],
)
async def test_a_conversation_is_chosen_from_those_that_are_offered(
    call: Caller, workspace: Workspace, ben: Actor, *, element: Json, offered: list[str], not_offered: str
) -> None:
    workspace.add_channel("cofre", ["Ben"], is_private=True)
    workspace.add_channel("lá", ["Ana"])
    await open_modal(call, field_of("to", element))
    for name in offered:
        await ben.fill({"to": name})
    await ben.fill({"to": None})
    with pytest.raises(CannotDo, match="to offers"):
        await ben.fill({"to": not_offered})


async def test_several_conversations_are_chosen(call: Caller, ben: Actor) -> None:
    await open_modal(call, field_of("to", {"type": "multi_conversations_select"}))
    await ben.fill({"to": ["geral", "dm"]})
    chosen = (await ben.modal()).values["to", "to"]["selected_conversations"]
    assert chosen == ["C0GERAL001", "D0BEN00001"]


async def test_every_change_is_news(call: Caller, workspace: Workspace, ben: Actor) -> None:
    with workspace.feed.subscribe() as changes:
        ts = (await call("chat.postEphemeral", channel=GERAL, user="U0BEN00001", text="x"))["message_ts"]
        await open_modal(call, typed("name"))
        view = await ben.modal()
        await ben.fill({"name": "x"})
        await ben.close()
        await call("views.publish", user_id="U0BEN00001", view=home(actions(button("B", "b"))))
        seen = [changes.get_nowait() for _ in range(changes.qsize())]
    assert [(one.kind, one.id, one.channel, one.person) for one in seen if one.kind != "exchange"] == [
        ("message", ts, GERAL, "U0BEN00001"),
        ("view", view.id, None, "U0BEN00001"),
        ("view", view.id, None, "U0BEN00001"),
        ("view_closed", view.id, None, "U0BEN00001"),
        ("home", (await ben.home()).id, None, "U0BEN00001"),
    ]
    assert [one.number for one in seen] == sorted(one.number for one in seen)
    before = workspace.feed.number
    ben.says("Nobody subscribes any more")
    assert changes.qsize() == 0
    assert workspace.feed.number == before + 1


async def test_tokens_are_in_no_description(workspace: Workspace) -> None:
    for secret in (workspace.bot_token, workspace.app_token, workspace.signing_secret):
        assert secret not in repr(workspace)
