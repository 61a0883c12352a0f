from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack import Actor, Message, Workspace
from tests.sandbox.page.parts import Window
from tests.sandbox.slack.parts import (
    Json,
    PlainBot,
    actions,
    button,
    field_of,
    home,
    modal,
    option,
    plain,
    section,
    typed,
)

GERAL = "C0GERAL001"
BUTTON = actions(button("Open", "open", value="7"), block_id="row")


@pytest.fixture
async def message(workspace: Workspace, bot: PlainBot, ben: Actor) -> Message:
    """An answer that Ben alone sees, with a button."""
    bot.answers = [{"text": "One item", "blocks": [section("Café"), BUTTON]}]
    await ben.command("/items café")
    bot.requests.clear()
    return await ben.sees("Café")


def open_modal(workspace: Workspace, person: Actor, *blocks: Json, **more: Any) -> str:
    return workspace.state.views.open(person.id, modal(*blocks, **more)).id


async def test_a_line_with_a_slash_is_a_command(window: Window, bot: PlainBot, ben: Actor) -> None:
    bot.answers = ["Hello"]
    answer = await window.done("say", person=ben.id, channel=GERAL, text="/items  two  words")
    assert answer == {"ok": True, "error": None}
    assert "text=+two++words" in bot.requests[0][1]
    await ben.sees("Hello")


async def test_any_other_line_is_a_message_for_all(window: Window, bot: PlainBot, ben: Actor, ana: Actor) -> None:
    assert await window.done("say", person=ben.id, channel=GERAL, text="Bom dia /items") == {"ok": True}
    assert [message.text for message in ana.messages()] == ["Bom dia /items"]
    assert bot.requests == []


async def test_what_the_bot_fails_in_is_told(window: Window, bot: PlainBot, ben: Actor) -> None:
    bot.answers = [500]
    answer = await window.done("say", person=ben.id, channel=GERAL, text="/items")
    assert answer == {"ok": False, "error": "dispatch_failed"}
    await ben.sees('/items failed with the error "dispatch_failed"')


async def test_nobody_speaks_where_they_are_not(window: Window, ben: Actor) -> None:
    assert "no channel" in await window.refused("say", person=ben.id, channel="C0", text="Olá")
    assert "no channel" in await window.refused("say", person=ben.id, channel="D0ANA00001", text="Olá")


@pytest.mark.parametrize("person", ["U0NOBODY001", "U0SANDBOT01", "Ben"])
async def test_nobody_is_somebody_else(window: Window, person: str) -> None:
    assert await window.refused("home", person=person) == "There is nobody of this id."


async def test_a_button_in_a_message(window: Window, bot: PlainBot, ben: Actor, message: Message) -> None:
    answer = await window.done("use", person=ben.id, message=message.ts, block_id="row", action_id="open")
    assert answer == {"ok": True, "error": None}
    assert bot.payloads[0]["actions"][0]["value"] == "7"


async def test_nobody_presses_what_they_do_not_see(window: Window, bot: PlainBot, ana: Actor, message: Message) -> None:
    gone = "That is not on the screen any more."
    assert await window.refused("use", person=ana.id, message=message.ts, block_id="row", action_id="open") == gone
    assert await window.refused("use", person=ana.id, message="1.2", block_id="row", action_id="open") == gone
    assert bot.requests == []


async def test_a_button_that_is_gone(window: Window, ben: Actor, message: Message) -> None:
    gone = "That is not on the screen any more."
    assert await window.refused("use", person=ben.id, message=message.ts, block_id="row", action_id="shut") == gone
    assert await window.refused("use", person=ben.id, view="V1", block_id="row", action_id="open") == gone


async def test_a_view_belongs_to_whoever_opened_it(
    window: Window, workspace: Workspace, ben: Actor, ana: Actor
) -> None:
    view = open_modal(workspace, ben, typed("name"))
    assert await window.refused("submit", person=ana.id, view=view) == "That is not on the screen any more."


async def test_a_form_is_submitted_with_what_is_typed(
    window: Window, workspace: Workspace, bot: PlainBot, ben: Actor
) -> None:
    unit = field_of("unit", {"type": "plain_text_input"}, optional=True)
    view = open_modal(workspace, ben, typed("name"), typed("price", initial_value="1"), unit)
    fields = {"name": {"name": "Galão"}, "unit": {"another": "x"}, "gone": {"gone": "x"}}
    assert await window.done("submit", person=ben.id, view=view, typed=fields) == {"ok": True, "error": None}
    values = bot.payloads[0]["view"]["state"]["values"]
    assert [values[name][name]["value"] for name in ("name", "price", "unit")] == ["Galão", "1", None]


async def test_what_is_wrong_stands_at_the_field(
    window: Window, workspace: Workspace, bot: PlainBot, ben: Actor
) -> None:
    view = open_modal(workspace, ben, typed("price"))
    bot.answers = [{"response_action": "errors", "errors": {"price": "This is not a price."}}]
    await window.done("submit", person=ben.id, view=view, typed={"price": {"price": "x"}})
    shown = (await window.everything(ben.id))["views"]
    assert [one["errors"] for one in shown] == [{"price": "This is not a price."}]
    assert shown[0]["values"]["price"]["price"]["value"] == "x"


async def test_a_form_is_sent_once_at_a_time(window: Window, workspace: Workspace, bot: PlainBot, ben: Actor) -> None:
    view = open_modal(workspace, ben, typed("name", initial_value="Galão"))
    workspace.state.views.stack(ben.id)[0].busy = True
    assert await window.refused("submit", person=ben.id, view=view) == "The form is on its way already."
    assert bot.requests == []


async def test_a_choice_in_a_form_waits_for_the_submission(
    window: Window, workspace: Workspace, bot: PlainBot, ben: Actor
) -> None:
    units = {"type": "static_select", "options": [option("Hour", "hour"), option("Day", "day")]}
    view = open_modal(workspace, ben, field_of("unit", units))
    assert await window.done("use", person=ben.id, view=view, block_id="unit", action_id="unit", raw="day") == {
        "ok": True
    }
    assert bot.requests == []
    await window.done("submit", person=ben.id, view=view)
    chosen = bot.payloads[0]["view"]["state"]["values"]["unit"]["unit"]["selected_option"]
    assert chosen["value"] == "day"


async def test_what_is_not_offered_is_not_chosen(window: Window, workspace: Workspace, ben: Actor) -> None:
    units = {"type": "static_select", "options": [option("Hour", "hour")]}
    view = open_modal(workspace, ben, field_of("unit", units))
    why = await window.refused("use", person=ben.id, view=view, block_id="unit", action_id="unit", raw="week")
    assert "no option has the value" in why


async def test_a_select_asks_while_one_types(window: Window, workspace: Workspace, bot: PlainBot, ben: Actor) -> None:
    find = section("Find", accessory={"type": "external_select", "action_id": "find"}, block_id="find")
    view = open_modal(workspace, ben, find, typed("note"))
    bot.answers = [{"options": [option("Café", "7")]}]
    where = {"person": ben.id, "view": view, "block_id": "find", "action_id": "find"}
    asked = await window.done("suggest", **where, text="caf", typed={"note": {"note": "kept"}})
    assert asked["options"] == [option("Café", "7")]
    assert bot.payloads[0]["value"] == "caf"
    assert bot.payloads[0]["view"]["state"]["values"]["note"]["note"]["value"] == "kept"
    await window.done("use", **where, raw="7")
    assert bot.payloads[1]["actions"][0]["selected_option"]["value"] == "7"


async def test_views_are_closed_one_by_one_or_all_at_once(window: Window, workspace: Workspace, ben: Actor) -> None:
    views = workspace.state.views
    first = open_modal(workspace, ben, section("One"), title="One")
    second = views.push(ben.id, modal(section("Two"), title="Two")).id
    await window.done("close", person=ben.id, view=second)
    assert [view.id for view in views.stack(ben.id)] == [first]
    third = views.push(ben.id, modal(section("Three"), title="Three")).id
    await window.done("close", person=ben.id, view=third, everything=True)
    assert views.stack(ben.id) == []


async def test_home_is_opened_and_used(window: Window, workspace: Workspace, bot: PlainBot, ben: Actor) -> None:
    assert await window.done("home", person=ben.id) == {"ok": True, "error": None}
    assert '"tab": "home"' in bot.requests[0][1]
    view = workspace.state.views.publish(
        ben.id, home(section("Welcome"), actions(button("Find", "find"), block_id="b"))
    )
    await window.done("use", person=ben.id, view=view.id, block_id="b", action_id="find")
    assert bot.payloads[-1]["view"]["id"] == view.id


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"person": "U0BEN00001", "channel": GERAL, "text": ""},
        {"person": "U0BEN00001", "channel": GERAL, "text": "x" * 12_001},
        {"person": "U0BEN00001", "channel": GERAL, "text": 7},
        {"person": "U0BEN00001", "channel": GERAL, "text": "Olá", "more": 1},
        [],
        plain("no object of ours"),
    ],
)
async def test_what_the_page_never_asks_is_refused(window: Window, ben: Actor, body: Any) -> None:
    async with window.session.post(
        f"{window.origin}/api/say", json=body, headers={"Origin": window.origin}
    ) as response:
        assert response.status == 400
        assert (await response.json())["error"] == "malformed"
    assert ben.messages() == []
