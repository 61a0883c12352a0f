"""The ways in which Slack says no, and the way in which a driven person does."""

from __future__ import annotations


class SlackError(Exception):
    """An error that a Web API method answers.

    Args:
        code: Slack's own name for it, such as `channel_not_found`.
        messages: sentences for `response_metadata.messages`.
        status: the HTTP status; Slack answers 200 but for rate limits.
        retry_after: seconds for the `Retry-After` header.
        **more: further keys of the answer.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: list[str] | None = None,
        status: int = 200,
        retry_after: int | None = None,
        **more: str,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.status = status
        self.retry_after = retry_after
        self.more = more


class NotSeen(AssertionError):
    """What a person waited for did not show in time; the text says what is visible instead."""


class CannotDo(AssertionError):
    """A person tried what the screen does not offer; the text says what it offers."""
