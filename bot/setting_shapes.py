"""The shapes that single settings must have, and the slips that people make with them. Pure.

Each function returns the value in its normal form or raises ValueError with the middle of a sentence: what stands
after the variable's name. None of them ever puts the value into it. Shapes: Slack's "Tokens" and "Verifying requests
from Slack"; InvoiceXpress's "Getting started".
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from bot.proxy import is_loopback

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_core import ErrorDetails

# What a value that belongs elsewhere begins with, in words.
_KINDS = {
    "xoxb-": "a bot token, which belongs in SLACK_BOT_TOKEN",
    "xapp-": "an app-level token, which belongs in SLACK_APP_TOKEN",
    "xoxp-": "a user token",
    "xoxe": "a token of the kind that expires, which needs token rotation to be switched off",
    "https://": "a web address",
    "http://": "a web address",
}
_ACCOUNT_DOMAIN = ".app.invoicexpress.com"
_ACCOUNT_NAME = re.compile(r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_ADDRESS = 2000
# No coded name: which of them can be decoded is not for us to know, and no service that we ask has one.
_LABEL = "(?!xn--)[a-z0-9_-]{1,63}"
_AUTHORITY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[(?P<ipv6>[0-9a-f:.]+)\])(?::[0-9]*)?", re.IGNORECASE)


def bot_token(value: SecretStr) -> SecretStr:
    """Check a bot token: `xoxb-` and letters, digits and hyphens."""
    return _token(value, "xoxb-")


def app_token(value: SecretStr) -> SecretStr:
    """Check an app-level token: `xapp-` and letters, digits and hyphens."""
    return _token(value, "xapp-")


def _token(value: SecretStr, prefix: str) -> SecretStr:
    text = value.get_secret_value()
    if not text.startswith(prefix):
        raise ValueError(_belongs_elsewhere(text) or f"does not begin with {prefix}")
    if not re.fullmatch(r"[A-Za-z0-9-]+", text.removeprefix(prefix)):
        raise ValueError(f"holds something other than the letters, digits and hyphens that follow {prefix} in a token")
    return value


def signing_secret(value: SecretStr) -> SecretStr:
    """Check a signing secret: 32 hexadecimal digits. A client secret has the same shape and cannot be told apart."""
    text = value.get_secret_value()
    if not re.fullmatch(r"[0-9a-f]{32}", text):
        raise ValueError(_belongs_elsewhere(text) or "is not the 32 characters, 0 to 9 and a to f, of a signing secret")
    return value


def api_key(value: SecretStr) -> SecretStr:
    """Check an InvoiceXpress key: its shape is not documented, so only what can be no key is refused."""
    text = value.get_secret_value()
    elsewhere = _belongs_elsewhere(text)
    if elsewhere is not None:
        raise ValueError(elsewhere)
    if "api_key" in text:
        raise ValueError("holds more than the key: only what stands after api_key= belongs in it")
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("holds a space or a letter that no key has")
    return value


def _belongs_elsewhere(text: str) -> str | None:
    for prefix, kind in _KINDS.items():
        if text.startswith(prefix):
            return f"holds {kind}"
    return None


def account_name(value: str) -> str:
    """Return the name of an account, in small letters, from the name itself or from any address of the account."""
    text = value.lower()
    host = _split(text if "//" in text else f"//{text}").hostname or ""
    name = host.removesuffix(".").removesuffix(_ACCOUNT_DOMAIN)
    if not _ACCOUNT_NAME.fullmatch(name):
        raise ValueError("is neither the name nor the address of an InvoiceXpress account")
    return name


def base_address(value: str) -> str:
    """Return a base address without a slash at its end: https, or http for this machine only.

    What passes here must be an address to every library that it is handed to.
    """
    parts = _split(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"\s", value):
        raise ValueError("must be a web address that begins with https://")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://, because http:// is for addresses of this machine only")
    if re.search(r"[@?#]", value):
        raise ValueError("must hold neither a key nor a password: no @, no ? and no #")
    if not re.fullmatch(r"[!-~]+", value) or len(value) > _LONGEST_ADDRESS or not _names_host(parts.netloc):
        raise ValueError("is no web address that can be used")
    return value.rstrip("/")


def _names_host(authority: str) -> bool:
    """Tell whether what stands before an address's path is the name or number of a host, and perhaps a port."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None or found["ipv6"] is None:
        return found is not None
    try:
        ipaddress.ip_address(found["ipv6"])
    except ValueError:  # pragma: no cover - from Python 3.11.4 on, `urlsplit` has refused it already
        return False
    return True


def slack_api_address(value: str) -> str:
    """Return a base address of the Web API with the one slash at its end that its client expects."""
    return base_address(value) + "/"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        # Not chained, and in other words: the library's own may quote the address.
        raise ValueError("is no web address") from None
    return parts


def channel_id(value: str) -> str:
    """Check the id of a channel: `C` or `G`, and capitals and digits."""
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        raise ValueError("is not the id of a channel, which begins with C or G")
    return value


def what_is_wrong(detail: ErrorDetails) -> str:
    """Return what pydantic found wrong with a value, as the middle of a sentence and without the value."""
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    if detail["type"] == "int_parsing_size":
        return "is far too large"
    return detail["msg"].partition(", unable")[0].replace("Input should be", "must be")
