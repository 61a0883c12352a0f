"""An application served as the bot serves its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.connections import Caps
from bot.intake import Intake
from bot.listener import listen
from bot.slack_http import BODY_SECONDS, SlackRequests
from bot.web import web_application
from tests.healthy import health
from tests.tiny_slack import SIGNING_SECRET


def slack_application(
    bolt: AsyncApp, intake: Intake | None = None, *, secret: str = SIGNING_SECRET, body_seconds: float = BODY_SECONDS
) -> web.Application:
    """Return what answers Slack's requests for Bolt."""
    slack = SlackRequests(bolt.async_dispatch, SecretStr(secret), intake or Intake(), body_seconds=body_seconds)
    return web_application(health, slack.answer)


@asynccontextmanager
async def listening(application: web.Application, caps: Caps | None = None) -> AsyncIterator[str]:
    """Serve within the block, at the address that this gives."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    listener = await listen(runner, "127.0.0.1", 0, caps)
    try:
        yield f"http://127.0.0.1:{listener.port}"
    finally:
        await listener.stop()
        await runner.cleanup()
