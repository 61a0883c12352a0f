from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.failures import error_code, error_details, in_words


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (SlackClientError("x"), "what answered does not speak as Slack does"),
        (SlackApiError("x", {"error": "a dictionary is what other clients give"}), "what answered does not speak"),  # type: ignore[no-untyped-call]  # the library's
        (AttributeError("x"), "what answered does not speak as Slack does"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), "what answered does not speak as Slack does"),
        (KeyError("users"), "what answered does not speak as Slack does"),
        (TimeoutError(), "Slack cannot be reached (TimeoutError)"),
        (ConnectionResetError(), "Slack cannot be reached (ConnectionResetError)"),
        (aiohttp.ServerDisconnectedError(), "Slack cannot be reached (ServerDisconnectedError)"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_without_a_name(error: Exception, sentence: str) -> None:
    assert in_words(error).startswith(sentence)
    assert error_code(error) is None
    assert error_details(error) == ""
