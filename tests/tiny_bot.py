"""A bot with one command, to be run."""

from __future__ import annotations

import asyncio

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import BotState
from tests.healthy import STATE
from tests.tiny_slack import BOT_TOKEN


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
    bolt = AsyncApp(client=client, request_verification_enabled=False, process_before_response=True)

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
        self.description = "@invoicexpress in Acme, for https://acme.app.invoicexpress.com"
        self.state: BotState = STATE
        self.fails_with: Exception | None = None
        self.starting = asyncio.Event()
        self.may_start = asyncio.Event()
        self.may_start.set()
        self.finishing = asyncio.Event()
        self.draining = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.may_drain = asyncio.Event()
        self.may_close = asyncio.Event()
        for allowed in (self.may_finish, self.may_drain, self.may_close):
            allowed.set()

    async def start(self) -> None:
        self.starting.set()
        await self.may_start.wait()
        if self.fails_with is not None:
            raise self.fails_with
        self.happened.append("started")

    async def finish_writing(self, seconds: float) -> None:
        self.happened.append(f"finished writing within {seconds:.0f}")
        self.finishing.set()
        await self.may_finish.wait()

    async def drain(self, seconds: float) -> None:
        self.happened.append(f"drained for {seconds:.0f}")
        self.draining.set()
        await self.may_drain.wait()

    async def aclose(self) -> None:
        try:
            await self.may_close.wait()
        except asyncio.CancelledError:
            self.happened.append("broken off while it closed")
            raise
        self.happened.append("closed")
