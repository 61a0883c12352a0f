"""Everything that the bot says to Slack by itself, with what Slack may refuse turned into results.

Source: Slack's pages on `views.open`, `views.update`, `views.push`, `views.publish`, `chat.postMessage` and
"Handling user interaction" (`response_url`: five uses within 30 minutes).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, async_default_handlers
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slackblocks import HomeTabView, ModalView, WebhookMessage

from bot.slack.blocks import Content

_GONE: Final = {"not_found", "hash_conflict", "view_not_found"}
_TRIGGER_SPENT: Final = {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"}
_RATE_LIMIT_RETRIES: Final = 2


class TriggerExpired(Exception):
    """The three seconds in which Slack lets us open a form are over."""


class SlackRefused(Exception):
    """Slack refused what we sent, for a reason that only we can mend.

    Args:
        what: the method.
        reason: Slack's error code, and what it says of it.
    """

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")


def retry_handlers() -> list[AsyncRetryHandler]:
    """Return the retries of the Web API client: broken connections once, 429 as long as Slack says."""
    return [*async_default_handlers(), AsyncRateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES)]


def message(content: Content) -> dict[str, Any]:
    """Return content as the body of a message."""
    return WebhookMessage(text=content.text, blocks=list(content.blocks)).to_dict()


class Slack:
    """The Web API and response URLs.

    Args:
        client: the Web API client; its session is shared by response URLs.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._log = structlog.get_logger(__name__)

    async def open_view(self, trigger: str, view: ModalView, *, push: bool = False) -> str:
        """Open a modal, or push one onto the stack, and return its id.

        Raises:
            TriggerExpired: where the trigger is too old or spent.
        """
        method = self._client.views_push if push else self._client.views_open
        try:
            answer = await method(trigger_id=trigger, view=view.to_dict())
        except SlackApiError as error:
            if _code(error) in _TRIGGER_SPENT:
                raise TriggerExpired from error
            raise self._refusal("views.push" if push else "views.open", error) from error
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: ModalView, *, hash_: str = "") -> bool:
        """Update a modal; False where it was closed meanwhile, or changed since `hash_` was seen."""
        try:
            await self._client.views_update(view_id=view_id, view=view.to_dict(), hash=hash_ or None)
        except SlackApiError as error:
            if _code(error) in _GONE:
                return False
            raise self._refusal("views.update", error) from error
        return True

    async def publish_home(self, user: str, view: HomeTabView) -> None:
        """Show a person's Home tab."""
        try:
            await self._client.views_publish(user_id=user, view=view.to_dict())
        except SlackApiError as error:
            raise self._refusal("views.publish", error) from error

    async def direct_message(self, user: str, content: Content) -> None:
        """Send a direct message; works wherever the person is."""
        body = message(content)
        try:
            await self._client.chat_postMessage(channel=user, text=body["text"], blocks=body["blocks"])
        except SlackApiError as error:
            raise self._refusal("chat.postMessage", error) from error

    async def respond(self, url: str, content: Content, *, replace: bool = False, in_channel: bool = False) -> bool:
        """Post to a response URL; False where it was used five times or is older than 30 minutes.

        Args:
            url: from a command or from a click in a message.
            content: what to post.
            replace: replace the message that holds the button; a command's own messages can't be replaced.
            in_channel: for everybody in the channel, also where the bot is no member.
        """
        hook = AsyncWebhookClient(
            url, session=self._client.session, proxy=self._client.proxy, retry_handlers=self._client.retry_handlers
        )
        kind = "in_channel" if in_channel else "ephemeral"
        answer = await hook.send_dict({**message(content), "response_type": kind, "replace_original": replace})
        if answer.status_code == HTTPStatus.OK and '"ok":false' not in answer.body.replace(" ", ""):
            return True
        self._log.info("response url refused", status=answer.status_code, answer=answer.body[:200])
        if "invalid_blocks" in answer.body:
            raise SlackRefused("response_url", answer.body[:200])
        return False

    def _refusal(self, method: str, error: SlackApiError) -> SlackRefused:
        details = error.response.get("response_metadata", {})
        return SlackRefused(method, f"{_code(error)} {details.get('messages', '')}")


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error", ""))
