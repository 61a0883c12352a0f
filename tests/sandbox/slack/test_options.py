from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, CannotDo, Workspace
from bot.sandbox.slack.controls import controls
from tests.sandbox.slack.parts import Caller, Json, PlainBot, actions, field_of, home, modal, option, plain, typed

SELECT = {"type": "external_select", "action_id": "item", "min_query_length": 1}


async def open_modal(call: Caller, *blocks: Json) -> None:
    trigger = call.workspace.state.grants.trigger("U0BEN00001")
    assert (await call("views.open", trigger_id=trigger, view=modal(*blocks)))["ok"]


def options(count: int) -> list[Json]:
    return [option(f"Café {number}", str(number)) for number in range(count)]


async def test_typing_asks_the_bot_and_a_choice_is_kept(app: AsyncApp, call: Caller, ben: Actor) -> None:
    seen: list[Json] = []

    @app.options("item")
    async def suggest(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack(option_groups=[{"label": plain("2 of 9"), "options": options(2)}])

    await open_modal(call, field_of("item", SELECT))
    shown = await ben.type_ahead("item", "caf")
    assert [one["value"] for one in shown] == ["0", "1"]
    assert (await ben.suggestions("item", "caf"))["option_groups"][0]["label"]["text"] == "2 of 9"
    payload = seen[0]
    assert payload["type"] == "block_suggestion"
    assert (payload["action_id"], payload["block_id"], payload["value"]) == ("item", "item", "caf")
    assert payload["view"]["type"] == "modal"
    assert payload["container"]["type"] == "view"

    await ben.choose("item", "Café 1")
    view = await ben.modal("Café 1")
    assert view.values["item", "item"]["selected_option"] == option("Café 1", "1")
    await ben.choose("item", None)
    assert view.values["item", "item"]["selected_option"] is None


async def test_a_choice_in_home_and_in_a_message_tells_the_bot(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await call("views.publish", user_id="U0BEN00001", view=home(actions(SELECT, block_id="find")))
    await call("chat.postMessage", channel="C0GERAL001", text="x", blocks=[actions(SELECT, block_id="find")])
    for where in (await ben.home(), await ben.sees()):
        plain_bot.answers += [{"options": options(1)}, ""]
        await ben.type_ahead("item", "c", where=where)
        answer = await ben.choose("item", "Café 0", where=where)
        assert answer is not None
        assert answer.ok
    kinds = [(one["type"], one["container"]["type"]) for one in plain_bot.payloads]
    assert kinds == [
        ("block_suggestion", "view"),
        ("block_actions", "view"),
        ("block_suggestion", "message"),
        ("block_actions", "message"),
    ]
    assert plain_bot.payloads[-1]["actions"][0]["selected_option"] == option("Café 0", "0")


@pytest.mark.parametrize(
    "answer",
    [
        {"options": options(101)},
        {"option_groups": [{"label": plain("All"), "options": options(101)}]},
        {"options": [option("x" * 76, "1")]},
        {"options": [option("x", "")]},
        {"options": options(1), "option_groups": []},
        {"options": []},
        {},
        [],
        "no JSON",
        500,
    ],
)
async def test_whatever_breaks_a_limit_is_no_results(
    plain_bot: PlainBot, call: Caller, ben: Actor, answer: Any
) -> None:
    await open_modal(call, field_of("item", SELECT))
    plain_bot.answers.append(answer)
    assert await ben.type_ahead("item", "caf") == []


async def test_a_hundred_options_are_shown(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await open_modal(call, field_of("item", SELECT))
    plain_bot.answers.append({"options": options(100)})
    assert len(await ben.type_ahead("item", "caf")) == 100


async def test_a_late_answer_is_no_results(app: AsyncApp, call: Caller, ben: Actor, workspace: Workspace) -> None:
    gate = asyncio.Event()

    @app.options("item")
    async def suggest(ack: Any) -> None:
        await gate.wait()
        await ack(options=options(1))

    await open_modal(call, field_of("item", SELECT))
    workspace.delivery.answer_seconds = 0.05
    assert await ben.type_ahead("item", "caf") == []
    assert workspace.calls_of("block_suggestion")[0].error == "operation_timeout"
    gate.set()


async def test_it_asks_from_the_third_letter_unless_told_otherwise(
    plain_bot: PlainBot, call: Caller, ben: Actor
) -> None:
    await open_modal(call, field_of("item", {"type": "external_select"}), field_of("other", SELECT))
    assert await ben.type_ahead("Item", "ca") == []
    assert plain_bot.requests == []
    await ben.type_ahead("Item", "caf")
    await ben.type_ahead("Other", "c")
    assert [one["value"] for one in plain_bot.payloads] == ["caf", "c"]


async def test_several_can_be_chosen(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    first = options(1)
    element = {"type": "multi_external_select", "min_query_length": 0, "initial_options": first}
    await open_modal(call, field_of("items", element))
    plain_bot.answers.append({"options": options(2)})
    await ben.type_ahead("items", "")
    await ben.fill({"items": ["Café 0", "Café 1"]})
    assert (await ben.modal()).values["items", "items"]["selected_options"] == options(2)


async def test_what_was_chosen_before_can_be_chosen_again(call: Caller, ben: Actor) -> None:
    await open_modal(call, field_of("item", {**SELECT, "initial_option": option("Old", "9")}))
    await ben.fill({"item": "Old"})
    assert (await ben.modal("Old")).values["item", "item"]["selected_option"] == option("Old", "9")


async def test_what_is_not_on_the_screen_cannot_be_chosen(call: Caller, workspace: Workspace, ben: Actor) -> None:
    static = {"type": "static_select", "option_groups": [{"label": plain("All"), "options": options(2)}]}
    await open_modal(call, field_of("item", static), typed("name"))
    with pytest.raises(CannotDo, match=r"0 options are 'Tea'; there are .*'Café 0', 'Café 1'"):
        await ben.choose("item", "Tea")
    view = await ben.modal()
    control = next(controls(view.blocks))
    with pytest.raises(CannotDo, match="no option has the value '7'"):
        workspace.gestures.enter(ben.person, view, control, "7")
    with pytest.raises(CannotDo, match="name is a plain_text_input"):
        await ben.type_ahead("name", "caf")
