from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_look_up(screen: Screen) -> None:
    screen.send("/items café expresso")
    expect(screen.last).to_contain_text("Only visible to you")
    expect(screen.last.get_by_role("heading")).to_have_text("Items for “café expresso”")
    screen.button("Open Café Expresso").click()
    expect(screen.last.get_by_role("heading")).to_have_text("Café Expresso")
    expect(screen.last).to_contain_text("Lote da casa, torra média.")
    expect(screen.last).to_contain_text(re.compile(r"Price with tax:\s*€0\.73"))


def test_names_are_shown_as_they_are_written(screen: Screen) -> None:
    screen.send("/items cabaz")
    expect(screen.last.get_by_role("heading")).to_have_text("Pão & Companhia <cabaz>")
    screen.send("/items *Promoção* _2 por 1_ ~hoje~")
    expect(screen.last.get_by_role("heading")).to_have_text("*Promoção* _2 por 1_ ~hoje~")


def test_create_with_a_wrong_price_and_then_with_a_right_one(screen: Screen) -> None:
    screen.send("/items new Tarte de amêndoa")
    expect(screen.modal.get_by_role("heading", name="New item")).to_be_visible()
    expect(screen.field("Name")).to_be_focused()
    expect(screen.field("Name")).to_have_value("Tarte de amêndoa")
    screen.field("Description").fill("Fatia")
    screen.field("Unit price").fill("1.234")
    screen.submit("Create")
    price = screen.field("Unit price")
    expect(price).to_be_focused()
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(price).to_have_accessible_description(re.compile("can be read in two ways"))
    expect(screen.field("Description")).to_have_value("Fatia")
    price.fill("3,20")
    price.press("Enter")
    expect(screen.modal).to_contain_text("The item was created.")
    expect(screen.modal).to_contain_text("€3.20")
    screen.submit("Close")
    expect(screen.modal).to_be_hidden()
    expect(screen.line).to_be_focused()
    screen.send("/items amendoa tarte")
    expect(screen.last.get_by_role("heading")).to_have_text("Tarte de amêndoa")


def test_edit(screen: Screen) -> None:
    screen.send("/items 402324")
    screen.button("Edit Café Expresso Duplo").click()
    expect(screen.field("Unit price")).to_have_value("1.0569")
    screen.field("Unit price").fill("1,15")
    tax = screen.field("Tax")
    tax.fill("23")
    screen.modal.get_by_role("option", name="IVA23 (23%)").click()
    expect(tax).to_have_value("IVA23 (23%)")
    screen.submit("Save")
    expect(screen.modal).to_contain_text("Café Expresso Duplo was saved.")
    expect(screen.modal).to_contain_text("€1.0569 → €1.15")
    expect(screen.modal).to_contain_text("IVA13 (13%) → IVA23 (23%)")
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    expect(screen.button("Edit Café Expresso Duplo")).to_be_focused()
    expect(screen.last).to_contain_text("€1.15")


def test_delete_takes_an_admin(screen: Screen) -> None:
    screen.send("/items 402331")
    expect(screen.last.get_by_role("heading")).to_have_text("Arredondamento")
    expect(screen.button("Edit Arredondamento")).to_be_visible()
    expect(screen.button("Delete Arredondamento")).to_be_hidden()
    screen.become("Ana Sousa")
    screen.send("/artigos 402331")
    screen.button("Eliminar Arredondamento").click()
    expect(screen.modal).to_contain_text("Arredondamento")
    expect(screen.modal.get_by_role("heading").first).to_be_focused()
    screen.submit("Eliminar")
    expect(screen.modal).to_contain_text(re.compile("eliminado"))
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    screen.send("/artigos Arredondamento")
    expect(screen.last).not_to_contain_text("402331")


def test_share_also_where_the_bot_is_no_member(screen: Screen) -> None:
    screen.open("vendas")
    expect(screen.page.locator("#chat-head")).to_contain_text("InvoiceXpress is not a member")
    screen.send("/items 402325")
    screen.button("Share Galão to the channel").click()
    expect(screen.last).to_contain_text("@Ben shared from InvoiceXpress:")
    expect(screen.last).not_to_contain_text("Only visible to you")
    screen.become("Ana Sousa")
    expect(screen.last.get_by_role("heading")).to_have_text("Galão")


def test_page_by_page(screen: Screen) -> None:
    screen.send("/items")
    message = screen.last
    expect(message).to_contain_text(re.compile(r"1 to 10 of \d+\."))
    first = message.locator(".block-of-section").first.inner_text()
    screen.button("Next").click()
    expect(message).to_contain_text(re.compile(r"11 to 20 of \d+\."))
    expect(screen.button("Next")).to_be_focused()
    screen.button("Previous").click()
    expect(message).to_contain_text(re.compile(r"1 to 10 of \d+\."))
    expect(message.locator(".block-of-section").first).to_have_text(re.compile(re.escape(first.partition("\n")[0])))


def test_clients(screen: Screen) -> None:
    screen.send("/clients 508 025 338")
    expect(screen.last.get_by_role("heading").first).to_have_text("Client Name")
    expect(screen.last.locator("code").first).to_have_text("508025338")
