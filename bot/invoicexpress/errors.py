"""What can go wrong when InvoiceXpress is asked, by what the caller can do about it.

The tree is drawn in `bot.errors`. Statuses and bodies: the documentation's "Responses", and what the live service
was seen to answer beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.errors import BotError


class AccountError(BotError):
    """InvoiceXpress did not do what was asked."""

    key = "error.account"


class CredentialsRejected(AccountError):
    """401: the key is wrong, or the account does not exist. An administrator must act."""

    key = "error.credentials-rejected"


class AccountUnknown(AccountError):
    """530: no account has this name. An administrator must act."""

    key = "error.account-unknown"


class NotFound(AccountError):
    """404: the record does not exist, or no longer."""

    key = "error.not-found"


@dataclass(frozen=True, slots=True)
class FieldMessage:
    """One sentence of a refusal, as the service wrote it.

    Attributes:
        text: the service's own sentence, in the account's language.
        field: the field of the request that the body named, or None where it named none.
    """

    text: str
    field: str | None = None


class Rejected(AccountError):
    """422, or another 4xx with a reason: what was asked is refused.

    Args:
        messages: the service's sentences; empty where the body was.
    """

    key = "error.rejected"

    def __init__(self, messages: tuple[FieldMessage, ...] = ()) -> None:
        if not messages:
            self.key = "error.rejected-silently"
        super().__init__(messages=" ".join(message.text for message in messages))
        self.messages = messages


class RateLimited(AccountError):
    """429, still after waiting. Trying again in a minute helps."""

    key = "error.rate-limited"


class Overloaded(AccountError):
    """Too many requests of ours already wait for their turn; this one was never sent."""

    key = "error.overloaded"


class Unavailable(AccountError):
    """The service cannot be reached, fails, or was failing a moment ago; nothing was written."""

    key = "error.unavailable"


UNREACHABLE: Final = (RateLimited, Overloaded, Unavailable)
"""What stands between us and a read, and will pass: what we hold already may be shown meanwhile."""


class OutcomeUnknown(AccountError):
    """A write was sent and its answer was lost: it may or may not have been carried out.

    Args:
        late: whether the service may still be at it, because it was we who gave up waiting.
    """

    key = "error.outcome-unknown"

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


class UnexpectedAnswer(AccountError):
    """An answer that is neither a documented success nor a documented error.

    Args:
        status: the HTTP status.
    """

    key = "error.unexpected-answer"

    def __init__(self, status: int) -> None:
        super().__init__(status=status)
        self.status = status
