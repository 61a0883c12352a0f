"""The key is in no log line, error or repr, while everything goes wrong that can."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import traceback
from collections.abc import Iterator, Sequence
from decimal import Decimal
from urllib.parse import quote, quote_plus

import httpx
import pytest
import structlog

from bot.errors import BotError
from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.invoicexpress.models import ItemDraft
from tests.invoicexpress.support import CUT, KEY, Reply, Service, account_at, answered, on_loopback, until

CODINGS = {KEY, quote(KEY), quote(KEY, safe=""), quote_plus(KEY), json.dumps(KEY)[1:-1], repr(KEY)[1:-1], KEY[:6]}
DRAFT = ItemDraft(name="Café", unit_price=Decimal("1.2"))
LIMITS = Limits(attempts=1, failures=1000, read=0.02)


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.events: Sequence[object] = ()
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def text(self) -> str:
        return "\n".join([*self.lines, *map(repr, self.events)])


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Everything that is logged, at DEBUG, by anybody."""
    handler, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with structlog.testing.capture_logs() as handler.events:
        yield handler
    root.removeHandler(handler)
    root.setLevel(level)


async def use(account: InvoiceXpress) -> str:
    """Try every operation; return what its errors show, with their tracebacks and everything that hangs on them."""
    shown = [repr(account), repr(vars(account))]
    for operation in (
        account.list_items(),
        account.get_item(1),
        account.create_item(DRAFT),
        account.update_item(1, DRAFT),
        account.delete_item(1),
        account.list_clients(),
        account.get_client(1),
        account.find_client_by_name("Silva"),
        account.find_client_by_code("7"),
        account.list_taxes(),
    ):
        try:
            await operation
        except BotError as error:
            shown += [repr(error), str(error), repr(error.__context__), repr(error.__cause__)]
            shown += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    return "\n".join(shown)


def assert_hidden(text: str) -> None:
    assert not [coding for coding in CODINGS if coding in text]


REPLIES = {
    "fine": answered(200, {"item": {"id": 1, "unit_price": 1}}),
    "cut": CUT,
    "half": Reply(200, b"{", whole=False),
    "silent": Reply(gate=asyncio.Event()),
    "garbled": Reply(200, b"x", {"content-encoding": "gzip"}),
    "html": Reply(500, b"<html>"),
} | {str(status): answered(status, {"error": "no"}) for status in (201, 302, 400, 401, 404, 422, 429, 500, 503, 530)}


@pytest.mark.parametrize("name", REPLIES)
async def test_whatever_the_service_answers(heard: Heard, name: str) -> None:
    limits = LIMITS if name == "silent" else Limits(attempts=2, failures=1000)
    async with on_loopback(REPLIES[name]) as service, account_at(service.url, limits=limits) as account:
        shown = await use(account)
    assert service.received[0].query["api_key"] == KEY
    assert "/items/1.json" in heard.text()
    assert any(line.startswith("httpcore") for line in heard.lines)
    assert_hidden(shown)
    assert_hidden(heard.text())


async def test_whatever_the_network_does(heard: Heard) -> None:
    for error in (
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.RemoteProtocolError,
        httpx.PoolTimeout,
    ):

        def fail(request: httpx.Request, error: type[httpx.TransportError] = error) -> httpx.Response:
            raise error(f"failed at {request.url}", request=request)

        async with account_at(transport=httpx.MockTransport(fail), limits=LIMITS) as account:
            assert_hidden(await use(account))
    async with account_at("http://127.0.0.1:1", limits=LIMITS) as account:
        assert_hidden(await use(account))
    assert_hidden(heard.text())


async def test_a_cancelled_request(heard: Heard) -> None:
    async with on_loopback(REPLIES["fine"]) as service:
        service.replies = [Reply(gate=asyncio.Event())]
        async with account_at(service.url) as account:
            task = asyncio.create_task(account.get_item(1))
            await until(lambda: bool(service.received))
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    assert_hidden(heard.text())


def test_the_search_would_find_it() -> None:
    with pytest.raises(AssertionError):
        assert_hidden(f"GET /items.json?api_key={quote(KEY, safe='')}")


async def test_the_request_that_httpx_knows_has_no_key() -> None:
    service = Service(REPLIES["fine"])
    async with account_at(transport=httpx.MockTransport(service.handle)) as account:
        await account.get_item(1)
    assert service.received[0].query == {"api_key": KEY}
