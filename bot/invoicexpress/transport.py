"""One attempt over the network, by httpx. Nothing that is logged or raised here knows the key."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import zlib
from typing import TYPE_CHECKING, Final, cast

import anyio
import httpx
import structlog

from bot.invoicexpress.wire import Answer, Kind, NoAnswer, Request
from bot.proxy import is_loopback, proxy_for

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.clock import Clock
    from bot.invoicexpress.pacing import Limits

log = structlog.get_logger(__name__)

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_KEPT_OPEN: Final = 5.0  # seconds; a connection that was idle for longer may be closing as the next request is written


class KeyAddingTransport(httpx.AsyncBaseTransport):
    """Adds the key to a request at the last moment.

    The documentation wants the key in the query string. The request that httpx knows, logs and names in its errors has
    none; only the copy that goes to the inner transport does. An answer's `Location` may repeat the address and is
    dropped, and so are cookies: the key alone says who we are.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, api_key: SecretStr) -> None:
        self._inner = inner
        self._api_key = api_key

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with the key."""
        response = await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_add_param("api_key", self._api_key.get_secret_value()),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )
        for name in ("location", "set-cookie"):
            response.headers.pop(name, None)
        return response

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


class Sender:
    """Sends requests to one account over one shared pool of connections.

    Args:
        base_url: the account's address: https, or http for a loopback address.
        api_key: the account's key.
        limits: time-outs, connections, and how long a body may be.
        clock: the time, for the log.
        transport: what speaks HTTP; None is the network.
        verify: the certificates that are trusted; True for the usual ones. Verification cannot be switched off.

    Raises:
        ValueError: the address is not one that a key may be sent to, or certificates would not be verified.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        limits: Limits,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        url = _checked(base_url)
        _check_verifies(verify=verify)
        self._limits = limits
        self._clock = clock
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"accept": "application/json", "accept-encoding": "gzip", "user-agent": "invoicexpress-for-slack"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=limits.connect),
            transport=KeyAddingTransport(
                _network(url, limits, verify=verify) if transport is None else transport, api_key
            ),
            follow_redirects=False,
        )

    @property
    def address(self) -> str:
        """The account's address."""
        return str(self._http.base_url)

    async def send(self, request: Request) -> Answer:
        """Make one attempt.

        A write that was answered with a status was answered, even where the body is cut off.

        Raises:
            NoAnswer: no connection, a time-out, or a connection that broke.
        """
        started = self._clock.monotonic()
        outcome = await self._exchange_or_let_go(request)
        said: object = outcome.reason if isinstance(outcome, NoAnswer) else outcome.status
        spent = round((self._clock.monotonic() - started) * 1000, 1)
        log.debug("invoicexpress.attempt", method=request.method, path=request.path, outcome=said, ms=spent)
        if isinstance(outcome, NoAnswer):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _exchange_or_let_go(self, request: Request) -> Answer | NoAnswer:
        """Exchange, and where whoever waits is cancelled, let go in the way of the library below.

        It shields its clearing up with anyio's scopes, which asyncio's own cancellation goes through: hit in the middle
        of that, it would count a connection as in use for ever.
        """
        scope = anyio.CancelScope()

        async def exchange() -> Answer | NoAnswer:
            with scope:
                return await self._exchange(request)
            return NoAnswer("cancelled", reached=True)

        going = asyncio.create_task(exchange())
        try:
            return await asyncio.shield(going)
        except asyncio.CancelledError:
            scope.cancel()
            await asyncio.gather(going, return_exceptions=True)
            raise

    async def _exchange(self, request: Request) -> Answer | NoAnswer:
        """Return what came, or that nothing did; httpx's errors end here, with all that hangs on them."""
        answer: Answer | None = None
        try:
            with anyio.fail_after(self._limits.answer):
                async with self._stream(request) as response:
                    answer = Answer(response.status_code, dict(response.headers), unread=True)
                    body = await _body(response, min(request.most, self._limits.body))
                    return answer if body is None else Answer(answer.status, answer.headers, body)
        except _NEVER_SENT as error:
            return NoAnswer(type(error).__name__, reached=False)
        except (httpx.TransportError, OSError) as error:
            if answer is None or (request.kind is Kind.READ and httpx.codes.is_success(answer.status)):
                waiting = isinstance(error, (httpx.TimeoutException, TimeoutError))
                return NoAnswer(type(error).__name__, reached=True, waiting=waiting)
            return answer

    def _stream(self, request: Request) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        headers = {} if request.body is None else {"content-type": "application/json"}
        return self._http.stream(
            request.method, request.path, params=list(request.query), content=request.body, headers=headers
        )


async def _body(response: httpx.Response, most: int) -> bytes | None:
    """Return the body; None where it is longer than we read, or coded in a way that we did not ask for.

    It is unpacked here and not by httpx, which would unpack a few kilobytes into gigabytes before we could count.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity", "gzip"}:
        return None
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16) if coding == "gzip" else None
    body, came = bytearray(), 0
    try:
        async for chunk in cast("httpx.AsyncByteStream", response.stream):
            came += len(chunk)
            body += unpacking.decompress(chunk, most + 1 - len(body)) if unpacking else chunk
            if max(came, len(body)) > most:
                return None
    except zlib.error:
        return None
    return bytes(body) if unpacking is None or unpacking.eof else None


def _checked(base_url: str) -> httpx.URL:
    """Refuse an address that the key, which stands in every address, must not be sent to."""
    try:
        url = httpx.URL(base_url)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # the second: a coded name (`xn--…`) that cannot be decoded
        raise ValueError("the account's address is not a web address") from None
    if url.scheme == "https" and host:
        return url
    if url.scheme == "http" and is_loopback(host):
        return url
    raise ValueError("the account's address must begin with https://; http:// is for addresses of this machine only")


def _check_verifies(*, verify: ssl.SSLContext | bool) -> None:
    """The documentation's sample code switches verification off. We never do."""
    if isinstance(verify, ssl.SSLContext):
        verify = verify.verify_mode is ssl.CERT_REQUIRED and verify.check_hostname
    if not verify:
        raise ValueError("the service's certificate must be verified")


def _network(url: httpx.URL, limits: Limits, *, verify: ssl.SSLContext | bool) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=verify,
        limits=httpx.Limits(
            max_connections=limits.at_once, max_keepalive_connections=limits.at_once, keepalive_expiry=_KEPT_OPEN
        ),
        proxy=proxy_for(str(url)),
    )
