"""A Slack workspace on this machine, to test and to try the bot against."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.sandbox.slack.delivery import Answer, Delivery
from bot.sandbox.slack.driver import Actor
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.feed import Feed
from bot.sandbox.slack.gestures import Gestures
from bot.sandbox.slack.journal import Exchange, Journal
from bot.sandbox.slack.methods_chat import ChatMethods
from bot.sandbox.slack.methods_people import PeopleMethods
from bot.sandbox.slack.methods_views import ViewMethods
from bot.sandbox.slack.people import Channel, Json, Person
from bot.sandbox.slack.response_urls import ResponseUrls
from bot.sandbox.slack.signatures import signed_headers
from bot.sandbox.slack.socket_mode import PING_SECONDS, Sockets
from bot.sandbox.slack.state import State
from bot.sandbox.slack.web_api import WebApi

ANSWER_SECONDS = 3.0
MAX_REQUEST_BYTES = 8 * 1024 * 1024
SCOPES = frozenset(
    {
        "channels:read",
        "chat:write",
        "commands",
        "groups:read",
        "im:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)


@dataclass(slots=True, kw_only=True)
class Workspace:
    """A running workspace.

    Attributes:
        url: the base of its Web API, with a slash at the end: what `SLACK_API_URL` is set to.
        bot_token: the app's bot token.
        app_token: its app-level token, for Socket Mode.
        signing_secret: what its requests are signed with.
        scopes: what the bot token may do; change it at any time.
        state: people, channels, messages, views.
        gestures: what people do, by ids: for a page.
        sockets: the Socket Mode connections, to cut or to mute.
        faults: orders faults of Slack's own.
        events: sends events to the bot.
    """

    url: str
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    scopes: set[str]
    state: State
    gestures: Gestures
    sockets: Sockets
    faults: Faults
    events: Events
    journal: Journal
    delivery: Delivery
    _actors: dict[str, Actor]
    _wait_seconds: float

    @property
    def request_url(self) -> str | None:
        """Where the bot listens for signed requests; while it is None everything goes over Socket Mode."""
        return self.delivery.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.delivery.request_url = url

    @property
    def calls(self) -> list[Exchange]:
        """Every exchange between Slack and the bot so far, in order, secrets masked."""
        return self.journal.exchanges

    @property
    def feed(self) -> Feed:
        """Announces every change; `feed.subscribe()` gives a queue of them."""
        return self.state.feed

    def calls_of(self, name: str) -> list[Exchange]:
        """Return the exchanges of a method (`views.open`), or of a kind (`response_url`, `block_actions`)."""
        return [one for one in self.calls if name in (one.name, one.kind)]

    def everything_received(self) -> str:
        """Return all that the bot sent, as it came, for a search: bodies, queries and answers; no headers."""
        return self.journal.everything_received()

    def person(self, who: str) -> Actor:
        """Return somebody to act as, by name or id; always the same one for a person."""
        person = self.state.person(who)
        if person.id not in self._actors:
            self._actors[person.id] = Actor(person.id, self.state, self.gestures, self._wait_seconds)
        return self._actors[person.id]

    def add_person(self, person: Person, *, channels: Iterable[str] = ("geral",)) -> Actor:
        """Let somebody join."""
        self.state.people[person.id] = person
        for channel in channels:
            self.state.channel(channel).members.add(person.id)
        return self.person(person.id)

    def add_channel(self, name: str, members: Iterable[str], *, is_private: bool = False) -> Channel:
        """Make a channel with these people in it, by name or id; the bot's name is `invoicexpress`."""
        id_ = self.state.new_id("C")
        ids = {self.state.person(who).id for who in members}
        self.state.channels[id_] = Channel(id=id_, name=name, members=ids, is_private=is_private)
        return self.state.channels[id_]

    def sign(self, body: bytes, *, content_type: str, timestamp: int | None = None) -> dict[str, str]:
        """Return the headers that Slack gives a body, now or at another time (seconds since 1970)."""
        return signed_headers(self.signing_secret, body, content_type=content_type, timestamp=timestamp)

    async def send(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send the bot bytes as they are: a forged, unsigned, old or malformed request."""
        return await self.delivery.send_raw(body, headers)

    async def repeat(self, exchange: Exchange) -> Answer:
        """Send the bot a request a second time, as a redelivery or an old button would; the screen stays as it is."""
        return await self.delivery.send(exchange.kind, exchange.name, exchange.request)

    async def event(self, content: Json) -> Answer:
        """Send the bot an event."""
        return await self.events.tell(content)

    async def aclose(self) -> None:
        """Close whatever is open towards the bot."""
        await self.events.aclose()
        await self.sockets.aclose()
        await self.delivery.aclose()


def _built(
    state: State,
    *,
    answer_seconds: float,
    wait_seconds: float,
    ping_seconds: float,
    scopes: set[str],
    commands: frozenset[str],
) -> Workspace:
    bot_token, app_token = f"xoxb-{secrets.token_hex(16)}", f"xapp-{secrets.token_hex(16)}"
    signing_secret = secrets.token_hex(16)
    journal = Journal(state.clock, state.feed, (bot_token, app_token, signing_secret))
    sockets = Sockets(journal, state.feed, ping_seconds)
    delivery = Delivery(journal, sockets, signing_secret, answer_seconds)
    events = Events(delivery, state.clock, signing_secret)
    return Workspace(
        url="",
        bot_token=bot_token,
        app_token=app_token,
        signing_secret=signing_secret,
        scopes=scopes,
        state=state,
        gestures=Gestures(state, delivery, events, commands),
        sockets=sockets,
        faults=Faults(),
        events=events,
        journal=journal,
        delivery=delivery,
        _actors={},
        _wait_seconds=wait_seconds,
    )


def _application(workspace: Workspace) -> web.Application:
    state = workspace.state
    api = WebApi(
        endpoints=PeopleMethods(state, workspace.sockets).endpoints()
        | ChatMethods(state, workspace.scopes).endpoints()
        | ViewMethods(state).endpoints(),
        tokens={workspace.bot_token: "bot", workspace.app_token: "app"},
        scopes=workspace.scopes,
        journal=workspace.journal,
        faults=workspace.faults,
        clock=state.clock,
    )
    urls = ResponseUrls(state, workspace.journal, workspace.faults, state.clock)
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    app.router.add_route("*", "/api/{method}", api.handle)
    app.router.add_get("/link/", workspace.sockets.handle)
    app.router.add_post("/{kind:commands|actions|app}/{number}/{secret}", urls.handle)
    return app


@asynccontextmanager
async def serve_workspace(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Clock | None = None,
    answer_seconds: float = ANSWER_SECONDS,
    wait_seconds: float = 5.0,
    ping_seconds: float = PING_SECONDS,
    scopes: Iterable[str] = SCOPES,
    commands: Iterable[str] = (),
) -> AsyncIterator[Workspace]:
    """Serve a workspace until the block ends.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        clock: what trigger ids, response URLs, timestamps and repeated events go by.
        answer_seconds: how long Slack waits for the bot's answer, in real seconds.
        wait_seconds: how long the people of `Workspace.person` wait for what they expect, in real seconds.
        ping_seconds: how long a Socket Mode connection may be silent before it is pinged, in real seconds.
        scopes: what the bot token may do.
        commands: the app's slash commands; without any, every command goes to the bot.
    """
    state = State(clock or SystemClock())
    workspace = _built(
        state,
        answer_seconds=answer_seconds,
        wait_seconds=wait_seconds,
        ping_seconds=ping_seconds,
        scopes=set(scopes),
        commands=frozenset(commands),
    )
    runner = web.AppRunner(_application(workspace), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        base_url = f"http://{host}:{runner.addresses[0][1]}"
        state.grants.base_url = base_url
        workspace.url = f"{base_url}/api/"
        yield workspace
    finally:
        await workspace.aclose()
        await runner.cleanup()
