"""The switches of the faults over HTTP, for a page in a browser; these requests are none of the account's.

The server listens on loopback only. Beyond that, a page of another site that is open in the same browser must not be
able to turn them: it cannot send JSON here without being asked first, and it cannot name this host.
"""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from .faults import Faults
from .wire import encode

CONTROL_PATH: Final = "/_sandbox/faults"
"""GET answers all switches as JSON; POST takes some of them and answers all; DELETE clears every fault."""


def is_loopback(host: str) -> bool:
    """Tell whether a host, by name or by address, is this machine seen from itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def control(request: web.Request, faults: Faults) -> web.Response:
    """Answer a request for the switches."""
    if not is_loopback(request.url.host or ""):
        return _answer({"error": "This is for this machine only."}, HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        if problem := await _turn(request, faults):
            return _answer({"error": problem}, HTTPStatus.BAD_REQUEST)
    elif request.method == "DELETE":
        faults.clear()
    elif request.method != "GET":
        return _answer({"error": "GET, POST or DELETE."}, HTTPStatus.METHOD_NOT_ALLOWED)
    return _answer(faults.switches.model_dump(), HTTPStatus.OK)


async def _turn(request: web.Request, faults: Faults) -> str | None:
    """Turn the switches that a request names; return what is wrong with it."""
    if request.content_type != "application/json":
        return "The body must be JSON."
    try:
        changes = await request.json()
        if not isinstance(changes, dict):
            return "The body must be an object."
        faults.switch(**changes)
    except ValidationError as refusal:
        return "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in refusal.errors())
    except (ValueError, RecursionError):
        return "The body must be JSON."
    return None


def _answer(body: object, status: HTTPStatus) -> web.Response:
    return web.Response(text=encode(body), status=status, content_type="application/json")
