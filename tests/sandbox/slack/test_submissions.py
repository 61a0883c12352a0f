from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, CannotDo, Workspace
from tests.sandbox.slack.parts import (
    Caller,
    Json,
    PlainBot,
    actions,
    button,
    field_of,
    modal,
    option,
    plain,
    section,
    typed,
)

TROUBLE = "We had some trouble connecting. Try again?"


async def open_modal(call: Caller, *views: Json) -> str:
    """Open a stack of forms for Ben and return the id of the last."""
    view_id = ""
    for number, view in enumerate(views):
        trigger = call.workspace.state.grants.trigger("U0BEN00001", "C0GERAL001")
        answer = await call("views.push" if number else "views.open", trigger_id=trigger, view=view)
        view_id = answer["view"]["id"]
    return view_id


async def test_a_submission_carries_every_value(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    taxes = [option("23 %", "23"), option("6 %", "6")]
    await open_modal(
        call,
        modal(
            typed("name", initial_value="Café"),
            typed("note"),
            field_of("tax", {"type": "static_select", "options": taxes, "initial_option": taxes[0]}),
            field_of("unit", {"type": "radio_buttons", "options": taxes}),
            field_of("tags", {"type": "checkboxes", "options": taxes, "initial_options": [taxes[1]]}),
            field_of("count", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
            field_of("who", {"type": "users_select"}),
            field_of("whom", {"type": "multi_users_select"}, optional=True),
            field_of("where", {"type": "channels_select"}),
            field_of("day", {"type": "datepicker", "initial_date": "2025-03-10"}),
            actions({"type": "static_select", "action_id": "sort", "options": taxes}, block_id="row"),
            private_metadata="m",
        ),
    )
    await ben.fill({"note": "a\n b", "unit": "6 %", "tags": ["23"], "who": "Ana", "whom": ["Ana", "Ben"]})
    await ben.fill({"where": "#vendas", "day": "2025-03-11", "tax": "6"})
    answer = await ben.submit()
    assert (answer.ok, answer.status) == (True, 200)
    payload = plain_bot.payloads[-1]
    assert payload["type"] == "view_submission"
    assert payload["view"]["private_metadata"] == "m"
    assert payload["response_urls"] == []
    assert payload["trigger_id"]
    values = {block: next(iter(state.values())) for block, state in payload["view"]["state"]["values"].items()}
    assert values == {
        "name": {"type": "plain_text_input", "value": "Café"},
        "note": {"type": "plain_text_input", "value": "a\n b"},
        "tax": {"type": "static_select", "selected_option": taxes[1]},
        "unit": {"type": "radio_buttons", "selected_option": taxes[1]},
        "tags": {"type": "checkboxes", "selected_options": [taxes[0]]},
        "count": {"type": "number_input", "value": None},
        "who": {"type": "users_select", "selected_user": "U0ANA00001"},
        "whom": {"type": "multi_users_select", "selected_users": ["U0ANA00001", "U0BEN00001"]},
        "where": {"type": "channels_select", "selected_channel": "C0VENDAS01"},
        "day": {"type": "datepicker", "selected_date": "2025-03-11"},
        "row": {"type": "static_select", "selected_option": None},
    }
    await ben.no_modal()


@pytest.mark.parametrize(
    ("element", "entry", "error"),
    [
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        ({"type": "plain_text_input", "max_length": 3}, "1234", "Enter no more than 3 characters."),
        ({"type": "plain_text_input", "min_length": 3}, "12", "Enter at least 3 characters."),
        ({"type": "number_input", "is_decimal_allowed": True}, "1,5", "Enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, 1, "Enter a number of at least 2."),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, 3, "Enter a number of at most 2."),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", None),
        ({"type": "checkboxes", "options": [option("a", "a")]}, [], "Please complete this required field."),
    ],
)
async def test_slack_itself_refuses_what_cannot_be_right(
    plain_bot: PlainBot, call: Caller, ben: Actor, *, element: Json, entry: Any, error: str | None
) -> None:
    await open_modal(call, modal(field_of("field", element)))
    await ben.fill({"field": entry})
    answer = await ben.submit()
    if error is None:
        assert answer.ok
        return
    assert answer.error == "incomplete"
    assert (await ben.modal(error)).errors == {"field": error}
    assert plain_bot.requests == []


async def test_the_bot_puts_errors_at_fields_until_they_are_right(app: AsyncApp, call: Caller, ben: Actor) -> None:
    @app.view("edit")
    async def save(ack: Any, view: Json) -> None:
        if view["state"]["values"]["price"]["price"]["value"] == "x":
            await ack(response_action="errors", errors={"price": "Not a price"})
        else:
            await ack()

    await open_modal(call, modal(typed("price"), callback_id="edit"))
    await ben.fill({"price": "x"})
    assert (await ben.submit()).ok
    assert (await ben.modal("Not a price")).errors == {"price": "Not a price"}
    await ben.fill({"price": "1"})
    await ben.submit()
    await ben.no_modal()


async def test_the_bot_updates_stacks_and_clears(app: AsyncApp, call: Caller, ben: Actor) -> None:
    steps: list[Json] = [
        {"response_action": "update", "view": modal(title="Two", callback_id="edit")},
        {"response_action": "push", "view": modal(title="Three", callback_id="edit")},
        {"response_action": "clear"},
    ]

    @app.view("edit")
    async def save(ack: Any) -> None:
        await ack(**steps.pop(0))

    await open_modal(call, modal(title="One", callback_id="edit"))
    one = await ben.modal("One")
    await ben.submit()
    assert (await ben.modal("Two")).id == one.id
    await ben.submit()
    assert (await ben.modal("Three")).previous == one.id
    await ben.submit()
    await ben.no_modal()


async def test_an_empty_answer_closes_the_view_on_top_alone(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    plain_bot.answers += ["", {}]
    await open_modal(call, modal(title="Below"), modal(title="On top"))
    await ben.submit()
    await ben.modal("Below")
    await ben.submit()
    await ben.no_modal()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, "dispatch_failed"),
        ("ok", "invalid_response_action"),
        ({"response_action": "explode"}, "invalid_response_action"),
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_arguments"),
        ({"response_action": "errors", "errors": {}}, "invalid_arguments"),
        ({"response_action": "errors"}, "invalid_arguments"),
        ({"response_action": "update"}, "invalid_arguments"),
        ({"response_action": "push", "view": modal(title="x" * 25)}, "invalid_arguments"),
    ],
)
async def test_a_failed_submission_leaves_the_form_and_says_so(
    plain_bot: PlainBot, call: Caller, ben: Actor, answer: Any, error: str
) -> None:
    plain_bot.answers.append(answer)
    await open_modal(call, modal(typed("price", initial_value="1")))
    assert (await ben.submit()).error == error
    view = await ben.modal(TROUBLE)
    assert view.values["price", "price"]["value"] == "1"
    assert (await ben.submit()).ok
    await ben.no_modal()


async def test_a_form_shows_that_it_is_being_sent(app: AsyncApp, call: Caller, ben: Actor) -> None:
    gate, started = asyncio.Event(), asyncio.Event()

    @app.view("edit")
    async def save(ack: Any) -> None:
        started.set()
        await gate.wait()
        await ack(response_action="errors", errors={"price": "No"})

    await open_modal(call, modal(typed("price", initial_value="1"), callback_id="edit"))
    sending = asyncio.create_task(ben.submit())
    await started.wait()
    view = await ben.modal()
    assert view.busy
    gate.set()
    await sending
    assert not view.busy


async def test_a_form_that_was_closed_meanwhile_stays_closed(app: AsyncApp, call: Caller, ben: Actor) -> None:
    gate, started = asyncio.Event(), asyncio.Event()

    @app.view("edit")
    async def save(ack: Any) -> None:
        started.set()
        await gate.wait()
        await ack(response_action="update", view=modal(title="Late"))

    await open_modal(call, modal(callback_id="edit"))
    sending = asyncio.create_task(ben.submit())
    await started.wait()
    assert await ben.close() == []
    gate.set()
    assert (await sending).ok
    await ben.no_modal()


async def test_a_form_without_a_button_cannot_be_submitted(call: Caller, ben: Actor) -> None:
    view = modal(section("Just so"))
    del view["submit"]
    await open_modal(call, view)
    with pytest.raises(CannotDo, match="no submit button"):
        await ben.submit()


async def test_closing_tells_the_bot_when_it_wants_to_know(plain_bot: PlainBot, call: Caller, ben: Actor) -> None:
    await open_modal(call, modal(title="Quiet"), modal(title="Loud", notify_on_close=True, callback_id="c"))
    assert [answer.ok for answer in await ben.close()] == [True]
    payload = plain_bot.payloads[0]
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    assert payload["view"]["callback_id"] == "c"
    assert await ben.close() == []
    await ben.no_modal()
    assert len(plain_bot.requests) == 1


@pytest.mark.parametrize("by_view", [False, True])
async def test_closing_everything(plain_bot: PlainBot, call: Caller, ben: Actor, *, by_view: bool) -> None:
    below = modal(title="Below", notify_on_close=True)
    await open_modal(call, below, modal(title="On top", notify_on_close=True, clear_on_close=by_view))
    await ben.close(everything=not by_view)
    await ben.no_modal()
    told = [(one["view"]["title"]["text"], one["is_cleared"]) for one in plain_bot.payloads]
    assert told == [("On top", True), ("Below", True)]


async def test_a_form_can_ask_for_a_way_to_answer_in_a_conversation(
    plain_bot: PlainBot, call: Caller, workspace: Workspace, ben: Actor
) -> None:
    def share(block_id: str) -> Json:
        element = {"type": "conversations_select", "response_url_enabled": True}
        return field_of(block_id, element, optional=True)

    await open_modal(call, modal(share("to"), share("cc"), typed("note"), submit=plain("Share")))
    await ben.fill({"to": "vendas", "note": "x"})
    await ben.submit()
    (url,) = plain_bot.payloads[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("to", "to", "C0VENDAS01")
    assert (await call.respond(url["response_url"], {"text": "Shared", "response_type": "in_channel"})).status == 200
    assert (await workspace.person("Sam").sees("Shared")).channel == "C0VENDAS01"


async def test_a_click_before_the_submission_opens_a_view_on_top(app: AsyncApp, call: Caller, ben: Actor) -> None:
    @app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(title="More"))

    await open_modal(call, modal(actions(button("More", "more"))))
    await ben.click(None, "More")
    await ben.modal("More")
    await ben.close()
    await ben.modal("Form")
