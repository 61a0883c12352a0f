"""Connections that break without a word."""

from __future__ import annotations

from aiohttp import web


def break_off(request: web.Request) -> None:
    """Break the connection of a request, with no answer and no farewell."""
    transport = request.transport
    if transport is not None:  # pragma: no branch - it is None only once the connection is gone
        transport.abort()
