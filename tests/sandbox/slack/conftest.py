from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Workspace, serve_workspace
from tests.sandbox.slack.parts import Caller, HandClock, PlainBot, bolt_app, served


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def workspace(clock: HandClock) -> AsyncIterator[Workspace]:
    async with serve_workspace(clock=clock) as workspace:
        yield workspace


@pytest.fixture
def ana(workspace: Workspace) -> Actor:
    return workspace.person("Ana")


@pytest.fixture
def ben(workspace: Workspace) -> Actor:
    return workspace.person("Ben")


@pytest.fixture
async def call(workspace: Workspace) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(workspace, session)


@pytest.fixture
async def app(workspace: Workspace) -> AsyncIterator[AsyncApp]:
    """An app on Bolt, to which the workspace talks over HTTP."""
    app = bolt_app(workspace)
    async with served(app.web_app("/slack/events")) as url:
        workspace.request_url = f"{url}/slack/events"
        yield app


@pytest.fixture
async def plain_bot(workspace: Workspace) -> AsyncIterator[PlainBot]:
    """A bot without a framework, to which the workspace talks over HTTP."""
    bot = PlainBot()
    application = web.Application()
    application.router.add_post("/", bot.handle)
    async with served(application) as url:
        workspace.request_url = f"{url}/"
        yield bot
