"""The whole thing on this machine: an InvoiceXpress account, a Slack workspace, and the bot between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aiohttp import web
from pydantic import SecretStr

from bot.app import SlackBot, create_app
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.intake import Intake
from bot.invoicexpress.client import Limits
from bot.sandbox.account import Account, Quirks, serve_account
from bot.sandbox.slack import Actor, Workspace, serve_workspace
from bot.socketmode import SocketMode
from bot.web import EVENTS_PATH, web_application

Mode = Literal["http", "socket"]


@dataclass(frozen=True)
class World:
    """Everything a flow test looks at."""

    account: Account
    workspace: Workspace
    bot: SlackBot
    settings: Settings

    @property
    def ana(self) -> Actor:
        """A workspace admin whose Slack is in Portuguese."""
        return self.workspace.person("Ana")

    @property
    def ben(self) -> Actor:
        """A member whose Slack is in English."""
        return self.workspace.person("Ben")


@asynccontextmanager
async def living_world(
    data_dir: Path,
    *,
    mode: Mode = "http",
    clock: Clock | None = None,
    quirks: Quirks | None = None,
    samples: bool = True,
    stock: Callable[[Account], object] | None = None,
    limits: Limits | None = None,
    **settings: object,
) -> AsyncIterator[World]:
    """Start everything, and stop it all at the end.

    Args:
        data_dir: where the bot keeps its data.
        mode: how Slack reaches the bot.
        clock: the time for all three.
        quirks: how the account behaves.
        samples: whether the account holds a made-up catalogue.
        stock: fills the account before the bot starts.
        limits: how patient the bot is with the account.
        **settings: more of the bot's settings.
    """
    async with AsyncExitStack() as stack:
        account = await stack.enter_async_context(serve_account(quirks=quirks, samples=samples, clock=clock))
        if stock is not None:
            stock(account)
        workspace = await stack.enter_async_context(serve_workspace(clock=clock))
        chosen = Settings.model_validate(
            {
                "slack_bot_token": workspace.bot_token,
                "slack_signing_secret": workspace.signing_secret,
                "slack_app_token": workspace.app_token,
                "slack_api_url": workspace.url,
                "invoicexpress_url": account.url,
                "invoicexpress_api_key": account.api_key,
                "data_dir": data_dir,
                **settings,
            }
        )
        bot = create_app(chosen, clock=clock, limits=limits)
        stack.push_async_callback(bot.aclose)
        await bot.start()
        stack.push_async_callback(bot.drain, 5)
        intake = Intake()
        if mode == "http":
            runner = web.AppRunner(web_application(bot.readiness, intake, bot.bolt.async_dispatch), access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            workspace.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS_PATH}"
        else:
            socket = SocketMode(bot.bolt, SecretStr(workspace.app_token), intake, clock=clock or SystemClock())
            stack.push_async_callback(socket.close)
            await socket.open()
        yield World(account, workspace, bot, chosen)
