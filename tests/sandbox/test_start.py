from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import filelock
import httpx
import pytest

from bot.sandbox.page.faults import Mode
from bot.sandbox.start import Options, has_browser, main
from tests.sandbox import pretended_bot

NOTHING: Callable[[str], object] = lambda _: None  # noqa: E731 - it is a value


@dataclass
class Terminal:
    """Somebody at the terminal who reads, and does something once the bot is ready."""

    then: Callable[[str], object] = NOTHING
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.lines += text.splitlines()
        if text.startswith("The bot is ready."):
            # Beside the loop, which must be free to answer.
            threading.Thread(target=self._act).start()

    def _act(self) -> None:
        try:
            self.then(self.address)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    @property
    def address(self) -> str:
        return next(line.split()[1] for line in self.lines if line.startswith("  page "))


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def options(tmp_path: Path, terminal: Terminal) -> Options:
    """The sandbox with a program that pretends to be the bot."""
    return Options(
        port=0,
        browser=False,
        directory=tmp_path / "sandbox-data",
        command=[sys.executable, str(pretended_bot.__file__), "runs"],
        environ={},
        say=terminal.say,
    )


def everything(address: str) -> dict[str, Any]:
    """What the page shows at first."""
    with httpx.stream("GET", f"{address}api/news") as response:
        line = next(line for line in response.iter_lines() if line.startswith("data: "))
    found: dict[str, Any] = json.loads(line.removeprefix("data: "))
    return found


def told(directory: Path) -> dict[str, str]:
    """What the program that pretends to be the bot was told; it must be running."""
    log = (directory / "bot.log").read_text(encoding="utf-8")
    found: dict[str, Any] = httpx.get(log.partition("listening on ")[2].partition("\n")[0]).json()
    return {**found["environment"], "arguments": " ".join(found["arguments"]), "directory": found["directory"]}


def test_it_runs_until_ctrl_c(options: Options, terminal: Terminal) -> None:
    before = signal.getsignal(signal.SIGTERM)
    shown: list[dict[str, Any]] = []
    terminal.then = lambda address: shown.append(everything(address))
    assert main(options) == 0
    assert [one["name"] for one in shown[0]["people"] if one["id"] in shown[0]["players"]] == ["Ana", "Ben"]
    assert terminal.lines[0] == "InvoiceXpress for Slack, in its sandbox. Nothing leaves this machine."
    assert "320 items and 180 clients" in "\n".join(terminal.lines)
    assert terminal.lines[-1] == "The bot is ready. Press Ctrl-C to stop."
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("mode", "entrance"), [("http", "SLACK_SIGNING_SECRET"), ("socket", "SLACK_APP_TOKEN")])
def test_the_bot_gets_made_up_settings_and_no_others(
    options: Options, terminal: Terminal, tmp_path: Path, mode: Mode, entrance: str
) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\n", encoding="utf-8")
    surroundings = {"SLACK_BOT_TOKEN": "xoxb-real", "INVOICEXPRESS_API_KEY": "real", "INVOICEXPRESS_ACCOUNT": "acme"}
    given: list[dict[str, str]] = []
    terminal.then = lambda _: given.append(told(options.directory))
    assert main(replace(options, mode=mode, environ=surroundings)) == 0
    bot = given[0]
    assert {name for name in bot if name.startswith("SLACK_")} == {"SLACK_BOT_TOKEN", "SLACK_API_URL", entrance}
    assert {name for name in bot if name.startswith("INVOICEXPRESS_")} == {"INVOICEXPRESS_URL", "INVOICEXPRESS_API_KEY"}
    assert "real" not in (bot["SLACK_BOT_TOKEN"], bot["INVOICEXPRESS_API_KEY"])
    assert bot["SLACK_API_URL"].startswith("http://127.0.0.1:")
    assert bot["INVOICEXPRESS_URL"].startswith("http://127.0.0.1:")
    assert bot["arguments"] == f"runs --mode {mode}"
    assert bot["directory"] == bot["DATA_DIR"] == str(options.directory / "bot")
    assert list((options.directory / "bot").iterdir()) == []  # so there is no .env to be read


def test_secrets_are_new_each_time_and_stand_in_no_line(options: Options, terminal: Terminal) -> None:
    given: list[dict[str, str]] = []
    terminal.then = lambda _: given.append(told(options.directory))
    assert (main(options), main(options)) == (0, 0)
    names = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "INVOICEXPRESS_API_KEY")
    assert all(given[0][name] != given[1][name] for name in names)
    written = "\n".join(terminal.lines) + options.log.read_text(encoding="utf-8")
    assert not [name for name in names for one in given if one[name] in written]


def test_data_is_kept_until_it_is_to_be_forgotten(options: Options, terminal: Terminal) -> None:
    kept, foreign = options.directory / "bot" / "catalog.db", options.directory / "notes.txt"

    def leave_something(_: str) -> None:
        kept.touch()
        foreign.touch()

    terminal.then = leave_something
    assert main(options) == 0
    account = options.directory / "account.db"
    inode = account.stat().st_ino
    terminal.then = NOTHING
    assert main(options) == 0
    assert (kept.exists(), account.stat().st_ino) == (True, inode)
    with account.open("r+b") as file:
        file.write(b"no database any more")
    assert main(replace(options, fresh=True)) == 0
    assert (kept.exists(), foreign.exists()) == (False, True)


def test_broken_data_is_named(options: Options, terminal: Terminal) -> None:
    options.directory.mkdir()
    (options.directory / "account.db").write_text("no database " * 100, encoding="utf-8")
    assert main(options) == 1
    assert terminal.lines == [f"{options.directory / 'account.db'}: file is not a database; --fresh begins anew."]


def test_a_port_that_is_taken(options: Options, terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(replace(options, port=port)) == 1
    assert terminal.lines == [f"Port {port} is taken: --port chooses another, and --port 0 any free one."]


def test_a_directory_that_is_none(options: Options, terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "sandbox-data").touch()
    assert main(options) == 1
    assert terminal.lines[0].startswith("The sandbox cannot start: ")


def test_a_second_sandbox_on_the_same_data(options: Options, terminal: Terminal) -> None:
    options.directory.mkdir()
    with filelock.FileLock(options.directory / "lock"):
        assert main(options) == 1
    assert terminal.lines == [f"Another sandbox already works with {options.directory}: stop it first."]


@pytest.mark.parametrize(("behaviour", "status"), [("dies", 2), ("dies-later", 3)])
def test_the_bots_end_is_the_end(options: Options, terminal: Terminal, behaviour: str, status: int) -> None:
    command = [*options.command[:-1], behaviour]
    assert main(replace(options, command=command, say=terminal.lines.append)) == 1
    assert terminal.lines[-1] == f"The bot has ended with status {status}. Its log is {options.log}."


def test_ctrl_c_before_the_bot_is_ready_and_once_more(options: Options, terminal: Terminal) -> None:
    command = [*options.command[:-1], "interrupts"]
    assert main(replace(options, command=command)) == 0
    assert options.log.read_text(encoding="utf-8") == "stopped at leisure\n"


def test_a_browser_opens_where_there_is_one(options: Options, terminal: Terminal) -> None:
    opened: list[str] = []

    def read(text: str) -> None:
        terminal.lines += text.splitlines()

    def show(address: str) -> None:
        opened.append(address)
        os.kill(os.getpid(), signal.SIGINT)

    asked = replace(options, browser=True, show=show, environ={"DISPLAY": ":0"}, say=read)
    assert main(asked) == 0
    assert opened == [terminal.address]


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_where_a_browser_can_be_expected(environ: dict[str, str], platform: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert has_browser(environ, platform) is expected
