"""The proxy that the machine prescribes, as in a company that has no other way out."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(address: str) -> str | None:
    """Return the proxy for an address (`HTTPS_PROXY`, `NO_PROXY`); None for this machine's own, and without TLS.

    What travels inside TLS it does not see.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    proxy = getproxies().get("https")
    if not proxy or parts.scheme != "https" or is_loopback(host) or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
