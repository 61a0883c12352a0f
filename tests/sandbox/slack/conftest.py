from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Workspace, serve_workspace
from tests.sandbox.slack.parts import HandClock, bolt_app, served


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def workspace(clock: HandClock) -> AsyncIterator[Workspace]:
    """A workspace that waits a tenth of a second where Slack waits three."""
    async with serve_workspace(clock=clock, answer_seconds=0.2, wait_seconds=2.0) as workspace:
        yield workspace


@dataclass
class Bench:
    """A workspace, and an app on Bolt that it talks to over HTTP."""

    workspace: Workspace
    app: AsyncApp

    @property
    def ana(self) -> Actor:
        return self.workspace.person("Ana")

    @property
    def ben(self) -> Actor:
        return self.workspace.person("Ben")


@pytest.fixture
async def bench(workspace: Workspace) -> AsyncIterator[Bench]:
    app = bolt_app(workspace)
    async with served(app.web_app("/slack/events")) as url:
        workspace.request_url = f"{url}/slack/events"
        yield Bench(workspace, app)
