from __future__ import annotations

from typing import Any

from tests.sandbox.slack.conftest import Bench
from tests.sandbox.slack.parts import Json, actions, button, modal, section, typed


async def test_a_command_is_answered_a_button_opens_a_form_and_the_form_is_submitted(bench: Bench) -> None:
    seen: list[Json] = []

    @bench.app.command("/items")
    async def items(ack: Any, command: Json) -> None:
        row = actions(button("Edit", "edit", value="7"), block_id="row")
        await ack(text="Café", blocks=[section(f"*{command['text']}*"), row])

    @bench.app.action("edit")
    async def edit(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(typed("price", "Unit price", initial_value="1,20"))
        )

    @bench.app.view("")
    async def save(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    answer = await bench.ben.command("/items Café  Expresso ")
    assert answer.ok
    message = await bench.ben.sees("Café  Expresso ")
    assert message.is_ephemeral
    assert message.text == "Café"
    assert (await bench.ben.click(message, "Edit")).ok
    await bench.ben.modal("Unit price", "1,20")
    await bench.ben.fill({"Unit price": "1,30"})
    assert (await bench.ben.submit()).ok
    await bench.ben.no_modal()
    assert seen[0]["view"]["state"]["values"] == {"price": {"price": {"type": "plain_text_input", "value": "1,30"}}}
