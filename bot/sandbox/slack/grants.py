"""What is good for a while: trigger ids (3 s, once) and response URLs (30 minutes, five times).

The documentation's "Handling user interaction" and "Modals".
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.clock import Clock
from bot.sandbox.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
URL_SECONDS = 30 * 60.0
URL_USES = 5


@dataclass(slots=True)
class Trigger:
    """The right to open a view for a person."""

    person: str
    channel: str | None
    made: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer an interaction.

    Attributes:
        origin: the ts of the message whose button was pressed; None for a command or a form.
    """

    person: str
    channel: str
    origin: str | None
    made: float
    uses: int = 0


class Grants:
    """Everything that was handed out.

    Args:
        clock: says when it has run out.
        base_url: where response URLs lead, without a slash at the end.
    """

    def __init__(self, clock: Clock, base_url: str) -> None:
        self._clock = clock
        self.base_url = base_url
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, person: str, channel: str | None = None) -> str:
        """Return a new trigger id."""
        trigger_id = f"{len(self._triggers) + 1}.1700000000.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(person, channel, self._clock.monotonic())
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Return what a trigger id stands for, leaving it good.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.monotonic() - trigger.made > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    def response_url(self, kind: str, person: str, channel: str, origin: str | None = None) -> str:
        """Return a new response URL; `kind` is its path's beginning, `commands`, `actions` or `app`."""
        secret = secrets.token_urlsafe(18)
        self._urls[secret] = ResponseUrl(person, channel, origin, self._clock.monotonic())
        return f"{self.base_url}/{kind}/{len(self._urls)}/{secret}"

    def answered(self, secret: str) -> ResponseUrl:
        """Return what a response URL stands for, and count its use.

        Raises:
            SlackError: `invalid_url`, `expired_url` or `used_url`, with HTTP 404.
        """
        url = self._urls.get(secret)
        if url is None:
            raise SlackError("invalid_url", status=404)
        if self._clock.monotonic() - url.made > URL_SECONDS:
            raise SlackError("expired_url", status=404)
        if url.uses >= URL_USES:
            raise SlackError("used_url", status=404)
        url.uses += 1
        return url
