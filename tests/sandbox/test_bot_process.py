from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.config import Settings
from bot.sandbox.bot_process import BotEnded, BotProcess, environment, running_bot
from tests.sandbox import pretended_bot

PROGRAM = str(pretended_bot.__file__)


class Terminal:
    """What was printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@asynccontextmanager
async def pretended(
    behaviour: str,
    directory: Path,
    terminal: Terminal,
    *,
    environ: Mapping[str, str] | None = None,
    patience: float = 5,
) -> AsyncIterator[BotProcess]:
    async with running_bot(
        [sys.executable, PROGRAM, behaviour],
        {"PORT": "0"},
        environ=environ or {},
        directory=directory,
        log=directory / "bot.log",
        say=terminal.say,
        patience=patience,
    ) as bot:
        yield bot


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


async def asked(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


async def test_it_is_ready_when_it_says_so(tmp_path: Path, terminal: Terminal) -> None:
    surroundings = {"SLACK_BOT_TOKEN": "the real one", "HOME": "/home/somebody"}
    async with pretended("runs", tmp_path, terminal, environ=surroundings) as bot:
        await bot.ready()
        found = await asked(await bot.address())
        assert bot.process.returncode is None
    assert (found["arguments"], found["directory"]) == (["runs"], str(tmp_path))
    assert found["environment"]["PORT"] == "0"
    assert found["environment"]["HOME"] == "/home/somebody"
    assert "SLACK_BOT_TOKEN" not in found["environment"]
    assert bot.process.returncode is not None


async def test_its_log_is_kept_and_its_errors_are_printed(tmp_path: Path, terminal: Terminal) -> None:
    async with pretended("runs", tmp_path, terminal) as bot:
        await bot.ready()
    log = (tmp_path / "bot.log").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(": ")[2] for line in log[2:]] == [
        "a warning",
        "    | that goes on",
        "an error",
        "    | with its traceback",
    ]
    assert terminal.lines == ["  bot | 2026-11-20T10:00:02Z ERROR    bot: an error", "  bot |     | with its traceback"]


async def test_it_ends_before_it_listens(tmp_path: Path, terminal: Terminal) -> None:
    async with pretended("dies", tmp_path, terminal) as bot:
        with pytest.raises(BotEnded, match="status 2"):
            await bot.ready()
    assert terminal.lines == ["  bot | SLACK_BOT_TOKEN is missing."]


async def test_it_ends_before_it_is_ready(tmp_path: Path, terminal: Terminal) -> None:
    async with pretended("dies-listening", tmp_path, terminal) as bot:
        with pytest.raises(BotEnded, match="status 4"):
            await bot.ready()


async def test_it_ends_later(tmp_path: Path, terminal: Terminal) -> None:
    async with pretended("dies-later", tmp_path, terminal) as bot:
        await bot.ready()
        with pytest.raises(BotEnded, match="status 3"):
            await bot.ended()


async def test_it_is_ended_when_it_does_not_stop(tmp_path: Path, terminal: Terminal) -> None:
    async with pretended("stubborn", tmp_path, terminal, patience=0.05) as bot:
        await bot.ready()
    assert bot.process.returncode == -9


@pytest.mark.parametrize("field", Settings.model_fields)
def test_no_setting_of_the_surroundings_reaches_it(field: str) -> None:
    assert field.upper() not in environment({field.upper(): "x"}, {})


def test_nothing_that_could_lead_out_of_the_machine_reaches_it() -> None:
    names = ("HTTP_PROXY", "https_proxy", "ALL_PROXY", "SLACK_CLIENT_ID", "Slack_Signing_Secret")
    assert not set(names) & environment(dict.fromkeys(names, "x"), {}).keys()


def test_it_runs_the_code_that_started_it() -> None:
    code = str(Path(__file__).parents[2])
    assert environment({}, {})["PYTHONPATH"] == code
    assert environment({"PYTHONPATH": "/other"}, {})["PYTHONPATH"].split(":") == [code, "/other"]
