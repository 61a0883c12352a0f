"""How Slack signs what it sends: the documentation's "Verifying requests from Slack"."""

from __future__ import annotations

import hashlib
import hmac
import time


def signed_headers(secret: str, body: bytes, *, content_type: str, timestamp: int | None = None) -> dict[str, str]:
    """Return the headers of a request that carries this body.

    Args:
        secret: the app's signing secret.
        body: the body, byte for byte.
        content_type: `application/x-www-form-urlencoded`, or `application/json` for events.
        timestamp: seconds since 1970; the machine's own time by default, whatever clock the workspace runs on,
            because the other side compares it with its own.
    """
    stamp = str(int(time.time()) if timestamp is None else timestamp)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
