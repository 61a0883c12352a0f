"""The bot from its start to its first answer, with a whole copy on disk, and the memory that it takes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
from pydantic import SecretStr

from bot.invoicexpress.client import InvoiceXpress
from bot.sandbox.account import serve_account
from bot.sandbox.slack import Workspace, serve_workspace
from tests.bench.made_up import write_copy
from tests.bench.serving import options_request, process, settings_for, signed
from tests.bench.table import Row

_STARTS: Final = 3
_TYPED: Final = ("c", "ca", "caf", "cafe", "vinho tin", "manutencao mensl", "eitura", "pao de l")
"""Keystrokes before the memory is looked at: every way of searching has been used then."""


async def rows(folder: Path, records: int) -> AsyncIterator[Row]:
    """Start the bot several times over a copy of so many items and as many clients."""
    async with serve_account(samples=False) as account, serve_workspace() as workspace:
        client = InvoiceXpress(account.url, SecretStr(account.api_key))
        await write_copy(folder / "catalog.db", records, client.address)
        await client.aclose()
        settings = settings_for(folder, account, workspace)
        seconds, megabytes = [], []
        for _ in range(_STARTS):
            began = time.perf_counter()
            async with process(["-m", "bot", "run", "--mode", "http"], settings) as server:
                await _answered(server.url, workspace, _TYPED[0])
                seconds.append(time.perf_counter() - began)
                for text in _TYPED:
                    await _answered(server.url, workspace, text)
                megabytes.append(_resident(server.pid))
        label = f"with {records:,} items and as many clients on disk"
        yield Row(f"from the start of the bot to its first answer, {label}", "≤ 1.5 s", f"{median(seconds):.2f} s")
        yield Row(f"resident memory, {label}", "≤ 150 MB", f"{median(megabytes):.0f} MB")


async def _answered(url: str, workspace: Workspace, text: str) -> None:
    body = options_request(text)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=body, headers=signed(body, workspace.signing_secret)) as answer,
    ):
        answer.raise_for_status()
        if not await answer.json():
            raise RuntimeError(f"no answer to {text!r}")


def _resident(pid: int) -> float:
    """Return the resident memory of a process in megabytes, as ps tells it."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True, text=True)  # noqa: S603, S607 - our own process
    return int(told.stdout) / 1024
