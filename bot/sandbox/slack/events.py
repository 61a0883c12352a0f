"""Events to the bot, sent again when they fail: the documentation's "Events API", "Error handling"."""

from __future__ import annotations

import asyncio
import json

from bot.clock import Clock
from bot.sandbox.slack.delivery import JSON, Answer, Delivery
from bot.sandbox.slack.payloads import VERIFICATION_TOKEN, event
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.signatures import signed_headers

# Seconds before the first, the second and the third repetition.
RETRY_SECONDS = (0.0, 60.0, 300.0)
_REASONS = {"operation_timeout": "http_timeout", "app_did_not_respond": "timeout", "dispatch_failed": "http_error"}


class Events:
    """Tells the bot what happened, up to four times.

    Args:
        delivery: the way to the bot.
        clock: between the repetitions.
        signing_secret: for the check of the address.
    """

    def __init__(self, delivery: Delivery, clock: Clock, signing_secret: str) -> None:
        self._delivery = delivery
        self._clock = clock
        self._secret = signing_secret
        self._repetitions: set[asyncio.Task[None]] = set()

    async def tell(self, content: Json) -> Answer:
        """Send an event, and again later, in the background, when it was not accepted."""
        payload = event(content, int(self._clock.now().timestamp()))
        answer = await self._delivery.send("event", content["type"], payload)
        if not answer.ok:
            task = asyncio.create_task(self._repeat(content["type"], payload, answer))
            self._repetitions.add(task)
            task.add_done_callback(self._repetitions.discard)
        return answer

    async def _repeat(self, name: str, payload: Json, answer: Answer) -> None:
        for number, seconds in enumerate(RETRY_SECONDS, start=1):
            await self._clock.sleep(seconds)
            answer = await self._delivery.send(
                "event", name, payload, retry=(number, _REASONS[answer.error or "dispatch_failed"])
            )
            if answer.ok:
                return

    async def repeated(self) -> None:
        """Return when no repetition is due any more."""
        while self._repetitions:
            await asyncio.wait(self._repetitions)

    async def verify_url(self, challenge: str) -> bool:
        """Ask the request URL to echo a challenge, as Slack does when the address is entered."""
        body = json.dumps({"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}).encode()
        answer = await self._delivery.send_raw(body, signed_headers(self._secret, body, content_type=JSON))
        return answer.ok and challenge in (answer.body, (answer.json or {}).get("challenge"))

    async def aclose(self) -> None:
        """Give up the repetitions that are due."""
        for task in self._repetitions:
            task.cancel()
        await asyncio.gather(*self._repetitions, return_exceptions=True)
