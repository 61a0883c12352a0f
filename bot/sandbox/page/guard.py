"""Who may drive the page: the browser window that shows it, and no other page in the same browser.

A page of another site can send requests to this machine, too. It cannot choose the Host header that a browser sends
(which stops a name that was pointed at 127.0.0.1 afterwards), it cannot pretend to another Origin, and it cannot send
JSON without being asked first. Sources: the Fetch standard ("Origin", "Sec-Fetch-Site"), Content Security Policy 3.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_NAMES: Final = ("127.0.0.1", "localhost")


async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that do not come from the page itself.

    Raises:
        web.HTTPForbidden: another name than this machine's, or another site's page.
        web.HTTPUnsupportedMediaType: a POST of something else than JSON.
    """
    port = request.transport.get_extra_info("sockname")[1] if request.transport else None
    hosts = {f"{name}:{port}" for name in _NAMES} | ({*_NAMES} if port == 80 else set())  # noqa: PLR2004 - HTTP's own
    if request.headers.get("Host", "") not in hosts:
        raise web.HTTPForbidden(text="This page is for this machine only.")
    origin = request.headers.get("Origin")
    asks_api = request.path.startswith("/api/")
    if origin is None:
        # Browsers name the origin of every POST; a GET without one shows its site here.
        foreign = request.method == "POST" or (
            asks_api and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
        )
    else:
        foreign = origin not in {f"http://{host}" for host in hosts}
    if foreign:
        raise web.HTTPForbidden(text="Only the page itself may ask this.")
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that keep the page to itself."""
    response.headers.update(HEADERS)
