"""Blocks that are drawn by themselves, those among them that the bot does not send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.browser.conftest import Sandbox, window
from tests.browser.screen import Screen

DRAW = """async ([blocks, values, errors]) => {
  const { drawBlocks } = await import("/static/blocks.js");
  document.getElementById("drawn")?.remove();
  const place = document.createElement("div");
  place.id = "drawn";
  document.getElementById("messages").prepend(place);
  drawBlocks(place, blocks, { place: { view: "V0" }, values, errors, typed: new Map() });
}"""


@pytest.fixture(scope="module")
def screen(browser: Browser, sandbox: Sandbox) -> Iterator[Screen]:
    """One page for all of them: each draws its own blocks."""
    with window(browser, sandbox.url) as page:
        screen = Screen(page)
        screen.tidy()
        yield screen


def draw(screen: Screen, *blocks: dict[str, Any], values: Any = None, errors: Any = None) -> Locator:
    numbered = [{"block_id": str(number), **block} for number, block in enumerate(blocks)]
    screen.page.evaluate(DRAW, [numbered, values or {}, errors or {}])
    return screen.page.locator("#drawn")


def text(content: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": content}


def inner(screen: Screen, content: str, kind: str = "mrkdwn") -> str:
    drawn = draw(screen, {"type": "section", "text": text(content, kind)})
    return drawn.locator(".text").inner_html()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*bold* _italic_ ~struck~", "<strong>bold</strong> <em>italic</em> <s>struck</s>"),
        ("*bold with _italic_ in it*", "<strong>bold with <em>italic</em> in it</strong>"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("`*as it is*` and *b*", "<code>*as it is*</code> and <strong>b</strong>"),
        ("```\n<b> &amp; *x*\n```", "<pre>&lt;b&gt; &amp; *x*</pre>"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("<script>alert(1)</script>", "<span>script</span>alert(1)<span>/script</span>"),
        ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
        (
            "<@U0BEN00001> and <@U0ANA00001>",
            '<span class="mention mine">@Ben</span> and <span class="mention">@Ana</span>',
        ),
        ("<@U9|somebody>", '<span class="mention">@somebody</span>'),
        ("<#C0GERAL001> <#C9|away>", '<span class="mention">#geral</span> <span class="mention">#away</span>'),
        ("<!subteam^S0FATURAS1> <!here>", '<span class="mention">@faturas</span> <span class="mention">@here</span>'),
        (
            "<https://a.example/?x=1&amp;y=2|here>",
            '<a href="https://a.example/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">here</a>',
        ),
        (
            "<mailto:a@b.example>",
            '<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer">a@b.example</a>',
        ),
        ("<javascript:alert(1)|press>", "<span>press</span>"),
        ("one\ntwo", "one\ntwo"),
        ("before\n&gt; quoted\n&gt; twice\nafter", "before<blockquote>quoted\ntwice</blockquote>after"),
    ],
)
def test_mrkdwn(screen: Screen, source: str, html: str) -> None:
    assert inner(screen, source) == html


def test_plain_text_is_left_alone(screen: Screen) -> None:
    assert inner(screen, "*a* <@U0BEN00001> &amp;", "plain_text") == "*a* &lt;@U0BEN00001&gt; &amp;amp;"


def test_rich_text(screen: Screen) -> None:
    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    drawn = draw(
        screen,
        {
            "type": "rich_text",
            "elements": [
                section(
                    {"type": "text", "text": "bold", "style": {"bold": True}},
                    {"type": "text", "text": " <b> "},
                    {"type": "text", "text": "code", "style": {"code": True, "italic": True}},
                    {"type": "user", "user_id": "U0ANA00001"},
                    {"type": "emoji", "name": "flag-pt", "unicode": "1f1f5-1f1f9"},
                    {"type": "emoji", "name": "own"},
                    {"type": "link", "url": "https://a.example", "text": "link"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "channel", "channel_id": "C0GERAL001"},
                    {"type": "usergroup", "usergroup_id": "S0FATURAS1"},
                    {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1970"},
                    {"type": "date", "timestamp": 1, "format": "{century}", "fallback": ", long ago"},
                    {"type": "hologram"},
                ),
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [section(text("one", "text"))]},
                {"type": "rich_text_list", "style": "bullet", "elements": [section(text("two", "text"))]},
                {"type": "rich_text_quote", "elements": [text("three", "text")]},
                {"type": "rich_text_preformatted", "elements": [text("four", "text")]},
                {"type": "rich_text_hologram"},
            ],
        },
    )
    expect(drawn.locator("strong")).to_have_text("bold")
    expect(drawn.locator("em code, code em")).to_have_text("code")
    expect(drawn.locator("p")).to_contain_text(
        "bold <b> code@Ana🇵🇹:own:link@here#geral@faturas1 January 1970, long ago"
    )
    expect(drawn.locator("ol.indent-1 > li")).to_have_text("one")
    expect(drawn.locator("ul > li")).to_have_text("two")
    expect(drawn.locator("blockquote")).to_have_text("three")
    expect(drawn.locator("pre")).to_have_text("four")
    assert drawn.locator(".unknown").all_inner_texts() == [
        "The sandbox does not show “hologram”.",
        "The sandbox does not show “rich_text_hologram”.",
    ]


@pytest.mark.parametrize(
    ("shown", "ben", "ana"),
    [
        ("{date_num} {time}", "2025-07-01 09:05", "2025-07-01 09:05"),
        ("{date_slash} {time_secs}", "01/07/2025 09:05:07", "01/07/2025 09:05:07"),
        ("{date_pretty}", "1 July 2025", "1 de julho de 2025"),
    ],
)
def test_a_date_is_shown_in_the_zone_and_the_language_of_who_reads(
    screen: Screen, shown: str, ben: str, ana: str
) -> None:
    date = {"type": "date", "timestamp": 1751357107, "format": shown, "fallback": "x"}
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [date]}]}
    expect(draw(screen, block).locator("time")).to_have_text(ben)  # 08:05:07 in UTC, summer time in Lisbon
    screen.become("Ana")
    expect(draw(screen, block).locator("time")).to_have_text(ana)
    screen.become("Ben")


def test_a_date_near_by_is_named(screen: Screen) -> None:
    def date(seconds: int, shown: str) -> dict[str, Any]:
        at = {"type": "date", "timestamp": int(time.time()) + seconds, "format": shown, "fallback": "x"}
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [at]}]}

    drawn = draw(screen, date(0, "{date_pretty}"), date(-86_400, "{date_long_pretty}"), date(-7205, "{ago}"))
    expect(drawn.locator("time")).to_have_text(["today", "yesterday", "2 hours ago"])


def test_what_is_not_known_is_named(screen: Screen) -> None:
    drawn = draw(
        screen,
        {"type": "data_table"},
        {"type": "actions", "elements": [{"type": "datepicker", "action_id": "when"}]},
    )
    assert drawn.locator(".unknown").all_inner_texts() == [
        "The sandbox does not show “data_table”.",
        "The sandbox does not show “datepicker”.",
    ]


def test_pictures_are_not_fetched_from_a_network(screen: Screen) -> None:
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    drawn = draw(
        screen,
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "A coffee"},
        {"type": "image", "image_url": pixel, "alt_text": "A dot", "title": text("Dot", "plain_text")},
        {"type": "context", "elements": [{"type": "image", "image_url": pixel, "alt_text": "Small"}, text("*b*")]},
    )
    expect(drawn.locator(".unknown")).to_contain_text("this picture is left out: A coffee")
    assert drawn.locator("img").evaluate_all("(all) => all.map((one) => one.alt)") == ["A dot", "Small"]
    expect(drawn.locator("figcaption")).to_have_text("Dot")


def test_the_rest_of_what_a_message_and_a_form_can_hold(screen: Screen) -> None:
    options = [
        {"text": text("One", "plain_text"), "value": "1", "description": text("The first", "plain_text")},
        {"text": text("Two", "plain_text"), "value": "2"},
    ]
    element = {"type": "radio_buttons", "action_id": "a", "options": options}
    boxes = {"type": "checkboxes", "action_id": "b", "options": options}
    person = {"type": "users_select", "action_id": "c"}
    where = {"type": "conversations_select", "action_id": "d"}
    label = text("Which", "plain_text")
    drawn = draw(
        screen,
        {"type": "input", "label": label, "element": element},
        {"type": "input", "label": label, "element": boxes, "hint": text("Or none", "plain_text")},
        {"type": "section", "fields": [text("*Net*"), text("1")], "accessory": person, "text": text("Who")},
        {"type": "actions", "elements": [where]},
        {"type": "divider"},
        {"type": "alert", "text": text("Careful", "plain_text"), "level": "warning"},
        {"type": "header", "text": text("Title", "plain_text")},
        values={
            "0": {"a": {"type": "radio_buttons", "selected_option": options[1]}},
            "1": {"b": {"type": "checkboxes", "selected_options": [options[0]]}},
            "2": {"c": {"type": "users_select", "selected_user": "U0ANA00001"}},
            "3": {"d": {"type": "conversations_select", "selected_conversation": "C0VENDAS01"}},
        },
        errors={"1": "Choose at least two."},
    )
    expect(drawn.get_by_role("radiogroup", name="Which").get_by_role("radio", name="Two")).to_be_checked()
    boxes_drawn = drawn.get_by_role("group", name="Which")
    expect(boxes_drawn.get_by_role("checkbox", name="One The first")).to_be_checked()
    expect(boxes_drawn).to_have_accessible_description("Choose at least two. Or none")
    expect(drawn.get_by_role("combobox", name="Who")).to_have_value("Ana Sousa")
    expect(drawn.get_by_role("combobox").last).to_have_value("#vendas")
    expect(drawn.locator(".fields strong")).to_have_text("Net")
    expect(drawn.get_by_role("separator")).to_have_count(1)
    expect(drawn.locator(".block-alert.warning")).to_have_text("Careful")
    expect(drawn.get_by_role("heading", name="Title")).to_be_visible()


def test_an_option_without_a_space_stays_within_its_list(screen: Screen) -> None:
    options = [{"text": text("X" * 75, "plain_text"), "value": "1"}]
    select = {"type": "static_select", "action_id": "a", "options": options}
    drawn = draw(screen, {"type": "section", "text": text("Which"), "accessory": select})
    drawn.evaluate("(one) => (one.style.width = '300px')")
    drawn.get_by_role("combobox").click()
    option = drawn.get_by_role("option")
    assert option.evaluate("(one) => one.scrollWidth <= one.clientWidth") is True


def test_a_button_that_asks_first(screen: Screen) -> None:
    confirm = {
        "title": text("Sure?", "plain_text"),
        "text": text("It will be gone.", "plain_text"),
        "confirm": text("Delete", "plain_text"),
        "deny": text("Keep", "plain_text"),
        "style": "danger",
    }
    button = {"type": "button", "text": text("Remove", "plain_text"), "action_id": "x", "confirm": confirm}
    drawn = draw(screen, {"type": "actions", "elements": [{**button, "style": "danger", "value": "7"}]})
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(json={"ok": True})

    screen.page.route("**/api/use", answer)
    drawn.get_by_role("button", name="Remove").click()
    dialog = screen.page.get_by_role("alertdialog", name="Sure?")
    expect(dialog).to_have_accessible_description("It will be gone.")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(drawn.get_by_role("button", name="Remove")).to_be_focused()
    assert asked == []
    screen.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog).to_be_hidden()
    sent = json.loads(asked[0])
    screen.page.unroute("**/api/use")
    assert (sent["view"], sent["block_id"], sent["action_id"], sent["raw"]) == ("V0", "0", "x", None)


def test_numbers_in_the_inspector_keep_their_digits(screen: Screen) -> None:
    shown = screen.page.evaluate(
        """async (source) => {
          const { pretty } = await import("/static/json.js");
          const place = document.createElement("pre");
          place.append(...pretty(source));
          return place.textContent;
        }""",
        '{"a":1.2000,"b":[],"c":{},"d":[12345678901234567890,"x, \\"y\\": {"],"e":null}',
    )
    assert shown.splitlines() == [
        "{",
        '  "a": 1.2000,',
        '  "b": [],',
        '  "c": {},',
        '  "d": [',
        "    12345678901234567890,",
        '    "x, \\"y\\": {"',
        "  ],",
        '  "e": null',
        "}",
    ]
