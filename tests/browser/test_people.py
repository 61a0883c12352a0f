from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Sandbox, window
from tests.browser.screen import Screen


def test_each_person_reads_their_own_language_and_their_own_answers(screen: Screen) -> None:
    screen.send("/items 402323")
    expect(screen.last).to_contain_text("Net price:")
    screen.become("Ana Sousa")
    expect(screen.page.locator("#sidebar")).to_contain_text("Canais")
    expect(screen.page.locator("#messages")).not_to_contain_text("Net price:")
    screen.send("/artigos 402323")
    expect(screen.last).to_contain_text("Só visível para si")
    expect(screen.last).to_contain_text("Preço sem imposto:")
    screen.become("Ben Carter")
    expect(screen.page.locator("#messages")).not_to_contain_text("Preço sem imposto:")
    expect(screen.last).to_contain_text("Only visible to you")


def test_messages_are_read_by_all_and_counted_where_nobody_looks(screen: Screen) -> None:
    screen.send("Good morning")
    expect(screen.last).to_contain_text("Ben Carter")
    screen.hears("Bom dia")
    expect(screen.last).to_contain_text("Ana Sousa")
    screen.open("vendas")
    screen.hears("Almoço?")
    channel = screen.page.get_by_role("button", name="geral 1 new message")
    expect(channel).to_be_visible()
    expect(screen.page.locator("#live")).to_have_text("Ana Sousa #geral: Almoço?")
    channel.click()
    expect(screen.last).to_contain_text("Almoço?")
    expect(screen.page.get_by_role("button", name="geral", exact=True)).to_be_visible()
    screen.become("Ana Sousa")
    expect(screen.page.locator("#messages")).to_contain_text("Good morning")


def test_what_slack_says_itself(screen: Screen) -> None:
    screen.send("/itens")
    expect(screen.last).to_contain_text("Slackbot")
    expect(screen.last).to_contain_text("/itens is not a valid command.")


def test_the_home_tab_and_a_select_that_finds_while_one_types(screen: Screen) -> None:
    screen.open("InvoiceXpress")
    screen.page.get_by_role("tab", name="Home").click()
    home = screen.page.locator("#home")
    expect(home.get_by_role("heading").first).to_have_text("InvoiceXpress in Slack")
    screen.button("Find an item", within=home).click()
    find = screen.modal.get_by_role("combobox")
    expect(find).to_be_focused()
    find.press_sequentially("a")
    group = screen.modal.get_by_role("group")
    expect(group).to_have_accessible_name("100 of 172, keep typing")
    expect(group.get_by_role("option")).to_have_count(100)
    find.fill("cafe expreso duplu")
    expect(screen.modal.get_by_role("option").first).to_contain_text("Café Expresso Duplo")
    find.press("Enter")
    expect(screen.modal.get_by_role("heading", name="Café Expresso Duplo")).to_be_visible()
    expect(find).to_be_focused()
    screen.button("Edit Café Expresso Duplo", within=screen.modal).click()
    expect(screen.modal.get_by_role("heading", name="Edit item")).to_be_visible()
    screen.button("Back", within=screen.modal).click()
    expect(screen.modal.get_by_role("heading", name="Café Expresso Duplo")).to_be_visible()
    screen.button("Close", within=screen.modal).last.click()
    expect(screen.modal).to_be_hidden()
    expect(screen.button("Find an item", within=home)).to_be_focused()


def test_two_people_change_the_same_price_and_one_chooses_whose_stays(
    browser: Browser, sandbox: Sandbox, screen: Screen
) -> None:
    with window(browser, sandbox.url) as page:
        ana = Screen(page)
        ana.become("Ana Sousa")
        screen.send("/items edit 402330")
        screen.field("Unit price").fill("7.10")
        ana.send("/artigos editar 402330")
        ana.field("Preço unitário").fill("7,90")
        ana.submit("Guardar")
        expect(ana.modal).to_contain_text(re.compile(r"→ 7,90\s€"))
        page.keyboard.press("Escape")
        expect(ana.modal).to_be_hidden()
    screen.submit("Save")
    expect(screen.modal).to_contain_text("Nothing was saved")
    expect(screen.field("Unit price")).to_have_value("7.10")
    screen.submit("Save")
    group = screen.modal.get_by_role("radiogroup", name="Unit price: which is to stay?")
    expect(group).to_have_attribute("aria-invalid", "true")
    expect(group).to_have_accessible_description("Please complete this required field.")
    mine = group.get_by_role("radio", name="Yours: €7.10")
    expect(mine).to_be_focused()
    expect(mine).to_be_in_viewport(ratio=1)
    screen.page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="Theirs: €7.90")).to_be_checked()
    screen.page.keyboard.press("ArrowUp")
    expect(mine).to_be_checked()
    expect(mine).to_be_focused()
    screen.submit("Save")
    expect(screen.modal).to_contain_text("€7.90 → €7.10")
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
