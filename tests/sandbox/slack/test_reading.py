from __future__ import annotations

from bot.sandbox.slack.reading import plain_text
from bot.sandbox.slack.values import Values
from tests.sandbox.slack.parts import actions, button, field_of, option, plain, section


def test_texts_stand_in_reading_order() -> None:
    blocks = [
        {"type": "header", "text": plain("Items")},
        section("*Café* &lt;b&gt; &amp;amp;", accessory=button("Edit", "edit", accessibility_label="Edit Café")),
        {"type": "section", "fields": [plain("Price"), plain("1,20")]},
        {"type": "divider"},
        {"type": "markdown", "text": "**bold**"},
    ]
    assert plain_text(blocks).split("\n") == [
        "Items",
        "*Café* <b> &amp;",
        "Edit",
        "Price",
        "1,20",
        "**bold**",
    ]


def test_what_has_to_be_opened_first_is_not_seen() -> None:
    select = {
        "type": "static_select",
        "action_id": "tax",
        "placeholder": plain("Tax"),
        "options": [option("23 %", "23")],
        "initial_option": option("23 %", "23"),
        "confirm": {"title": plain("Sure?"), "text": plain("Really?")},
    }
    assert plain_text([actions(select)]) == ""


def test_what_lies_open_is_seen() -> None:
    radio = {"type": "radio_buttons", "action_id": "tax", "options": [option("23 %", "23"), option("6 %", "6")]}
    assert plain_text([field_of("tax", radio)]) == "Tax\n23 %\n6 %"


def test_values_stand_after_their_element() -> None:
    blocks = [field_of("name", {"type": "plain_text_input"}), field_of("tags", {"type": "checkboxes", "options": []})]
    blocks.append(field_of("note", {"type": "plain_text_input"}))
    values: Values = {
        ("name", "name"): {"type": "plain_text_input", "value": "A & B"},
        ("tags", "tags"): {"type": "checkboxes", "selected_options": [option("New", "n")]},
        ("note", "note"): {"type": "plain_text_input", "value": None},
    }
    assert plain_text(blocks, values) == "Name\nA & B\nTags\nNew\nNote"


def test_rich_text_with_its_links_and_mentions() -> None:
    elements = [
        {"type": "text", "text": "See "},
        {"type": "link", "url": "https://a.example"},
        {"type": "link", "url": "https://a.example", "text": "here"},
        {"type": "user", "user_id": "U0BEN00001"},
        {"type": "date", "timestamp": 1741597200, "format": "{date}", "fallback": "10 March 2025"},
    ]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    assert plain_text([block]).split("\n") == ["See ", "https://a.example", "here", "U0BEN00001", "10 March 2025"]


def test_a_plain_text_is_unescaped() -> None:
    assert plain_text("1 &lt; 2 &amp;&amp; 3 &gt; 2") == "1 < 2 && 3 > 2"
