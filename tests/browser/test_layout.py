from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Sandbox, window
from tests.browser.screen import Screen

OVERFLOWING = "() => document.documentElement.scrollWidth > window.innerWidth"


def test_the_inspector_is_made_wider_and_hidden_and_stays_so(browser: Browser, sandbox: Sandbox) -> None:
    with window(browser, sandbox.url) as page:
        screen, inspector = Screen(page), page.locator("#inspector")
        before = inspector.bounding_box()
        edge = page.get_by_role("separator", name="Width of the inspector")
        edge.press("ArrowLeft")
        edge.press("ArrowLeft")
        after = inspector.bounding_box()
        assert before is not None
        assert after is not None
        assert after["width"] == before["width"] + 48
        assert edge.get_attribute("aria-valuenow") == str(round(after["width"]))
        edge.hover()
        page.mouse.down()
        page.mouse.move(1440 - 500, 400)
        page.mouse.up()
        dragged = inspector.bounding_box()
        assert dragged is not None
        assert round(dragged["width"]) == 500
        toggle = page.get_by_role("button", name="Inspector", exact=True)
        expect(toggle).to_have_attribute("aria-expanded", "true")
        screen.button("Hide the inspector", within=inspector).click()
        expect(inspector).to_be_hidden()
        expect(toggle).to_be_focused()
        page.reload()
        page.locator("#page[aria-busy=false]").wait_for()
        expect(inspector).to_be_hidden()
        toggle.click()
        expect(inspector).to_be_visible()


def test_a_narrow_window_is_enough(browser: Browser, sandbox: Sandbox) -> None:
    with window(browser, sandbox.url, width=900, height=640) as page:
        screen, inspector = Screen(page), page.locator("#inspector")
        screen.tidy()
        expect(inspector).to_be_hidden()
        screen.send("/items 402323")
        screen.button("Edit Café Expresso").click()
        expect(screen.field("Unit price")).to_be_in_viewport()
        expect(screen.modal.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(screen.modal).to_be_hidden()
        page.get_by_role("button", name="Inspector", exact=True).click()
        expect(screen.fault("Down")).to_be_in_viewport(ratio=1)
        assert page.evaluate(OVERFLOWING) is False
        screen.button("Hide the inspector", within=inspector).click()
        expect(inspector).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 690])
def test_a_page_as_narrow_as_a_phone_or_four_times_as_large(browser: Browser, sandbox: Sandbox, width: int) -> None:
    """Nothing has to be scrolled sideways at 320 pixels, as WCAG 2.2 asks (1.4.10)."""
    with window(browser, sandbox.url, width=width, height=640) as page:
        screen, inspector = Screen(page), page.locator("#inspector")
        screen.tidy()
        screen.send("/items 402323")
        expect(screen.last.get_by_role("heading")).to_have_text("Café Expresso")
        card = screen.last.locator(".message-main").bounding_box()
        assert card is not None
        assert card["width"] > width * 0.7
        expect(screen.button("Edit Café Expresso")).to_be_in_viewport(ratio=1)
        expect(page.locator("#send")).to_be_in_viewport(ratio=1)
        assert page.evaluate(OVERFLOWING) is False
        toggle = page.get_by_role("button", name="Inspector", exact=True)
        toggle.click()
        expect(screen.button("Hide the inspector", within=inspector)).to_be_focused()
        expect(screen.fault("Refusing")).to_be_in_viewport(ratio=1)
        assert page.evaluate(OVERFLOWING) is False
        page.keyboard.press("Escape")
        expect(inspector).to_be_hidden()
        expect(toggle).to_be_focused()
        screen.open("InvoiceXpress")
        home = page.get_by_role("tab", name="Home")
        home.click()
        expect(home).to_be_in_viewport(ratio=1)
        expect(toggle).to_be_in_viewport(ratio=1)
        screen.become("Ana Sousa")
        expect(page.get_by_role("tab", name="Mensagens")).to_be_in_viewport(ratio=1)


def test_the_newest_stands_at_the_end_unless_somebody_reads_above(screen: Screen) -> None:
    screen.send("/items")
    expect(screen.last.locator(".block-context")).to_be_in_viewport()
    screen.send("/items café")
    expect(screen.last.locator(".block-context")).to_be_in_viewport()
    exchanges = screen.page.locator(".exchange-head")
    expect(exchanges.last).to_be_in_viewport()
    screen.page.locator("#scroller").hover()
    screen.page.mouse.wheel(0, -600)
    expect(screen.last.locator(".block-context")).not_to_be_in_viewport()
    screen.hears("Olá")
    expect(screen.last).to_contain_text("Olá")
    expect(screen.last).not_to_be_in_viewport()
    screen.send("/items galão")
    expect(screen.last.locator(".block-context")).to_be_in_viewport()
