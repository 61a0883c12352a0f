"""Slack's requests over HTTP: whatever is sent gets an answer, and nothing unsigned is more than its bytes."""

import asyncio
import gzip
import io
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.connections import Caps
from bot.intake import Intake
from bot.slack_http import MAX_BODY_BYTES
from tests.listening import listening, slack_application
from tests.logs import Log, caught_log
from tests.tiny_bot import Hold, tiny_bolt
from tests.tiny_slack import FORM, command_body, serve_tiny_slack, signed
from tests.wire import http, wire

JSON = "application/json"


class Client:
    """Asks one server."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def post(self, body: bytes | io.IOBase | AsyncIterator[bytes], headers: dict[str, str]) -> int:
        async with self._session.post(f"{self.url}/slack/events", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def still_answers(self) -> bool:
        body = command_body()
        async with self._session.post(f"{self.url}/slack/events", data=body, headers=signed(body)) as answer:
            return answer.status == 200 and await answer.text() == "Café"


@asynccontextmanager
async def serving(
    intake: Intake | None = None, hold: Hold | None = None, *, caps: Caps | None = None, body_seconds: float = 10
) -> AsyncIterator[Client]:
    async with asyncio.timeout(20), serve_tiny_slack() as slack:
        application = slack_application(tiny_bolt(slack.url, hold), intake, body_seconds=body_seconds)
        async with listening(application, caps) as url, aiohttp.ClientSession() as session:
            yield Client(url, session)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with serving() as client:
        yield client


@pytest.fixture
def log() -> Iterator[Log]:
    with caught_log("DEBUG") as caught:
        yield caught


async def test_a_signed_request_is_answered(client: Client) -> None:
    assert await client.still_answers()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"command=%2Fitems&text=\xff\xfe", FORM),
        (b"command=%2Fitems&text=\xe9", FORM + "; charset=iso-8859-1"),
        (b"payload={broken", FORM),
        (b"payload=[1]", FORM),
        (b"{broken", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"[" * 100_000, JSON),
        (b'{"number": ' + b"9" * 5000 + b"}", JSON),
        (b'{"user": 5, "team": [], "authorizations": 5}', JSON),
    ],
)
async def test_a_signed_body_that_cannot_be_read_is_refused_and_stops_nothing(
    client: Client, body: bytes, content_type: str
) -> None:
    assert await client.post(body, signed(body, content_type=content_type)) == 400
    assert await client.still_answers()


@pytest.mark.parametrize("charset", ["nope", "punycode", "utf-7", "idna", "rot13", "unicode_escape"])
async def test_a_signed_body_is_utf_8_whatever_it_says_of_itself(client: Client, charset: str) -> None:
    body = command_body()
    assert await client.post(body, signed(body, content_type=f"{FORM}; charset={charset}")) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
)
async def test_a_forged_request_is_refused_and_stops_nothing(client: Client, changes: dict[str, str]) -> None:
    body = command_body()
    assert await client.post(body, signed(body) | changes) == 401
    assert await client.still_answers()


async def test_an_unsigned_request_is_refused(client: Client) -> None:
    assert await client.post(command_body(), {"Content-Type": FORM}) == 401


async def test_an_unsigned_check_of_the_certificate_is_refused_and_a_signed_one_answered(client: Client) -> None:
    body = b"ssl_check=1&token=x"
    assert await client.post(body, {"Content-Type": FORM}) == 401
    assert await client.post(body, signed(body) | {"X-Slack-Signature": "v0=0"}) == 401
    assert await client.post(body, signed(body)) == 200


async def test_a_ten_minute_old_request_is_refused(client: Client) -> None:
    body = command_body()
    assert await client.post(body, signed(body, at=time.time() - 600)) == 401


async def test_a_body_that_was_changed_is_refused(client: Client) -> None:
    body = command_body()
    assert await client.post(body + b"&text=more", signed(body)) == 401


ENCODINGS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "br": bytes,
    "zstd": bytes,
    "identity": bytes,
    "": bytes,
    "nonsense": bytes,
}


@pytest.mark.parametrize("sign", [False, True])
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_an_encoded_body_is_refused_unread(client: Client, encoding: str, sign: bool) -> None:  # noqa: FBT001 - by pytest
    body = ENCODINGS[encoding](command_body())
    headers = (signed(body) if sign else {"Content-Type": FORM}) | {"Content-Encoding": encoding}
    assert await client.post(body, headers) == 415
    assert await client.still_answers()


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "idna", "unicode_escape"])
async def test_nothing_unsigned_is_decoded(client: Client, charset: str, log: Log) -> None:
    body = b"-" + b"a" * 1_000_000
    assert await client.post(body, signed(b"another") | {"Content-Type": f"{FORM}; charset={charset}"}) == 401
    assert "secret" in log.the("a request was refused")["reason"]


@pytest.mark.parametrize("make", [io.BytesIO, lambda body: one_by_one(body, 100_000)], ids=["whole", "chunked"])
@pytest.mark.parametrize(("size", "status"), [(MAX_BODY_BYTES, 401), (MAX_BODY_BYTES + 1, 413)])
async def test_the_size_of_a_body_is_limited(client: Client, size: int, status: int, make: type[io.BytesIO]) -> None:
    assert await client.post(make(b"x" * size), signed(b"another body")) == status
    assert await client.still_answers()


async def one_by_one(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def test_a_body_that_is_announced_too_large_is_not_waited_for(client: Client) -> None:
    async with wire(client.url) as sent:
        await sent.send(http(b"", signed(b"x") | {"Content-Length": str(10**15)}))
        assert await sent.status() == 413


async def test_a_body_that_does_not_come_is_not_waited_for_long(log: Log) -> None:
    async with serving(body_seconds=0.05) as client, wire(client.url) as sent:
        await sent.send(http(b"text=", signed(b"x") | {"Content-Length": "500"}))
        assert await sent.status() == 408
        assert await sent.closed()
        assert "took longer" in log.the("a request was refused")["reason"]
        assert await client.still_answers()


async def test_chunks_that_are_none_are_refused(log: Log) -> None:
    async with serving(body_seconds=0.1) as client:
        async with wire(client.url) as sent:
            await sent.send(http(b"5\r\ntext=\r\n", signed(b"x") | {"Transfer-Encoding": "chunked"}))
            await client.still_answers()
            await sent.send(b"not a length\r\nMaria\r\n")
            assert await sent.status() in (400, 408)
            assert await sent.closed()
        assert "Maria" not in log.text
        assert await client.still_answers()


async def test_a_body_that_breaks_off_is_one_line(client: Client, log: Log) -> None:
    async with wire(client.url) as sent:
        await sent.send(http(b"text=Maria", signed(b"x") | {"Content-Length": "500"}))
        assert await client.still_answers()
    while not log.events():  # noqa: ASYNC110 - ended by the fixture
        await asyncio.sleep(0)
    assert log.the("a request was refused")["reason"] == "its body broke off"
    assert "Traceback" not in log.text


async def test_what_is_no_http_is_answered_in_one_line_without_it(client: Client, log: Log) -> None:
    for junk in (b"\x16\x03\x01\x02\x00Maria\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nMaria\r\n\r\n"):
        async with wire(client.url) as sent:
            await sent.send(junk)
            assert await sent.status() == 400
            assert await sent.closed()
    lines = log.events()
    assert {line["event"] for line in lines} == {"what came was not HTTP"}
    assert "Maria" not in log.text
    assert await client.still_answers()


async def test_the_log_tells_why_a_request_is_refused_and_nothing_of_it(client: Client, log: Log) -> None:
    body = b"token=legacy&text=Maria+508025338&" + b"x" * 100_000
    await client.post(body, {"Content-Type": FORM})
    await client.post(body, signed(b"another"))
    await client.post(body, signed(body, at=time.time() - 900))
    await client.post(body, signed(body, at=time.time() + 900))
    reasons = [line["reason"] for line in log.events("a request was refused")]
    for reason, words in zip(reasons, ["no signature", "another secret", "s old", "s ahead"], strict=True):
        assert words in reason
    assert not [word for word in ("legacy", "Maria", "508025338", "xxx") if word in log.text]
    assert len(log.text) < 2000


async def test_many_refusals_of_a_kind_are_counted_not_written(client: Client, log: Log) -> None:
    for _ in range(200):
        await client.post(b"x", {})
    assert len(log.events("a request was refused")) < 10
    assert len(log.text) < 4000
    assert log.events("a request was refused")[-1]["seen"] == 100


async def test_once_closed_nothing_is_taken() -> None:
    intake = Intake()
    intake.close()
    async with serving(intake) as client:
        body = command_body()
        assert await client.post(body, signed(body)) == 503


async def test_what_arrives_while_the_door_closes_is_not_taken() -> None:
    intake = Intake()
    async with serving(intake) as client, wire(client.url) as sent:
        body = command_body()
        await sent.send(http(body[:5], signed(body) | {"Content-Length": str(len(body))}))
        assert await client.still_answers()
        intake.close()
        await sent.send(body[5:])
        assert await sent.status() == 503


# What is unusual, and right.


async def test_an_older_http(client: Client) -> None:
    async with wire(client.url) as sent:
        await sent.send(http(command_body(), signed(command_body()), version="1.0"))
        assert await sent.answer() == (200, "Café")
        assert await sent.closed()


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, str.swapcase])
async def test_headers_in_any_case(client: Client, change: type[str]) -> None:
    headers = {change(name): value for name, value in signed(command_body()).items()}
    async with wire(client.url) as sent:
        await sent.send(http(command_body(), headers))
        assert await sent.answer() == (200, "Café")


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_body_in_chunks(client: Client, size: int) -> None:
    assert await client.post(one_by_one(command_body(), size), signed(command_body())) == 200


async def test_requests_one_behind_the_other(client: Client) -> None:
    body = command_body()
    async with wire(client.url) as sent:
        await sent.send(http(body, signed(body)) * 5)
        assert [await sent.answer() for _ in range(5)] == [(200, "Café")] * 5


async def test_who_waits_to_be_asked_for_the_body_is_asked(client: Client) -> None:
    body = command_body()
    async with wire(client.url) as sent:
        await sent.send(http(b"", signed(body) | {"Content-Length": str(len(body)), "Expect": "100-continue"}))
        assert await sent.status() == 100
        await sent.send(body)
        assert await sent.answer() == (200, "Café")


async def test_a_body_that_arrives_byte_by_byte(client: Client) -> None:
    body = command_body()
    async with wire(client.url) as sent:
        for byte in http(body, signed(body)):
            await sent.send(bytes([byte]))
        assert await sent.answer() == (200, "Café")


async def test_slack_s_word_on_a_redelivery_is_handed_on() -> None:
    hold = Hold()
    async with serving(hold=hold) as client:
        body = command_body()
        headers = signed(body) | {"X-Slack-Retry-Num": "1", "X-Slack-Bolt-Lazy-Only": "1"}
        assert await client.post(body, headers) == 200
        assert hold.asked.is_set(), "what only Bolt itself may say is not taken from outside"
