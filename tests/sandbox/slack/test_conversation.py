"""A whole conversation with an app on Bolt, over HTTP."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.slack.parts import Json, actions, button, modal, section, typed


def build(app: AsyncApp, submitted: list[Json]) -> None:
    @app.command("/items")
    async def items(ack: Any, command: Json) -> None:
        row = actions(button("Edit", "edit", value="7"), block_id="row")
        await ack(text="Café", blocks=[section(f"*{command['text']}*"), row])

    @app.action("edit")
    async def edit(ack: Any, body: Json, client: Any) -> None:
        await ack()
        view = modal(typed("price", initial_value="1,20"), typed("unit", initial_value="kg"), callback_id="edit")
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("edit")
    async def save(ack: Any, body: Json, client: Any) -> None:
        submitted.append(body)
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Saved")


async def test_look_up_edit_and_hear_of_it(app: AsyncApp, workspace: Workspace, ben: Actor, ana: Actor) -> None:
    submitted: list[Json] = []
    build(app, submitted)
    assert (await ben.command("/items Café  Expresso ")).ok
    message = await ben.sees("Café  Expresso ")
    assert message.is_ephemeral
    assert message.text == "Café"
    assert ana.messages() == []

    assert (await ben.click(message, "Edit")).ok
    await ben.modal("Price", "1,20", callback_id="edit")
    await ben.fill({"Price": "1,30"})
    assert (await ben.submit()).ok
    await ben.no_modal()
    assert submitted[0]["view"]["state"]["values"] == {
        "price": {"price": {"type": "plain_text_input", "value": "1,30"}},
        "unit": {"unit": {"type": "plain_text_input", "value": "kg"}},
    }
    assert (await ben.sees("Saved", channel="dm")).channel == "D0BEN00001"
    assert [one.name for one in workspace.calls] == [
        "/items",
        "auth.test",
        "edit",
        "views.open",
        "edit",
        "chat.postMessage",
    ]
