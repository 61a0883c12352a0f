"""The real command with a real browser in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.screen import Screen

ROOT = Path(__file__).parents[2]
_PATIENCE = 30_000
"""Milliseconds until what is expected must be on the screen: only a busy machine needs them."""
expect.set_options(timeout=_PATIENCE)
NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root in a container there is no sandbox of Chromium's own; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Sandbox:
    """The command as it runs."""

    process: subprocess.Popen[str]
    url: str

    def stop(self) -> int:
        """Press Ctrl-C, and return the status that it ends with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@contextmanager
def running_sandbox(directory: Path, *arguments: str) -> Iterator[Sandbox]:
    """Run `python -m bot sandbox` in a directory until the block ends."""
    command = [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--no-browser", "--fresh", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - the command is spelt out above
        command, cwd=directory, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        url, printed = "", []
        try:
            for line in process.stdout:
                printed.append(line)
                url = line.split()[1] if line.startswith("  page ") else url
                if line.startswith("The bot is ready."):
                    break
            else:
                pytest.fail(f"the sandbox did not start:\n{''.join(printed)}")
            yield Sandbox(process, url)
        finally:
            process.terminate()
            process.wait(timeout=30)


# Playwright's loop runs for as long as the browser does: the tests of other packages need it ended before their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium is installed here, so nothing can be shown in it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sandbox(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all tests; each works with items of its own."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@contextmanager
def window(browser: Browser, url: str, *, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """Open the page; whatever the browser complains about in its console fails the test."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.locator("#page[aria-busy=false]").wait_for()
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def screen(browser: Browser, sandbox: Sandbox) -> Iterator[Screen]:
    """The page as Ben sees it, with nothing open and nothing wrong."""
    with window(browser, sandbox.url) as page:
        screen = Screen(page)
        screen.tidy()
        yield screen
