from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Sandbox, running_sandbox, window
from tests.browser.screen import Screen

PICTURE = Path(__file__).with_name("page.png")
MOST_BYTES = 200_000


def test_the_picture_of_the_readme(browser: Browser, tmp_path: Path) -> None:
    """With SANDBOX_PICTURE=1 in the environment the picture in the README is taken anew."""
    with running_sandbox(tmp_path) as sandbox, window(browser, sandbox.url, width=1280, height=800) as page:
        screen = Screen(page)
        screen.button("Clear the list", within=page.locator("#inspector")).click()
        screen.send("/items café expresso")
        screen.button("Open Café Expresso").click()
        expect(screen.last.get_by_role("heading")).to_have_text("Café Expresso")
        page.mouse.move(0, 0)
        page.wait_for_timeout(200)  # for what moves to come to rest
        page.screenshot(path=tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size < MOST_BYTES
    if os.environ.get("SANDBOX_PICTURE"):
        shutil.copyfile(tmp_path / "page.png", PICTURE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(browser: Browser, sandbox: Sandbox, scheme: str) -> None:
    """Contrast of at least 4.5 to 1, as WCAG 2.2 asks (1.4.3)."""
    with window(browser, sandbox.url) as page:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        screen = Screen(page)
        screen.tidy()
        screen.fault("Refusing").click()
        screen.send("/items 402323")
        expect(screen.last.get_by_role("heading")).to_have_text("Café Expresso")
        assert page.evaluate(FAINT) == []


FAINT = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (one) => {
    for (let place = one; place; place = place.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(place).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !one.checkVisibility()) continue;
    if (one.closest(".sr-only, svg, script")) continue;
    const [front, back] = [light(parse(getComputedStyle(one).color).slice(0, 3)), light(behind(one))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) found.push(`${one.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(found)];
}"""
