"""What the page is told: everything at first, then what changed, as server-sent events.

The page asks for them once, as one person. When the connection breaks it asks again and gets everything anew, so
nothing has to be kept for it meanwhile. Source: the HTML standard, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from bot.sandbox.manifest import COMMANDS
from bot.sandbox.page import faults, inspector
from bot.sandbox.page.faults import FaultButtons
from bot.sandbox.page.inspector import Inspector
from bot.sandbox.page.shown import channels_json, home_json, message_json, person_json, views_json
from bot.sandbox.slack import Workspace
from bot.sandbox.slack.feed import Change
from bot.sandbox.slack.people import HOME_TEAM

Json = dict[str, Any]

CLEARED: Final = "cleared"
"""The kind of change under which the workspace's feed announces that the inspector was emptied."""
_RETRY_MS: Final = 1000


class News:
    """Tells pages what they show.

    Args:
        workspace: the workspace.
        inspector: the exchanges.
        buttons: the faults.
        players: the ids of the people whom one can be on the page.
    """

    def __init__(
        self, workspace: Workspace, inspector_: Inspector, buttons: FaultButtons, players: tuple[str, ...]
    ) -> None:
        self._workspace = workspace
        self._state = workspace.state
        self._inspector = inspector_
        self._buttons = buttons
        self._players = players
        self._streams: set[asyncio.Task[Any]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a page that asks as `?person=` (somebody unknown is the first of the players), until it goes away."""
        asked = request.query.get("person", "")
        person = asked if asked in self._players else self._players[0]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        task = asyncio.create_task(self._tell(response, person))
        self._streams.add(task)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            self._streams.discard(task)
        if not task.cancelled():
            task.result()
        return response

    async def aclose(self) -> None:
        """End every connection; a page would otherwise hold up the end."""
        for task in self._streams:
            task.cancel()

    async def _tell(self, response: web.StreamResponse, person: str) -> None:
        with self._workspace.feed.subscribe() as queue:
            try:
                await response.write(f"retry: {_RETRY_MS}\n\n".encode())
                await response.write(_event("everything", self.everything(person)))
                while True:
                    news = self.changed(person, await _batch(queue))
                    if news:
                        await response.write(_event("changed", news))
            except ConnectionError:
                return  # the page is gone

    def everything(self, person: str) -> Json:
        """Return all that somebody's page shows."""
        state = self._state
        return {
            "workspace": HOME_TEAM.name,
            "me": person,
            "players": list(self._players),
            "people": [person_json(one) for one in state.people.values()],
            "groups": [{"id": group.id, "handle": group.handle} for group in state.groups.values()],
            "channels": channels_json(state, person),
            "commands": [asdict(command) for command in COMMANDS],
            "messages": [message_json(message, person) for message in state.visible(person)],
            "views": views_json(state, person),
            "home": home_json(state, person),
            "exchanges": self._inspector.summaries(),
            "faults": self._buttons.shown(),
        }

    def changed(self, person: str, changes: Iterable[Change]) -> Json:
        """Return what of somebody's page changed, in the same shapes; nothing where none of it did."""
        news: Json = {}
        ids: dict[str, None] = {}
        for change in changes:
            if change.kind == CLEARED:
                news["cleared"] = True
            elif change.kind in ("exchange", inspector.CHANGE):
                ids[f"s{change.id}" if change.kind == "exchange" else change.id] = None
            elif change.kind in (faults.CHANGE, "socket"):
                news["faults"] = self._buttons.shown()
            elif change.person in (None, person):
                self._add(news, person, change)
        exchanges = [summary for id_ in ids if (summary := self._inspector.summary(id_)) is not None]
        return news | ({"exchanges": exchanges} if exchanges else {})

    def _add(self, news: Json, person: str, change: Change) -> None:
        if change.kind in ("view", "view_closed"):
            news["views"] = views_json(self._state, person)
        elif change.kind == "home":
            news["home"] = home_json(self._state, person)
        elif change.channel is not None and person in self._state.channels[change.channel].members:
            message = self._state.messages.find(change.channel, change.id)
            if message is None:
                news.setdefault("removed", []).append(change.id)
            else:
                news.setdefault("messages", {})[change.id] = message_json(message, person)


async def _batch(queue: asyncio.Queue[Change]) -> list[Change]:
    """Wait for a change, and return it with all that are there by then."""
    changes = [await queue.get()]
    while not queue.empty():
        changes.append(queue.get_nowait())
    return changes


def _event(kind: str, content: Json) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()
