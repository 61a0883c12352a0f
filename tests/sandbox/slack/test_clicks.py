from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, CannotDo, Workspace
from bot.sandbox.slack.controls import controls
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
    option,
    section,
    typed,
)

GERAL = "C0GERAL001"
SELECT = {"type": "static_select", "action_id": "tax", "options": [option("23 %", "23"), option("6 %", "6")]}
OVERFLOW = {"type": "overflow", "action_id": "more", "options": [option("Copy", "copy"), option("Print", "print")]}


async def open_modal(call: Caller, view: Json) -> None:
    trigger = call.workspace.state.grants.trigger("U0BEN00001", GERAL)
    assert (await call("views.open", trigger_id=trigger, view=view))["ok"]


async def test_a_click_in_a_message(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    row = actions(button("Edit", "edit", value="7", style="primary"), SELECT, block_id="row")
    await call("chat.postMessage", channel=GERAL, text="Café", blocks=[row])
    message = await ben.sees()
    assert await ben.choose("tax", "6 %", where=message)
    await ben.click(message, "Edit")
    choice, click = plain_bot.payloads
    assert choice["actions"][0]["selected_option"] == option("6 %", "6")
    assert click["type"] == "block_actions"
    assert click["user"] == {"id": "U0BEN00001", "username": "ben", "name": "ben", "team_id": "T0SANDBOX01"}
    assert click["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": GERAL,
        "is_ephemeral": False,
    }
    assert click["channel"] == {"id": GERAL, "name": "geral"}
    assert click["message"]["blocks"][0]["block_id"] == "row"
    assert click["state"]["values"]["row"]["tax"] == {"type": "static_select", "selected_option": option("6 %", "6")}
    assert "/actions/" in click["response_url"]
    action = click["actions"][0]
    assert action.pop("action_ts") > message.ts
    assert action == {
        "action_id": "edit",
        "block_id": "row",
        "type": "button",
        "text": {"type": "plain_text", "text": "Edit"},
        "value": "7",
        "style": "primary",
    }


async def test_an_ephemeral_message_is_not_sent_along(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    blocks = [section("Café", accessory=button("Edit", "edit"))]
    thread = (await call("chat.postMessage", channel=GERAL, text="Thread"))["ts"]
    await call("chat.postEphemeral", channel=GERAL, user="U0BEN00001", blocks=blocks, thread_ts=thread)
    await ben.click(await ben.sees("Café"), "edit")
    payload = plain_bot.payloads[0]
    assert payload["container"]["is_ephemeral"] is True
    assert payload["container"]["thread_ts"] == thread
    assert "message" not in payload


async def test_a_click_in_a_form(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await open_modal(call, modal(typed("price", initial_value="1"), actions(button("Refresh", "refresh"))))
    await ben.click(None, "Refresh")
    payload = plain_bot.payloads[0]
    view = await ben.modal()
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["view"]["hash"] == view.hash
    assert payload["view"]["state"]["values"]["price"]["price"]["value"] == "1"
    assert not {"channel", "message", "response_url", "state"} & payload.keys()


async def test_a_click_in_home(app: AsyncApp, call: Caller, ana: Actor) -> None:
    @app.action("new")
    async def new(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(section(body["view"]["type"])))

    await call("views.publish", user_id="U0ANA00001", view=home(actions(button("New", "new"))))
    await ana.click(await ana.home("New"), "New")
    assert (await ana.modal()).plain == "Form\nhome\nSave"


async def test_an_entry_of_an_overflow_menu(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await call("chat.postMessage", channel=GERAL, text="x", blocks=[section("x", accessory=OVERFLOW)])
    await ben.click(await ben.sees(), "Print")
    assert plain_bot.payloads[0]["actions"][0]["selected_option"] == option("Print", "print")


async def test_a_menu_has_no_other_entries(call: Caller, workspace: Workspace, ben: Actor) -> None:
    await call("chat.postMessage", channel=GERAL, text="x", blocks=[section("x", accessory=OVERFLOW)])
    message = await ben.sees()
    with pytest.raises(CannotDo, match="the menu has no 'burn'"):
        await workspace.gestures.use(ben.person, message, next(controls(message.blocks)), "burn")


async def test_an_input_tells_at_once_only_when_it_is_told_to(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    quiet = field_of("quiet", {"type": "plain_text_input"})
    loud = field_of("loud", {"type": "plain_text_input"}, dispatch_action=True)
    await open_modal(call, modal(quiet, loud))
    assert await ben.choose("quiet", "psst") is None
    answer = await ben.choose("loud", "Hey")
    assert answer is not None
    assert answer.ok
    assert plain_bot.payloads[0]["actions"][0]["value"] == "Hey"
    assert plain_bot.payloads[0]["view"]["state"]["values"]["quiet"]["quiet"]["value"] == "psst"


@pytest.mark.parametrize(
    ("answer", "text"), [(500, "This app responded with Status Code 500."), (None, "Operation timed out. Apologies!")]
)
async def test_a_failed_click_in_a_message_is_marked_beside_it(
    plain_bot: PlainBot, call: Caller, workspace: Workspace, ben: Actor, *, answer: int | None, text: str
) -> None:
    await call("chat.postMessage", channel=GERAL, text="x", blocks=[actions(button("Edit", "edit"))])
    message = await ben.sees()
    good = workspace.request_url
    if answer is None:
        workspace.request_url = "http://127.0.0.1:9/"
    else:
        plain_bot.answers.append(answer)
    assert (await ben.click(message, "Edit")).error == "dispatch_failed"
    assert message.troubles == {"U0BEN00001": text}
    workspace.request_url = good
    assert (await ben.click(message, "Edit")).ok
    assert message.troubles == {}


async def test_a_failed_click_in_a_form_is_marked_at_its_top(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await open_modal(call, modal(actions(button("Refresh", "refresh"))))
    plain_bot.answers.append(500)
    await ben.click(None, "Refresh")
    assert (await ben.modal("We had some trouble connecting. Try again?")).trouble
    await ben.click(None, "Refresh")
    assert (await ben.modal()).trouble is None


async def test_a_form_that_its_own_button_closed_is_left_alone(app: AsyncApp, call: Caller, ben: Actor) -> None:
    @app.action("other")
    async def other(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title="Other"))
        await ack()

    await open_modal(call, modal(actions(button("Other", "other"))))
    await ben.click(None, "Other")
    assert (await ben.modal()).title == "Other"


async def test_an_edited_message_keeps_what_was_chosen(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    blocks = [actions(SELECT, block_id="row")]
    ts = (await call("chat.postMessage", channel=GERAL, text="x", blocks=blocks))["ts"]
    message = await ben.sees()
    await ben.choose("tax", "23", where=message)
    await call("chat.update", channel=GERAL, ts=ts, text="y", blocks=blocks)
    assert message.values["U0BEN00001"]["row", "tax"]["selected_option"]["value"] == "23"


async def test_what_is_gone_cannot_be_used(call: Caller, ben: Actor, clock: HandClock) -> None:
    ts = (await call("chat.postMessage", channel=GERAL, text="x", blocks=[actions(button("Edit", "edit"))]))["ts"]
    message = await ben.sees()
    await call("chat.delete", channel=GERAL, ts=ts)
    with pytest.raises(CannotDo, match="not on the screen of Ben"):
        await ben.click(message, "Edit")
    await open_modal(call, modal(actions(button("Edit", "edit"))))
    view = await ben.modal()
    await ben.close()
    with pytest.raises(CannotDo, match="not on the screen of Ben"):
        await ben.click(view, "Edit")


async def test_what_somebody_else_sees_cannot_be_used(call: Caller, ana: Actor, ben: Actor) -> None:
    blocks = [actions(button("Edit", "edit"))]
    await call("chat.postEphemeral", channel=GERAL, user="U0BEN00001", text="x", blocks=blocks)
    await open_modal(call, modal(*blocks))
    for where in (await ben.sees(), await ben.modal()):
        with pytest.raises(CannotDo, match="not on the screen of Ana"):
            await ana.click(where, "Edit")


async def test_a_message_tells_what_was_chosen_in_it_from_the_start(
    plain_bot: PlainBot, call: Caller, ben: Actor
) -> None:
    preset = {**SELECT, "initial_option": option("23 %", "23")}
    await call(
        "chat.postMessage", channel=GERAL, text="x", blocks=[actions(preset, button("Go", "go"), block_id="row")]
    )
    await ben.click(await ben.sees(), "Go")
    assert plain_bot.payloads[0]["state"]["values"]["row"]["tax"]["selected_option"]["value"] == "23"
