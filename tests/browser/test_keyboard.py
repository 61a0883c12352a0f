from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.screen import Screen

UNNAMED = """() => [...document.querySelectorAll("button, input, textarea, [tabindex], [role=listbox]")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim()
    || document.getElementById(one.getAttribute("aria-labelledby"))))
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_everything_with_the_keyboard_alone(screen: Screen) -> None:
    keyboard = screen.page.keyboard
    screen.page.reload()
    screen.page.locator("#page[aria-busy=false]").wait_for()
    keyboard.press("Tab")
    assert screen.focus() == "Go to the message box"
    keyboard.press("Enter")
    expect(screen.line).to_be_focused()

    keyboard.type("/it")
    commands = screen.page.locator("#commands")
    expect(commands.get_by_role("option")).to_contain_text("Find, create, edit and delete items")
    expect(screen.line).to_have_attribute("aria-expanded", "true")
    keyboard.press("Tab")
    expect(screen.line).to_have_value("/items ")
    expect(screen.page.locator("#line-hint")).to_contain_text("text | number | new")
    keyboard.type("402322")
    keyboard.press("Enter")
    expect(screen.last.get_by_role("heading")).to_have_text("Large")

    for _ in range(2):
        keyboard.press("Shift+Tab")
    expect(screen.button("Edit Large")).to_be_focused()
    keyboard.press("Enter")
    expect(screen.field("Name")).to_be_focused()
    seen = set()
    for _ in range(16):
        keyboard.press("Tab")
        seen.add(screen.focus())
    assert seen >= {"Cancel", "Save", "Close"}
    assert "Inspector" not in seen  # the focus stays in the modal

    tax = screen.field("Tax")
    tax.focus()
    keyboard.press("ArrowDown")
    expect(tax).to_have_attribute("aria-expanded", "true")
    keyboard.press("ArrowUp")
    active = screen.modal.locator(f"[id='{tax.get_attribute('aria-activedescendant')}']")
    expect(active).to_have_text("No tax")
    keyboard.press("Escape")
    expect(tax).to_have_attribute("aria-expanded", "false")
    expect(screen.modal).to_be_visible()
    keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    expect(screen.button("Edit Large")).to_be_focused()


def test_the_list_of_commands(screen: Screen) -> None:
    screen.line.press("/")
    options = screen.page.locator("#commands").get_by_role("option")
    expect(options).to_have_count(4)
    screen.line.press("ArrowDown")
    screen.line.press("ArrowDown")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    expect(options.nth(2).locator(".hint")).to_have_css("font-weight", "400")
    screen.line.press("Enter")
    expect(screen.line).to_have_value("/clients ")
    screen.line.fill("/")
    screen.line.press("Escape")
    expect(screen.page.locator("#commands")).to_be_hidden()


def test_what_was_sent_comes_back_with_the_arrows(screen: Screen) -> None:
    screen.send("/items um")
    screen.send("/items dois")
    screen.line.press("ArrowUp")
    expect(screen.line).to_have_value("/items dois")
    screen.line.press("ArrowUp")
    expect(screen.line).to_have_value("/items um")
    screen.line.press("ArrowDown")
    expect(screen.line).to_have_value("/items dois")


def test_f6_goes_round_the_page(screen: Screen) -> None:
    screen.line.focus()
    places = []
    for _ in range(5):
        screen.page.keyboard.press("F6")
        places.append(screen.page.evaluate("() => document.activeElement.closest('aside, #messages, main')?.id"))
    assert set(places) >= {"inspector", "sidebar", "chat"}


def test_people_and_tabs_with_the_arrows(screen: Screen) -> None:
    screen.page.get_by_role("radio", name=re.compile("Ben Carter")).focus()
    screen.page.keyboard.press("ArrowDown")
    expect(screen.page.locator("html")).to_have_attribute("lang", "pt-PT")
    expect(screen.page.get_by_role("radio", name=re.compile("Ana Sousa"))).to_be_focused()
    screen.open("InvoiceXpress")
    screen.page.get_by_role("tab", name="Mensagens").focus()
    screen.page.keyboard.press("ArrowLeft")
    expect(screen.page.get_by_role("tab", name="Início")).to_be_focused()
    expect(screen.page.get_by_role("tabpanel", name="Início").get_by_role("heading").first).to_be_visible()
    screen.open("geral")
    expect(screen.page.get_by_role("tabpanel")).to_have_count(0)


def test_new_answers_are_read_out(screen: Screen) -> None:
    screen.send("/items 402323")
    expect(screen.page.locator("#live")).to_have_text("InvoiceXpress: Café Expresso: €0.65 + IVA13")


def test_everything_has_a_name(screen: Screen) -> None:
    screen.send("/items 402323")
    expect(screen.last).to_contain_text("Café Expresso")
    assert screen.page.evaluate(UNNAMED) == []
    screen.button("Edit Café Expresso").click()
    expect(screen.field("Name")).to_be_visible()
    assert screen.page.evaluate(UNNAMED) == []
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
