"""What went between Slack and the bot, in order: for assertions, for an inspector, for a search for secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.clock import Clock
from bot.sandbox.slack.feed import Feed

MASK = "•••"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer, secrets masked.

    Attributes:
        number: counts up from 1, in the order in which requests began.
        direction: `from_bot` (a Web API call or a post to a response_url) or `to_bot`.
        kind: `api`, `response_url`, `command`, `block_actions`, `view_submission`, `view_closed`,
            `block_suggestion`, `event` or `raw`.
        name: the method, the command, or what the request is about.
        request: the arguments or the payload.
        response: the answer's JSON where it is JSON, else its text; None while there is none.
        status: the HTTP status; 200 for an acknowledged envelope; None without an answer.
        ms: how long the answer took, in milliseconds.
        error: Slack's error code, or why the bot's answer did not count.
    """

    number: int
    at: datetime
    direction: Literal["from_bot", "to_bot"]
    kind: str
    name: str
    request: Any
    response: Any = None
    status: int | None = None
    ms: float | None = None
    error: str | None = None


class Journal:
    """Keeps the exchanges and, unmasked, every text that came from the bot."""

    def __init__(self, clock: Clock, feed: Feed, secrets: tuple[str, ...]) -> None:
        self.exchanges: list[Exchange] = []
        self._received: list[str] = []
        self._clock = clock
        self._feed = feed
        self._secrets = secrets

    def begin(self, direction: Literal["from_bot", "to_bot"], kind: str, name: str, request: Any) -> Exchange:
        """Note a request that is on its way."""
        exchange = Exchange(
            number=len(self.exchanges) + 1,
            at=self._clock.now(),
            direction=direction,
            kind=kind,
            name=name,
            request=self._masked(request),
        )
        self.exchanges.append(exchange)
        self._feed.publish("exchange", str(exchange.number))
        return exchange

    def finish(
        self, exchange: Exchange, *, status: int | None, response: Any = None, error: str | None = None, ms: float
    ) -> None:
        """Note its answer."""
        exchange.status = status
        exchange.response = self._masked(response)
        exchange.error = error
        exchange.ms = ms
        self._feed.publish("exchange", str(exchange.number))

    def received(self, text: str) -> None:
        """Keep a text that the bot sent, as it came."""
        self._received.append(text)

    def everything_received(self) -> str:
        """Return all that the bot sent, as it came: bodies, queries and answers; no headers."""
        return "\n".join(self._received)

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, MASK)
            return value
        if isinstance(value, dict):
            return {key: self._masked(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._masked(inner) for inner in value]
        return value
