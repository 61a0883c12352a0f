from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.blockkit import check_message, check_view
from bot.sandbox.slack.errors import SlackError
from tests.sandbox.slack.parts import Json, actions, button, field_of, home, modal, option, plain, section, typed


def problems_of_message(*blocks: Any) -> list[str]:
    with pytest.raises(SlackError, match=r"^invalid_blocks$") as refused:
        check_message({"blocks": list(blocks)})
    return refused.value.messages


def problems_of_view(view: Any) -> list[str]:
    with pytest.raises(SlackError, match=r"^invalid_arguments$") as refused:
        check_view(view, "modal")
    return refused.value.messages[1:]


def element(**more: Any) -> Json:
    return actions({"action_id": "a", **more})


def confirm(**more: Any) -> Json:
    return actions(button("B", "b", confirm={"title": plain("T"), "text": plain("S"), **more}))


def table(rows: Any, **more: Any) -> Json:
    return {"type": "data_table", "caption": "Items", "rows": rows, **more}


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}
RICH_SECTIONS = {"elements": RICH["elements"]}
AT_INCLUDE = "[json-pointer:/blocks/0/elements/0/filter/include/0]"
DATES = (
    "must hold at least one of ago, date, date_long, date_long_full, date_long_pretty, date_num, date_pretty, "
    "date_short, date_short_pretty, date_slash, day_divider_pretty, time, time_secs in braces, and nothing else in "
    "braces [json-pointer:/blocks/0/elements/0/elements/0]"
)
OPTIONS = [option("A", "a"), option("B", "b")]


def rich(*pieces: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        section("x", accessory=button("Edit", "edit", value="v" * 2000, accessibility_label="l" * 75)),
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {"type": "context", "elements": [plain("x"), {"type": "mrkdwn", "text": "y", "verbatim": True}] * 5},
        {"type": "context", "elements": [{"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x"}]},
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x", "title": plain("x")},
        actions(*[button("x" * 75, f"a{number}") for number in range(25)]),
        confirm(confirm=plain("x" * 30), deny=plain("x" * 30), style="danger"),
        element(
            type="static_select", options=[option("x" * 75, "v" * 150)], initial_option=option("x" * 75, "v" * 150)
        ),
        element(type="static_select", option_groups=[{"label": plain("G"), "options": OPTIONS}]),
        element(type="overflow", options=[option("A", "a") | {"url": "https://a.example", "description": plain("d")}]),
        element(type="checkboxes", options=OPTIONS, initial_options=OPTIONS[:1]),
        element(type="datetimepicker", initial_date_time=1741597200),
        {"type": "rich_text", "elements": [], "block_id": "b"} | RICH,
        rich({"type": "date", "timestamp": 1741597200, "format": "{date_short_pretty} · {time}", "fallback": "x"}),
        rich(
            {"type": "link", "url": "https://a.example", "style": {"bold": True}},
            {"type": "emoji", "name": "coffee"},
            {"type": "broadcast", "range": "here"},
        ),
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": RICH["elements"]}],
        },
        element(
            type="conversations_select",
            default_to_current_conversation=True,
            filter={"include": ["public", "private"], "exclude_bot_users": True},
        ),
        {"type": "markdown", "text": "x" * 12_000},
        table([cells("Name", "Price"), [*cells("Café"), RICH]], page_size=5, row_header_column_index=0),
        {"type": "container", "title": plain("T"), "child_blocks": [section("x")], "width": "full"},
        {"type": "video", "anything": "goes"},
        section("x", block_id=None),
    ],
)
def test_what_is_right_for_a_message(block: Json) -> None:
    check_message({"blocks": [block]})


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("x", "must provide an object [json-pointer:/blocks/0]"),
        (
            rich({"type": "date", "timestamp": 1, "format": "{date} {hour}", "fallback": "x"}),
            DATES,
        ),
        (rich({"type": "date", "timestamp": 1, "format": "soon"}), DATES),
        (
            rich({"type": "date", "timestamp": "1", "format": "{ago}"}),
            "must provide an integer [json-pointer:/blocks/0/elements/0/elements/0/timestamp]",
        ),
        (
            rich({"type": "date", "format": "{ago}"}),
            "missing required field: timestamp [json-pointer:/blocks/0/elements/0/elements/0]",
        ),
        (
            rich({"type": "text", "text": ""}),
            "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
        ),
        (rich({"type": "hologram"}), "unsupported type: hologram [json-pointer:/blocks/0/elements/0/elements/0/type]"),
        (
            element(type="conversations_select", filter={}),
            "must define at least one property [json-pointer:/blocks/0/elements/0/filter]",
        ),
        (
            element(type="conversations_select", filter={"include": ["dm"]}),
            f"must be a valid enum value: im, mpim, private, public {AT_INCLUDE}",
        ),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
        ({"type": ["x"]}, "unsupported type: ['x'] [json-pointer:/blocks/0/type]"),
        ({"type": "alert", "text": plain("x")}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section("x", colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (section("x", expand="yes"), "must provide a boolean [json-pointer:/blocks/0/expand]"),
        (section("x", block_id="b" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        (section("x", block_id=7), "must provide a string [json-pointer:/blocks/0/block_id]"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        ({"type": "section", "fields": []}, "no less than 1 items allowed [json-pointer:/blocks/0/fields]"),
        ({"type": "section", "fields": plain("x")}, "must provide an array [json-pointer:/blocks/0/fields]"),
        (
            {"type": "section", "fields": [plain("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (
            {"type": "section", "fields": [plain("x" * 2001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            {"type": "context", "elements": [plain("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions(*[button("x", f"a{n}") for n in range(26)]),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions(button("x" * 76, "a")),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            actions(button("x", "a", value="v" * 2001)),
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            actions(button("x", "a", style="green")),
            "must be a valid enum value: danger, primary [json-pointer:/blocks/0/elements/0/style]",
        ),
        (
            actions({"type": "plain_text_input"}),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            actions(button("x", "a", confirm="Sure?")),
            "must provide an object [json-pointer:/blocks/0/elements/0/confirm]",
        ),
        (
            confirm(title=plain("x" * 101)),
            "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
        ),
        (
            confirm(text=plain("x" * 301)),
            "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
        ),
        (
            element(type="static_select", options=[option("x" * 76, "v")]),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
        ),
        (
            element(type="static_select", options=[option("x", "v" * 151)]),
            "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
        ),
        (
            element(type="static_select", options=[option("x", str(n)) for n in range(101)]),
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            element(type="static_select", options=[]),
            "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            element(type="static_select"),
            "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
        ),
        (
            element(type="static_select", options=OPTIONS, initial_option=option("C", "c")),
            "initial option must be one of the provided options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            element(type="static_select", options=[option("A", "a"), option("B", "a")]),
            "option values must be unique [json-pointer:/blocks/0/elements/0]",
        ),
        (
            element(type="overflow", options=[option(str(n), str(n)) for n in range(6)]),
            "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            element(type="radio_buttons", options=[option(str(n), str(n)) for n in range(11)]),
            "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            element(type="external_select", min_query_length="3"),
            "must provide an integer [json-pointer:/blocks/0/elements/0/min_query_length]",
        ),
        (
            element(type="external_select", min_query_length=-1),
            "must be between 0 and 10000 [json-pointer:/blocks/0/elements/0/min_query_length]",
        ),
        (
            actions(button("A", "a"), button("B", "a")),
            "`action_id` a already exists in this block [json-pointer:/blocks/0]",
        ),
        (
            actions(
                {"type": "users_select", "focus_on_load": True}, {"type": "channels_select", "focus_on_load": True}
            ),
            "only one element can have `focus_on_load` [json-pointer:/blocks/0]",
        ),
        (
            {"type": "markdown", "text": "x" * 12_001},
            "must be less than 12001 characters [json-pointer:/blocks/0/text]",
        ),
        (table([cells("Name")]), "no less than 2 items allowed [json-pointer:/blocks/0/rows]"),
        (table([cells("A"), cells("B", "C")]), "all rows must have the same number of cells [json-pointer:/blocks/0]"),
        (table([[RICH], cells("B")]), "header cells cannot contain rich text [json-pointer:/blocks/0]"),
        (
            table([cells("A"), cells("x" * 20_001)]),
            "cells must be less than 20001 characters together [json-pointer:/blocks/0]",
        ),
        (
            {"type": "container", "child_blocks": [{"type": "alert"}]},
            "unsupported type: alert [json-pointer:/blocks/0/child_blocks/0/type]",
        ),
    ],
)
def test_what_is_wrong_for_a_message(block: Any, problem: str) -> None:
    assert problem in problems_of_message(block)


def test_a_table_of_many_short_cells_is_counted_by_its_text() -> None:
    row = cells(*["1234567890"] * 20)
    check_message({"blocks": [table([row] * 90)]})


def test_a_message_has_at_most_fifty_blocks() -> None:
    check_message({"blocks": [{"type": "divider"}] * 50})
    assert problems_of_message(*[{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_block_ids_are_not_used_twice() -> None:
    problem = "`block_id` b already exists [json-pointer:/blocks/1/block_id]"
    assert problems_of_message(section("x", block_id="b"), section("y", block_id="b")) == [problem]
    check_message({"blocks": [section("x"), section("y")]})


@pytest.mark.parametrize(
    "view",
    [
        modal(),
        modal(typed("a"), title="x" * 24, private_metadata="m" * 3000, notify_on_close=True, clear_on_close=False),
        modal({"type": "alert", "text": plain("x" * 200), "level": "warning"}),
        modal(*[section("x")] * 100),
        modal(field_of("a", {"type": "channels_select", "response_url_enabled": True})),
        modal(field_of("a", {"type": "plain_text_input", "multiline": True, "max_length": 3000})),
        modal(field_of("a", {"type": "number_input", "is_decimal_allowed": True}, hint=plain("h"), optional=True)),
    ],
)
def test_what_is_right_for_a_modal(view: Json) -> None:
    check_view(view, "modal")


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (None, "must provide an object [json-pointer:/view]"),
        (home(), "unsupported type: home [json-pointer:/view/type]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        (modal(title="x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(private_metadata="m" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="c" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
        (modal(*[section("x")] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            modal({"type": "alert", "text": plain("x" * 201)}),
            "must be less than 201 characters [json-pointer:/view/blocks/0/text/text]",
        ),
        (modal(table([cells("A"), cells("B")])), "unsupported type: data_table [json-pointer:/view/blocks/0/type]"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
        (
            modal(field_of("a", button("B", "b"))),
            "unsupported type: button [json-pointer:/view/blocks/0/element/type]",
        ),
        (
            modal(typed("a"), submit=None),
            "must define `submit` to use `input` block [json-pointer:/view/blocks/0/input]",
        ),
        (
            modal(typed("a", initial_value="x" * 3001)),
            "must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]",
        ),
        (
            modal(actions({"type": "channels_select", "response_url_enabled": True})),
            "invalid additional property: response_url_enabled [json-pointer:/view/blocks]",
        ),
        (
            modal(typed("a"), typed("a")),
            "`block_id` a already exists [json-pointer:/view/blocks/1/block_id]",
        ),
    ],
)
def test_what_is_wrong_for_a_modal(view: Any, problem: str) -> None:
    assert problem in problems_of_view(view)


def test_a_view_can_be_too_large() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(*[section("x" * 2900)] * 100), "modal")


def test_home_takes_inputs_without_a_submit_button_but_no_tables_of_data() -> None:
    check_view(home(typed("a")), "home")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(home(table([cells("A"), cells("B")])), "home")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(home(field_of("a", {"type": "channels_select", "response_url_enabled": True})), "home")
