"""Everything that the bot says to Slack by itself, with what Slack may refuse turned into results.

Source: Slack's pages on `views.open`, `views.update`, `views.push`, `views.publish`, `chat.postMessage` and
"Handling user interaction" (`response_url`: five uses within 30 minutes).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slackblocks import HomeTabView, ModalView

from bot.scrubber import hidden_in
from bot.slack.blocks import SECTION, Content
from bot.slack.failures import CALL_FAILURES, error_code, error_details, in_words, wait_asked
from bot.slack.text import clip_escaped, visible

_GONE: Final = frozenset({"not_found", "hash_conflict", "view_not_found"})
_TRIGGER_SPENT: Final = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"}
)
_INVALID: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_payload", "msg_too_long", "no_text"})
"""What a response URL answers to a message that no other way would carry either."""


class SlackFailed(Exception):
    """A call to Slack did not do what it should have done.

    Args:
        what: the method.
        reason: what Slack did, in words.
        code: Slack's own name for the error; empty where it gave none.
        wait: for how many seconds Slack asks to be left alone.
    """

    def __init__(self, what: str, reason: str, code: str = "", wait: float = 0.0) -> None:
        super().__init__(f"{what}: {reason}")
        self.code = code
        self.wait = wait


class TriggerExpired(SlackFailed):
    """The three seconds in which Slack lets us open a form are over."""


class ContentRefused(SlackFailed):
    """Slack does not take this content, in whatever way it comes: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands, for bringing it up to date."""

    channel: str
    ts: str


def message(content: Content) -> dict[str, Any]:
    """Return content as the body of a message. Its text is for notifications, where nobody reads pages."""
    body: dict[str, Any] = {"text": clip_escaped(visible(content.text), SECTION)}
    if content.blocks:
        # slackblocks' own messages walk every block four times over.
        body["blocks"] = [block._resolve() for block in content.blocks]  # noqa: SLF001 - its one way to a block alone
    return body


class Slack:
    """The Web API and response URLs. Every method raises `SlackFailed` where Slack does not do what it is asked.

    Args:
        client: the Web API client; its session, proxy and retries are shared by response URLs.
        hide: hides secrets in a text.
    """

    def __init__(self, client: AsyncWebClient, hide: Callable[[str], str] = str) -> None:
        self._client = client
        self._hide = hide
        self._log = structlog.get_logger(__name__)

    async def open_view(self, trigger: str, view: ModalView, *, push: bool = False) -> str:
        """Open a modal, or push one onto the stack, and return its id.

        Raises:
            TriggerExpired: where the trigger is too old or spent.
        """
        method = self._client.views_push if push else self._client.views_open
        body = hidden_in(view.to_dict(), self._hide)
        with _calling("views.push" if push else "views.open"):
            answer = await method(trigger_id=trigger, view=body)
            return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: ModalView) -> bool:
        """Update a modal; False where it was closed meanwhile."""
        body = hidden_in(view.to_dict(), self._hide)
        try:
            with _calling("views.update"):
                await self._client.views_update(view_id=view_id, view=body)
        except SlackFailed as error:
            if error.code in _GONE:
                return False
            raise
        return True

    async def publish_home(self, user: str, view: HomeTabView) -> None:
        """Show a person's Home tab."""
        body = hidden_in(view.to_dict(), self._hide)
        with _calling("views.publish"):
            await self._client.views_publish(user_id=user, view=body)

    async def direct_message(self, user: str, content: Content) -> Posted:
        """Send a direct message; works wherever the person is."""
        return await self.post(user, content)

    async def post(self, channel: str, content: Content) -> Posted:
        """Post to a channel that the bot is a member of, or to a person."""
        body = hidden_in(message(content), self._hide)
        with _calling("chat.postMessage"):
            answer = await self._client.chat_postMessage(channel=channel, text=body["text"], blocks=body.get("blocks"))
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def update_message(self, posted: Posted, content: Content) -> None:
        """Bring a message up to date; some 50 times a minute are allowed."""
        body = hidden_in(message(content), self._hide)
        with _calling("chat.update"):
            await self._client.chat_update(
                channel=posted.channel, ts=posted.ts, text=body["text"], blocks=body.get("blocks")
            )

    async def respond(self, url: str, content: Content, *, replace: bool = False, in_channel: bool = False) -> bool:
        """Post to a response URL; False where it takes nothing more: used five times, or older than 30 minutes.

        Args:
            url: from a command or from a click in a message.
            content: what to post.
            replace: replace the message that holds the button; a command's own messages can't be replaced.
            in_channel: for everybody in the channel, also where the bot is no member.

        Raises:
            ContentRefused: where Slack refuses the content itself.
            SlackFailed: where Slack can't be reached; the message may have been posted.
        """
        hook = AsyncWebhookClient(url, session=self._client.session, retry_handlers=self._client.retry_handlers)
        hook.proxy = self._client.proxy  # left alone, it would take one from the environment
        kind = "in_channel" if in_channel else "ephemeral"
        body = {**hidden_in(message(content), self._hide), "response_type": kind, "replace_original": replace}
        with _calling("response_url"):
            answer = await hook.send_dict(body)
        said = _object(answer.body)
        if answer.status_code == HTTPStatus.OK and said.get("ok") is not False:
            return True
        code = str(said.get("error") or "")
        self._log.info("response url refused", status=answer.status_code, code=code)
        if code in _INVALID:
            raise ContentRefused("response_url", f"Slack answered {answer.body[:500]}", code)
        return False


@contextmanager
def _calling(method: str) -> Iterator[None]:
    """Turn what a call may raise into `SlackFailed`."""
    try:
        yield
    except (*CALL_FAILURES, LookupError, TypeError) as error:  # the last two: an answer that lacks what it should hold
        code = error_code(error) or ""
        kind = TriggerExpired if code in _TRIGGER_SPENT else ContentRefused if code in _INVALID else SlackFailed
        raise kind(method, f"{in_words(error)} {error_details(error)}".rstrip(), code, wait_asked(error)) from error


def _object(body: str) -> dict[str, Any]:
    """Return what a response URL answered: an object, or a bare word, which names an error unless all is well."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {"error": body.strip()[:100]}
    return answer if isinstance(answer, dict) else {}
