"""The client for Slack's Web API, made alike wherever Slack is called."""

from __future__ import annotations

from typing import Final

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.proxy import proxy_for

CALL_SECONDS: Final = 10
"""How long one call may take."""


def web_client(base_url: str, token: str | None, retries: list[AsyncRetryHandler]) -> AsyncWebClient:
    """Return a client.

    Args:
        base_url: the address of the Web API.
        token: what calls are made with; None where the client only has to be there.
        retries: when a call is made again.
    """
    client = AsyncWebClient(token, base_url=base_url, timeout=CALL_SECONDS, retry_handlers=retries)
    # Left alone, it would take one from the environment, even for this machine's own addresses.
    client.proxy = proxy_for(base_url)
    return client
