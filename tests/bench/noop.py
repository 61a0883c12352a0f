"""A Bolt that does nothing but acknowledge: `stock`, as it comes, or `ours`, set up as the bot's own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.intake import Intake
from bot.listener import listen
from bot.slack.listening import bolt_app
from bot.slack.payloads import Payload
from bot.slack_http import SlackRequests

_INSTALLED = AuthorizeResult(enterprise_id=None, team_id="T0SANDBOX1", bot_token="xoxb-none", bot_id="B0SANDBOX1")


def _stock(secret: str, client: AsyncWebClient) -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return _INSTALLED

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app = AsyncApp(signing_secret=secret, client=client, authorize=authorize)
    app.command(re.compile(".*"))(acknowledge)
    app.options(re.compile(".*"))(acknowledge)
    return app


def _ours(client: AsyncWebClient) -> AsyncApp:
    async def answer(payload: Payload) -> dict[str, Any]:
        return {}

    return bolt_app(client=client, installed=lambda: _INSTALLED, answer=answer, events=frozenset())


async def _main(kind: str) -> None:
    secret, client = os.environ["SLACK_SIGNING_SECRET"], AsyncWebClient(base_url=os.environ["SLACK_API_URL"])
    app = _ours(client) if kind == "ours" else _stock(secret, client)
    # Ours has checked the signature by the time Bolt sees a request.
    ours = SlackRequests(app.async_dispatch, SecretStr(secret), Intake())

    async def theirs(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", ours.answer if kind == "ours" else theirs)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    listener = await listen(runner, "127.0.0.1", 0)
    print(f"listening on http://127.0.0.1:{listener.port}", file=sys.stderr, flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
