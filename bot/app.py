"""The composition root: every part built once, the slices' routes registered with Bolt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Final

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult

from bot import clients, home, items
from bot.audit import Audit
from bot.catalog import Catalog, CatalogStatus
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.errors import StartFailed
from bot.health import BotState
from bot.history import History
from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.pulse import BEAT_SECONDS, Pulse
from bot.recovery import SETTLE_SECONDS, Recovery
from bot.recurring import Recurring
from bot.scrubber import Scrubber
from bot.services import Services
from bot.slack.boundary import Boundary
from bot.slack.calling import CALL_SECONDS, web_client
from bot.slack.directory import Directory
from bot.slack.failures import CALL_FAILURES, in_words
from bot.slack.listening import bolt_app
from bot.slack.replies import Slack
from bot.slack.retries import retry_handlers
from bot.slack.routing import Route, RouteTable
from bot.slack.tasks import Tasks

USAGES: Final = (items.USAGE, clients.USAGE)
ROUTES: Final[tuple[Route, ...]] = (
    *items.ROUTES,
    *clients.ROUTES,
    *home.routes((*items.SHORTCUTS, *clients.SHORTCUTS), USAGES),
)
_SLACK_CONNECTIONS: Final = 50


class SlackBot:
    """The bot, ready to be run.

    Attributes:
        bolt: Bolt's application, from which all that it lets through leads to the boundary.
    """

    def __init__(self, settings: Settings, clock: Clock, limits: Limits, routes: Iterable[Route], tasks: Tasks) -> None:
        retries, token = retry_handlers(clock), settings.slack_bot_token.get_secret_value()
        self._client = web_client(settings.slack_api_url, token, retries)
        self._account = _account(settings, clock, limits)
        self._catalog = _catalog(settings, clock, self._account)
        self._history = History(
            settings.records_path, clock, keep_days=settings.history_days, beside=settings.catalog_path
        )
        self._directory = Directory(self._client, clock, settings.policy.groups)
        self._pulse = Pulse(self._client, self._account, clock)
        self._tasks = tasks
        hide = Scrubber(settings.secrets)
        slack, language = Slack(self._client, hide), settings.default_language
        services = Services(self._account, self._catalog, self._history, clock)
        recovery = Recovery(services, self._directory, slack, language)
        self._recurring = (
            Recurring(self._pulse.beat, BEAT_SECONDS, clock),
            Recurring(recovery.look, SETTLE_SECONDS, clock),
        )
        self._audit = Audit(slack, settings.audit_channel, language, clock) if settings.audit_channel else None
        if self._audit is not None:
            self._history.listen(self._audit.post)
        table = RouteTable(routes)
        boundary = Boundary(
            routes=table,
            directory=self._directory,
            slack=slack,
            services=services,
            tasks=tasks,
            policy=settings.policy,
            default_language=language,
        )
        self._installed: AuthorizeResult | None = None
        self._address, self._name, self._started = settings.base_url, "", False
        self._log = structlog.get_logger(__name__)
        self.bolt = bolt_app(
            client=web_client(settings.slack_api_url, None, retries),
            installed=self._who_we_are,
            answer=boundary.answer,
            events=table.events,
            hide=hide,
        )

    async def start(self) -> None:
        """Ask Slack who we are, open the local copy and begin to keep it fresh.

        Raises:
            StartFailed: where Slack refuses the token or can't be reached.
        """
        self._client.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_SLACK_CONNECTIONS),
            # The library's own time-out does not reach a session that it is given.
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS),
        )
        try:
            who = await self._client.auth_test()
        except CALL_FAILURES as error:
            raise StartFailed(
                f"{in_words(error)}: check SLACK_BOT_TOKEN and the network with `python -m bot check`."
            ) from None
        self._installed = AuthorizeResult.from_auth_test_response(bot_token=self._client.token, auth_test_response=who)
        self._name = f"@{who.get('user')} in {who.get('team')}"
        self._directory.belongs_to(who["team_id"], who.get("enterprise_id") or "")
        self._pulse.slack_answered()
        await self._history.open()
        await self._catalog.open()
        self._catalog.start()
        for work in self._recurring:
            work.start()
        self._started = True

    async def finish_writing(self, seconds: float) -> None:
        """Begin nothing new that writes, wait so long for what does, and leave the data directory to another process.

        What only reads goes on.
        """
        self._history.refuse_more()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(self._tasks.until(self._is_quiet), *(work.stop() for work in self._recurring))
        except TimeoutError:
            await self.drain(0)
        await self._history.end_writing()
        await self._catalog.end_writing()

    def _is_quiet(self) -> bool:
        return self._history.is_quiet and self._catalog.is_quiet

    async def drain(self, seconds: float) -> None:
        """Refuse new work, and wait so long for the running work."""
        late = await self._tasks.drain(seconds)
        if late:
            self._log.error("work was cut off", tasks=late)

    async def aclose(self) -> None:
        """Close whatever is open; what fails to close keeps nothing else open."""
        async with AsyncExitStack() as stack:
            if self._client.session is not None:
                stack.push_async_callback(self._client.session.close)
            stack.push_async_callback(self._account.aclose)
            if self._audit is not None:
                stack.push_async_callback(self._audit.stop)
            stack.push_async_callback(self._history.aclose)
            stack.push_async_callback(self._catalog.aclose)
            for work in self._recurring:
                stack.push_async_callback(work.stop)

    @property
    def description(self) -> str:
        """As whom it works, in which workspace, and for which account."""
        return f"{self._name}, for {self._address}"

    @property
    def state(self) -> BotState:
        """What it knows of itself."""
        return BotState(
            started=self._started,
            records=self._history.trouble,
            services=self._pulse.services,
            catalog=self._catalog.status,
            requests=self._tasks.running,
        )

    @property
    def copy(self) -> CatalogStatus:
        """The state of the local copy of the account."""
        return self._catalog.status

    def _who_we_are(self) -> AuthorizeResult:
        """Return who we are, from what Slack said at the start, so that no request waits for `auth.test`."""
        if self._installed is None:
            raise RuntimeError("a request came before the start was over")
        return self._installed


def _account(settings: Settings, clock: Clock, limits: Limits) -> InvoiceXpress:
    return InvoiceXpress(
        settings.base_url,
        settings.invoicexpress_api_key,
        requests_per_minute=settings.invoicexpress_requests_per_minute,
        clock=clock,
        limits=limits,
    )


def _catalog(settings: Settings, clock: Clock, account: InvoiceXpress) -> Catalog:
    return Catalog(
        account,
        path=settings.catalog_path,
        clients_on_disk=settings.catalog_clients == "disk",
        refresh_minutes=settings.catalog_refresh_minutes,
        clock=clock,
    )


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    routes: Iterable[Route] = ROUTES,
    tasks: Tasks | None = None,
) -> SlackBot:
    """Build the bot from its settings; nothing is sent before `start`.

    Args:
        settings: what the administrator chose.
        clock: the time.
        limits: how patient the bot is with InvoiceXpress.
        routes: what leads where.
        tasks: how much work may run at once.
    """
    return SlackBot(settings, clock or SystemClock(), limits or Limits(), routes, tasks or Tasks())
