"""The whole thing on this machine: an InvoiceXpress account, a Slack workspace, and the bot between them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import SecretStr

from bot.app import ROUTES, SlackBot, create_app
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.intake import Intake
from bot.invoicexpress.client import Limits
from bot.sandbox.account import Account, Quirks, serve_account
from bot.sandbox.slack import Actor, Workspace, serve_workspace
from bot.slack.routing import Route
from bot.slack.tasks import Tasks
from bot.socketmode import SocketMode
from bot.web import EVENTS_PATH
from tests.clocks import BriefPauses
from tests.listening import listening, slack_application

Mode = Literal["http", "socket"]

_PATIENCE: Final = float(os.environ.get("TESTS_PATIENCE", "30"))
"""Seconds that people wait for what they expect: only a test that fails, or a machine that is busy, needs them."""


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


@dataclass(frozen=True)
class Place:
    """An account and a workspace, in which a bot can be started, and started again."""

    account: Account
    workspace: Workspace
    settings: Settings

    @asynccontextmanager
    async def with_bot(
        self, mode: Mode = "http", clock: Clock | None = None, *, watched: bool = False, **parts: Any
    ) -> AsyncIterator[World]:
        """Run the bot within the block, by default on a clock of brief pauses; with parts of `create_app`.

        Args:
            mode: how Slack reaches the bot.
            clock: the bot's time.
            watched: whether a connection of Socket Mode that breaks is replaced.
            **parts: parts of the bot.
        """
        async with AsyncExitStack() as stack:
            bot = create_app(self.settings, clock=clock or BriefPauses(), **parts)
            stack.push_async_callback(bot.aclose)
            await bot.start()
            stack.push_async_callback(bot.drain, 5)
            intake = Intake()
            if mode == "http":
                served = listening(slack_application(bot.bolt, intake, secret=self.workspace.signing_secret))
                self.workspace.request_url = await stack.enter_async_context(served) + EVENTS_PATH
            else:
                token = SecretStr(self.workspace.app_token)
                socket = SocketMode(bot.bolt, token, intake, clock=clock or SystemClock())
                stack.push_async_callback(socket.close)
                await socket.open()
                if watched:
                    watch = asyncio.create_task(socket.watch())
                    stack.push_async_callback(asyncio.gather, watch, return_exceptions=True)
                    stack.callback(watch.cancel)
            yield World(self.account, self.workspace, bot, self.settings)


@asynccontextmanager
async def standing_place(
    data_dir: Path,
    *,
    clock: Clock | None = None,
    quirks: Quirks | None = None,
    samples: bool = True,
    stock: Callable[[Account], object] | None = None,
    api_key: str | None = None,
    **settings: object,
) -> AsyncIterator[Place]:
    """Start an account and a workspace, without a bot.

    Args:
        data_dir: where the bot keeps its data.
        clock: the time for both.
        quirks: how the account behaves.
        samples: whether the account holds a made-up catalogue.
        stock: fills the account.
        api_key: the account's key; made up by default.
        **settings: more of the bot's settings. Unless these say otherwise, every member may do everything.
    """
    async with (
        serve_account(quirks=quirks, samples=samples, clock=clock, api_key=api_key) as account,
        serve_workspace(clock=clock, wait_seconds=_PATIENCE) as workspace,
    ):
        if stock is not None:
            stock(account)
        given = {
            "slack_bot_token": workspace.bot_token,
            "slack_signing_secret": workspace.signing_secret,
            "slack_app_token": workspace.app_token,
            "slack_api_url": workspace.url,
            "invoicexpress_url": account.url,
            "invoicexpress_api_key": account.api_key,
            "data_dir": data_dir,
            "editors": "members",
            "managers": "members",
        }
        yield Place(account, workspace, Settings.model_validate({**given, **settings}))


@asynccontextmanager
async def living_world(
    data_dir: Path,
    *,
    mode: Mode = "http",
    clock: Clock | None = None,
    limits: Limits | None = None,
    routes: Iterable[Route] = ROUTES,
    tasks: Tasks | None = None,
    watched: bool = False,
    **place: Any,
) -> AsyncIterator[World]:
    """Start everything, and stop it all at the end.

    Args:
        data_dir: where the bot keeps its data.
        mode: how Slack reaches the bot.
        clock: the time for all three.
        limits: how patient the bot is with the account.
        routes: what leads where.
        tasks: how much work the bot takes at once.
        watched: whether a connection of Socket Mode that breaks is replaced.
        **place: of the place around it (`standing_place`).
    """
    async with (
        standing_place(data_dir, clock=clock, **place) as standing,
        standing.with_bot(mode, clock, watched=watched, limits=limits, routes=routes, tasks=tasks) as world,
    ):
        yield world
