from __future__ import annotations

import pytest

from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.slack.parts import Caller, HandClock, Json, field_of, home, modal, option, section, typed


@pytest.fixture
def trigger(workspace: Workspace) -> str:
    return workspace.state.grants.trigger("U0BEN00001", "C0GERAL001")


def next_trigger(workspace: Workspace) -> str:
    return workspace.state.grants.trigger("U0BEN00001")


async def test_a_view_opens_for_the_person_of_the_trigger(call: Caller, ana: Actor, ben: Actor, trigger: str) -> None:
    form = modal(typed("price", initial_value="1"), section("Hint"), private_metadata="m", callback_id="c")
    view = (await call("views.open", trigger_id=trigger, view=form))["view"]
    assert view["id"] == view["root_view_id"]
    assert view["previous_view_id"] is None
    assert (view["private_metadata"], view["callback_id"], view["external_id"]) == ("m", "c", "")
    assert view["state"]["values"] == {"price": {"price": {"type": "plain_text_input", "value": "1"}}}
    assert view["blocks"][1]["block_id"]
    shown = await ben.modal("Hint")
    assert (shown.id, shown.title, shown.callback_id) == (view["id"], "Form", "c")
    assert ana.screen() == "Nothing is on the screen."


async def test_a_trigger_is_good_once(call: Caller, trigger: str) -> None:
    assert (await call("views.open", trigger_id=trigger, view=modal()))["ok"]
    assert (await call("views.open", trigger_id=trigger, view=modal()))["error"] == "exchanged_trigger_id"


async def test_a_trigger_is_good_for_three_seconds(call: Caller, trigger: str, clock: HandClock) -> None:
    clock.seconds = 3.1
    assert (await call("views.open", trigger_id=trigger, view=modal()))["error"] == "expired_trigger_id"


async def test_a_trigger_that_nobody_gave(call: Caller) -> None:
    assert (await call("views.open", trigger_id="1.2.abc", view=modal()))["error"] == "invalid_trigger_id"
    assert (await call("views.push", view=modal()))["error"] == "invalid_trigger_id"


async def test_a_view_that_breaks_a_rule_does_not_spend_the_trigger(call: Caller, trigger: str) -> None:
    answer = await call("views.open", trigger_id=trigger, view=modal(title="x" * 25))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]
    assert (await call("views.open", trigger_id=trigger, view=modal()))["ok"]


async def test_at_most_three_views_lie_on_one_another(call: Caller, workspace: Workspace, trigger: str) -> None:
    first = (await call("views.open", trigger_id=trigger, view=modal(title="1")))["view"]
    second = (await call("views.push", trigger_id=next_trigger(workspace), view=modal(title="2")))["view"]
    third = (await call("views.push", trigger_id=next_trigger(workspace), view=modal(title="3")))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    last = await call("views.push", trigger_id=next_trigger(workspace), view=modal())
    assert last["error"] == "push_limit_reached"


async def test_a_push_needs_something_to_lie_on(call: Caller, trigger: str) -> None:
    assert (await call("views.push", trigger_id=trigger, view=modal()))["error"] == "not_found"


async def test_opening_another_view_replaces_the_stack(
    call: Caller, workspace: Workspace, ben: Actor, trigger: str
) -> None:
    old = (await call("views.open", trigger_id=trigger, view=modal(title="Old")))["view"]["id"]
    await call("views.open", trigger_id=next_trigger(workspace), view=modal(title="New"))
    assert (await ben.modal("New")).previous is None
    assert (await call("views.update", view_id=old, view=modal()))["error"] == "not_found"


async def test_an_update_needs_the_right_hash_when_it_names_one(call: Caller, trigger: str, ben: Actor) -> None:
    view = (await call("views.open", trigger_id=trigger, view=modal(title="One")))["view"]
    first = await call("views.update", view_id=view["id"], view=modal(title="Two"), hash=view["hash"])
    assert first["view"]["hash"] != view["hash"]
    assert first["view"]["id"] == view["id"]
    second = await call("views.update", view_id=view["id"], view=modal(title="Three"), hash=view["hash"])
    assert second["error"] == "hash_conflict"
    assert (await ben.modal()).title == "Two"


async def test_a_view_is_found_by_the_bots_own_name_for_it(call: Caller, workspace: Workspace, trigger: str) -> None:
    await call("views.open", trigger_id=trigger, view=modal(external_id="mine"))
    assert (await call("views.update", external_id="mine", view=modal(external_id="mine")))["ok"]
    other = await call("views.push", trigger_id=next_trigger(workspace), view=modal(external_id="mine"))
    assert other["error"] == "duplicate_external_id"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"view": modal()}, "invalid_arguments"),
        ({"view_id": "V1", "view": modal()}, "not_found"),
        ({"external_id": "x", "view": modal()}, "not_found"),
    ],
)
async def test_an_update_of_what_is_not_there(call: Caller, arguments: Json, error: str) -> None:
    assert (await call("views.update", **arguments))["error"] == error


async def test_a_closed_view_cannot_be_updated(call: Caller, ben: Actor, trigger: str) -> None:
    view = (await call("views.open", trigger_id=trigger, view=modal()))["view"]
    await ben.close()
    assert (await call("views.update", view_id=view["id"], view=modal()))["error"] == "not_found"


async def test_an_update_keeps_what_was_typed_unless_the_block_has_another_id(
    call: Caller, ben: Actor, trigger: str
) -> None:
    view = (await call("views.open", trigger_id=trigger, view=modal(typed("a"), typed("b"))))["view"]
    await ben.fill({"a": "typed", "b": "typed"})
    changed = modal(typed("a", initial_value="new"), typed("c", initial_value="new"), section("Saved"))
    await call("views.update", view_id=view["id"], view=changed)
    values = (await ben.modal("Saved")).values
    assert {key[0]: value["value"] for key, value in values.items()} == {"a": "typed", "c": "new"}


async def test_an_update_keeps_an_untouched_value_too(call: Caller, ben: Actor, trigger: str) -> None:
    view = (await call("views.open", trigger_id=trigger, view=modal(typed("a", initial_value="old"))))["view"]
    await call("views.update", view_id=view["id"], view=modal(typed("a", initial_value="new")))
    assert (await ben.modal()).values["a", "a"]["value"] == "old"


async def test_a_choice_that_is_offered_no_longer_is_dropped(call: Caller, ben: Actor, trigger: str) -> None:
    def form(*options: Json) -> Json:
        return modal(field_of("tax", {"type": "static_select", "options": list(options)}))

    view = (await call("views.open", trigger_id=trigger, view=form(option("23 %", "23"), option("6 %", "6"))))["view"]
    await ben.fill({"tax": "23 %"})
    await call("views.update", view_id=view["id"], view=form(option("23 %", "23")))
    assert (await ben.modal()).values["tax", "tax"]["selected_option"] == option("23 %", "23")
    await call("views.update", view_id=view["id"], view=form(option("6 %", "6")))
    assert (await ben.modal()).values["tax", "tax"]["selected_option"] is None
    await call("views.update", view_id=view["id"], view=modal(typed("tax")))
    assert (await ben.modal()).values["tax", "tax"] == {"type": "plain_text_input", "value": None}


async def test_home_is_published_and_published_again(call: Caller, ana: Actor, ben: Actor) -> None:
    first = (await call("views.publish", user_id="U0BEN00001", view=home(section("Olá"))))["view"]
    assert first["type"] == "home"
    assert (await ben.home("Olá")).id == first["id"]
    second = (await call("views.publish", user_id="U0BEN00001", view=home(section("De novo"))))["view"]
    assert second["id"] == first["id"]
    stale = await call("views.publish", user_id="U0BEN00001", view=home(), hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    assert (await call("views.update", view_id=first["id"], view=home(section("Updated"))))["ok"]
    assert (await ben.home("Updated")).title == ""


async def test_home_is_for_somebody_and_of_its_own_kind(call: Caller) -> None:
    assert (await call("views.publish", user_id="U0NOBODY01", view=home()))["error"] == "user_not_found"
    assert (await call("views.publish", user_id="U0BEN00001", view=modal()))["error"] == "invalid_arguments"


async def test_a_conversation_can_be_preset_to_where_the_form_came_from(call: Caller, ben: Actor, trigger: str) -> None:
    one = {"type": "conversations_select", "default_to_current_conversation": True}
    several = {"type": "multi_conversations_select", "default_to_current_conversation": True}
    await call("views.open", trigger_id=trigger, view=modal(field_of("to", one), field_of("also", several)))
    values = (await ben.modal()).values
    assert values["to", "to"]["selected_conversation"] == "C0GERAL001"
    assert values["also", "also"]["selected_conversations"] == ["C0GERAL001"]


async def test_a_conversation_is_preset_as_well_where_the_field_comes_with_an_update(
    call: Caller, ben: Actor, trigger: str
) -> None:
    view_id = (await call("views.open", trigger_id=trigger, view=modal()))["view"]["id"]
    where = {"type": "conversations_select", "default_to_current_conversation": True}
    await call("views.update", view_id=view_id, view=modal(field_of("to", where)))
    assert (await ben.modal()).values["to", "to"]["selected_conversation"] == "C0GERAL001"
