"""The bot and other servers in processes of their own, and signed requests for them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bot.sandbox.account import Account
from bot.sandbox.slack import Workspace


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    url: str
    pid: int


def settings_for(folder: Path, account: Account, workspace: Workspace) -> dict[str, str]:
    """Return the environment of a bot that keeps its data in a folder."""
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": workspace.url,
        "INVOICEXPRESS_URL": account.url,
        "INVOICEXPRESS_API_KEY": account.api_key,
        "DATA_DIR": str(folder),
        "CATALOG_REFRESH_MINUTES": "600",
        "PORT": "0",
        "LOG_LEVEL": "WARNING",
    }


@asynccontextmanager
async def process(arguments: Sequence[str], settings: dict[str, str]) -> AsyncIterator[Server]:
    """Run a server until the end of the block; it prints or logs its address."""
    loud = settings | {"LOG_LEVEL": "INFO"}
    server = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=loud, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield Server(await _address(server), server.pid)
    finally:
        server.terminate()
        await server.wait()


async def _address(server: asyncio.subprocess.Process) -> str:
    if server.stderr is None:
        raise RuntimeError("the server's log is not read")
    async for line in server.stderr:
        _, found, address = line.decode().partition("listening on ")
        if found:
            asyncio.create_task(_drained(server.stderr))  # noqa: RUF006 - ends with the process
            return address.split()[0]
    raise RuntimeError("the server ended before it listened")


async def _drained(stream: asyncio.StreamReader) -> None:
    async for _ in stream:
        pass


def signed(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers with which Slack would send a body now."""
    timestamp = str(int(time.time()))
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
    }


def command(text: str) -> bytes:
    """Return the body of `/items` with a text."""
    fields = {
        "command": "/items",
        "text": text,
        "user_id": "U0BEN00001",
        "team_id": "T0SANDBOX1",
        "channel_id": "C0GERAL001",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/none",
    }
    return urlencode(fields).encode()


def options_request(text: str) -> bytes:
    """Return the body of a keystroke in the select that finds an item."""
    payload = {
        "type": "block_suggestion",
        "user": {"id": "U0BEN00001"},
        "team": {"id": "T0SANDBOX1"},
        "api_app_id": "A0SANDBOX1",
        "action_id": "items.pick",
        "block_id": "find",
        "value": text,
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": "modal", "callback_id": "items.pick", "private_metadata": "{}", "state": {}},
    }
    return urlencode({"payload": json.dumps(payload)}).encode()
