"""When a call to Slack is made again: after a broken connection once, after a 429 when Slack says.

Source: Slack's page "Rate limits" (`Retry-After`, in seconds). The waits are on our clock, which tests can move.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.clock import Clock

_PAUSE: Final = 0.2  # a kept connection that Slack closed while it was idle is simply opened anew
_RATE_LIMIT_RETRIES: Final = 2
_USUAL_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0
"""Seconds that a person is kept waiting by Slack; a longer wait is told as a failure."""


class BrokenConnection(AsyncConnectionErrorRetryHandler):
    """Tries once more where the connection broke."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(max_retry_count=1)
        self._clock = clock

    async def prepare_for_next_attempt_async(self, *, state: RetryState, **_: Any) -> None:
        """Wait a moment."""
        state.next_attempt_requested = True
        await self._clock.sleep(_PAUSE)
        state.increment_current_attempt()


class RateLimit(AsyncRetryHandler):
    """Waits as long as Slack asks after a 429, where that is not too long."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(max_retry_count=_RATE_LIMIT_RETRIES)
        self._clock = clock

    async def _can_retry_async(self, *, response: HttpResponse | None = None, **_: Any) -> bool:
        return _is_limited(response) and _wait(response) <= _LONGEST_WAIT

    async def prepare_for_next_attempt_async(
        self, *, state: RetryState, response: HttpResponse | None = None, **_: Any
    ) -> None:
        """Wait as long as Slack asked."""
        state.next_attempt_requested = True
        await self._clock.sleep(_wait(response))
        state.increment_current_attempt()


def retry_handlers(clock: Clock) -> list[AsyncRetryHandler]:
    """Return the retries of the Web API client and of response URLs."""
    return [BrokenConnection(clock), RateLimit(clock)]


def _is_limited(response: HttpResponse | None) -> bool:
    return response is not None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS


def _wait(response: HttpResponse | None) -> float:
    """Return the seconds that Slack asks for; the usual where it names none that can be read."""
    headers = {} if response is None else response.headers
    return wait_in({name: str(values[0]) for name, values in headers.items()})


def wait_in(headers: Mapping[str, str]) -> float:
    """Return the seconds that the headers of a 429 ask for; the usual where they name none that can be read."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(text) if text.isdecimal() else _USUAL_WAIT
