"""A bot with one command, to be run."""

from __future__ import annotations

import asyncio

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import Readiness
from tests.tiny_slack import BOT_TOKEN, SIGNING_SECRET


class Hold:
    """Holds answers back."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()

    async def wait(self) -> None:
        self.asked.set()
        await self.released.wait()


def tiny_bolt(slack_url: str, hold: Hold | None = None) -> AsyncApp:
    """Return a Bolt application that answers `/items` with "Café"."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=slack_url, timeout=5, retry_handlers=[])
    bolt = AsyncApp(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)

    async def answer(ack: AsyncAck) -> None:
        if hold is not None:
            await hold.wait()
        await ack("Café")

    bolt.command("/items")(answer)
    return bolt


class TinyBot:
    """Notes what happens to it."""

    def __init__(self, slack_url: str) -> None:
        self.hold = Hold()
        self.bolt = tiny_bolt(slack_url, self.hold)
        self.happened: list[str] = []
        self.state = Readiness(slack=True, invoicexpress=True)
        self.fails_with: Exception | None = None
        self.starting = asyncio.Event()
        self.may_start = asyncio.Event()
        self.may_start.set()

    async def start(self) -> None:
        self.starting.set()
        await self.may_start.wait()
        if self.fails_with is not None:
            raise self.fails_with
        self.happened.append("started")

    async def drain(self, seconds: float) -> None:
        self.happened.append(f"drained for {seconds:.0f}")

    async def aclose(self) -> None:
        self.happened.append("closed")

    def readiness(self) -> Readiness:
        return self.state
