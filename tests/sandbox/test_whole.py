"""The real command, as somebody types it, without a browser."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.bot_process import environment
from bot.sandbox.page import Page
from tests.sandbox.page.parts import Window


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_the_command_answers_and_stops(tmp_path: Path, mode: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", "--no-browser", "--fresh", "--mode", mode),
        cwd=tmp_path,
        env=environment(os.environ, {}),
        stdout=PIPE,
    )
    assert process.stdout is not None
    lines = []
    async for line in process.stdout:
        lines.append(line.decode())
        if lines[-1].startswith("The bot is ready."):
            break
    address = next(line.split()[1] for line in lines if line.startswith("  page "))
    async with aiohttp.ClientSession() as session:
        window = Window(Page(address), session)
        async with window.news() as news:
            me = (await news.next())[1]["me"]
            await window.done("say", person=me, channel="C0GERAL001", text="/items cafe expresso")
            messages = await news.until("messages")
    assert [message["text"].partition(":")[0] for message in messages.values()] == ["Items for “cafe expresso”"]
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
    assert {file.name for file in (tmp_path / "sandbox-data").iterdir()} >= {"account.db", "bot", "bot.log"}
