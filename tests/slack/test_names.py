"""What people are called, as far as Slack tells it in time."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import serve_workspace
from bot.slack.names import names_of

ANA, BEN = "U0ANA00001", "U0BEN00001"


async def test_what_slack_does_not_tell_is_left_out_with_the_reason() -> None:
    async with serve_workspace() as workspace:
        client = AsyncWebClient(workspace.bot_token, workspace.url)
        assert await names_of(client, [BEN, "U0NOBODY01"], seconds=20) == (
            {BEN: "Ben Carter", "U0NOBODY01": "U0NOBODY01"},
            "",
        )
        workspace.faults.next("users.info", error="internal_error")
        assert await names_of(client, [ANA, BEN], seconds=20) == ({}, "Slack answered internal_error")


@pytest.mark.parametrize("seconds", [0.0, 0.05])
async def test_what_takes_too_long_is_left_out(seconds: float) -> None:
    async with serve_workspace() as workspace:
        workspace.faults.next("users.info", delay=5)
        client = AsyncWebClient(workspace.bot_token, workspace.url)
        assert await names_of(client, [BEN], seconds=seconds) == ({}, "Slack took longer than 0 s")
