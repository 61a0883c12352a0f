"""What people are called, for a table that is read outside Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import CALL_FAILURES, in_words


async def names_of(client: AsyncWebClient, ids: Iterable[str], *, seconds: float) -> tuple[dict[str, str], str]:
    """Return people's names by their id, as far as Slack tells them, and why no more; empty where it told all it knows.

    Args:
        client: Slack's Web API.
        ids: the people.
        seconds: how long all of it may take.
    """
    names: dict[str, str] = {}
    try:
        async with asyncio.timeout(seconds):
            for id_ in ids:
                names[id_] = await _name_of(client, id_)
    except TimeoutError:
        return names, f"Slack took longer than {seconds:.0f} s"
    except (*CALL_FAILURES, KeyError, TypeError) as error:
        return names, in_words(error)
    return names, ""


async def _name_of(client: AsyncWebClient, id_: str) -> str:
    """Return a person's name; their id where Slack knows nobody by it."""
    try:
        user: Mapping[str, Any] = (await client.users_info(user=id_))["user"]
    except SlackApiError as error:
        if error.response.get("error") not in {"user_not_found", "user_not_visible"}:
            raise
        return id_
    profile = user.get("profile") or {}
    found = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return next((name for name in found if isinstance(name, str) and name.strip()), id_)
