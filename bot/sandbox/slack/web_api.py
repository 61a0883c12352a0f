"""The Web API's front door: arguments, tokens, scopes, faults, and the record of every call.

The documentation's "Using the Slack Web API".
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.hanging_up import break_off
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.people import Json

Method = Callable[[Json], Awaitable[Json]]
_FORM_JSON = frozenset({"blocks", "view", "attachments", "metadata", "unfurls"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method of the Web API.

    Attributes:
        run: takes the arguments and returns the answer without its `ok`.
        scopes: any one of these is needed; none means that every token will do.
        holder: whose token it takes: `bot`, `app` for an app-level token, or `any`.
    """

    run: Method
    scopes: tuple[str, ...] = ()
    holder: str = "bot"


_APP_SCOPES = frozenset({"connections:write"})


@dataclass(slots=True, kw_only=True)
class WebApi:
    """Answers `/api/<method>`.

    Attributes:
        tokens: which kind each valid token is of.
        scopes: what the bot's token may do; a test can change it.
    """

    endpoints: dict[str, Endpoint]
    tokens: dict[str, str]
    scopes: set[str]
    journal: Journal
    faults: Faults
    clock: Clock

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        started = time.perf_counter()
        method = request.match_info["method"]
        body = await request.text()
        self.journal.received(f"{request.query_string}\n{body}")
        problem, args = None, dict(request.query)
        try:
            args |= arguments(request.content_type, body)
        except SlackError as error:
            problem = error
        token = bearer(request) or args.pop("token", None)
        args.pop("token", None)
        exchange = self.journal.begin("from_bot", "api", method, args)
        fault = self.faults.take(method)
        if fault is not None:
            await wait_out(fault, self.clock)
        answer, status, headers = await self._answer(method, args, token, problem or failure(fault))
        lost = fault is not None and fault.cut
        self.journal.finish(
            exchange,
            status=None if lost else status,
            response=answer,
            error="connection_cut" if lost else answer.get("error"),
            ms=round((time.perf_counter() - started) * 1000, 2),
        )
        return hung_up(request) if lost else web.json_response(answer, status=status, headers=headers)

    async def _answer(
        self, method: str, args: Json, token: str | None, problem: SlackError | None
    ) -> tuple[Json, int, dict[str, str]]:
        headers = self._scope_headers(method, token)
        try:
            if problem is not None:
                raise problem
            endpoint = self._admitted(method, token)
            return {"ok": True, **await endpoint.run(args)}, 200, headers
        except SlackError as error:
            if error.retry_after is not None:
                headers["Retry-After"] = str(error.retry_after)
            return refusal(error), error.status, headers

    def _scope_headers(self, method: str, token: str | None) -> dict[str, str]:
        headers = {}
        if token in self.tokens:
            scopes = self.scopes if self.tokens[token] == "bot" else _APP_SCOPES
            headers["x-oauth-scopes"] = ",".join(sorted(scopes))
        if method in self.endpoints and self.endpoints[method].scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(self.endpoints[method].scopes)
        return headers

    def _admitted(self, method: str, token: str | None) -> Endpoint:
        endpoint = self.endpoints.get(method)
        if endpoint is None:
            raise SlackError("unknown_method")
        if not token:
            raise SlackError("not_authed")
        kind = self.tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if endpoint.holder not in (kind, "any"):
            raise SlackError("not_allowed_token_type")
        if endpoint.scopes and not self.scopes.intersection(endpoint.scopes):
            provided = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=endpoint.scopes[0], provided=provided)
        return endpoint


def refusal(error: SlackError) -> Json:
    """Return an error as the Web API writes it."""
    answer: Json = {"ok": False, "error": error.code, **error.more}
    if error.messages:
        if error.code == "invalid_blocks":
            answer["errors"] = error.messages
        answer["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in error.messages]}
    return answer


def bearer(request: web.Request) -> str | None:
    """Return the token of the Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" and token else None


def arguments(content_type: str, body: str) -> Json:
    """Return the arguments in a body, form or JSON; what a form carries as JSON is read.

    Raises:
        SlackError: `invalid_json`, `json_not_object` or `invalid_form_data`.
    """
    if not body:
        return {}
    if content_type == "application/json":
        content = _loaded(body, "invalid_json")
        if not isinstance(content, dict):
            raise SlackError("json_not_object")
        return {key: _inner(key, value) for key, value in content.items()}
    if content_type != "application/x-www-form-urlencoded":
        raise SlackError("invalid_form_data")
    return {key: _inner(key, value) for key, value in parse_qsl(body, keep_blank_values=True)}


def _inner(key: str, value: Any) -> Any:
    if key in _FORM_JSON and isinstance(value, str):
        return _loaded(value, "invalid_blocks_format" if key == "blocks" else "invalid_arguments")
    return value


def _loaded(text: str, code: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise SlackError(code) from None


def failure(fault: Fault | None) -> SlackError | None:
    """Return the error that a fault answers."""
    if fault is None or (fault.cut and fault.done):
        return None
    if fault.retry_after is not None:
        return SlackError("ratelimited", status=429, retry_after=fault.retry_after)
    if fault.error is None and not fault.cut:
        return None
    return SlackError(fault.error or "connection_cut", status=fault.status)


async def wait_out(fault: Fault, clock: Clock) -> None:
    """Wait as long as a fault asks."""
    if fault.delay:
        await clock.sleep(fault.delay)
    if fault.hold is not None:
        await fault.hold.wait()


def hung_up(request: web.Request) -> web.StreamResponse:
    """Break the connection; what is returned goes nowhere."""
    break_off(request)
    return web.Response(status=500)
