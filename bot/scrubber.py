"""Hides secrets in text, wherever it goes: the log, and everything that is sent to Slack."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import SecretStr

HIDDEN: Final = "***"
"""What stands where a secret stood."""

# Shapes of secrets that were never told to us: tokens of Slack, InvoiceXpress's key in an address or in a mapping,
# a Socket Mode ticket, an address that answers a command without further proof, a client's public account link.
_SHAPES = re.compile(
    r"""
    (?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]+
    | (?P<name> (?:api_key|ticket|open_account_link) (?:\\?["'])? \s* (?:=|:|%3D|%3A) \s* (?:\\?["'])? )
      [^&\s"'\\<>(),}\]]+
    | (?P<hook> https?(?::|%3A)(?:/|\\/|%2F){2}hooks\.slack\.com ) [^\s"'\\<>(),}\]]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = ("xox", "xapp", "api_key", "ticket", "open_account_link", "hooks.slack.com")
"""Of these each shape holds one."""


class Scrubber:
    """Hides known secrets, however they are coded, and whatever is shaped like one.

    Args:
        secrets: what must never appear.
    """

    def __init__(self, secrets: Iterable[SecretStr]) -> None:
        known = {coded for secret in secrets for coded in _codings(secret.get_secret_value())}
        # The longest first, so that a secret that begins another does not leave the other's tail.
        alternatives = [re.escape(text) for text in sorted(known, key=len, reverse=True)]
        self._known = re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _SHAPES.sub(_hide_value, text) if _may_hold_a_shape(text) else text


def hidden_in(body: Any, hide: Callable[[str], str]) -> Any:
    """Return a body of JSON with secrets hidden in each of its texts; the names of its fields are ours."""
    if isinstance(body, str):
        return hide(body)
    if isinstance(body, dict):
        return {name: hidden_in(value, hide) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [hidden_in(value, hide) for value in body]
    return body


def _may_hold_a_shape(text: str) -> bool:
    """Rule out most lines, in a tenth of the time that the pattern takes.

    Only plain ASCII: beyond it, the pattern takes more characters for the same letter than `lower` does.
    """
    if not text.isascii():
        return True
    lower = text.lower()
    return any(mark in lower for mark in _MARKS)


def _codings(secret: str) -> set[str]:
    """Return the secret as it stands in text, in an address and in a quoted string."""
    plain = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    return (plain | {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}) - {""}


def _hide_value(match: re.Match[str]) -> str:
    return (match["name"] or match["hook"] or "") + HIDDEN
