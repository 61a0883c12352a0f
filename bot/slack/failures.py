"""How a call to Slack's Web API fails, in words for an administrator."""

from __future__ import annotations

from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

# What a call was seen to raise. An AttributeError comes out of the library where the answer is no JSON object, as
# from a proxy's or a hotel's own page; a TimeoutError is an OSError.
CALL_FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, AttributeError)


def error_code(error: Exception) -> str | None:
    """Return Slack's own name for the error, such as `invalid_auth`; None where Slack gave none."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, AsyncSlackResponse):
        return None
    data = error.response.data
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else None


def in_words(error: Exception) -> str:
    """Return the middle of a sentence about one of `CALL_FAILURES`: what Slack did. It holds no secret."""
    code = error_code(error)
    if code is not None:
        return f"Slack answered {code}"
    if isinstance(error, (SlackClientError, AttributeError)):
        return "what answered does not speak as Slack does"
    return f"Slack cannot be reached ({type(error).__name__})"
