"""The signature of Slack's requests over HTTP: the one check that decides whether a request is Slack's.

Slack's documentation: "Verifying requests from Slack". It goes over the bytes as they came, so that nothing of them has
to be decoded first; slack_sdk's own verifier decodes the body before it looks.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

LATEST: Final = 300
"""Seconds: Slack's own advice for how old a request may be."""
_DIGITS: Final = 12


class NotSlacks(Exception):
    """A request that cannot be shown to be Slack's.

    Attributes:
        kind: what is wrong, in a word.
        sentence: the same for an administrator, without anything that came with the request.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


def check_signature(secret: bytes, *, timestamp: str, signature: str, body: bytes, now: float) -> None:
    """Return where the request is Slack's, and of these minutes.

    Args:
        secret: the app's signing secret.
        timestamp: the header `X-Slack-Request-Timestamp`.
        signature: the header `X-Slack-Signature`.
        body: the body, as it came.
        now: the time, in seconds since 1970.

    Raises:
        NotSlacks: it is not.
    """
    if not signature or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
        raise NotSlacks("unsigned", "it carries no signature: it does not come from Slack")
    digest = hmac.new(secret, b"v0:%s:" % timestamp.encode(), hashlib.sha256)
    digest.update(body)
    # As bytes: what a stranger sends may be no ASCII, which the comparison of texts refuses.
    if not hmac.compare_digest(b"v0=" + digest.hexdigest().encode(), signature.encode(errors="surrogateescape")):
        raise NotSlacks("foreign", "it was signed with another secret: is SLACK_SIGNING_SECRET that of this app?")
    age = round(now - int(timestamp))
    if age > LATEST:
        raise NotSlacks("old", f"it is {age} s old: is this machine's clock right?")
    if age < -LATEST:
        raise NotSlacks("ahead", f"it is {-age} s ahead of this machine's clock: is that right?")
