from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
import trustme
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.invoicexpress.errors import NotFound, OutcomeUnknown, Rejected, Unavailable, UnexpectedAnswer
from bot.invoicexpress.models import ItemDraft
from tests.invoicexpress.support import (
    CUT,
    KEY,
    Reply,
    Service,
    account_at,
    account_of,
    answered,
    listening,
    on_loopback,
)

DRAFT = ItemDraft(name="Café", unit_price=Decimal("1.2"))
ITEM = answered(200, {"item": {"id": 1, "name": "Café", "unit_price": "24.3902"}})
LONG = b'{"item": {"id": 1, "unit_price": 1, "name": "' + b"x" * 1000 + b'"}}'
NO_LOOPBACK = "0.0.0.0"  # noqa: S104 - connected to, not bound to: this machine by an address that does not say so
HASTY = Limits(attempts=1, failures=100, read=0.05)


async def test_a_request_as_it_arrives() -> None:
    async with on_loopback(ITEM, ITEM, answered(404)) as service, account_at(service.url) as account:
        await account.get_item(1)
        await account.update_item(1, DRAFT)
        await account.find_client_by_code("a&b=c é/?#")
    get, put, find = service.received
    assert (get.method, get.path, get.query, get.body) == ("GET", "/items/1.json", {"api_key": KEY}, b"")
    assert get.headers["accept"] == "application/json"
    assert "content-type" not in get.headers
    assert (put.method, put.path, put.query) == ("PUT", "/items/1.json", {"api_key": KEY})
    assert put.headers["content-type"] == "application/json"
    assert find.query == {"client_code": "a&b=c é/?#", "api_key": KEY}
    for request in service.received:
        assert "api_key" not in str(request.headers)


async def test_connections_are_used_again() -> None:
    opened = 0
    service = Service(ITEM)

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await service.serve(reader, writer)

    async with listening(count) as port, account_at(f"http://127.0.0.1:{port}") as account:
        for _ in range(5):
            await account.get_item(1)
    assert (opened, len(service.received)) == (1, 5)


async def test_a_redirect_is_not_followed_and_its_cookie_not_kept() -> None:
    moved = answered(302, None, location="/elsewhere?api_key=x", set_cookie="session=1")
    async with on_loopback(moved, ITEM) as service, account_at(service.url) as account:
        with pytest.raises(UnexpectedAnswer) as caught:
            await account.get_item(1)
        await account.get_item(1)
    assert caught.value.status == 302
    assert [request.path for request in service.received] == ["/items/1.json"] * 2
    assert "cookie" not in service.received[1].headers


@pytest.mark.parametrize("location", ["http://[", "https://example.com:99999/", "\x7f"])
async def test_a_redirect_to_nowhere_is_no_broken_connection(location: str) -> None:
    async with account_of(Service(answered(301, None, location=location))) as account:
        with pytest.raises(UnexpectedAnswer):
            await account.get_item(1)


async def test_a_connection_that_breaks_before_the_answer() -> None:
    async with on_loopback(CUT) as service, account_at(service.url, limits=HASTY) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        with pytest.raises(OutcomeUnknown):
            await account.create_item(DRAFT)
        with pytest.raises(OutcomeUnknown):
            await account.update_item(1, DRAFT)
    assert len(service.received) == 3


async def test_a_read_that_breaks_in_mid_answer_is_asked_again() -> None:
    half = Reply(200, b'{"item": {"id": 1,', whole=False)
    async with on_loopback(half, ITEM) as service, account_at(service.url) as account:
        assert (await account.get_item(1)).unit_price == Decimal("24.3902")
    assert len(service.received) == 2


async def test_a_status_counts_even_if_the_rest_is_cut_off() -> None:
    async with on_loopback(Reply(200, b"", whole=False)) as service, account_at(service.url) as account:
        with pytest.raises(OutcomeUnknown):
            await account.update_item(1, DRAFT)
        service.replies = [Reply(404, b"<html>", whole=False)]
        with pytest.raises(NotFound):
            await account.get_item(1)
        service.replies = [Reply(422, b'{"error": "Nome n', whole=False)]
        with pytest.raises(Rejected) as caught:
            await account.update_item(1, DRAFT)
        service.replies = [Reply(201, b'{"item": {"id": 1', whole=False)]
        with pytest.raises(OutcomeUnknown):
            await account.create_item(DRAFT)
    assert caught.value.messages == ()
    assert len(service.received) == 4


async def test_a_service_that_does_not_answer_in_time() -> None:
    silence = Reply(gate=asyncio.Event())
    async with on_loopback(silence) as service, account_at(service.url, limits=HASTY) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        with pytest.raises(OutcomeUnknown):
            await account.create_item(DRAFT)
    assert len(service.received) == 2


async def test_a_service_that_answers_for_ever() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)

    limits = Limits(attempts=1, answer=0.1)
    async with listening(drip) as port, account_at(f"http://127.0.0.1:{port}", limits=limits) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        with pytest.raises(OutcomeUnknown):
            await account.update_item(1, DRAFT)


async def test_nobody_listens() -> None:
    async with listening(Service(ITEM).serve) as port:
        pass
    async with account_at(f"http://127.0.0.1:{port}", limits=Limits(attempts=2)) as account:
        with pytest.raises(Unavailable):
            await account.create_item(DRAFT)
        with pytest.raises(Unavailable):
            await account.delete_item(1)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, LONG),
        Reply(200, gzip.compress(LONG), {"content-encoding": "gzip"}),
        Reply(200, b"this is no gzip", {"content-encoding": "gzip"}),
        Reply(200, gzip.compress(ITEM.body)[:-9], {"content-encoding": "gzip"}),
        Reply(200, gzip.compress(gzip.compress(ITEM.body)), {"content-encoding": "gzip, gzip"}),
        Reply(200, zlib.compress(ITEM.body), {"content-encoding": "deflate"}),
        Reply(200, ITEM.body, {"content-encoding": "br"}),
    ],
)
async def test_a_body_that_is_too_long_or_garbled_is_no_body(reply: Reply) -> None:
    async with on_loopback(reply) as service, account_at(service.url, limits=Limits(body=1000)) as account:
        with pytest.raises(UnexpectedAnswer):
            await account.get_item(1)
        with pytest.raises(OutcomeUnknown):
            await account.update_item(1, DRAFT)
        with pytest.raises(OutcomeUnknown):
            await account.create_item(DRAFT)
    assert len(service.received) == 3


async def test_what_a_few_kilobytes_unpack_to_is_bounded() -> None:
    bomb = gzip.compress(bytes(300_000_000), 9)
    tracemalloc.start()
    try:
        async with (
            on_loopback(Reply(200, bomb, {"content-encoding": "gzip"})) as service,
            account_at(service.url) as account,
        ):
            with pytest.raises(UnexpectedAnswer):
                await account.get_item(1)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("length", "is_read"), [(250_000, True), (250_001, False)])
async def test_an_answer_about_one_record_is_bounded(length: int, is_read: bool) -> None:  # noqa: FBT001 - a case
    body = ITEM.body.ljust(length)
    async with on_loopback(Reply(200, body)) as service, account_at(service.url) as account:
        if is_read:
            assert (await account.get_item(1)).name == "Café"
        else:
            with pytest.raises(UnexpectedAnswer):
                await account.get_item(1)


async def test_a_compressed_body_is_read() -> None:
    body = gzip.compress(ITEM.body)
    async with (
        on_loopback(Reply(200, body, {"content-encoding": "gzip"})) as service,
        account_at(service.url) as account,
    ):
        assert (await account.get_item(1)).name == "Café"


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.app.invoicexpress.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://",
        "acme",
        "",
        "http://[",
        "https://xn--",
        "https://acme.app.invoicexpress.com:port",
    ],
)
def test_the_key_is_sent_to_no_odd_address(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        InvoiceXpress(address, SecretStr(KEY))


@pytest.mark.parametrize(
    "address", ["http://localhost:1", "http://127.0.0.1", "http://127.8.8.8:8", "http://[::1]:80/", "https://x.y"]
)
async def test_an_address_of_this_machine_needs_no_tls(address: str) -> None:
    async with account_at(address):
        pass


@pytest.mark.parametrize("spoil", ["verify", "hostname", "off"])
def test_verification_cannot_be_switched_off(spoil: str) -> None:
    verify: ssl.SSLContext | bool = False
    if spoil != "off":
        verify = ssl.create_default_context()
        verify.check_hostname = False
        verify.verify_mode = ssl.CERT_NONE if spoil == "verify" else ssl.CERT_REQUIRED
    with pytest.raises(ValueError, match="certificate"):
        InvoiceXpress("https://acme.app.invoicexpress.com", SecretStr(KEY), verify=verify)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextlib.asynccontextmanager
async def over_tls(authority: trustme.CA, host: str, *replies: Reply) -> AsyncIterator[tuple[Service, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    service = Service(*replies)
    async with listening(service.serve, ssl=context) as port:
        yield service, port


async def test_a_certificate_that_is_trusted(authority: trustme.CA) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with over_tls(authority, "localhost", ITEM) as (service, port):
        async with account_at(f"https://localhost:{port}", verify=trusting) as account:
            assert (await account.get_item(1)).id == 1
        async with account_at(f"https://localhost:{port}", limits=HASTY) as account:
            with pytest.raises(Unavailable):
                await account.create_item(DRAFT)
        async with account_at(f"https://127.0.0.1:{port}", verify=trusting, limits=HASTY) as account:
            with pytest.raises(Unavailable):
                await account.create_item(DRAFT)
    assert len(service.received) == 1


class Proxy:
    """Opens tunnels, all to one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen += await reader.readuntil(b"\r\n\r\n")
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
        finally:
            back.close()
            with contextlib.suppress(ConnectionError):
                await back.wait_closed()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(1000):
                self.seen += chunk
                writer.write(chunk)
                await writer.drain()
            writer.close()


@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_a_proxy_sees_the_account_and_not_the_key(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with over_tls(authority, "acme.app.invoicexpress.com", ITEM) as (service, port):
        proxy = Proxy(port)
        async with listening(proxy.serve) as proxy_port:
            monkeypatch.setenv("https_proxy", f"{scheme}127.0.0.1:{proxy_port}")
            monkeypatch.setenv("no_proxy", "")
            async with account_at(verify=trusting) as account:
                assert (await account.get_item(1)).id == 1
    assert service.received[0].query == {"api_key": KEY}
    assert proxy.seen.startswith(b"CONNECT acme.app.invoicexpress.com:443 ")
    assert b"api_key" not in proxy.seen


async def test_an_address_of_this_machine_is_spoken_to_directly(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    async with on_loopback(ITEM) as service, account_at(service.url) as account:
        await account.get_item(1)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with (
        over_tls(authority, "localhost", ITEM) as (service, port),
        account_at(f"https://localhost:{port}", verify=trusting) as account,
    ):
        await account.get_item(1)


async def test_an_address_that_the_machine_exempts_is_spoken_to_directly(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", NO_LOOPBACK)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with (
        over_tls(authority, NO_LOOPBACK, ITEM) as (service, port),
        account_at(f"https://{NO_LOOPBACK}:{port}", verify=trusting) as account,
    ):
        await account.get_item(1)
    assert len(service.received) == 1


async def test_on_the_machines_own_time() -> None:
    async with on_loopback(ITEM) as service:
        account = InvoiceXpress(service.url, SecretStr(KEY))
        await account.get_item(1)
        assert account.last_answer is not None
        assert abs((account.last_answer - SystemClock().now()).total_seconds()) < 60
        await account.aclose()


async def test_a_transport_is_closed_with_the_account() -> None:
    class Closing(httpx.MockTransport):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    transport = Closing(Service(ITEM).handle)
    async with account_at(transport=transport):
        assert not transport.closed
    assert transport.closed
