"""Response URLs: the documentation's "Handling user interaction", "Message responses"."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.slack.blockkit import check_message
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.grants import ResponseUrl
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods_people import truthy
from bot.sandbox.slack.people import BOT_USER_ID, Json
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import failure, hung_up, refusal, wait_out


@dataclass(frozen=True, slots=True)
class ResponseUrls:
    """Answers posts to a response URL.

    Five within 30 minutes; ephemeral unless it says `in_channel`, which works where the bot is no member, too.
    Only the URL of a click in a message replaces or deletes that message: to a command's, `replace_original` posts
    another.
    """

    state: State
    journal: Journal
    faults: Faults
    clock: Clock

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one post."""
        started = time.perf_counter()
        body = await request.text()
        self.journal.received(body)
        exchange = self.journal.begin("from_bot", "response_url", request.match_info["kind"], readable(body))
        fault = self.faults.take("response_url")
        if fault is not None:
            await wait_out(fault, self.clock)
        status, headers = 200, {}
        answer: Json = {"ok": True}
        try:
            problem = failure(fault)
            if problem is not None:
                raise problem
            self._respond(request.match_info["secret"], body)
        except SlackError as error:
            status, answer = error.status, refusal(error)
            if error.retry_after is not None:
                headers["Retry-After"] = str(error.retry_after)
        lost = fault is not None and fault.cut
        ms = round((time.perf_counter() - started) * 1000, 2)
        error_code = "connection_cut" if lost else answer.get("error")
        self.journal.finish(exchange, status=None if lost else status, response=answer, error=error_code, ms=ms)
        return hung_up(request) if lost else web.json_response(answer, status=status, headers=headers)

    def _respond(self, secret: str, body: str) -> None:
        url = self.state.grants.answered(secret)
        content = readable(body)
        if not isinstance(content, dict):
            raise SlackError("invalid_payload", status=400)
        origin = self._origin(url)
        if origin is not None and truthy(content.get("delete_original")):
            self.state.remove(origin)
            return
        try:
            check_message(content)
        except SlackError as error:
            raise SlackError(error.code, messages=error.messages, status=400) from None
        if origin is not None and truthy(content.get("replace_original")):
            self.state.edit(origin, text=content.get("text") or "", blocks=content.get("blocks"))
            return
        self._post(url, content)

    def _origin(self, url: ResponseUrl) -> Message | None:
        return self.state.messages.find(url.channel, url.origin) if url.origin else None

    def _post(self, url: ResponseUrl, content: Json) -> None:
        self.state.post(
            url.channel,
            BOT_USER_ID,
            text=content.get("text") or "",
            blocks=content.get("blocks"),
            reader=None if content.get("response_type") == "in_channel" else url.person,
            thread_ts=content.get("thread_ts"),
        )


def readable(body: str) -> object:
    """Return a body's JSON, or the body where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body
