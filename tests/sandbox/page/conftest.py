from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.account import Account, serve_account
from bot.sandbox.page import serve_page
from bot.sandbox.slack import Actor, Workspace, serve_workspace
from tests.sandbox.page.parts import Window
from tests.sandbox.slack.parts import PlainBot, served


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with serve_workspace(answer_seconds=0.2, wait_seconds=1.0) as workspace:
        yield workspace


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with serve_account(samples=False) as account:
        yield account


@pytest.fixture
async def bot(workspace: Workspace) -> AsyncIterator[PlainBot]:
    """A bot that answers what it is told to."""
    bot = PlainBot()
    application = web.Application()
    application.router.add_post("/", bot.handle)
    async with served(application) as url:
        workspace.request_url = f"{url}/"
        yield bot


@pytest.fixture
async def window(workspace: Workspace, account: Account, bot: PlainBot) -> AsyncIterator[Window]:
    """The page, as Ben sees it first, in a browser."""
    async with (
        serve_page(workspace, account, mode="http", players=("Ben", "Ana")) as page,
        aiohttp.ClientSession() as session,
    ):
        yield Window(page, session)


@pytest.fixture
def ben(workspace: Workspace) -> Actor:
    return workspace.person("Ben")


@pytest.fixture
def ana(workspace: Workspace) -> Actor:
    return workspace.person("Ana")
