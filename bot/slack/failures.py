"""How a call to Slack's Web API fails, in words for an administrator."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.retries import wait_in

# What a call was seen to raise. An AttributeError comes out of the library where the answer is JSON but no object, a
# ValueError where it is no text, as from a proxy's or a hotel's own page; a TimeoutError is an OSError.
CALL_FAILURES: Final = (SlackClientError, aiohttp.ClientError, OSError, AttributeError, ValueError)


def error_code(error: Exception) -> str | None:
    """Return Slack's own name for the error, such as `invalid_auth`; None where Slack gave none."""
    code = _answer(error).get("error")
    return code if isinstance(code, str) else None


def error_details(error: Exception) -> str:
    """Return what Slack says beside the name of the error, such as which block is invalid; empty where it is silent."""
    metadata = _answer(error).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return " ".join(str(message) for message in messages) if isinstance(messages, list) else ""


def wait_asked(error: Exception) -> float:
    """Return for how many seconds Slack asks to be left alone; 0 where it does not ask."""
    response = error.response if isinstance(error, SlackApiError) else None
    if not isinstance(response, AsyncSlackResponse) or response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    return wait_in(response.headers)


def in_words(error: Exception) -> str:
    """Return the middle of a sentence about one of `CALL_FAILURES`, or about an answer that lacks what it should hold.

    It says what Slack did, and holds no secret.
    """
    code = error_code(error)
    if code is not None:
        return f"Slack answered {code}"
    if isinstance(error, (SlackClientError, AttributeError, ValueError, LookupError, TypeError)):
        return "what answered does not speak as Slack does"
    return f"Slack cannot be reached ({type(error).__name__})"


def _answer(error: Exception) -> dict[str, object]:
    """Return Slack's answer as far as it is an object."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, AsyncSlackResponse):
        return {}
    return error.response.data if isinstance(error.response.data, dict) else {}
