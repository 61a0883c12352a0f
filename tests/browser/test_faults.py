from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import running_sandbox, window
from tests.browser.screen import Screen


def test_the_service_is_down(screen: Screen) -> None:
    screen.fault("Down").click()
    expect(screen.fault("Down")).to_be_checked()
    expect(screen.page.locator("#fault-flag")).to_have_text("1 fault is on")
    screen.send("/items galão")
    expect(screen.last).to_contain_text("Galão")  # from the copy
    cut = screen.button("Cut Slack’s socket", within=screen.page.locator("#inspector"))
    expect(cut).to_have_accessible_description("There is no socket in HTTP mode; start with --mode socket.")
    screen.button("All well again", within=screen.page.locator("#inspector")).click()
    expect(screen.fault("Down")).not_to_be_checked()
    expect(screen.page.locator("#fault-flag")).to_be_hidden()


def test_a_form_that_the_service_refuses_keeps_what_was_typed(screen: Screen) -> None:
    screen.fault("Refusing").click()
    expect(screen.fault("Refusing")).to_be_checked()
    screen.send("/items new Recusado")
    screen.field("Unit price").fill("2")
    screen.submit("Create")
    expect(screen.modal.locator(".block-alert.error")).to_be_visible()
    expect(screen.field("Name")).to_have_value("Recusado")
    expect(screen.field("Unit price")).to_have_value("2")
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()


def test_a_slow_service_shows_that_it_is_waited_for(screen: Screen) -> None:
    screen.send("/items 402323")
    expect(screen.last).to_contain_text("Café Expresso")
    screen.fault("Slow").click()
    expect(screen.fault("Slow")).to_be_checked()
    screen.button("Edit Café Expresso").click()
    expect(screen.modal).to_contain_text("Loading…")
    expect(screen.field("Unit price")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()


def test_the_inspector_shows_what_is_said_without_its_secrets(screen: Screen) -> None:
    inspector = screen.page.locator("#inspector")
    screen.button("Clear the list", within=inspector).click()
    expect(inspector).to_contain_text("Nothing has been exchanged")
    screen.send("/items 402322")
    command = inspector.get_by_role("button", name="Slack → bot: command /items 402322")
    expect(command).to_be_visible()
    asked = inspector.get_by_role("button", name="bot → InvoiceXpress: GET /items/402322.json 200")
    asked.click()
    expect(asked).to_have_attribute("aria-expanded", "true")
    details = inspector.locator(".exchange-body")
    expect(details.locator(".address")).to_have_text("GET /items/402322.json?api_key=***")
    answer = json.loads(details.locator(".json").inner_text())
    assert answer["item"]["name"] == "Large"
    assert "24.3902" in details.locator(".json").inner_text()
    command.click()
    sent = details.locator(".json").filter(has_text='"token"')
    expect(sent).to_contain_text('"token": "•••"')
    expect(sent).to_contain_text(re.compile(r'"response_url": "http://127\.0\.0\.1:\d+/commands/\d+/•••"'))
    inspector.get_by_role("button", name="Slack → bot", exact=True).click()
    expect(command).to_be_hidden()
    expect(asked).to_be_visible()


def test_a_cut_socket_is_mended(browser: Browser, tmp_path: Path) -> None:
    with running_sandbox(tmp_path, "--mode", "socket") as sandbox, window(browser, sandbox.url) as page:
        screen = Screen(page)
        screen.send("/items 402323")
        expect(screen.last).to_contain_text("Café Expresso")
        cut = screen.button("Cut Slack’s socket", within=page.locator("#inspector"))
        cut.click()
        expect(page.locator("#inspector")).to_contain_text("apps.connections.open")
        opened = page.locator("#inspector").get_by_role("button", name="bot → Slack: apps.connections.open")
        expect(opened).to_have_count(2)
        expect(cut).not_to_have_attribute("aria-disabled", "true")
        screen.send("/items 402325")
        expect(screen.last.get_by_role("heading")).to_have_text("Galão")


def test_ctrl_c_ends_it_while_somebody_looks(browser: Browser, tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        context = browser.new_context()
        page = context.new_page()
        page.goto(sandbox.url)
        page.locator("#page[aria-busy=false]").wait_for()
        assert sandbox.stop() == 0
        expect(page.locator("#stopped")).to_contain_text("python -m bot sandbox")
        context.close()
