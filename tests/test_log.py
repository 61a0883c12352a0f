"""The log: every voice through one handler, no secret in any line, no line that somebody else's text could forge."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, Literal, NoReturn
from urllib.parse import quote, quote_plus

import pytest
import structlog
from pydantic import SecretStr

from bot.log import configure_logging

KEY = "s3cr3t/key+with=signs and a space"
Log = Callable[..., Callable[[], str]]


@pytest.fixture
def log_to() -> Iterator[Log]:
    """Configure the log onto a stream of its own, and put logging back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def start(
        log_format: Literal["text", "json"] = "text", level: str = "INFO", secrets: tuple[str, ...] = (KEY,)
    ) -> Callable[[], str]:
        stream = io.StringIO()
        configure_logging(level, log_format, [SecretStr(secret) for secret in secrets], stream)
        return stream.getvalue

    yield start
    root.handlers[:], root.level = handlers, level
    for name in ("bot", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def fail_with(text: str) -> NoReturn:
    raise ValueError(text)


def only_object(text: str) -> dict[str, Any]:
    (line,) = text.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_for_people(log_to: Log) -> None:
    written = log_to()
    structlog.get_logger("bot.items").info("item changed", item=402321, name="Café", note="two words", empty="")
    line = written()
    assert line.endswith(' INFO     bot.items: item changed item=402321 name=Café note="two words" empty=""\n')
    assert line[:10].count("-") == 2, "it begins with the date"


def test_a_line_for_machines(log_to: Log) -> None:
    written = log_to("json")
    structlog.get_logger("bot.items").warning("item changed", item=402321, name="Café\n")
    event = only_object(written())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "item changed",
        "level": "warning",
        "logger": "bot.items",
        "item": 402321,
        "name": "Café\n",
    }


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_libraries_speak_through_the_same_handler(log_to: Log, log_format: str) -> None:
    written = log_to(log_format)
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled %s", "request")
    assert "slack_bolt.AsyncApp" in written()
    assert "Unhandled request" in written()
    assert len(written().splitlines()) == 1


def test_a_second_call_replaces_the_first(log_to: Log) -> None:
    first, second = log_to(), log_to()
    structlog.get_logger("bot").info("once")
    assert first() == ""
    assert len(second().splitlines()) == 1


def test_standard_error_is_the_default(log_to: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log_to()
    configure_logging("INFO", "text")
    structlog.get_logger("bot").info("heard")
    captured = capsys.readouterr()
    assert "bot: heard" in captured.err
    assert captured.out == ""


def test_the_level_holds_for_everyone(log_to: Log) -> None:
    written = log_to(level="WARNING")
    structlog.get_logger("bot").info("ours")
    logging.getLogger("aiohttp").info("theirs")
    assert written() == ""


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
@pytest.mark.parametrize(
    "name", ["slack_sdk.web.async_base_client", "slack_bolt.AsyncApp", "aiohttp", "asyncio", "new"]
)
def test_what_libraries_say_while_debugging_is_not_written(log_to: Log, name: str, level: str) -> None:
    written = log_to(level=level)
    logging.getLogger(name).debug("Received message (data: {'text': 'Maria Silva 508025338'})")
    assert written() == ""
    structlog.get_logger("bot").debug("ours")
    assert ("ours" in written()) is (level == "DEBUG")


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
@pytest.mark.parametrize("name", ["httpx", "httpcore", "httpcore.http11"])
def test_the_addresses_of_requests_are_not_written(log_to: Log, name: str, level: str) -> None:
    written = log_to(level=level)
    logging.getLogger(name).info("HTTP Request: GET /clients/find-by-name.json?client_name=Maria")
    assert written() == ""
    logging.getLogger(name).warning("something is wrong")
    assert "something is wrong" in written()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_reference_stands_in_every_line_of_its_task(log_to: Log, log_format: str) -> None:
    written = log_to(log_format)
    with structlog.contextvars.bound_contextvars(reference="R-7K2"):
        structlog.get_logger("bot").info("ours")
        logging.getLogger("theirs").info("theirs")
    assert [("R-7K2" in line) for line in written().splitlines()] == [True, True]


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("coded", [KEY, quote(KEY), quote(KEY, safe=""), quote(KEY, safe="").lower(), quote_plus(KEY)])
def test_a_known_secret_is_hidden_in_every_coding(log_to: Log, log_format: str, coded: str) -> None:
    written = log_to(log_format)
    logger = structlog.get_logger("bot")
    logger.info(coded, value=coded, inside=[{"a": coded}], **{coded: 1})
    logging.getLogger("httpx").warning("GET %s", f"https://acme.example/items.json?page=1&k={coded}")
    try:
        fail_with(coded)
    except ValueError:
        logger.exception("failed")
        logging.getLogger("theirs").exception("failed as well")
    assert coded.lower() not in written().lower()
    assert "***" in written()
    if log_format == "json":
        assert len([json.loads(line) for line in written().splitlines()]) == 4


@pytest.mark.parametrize("secret", ['quo"te', "back\\slash", "naïve", "new\nline"])
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_secret_that_needs_quoting_is_hidden_too(log_to: Log, log_format: str, secret: str) -> None:
    written = log_to(log_format, secrets=(secret,))
    structlog.get_logger("bot").info(f"told {secret}", value=secret, inside=[secret])
    for coded in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]):
        assert coded not in written()
    assert written().count("***") == 3


def test_the_tail_of_a_longer_secret_is_hidden_with_it(log_to: Log) -> None:
    written = log_to(secrets=("begins", "begins-and-goes-on", ""))
    structlog.get_logger("bot").info("begins-and-goes-on, begins")
    assert written().endswith(": ***, ***\n")


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer xoxb-12-abCD", "abCD"),
        ("token=xoxe.xoxp-1-abCD", "abCD"),
        ("Bearer xapp-1-A1-abCD", "abCD"),
        ("https://acme.example/items.json?api_key=abCD&page=1", "abCD"),
        ("https://acme.example/items.json%3Fapi_key%3DabCD", "abCD"),
        ("https://acme.example/items.json?API_KEY=abCD", "abCD"),
        ("https://acme.example/items.json%3fapi_key%3dabCD", "abCD"),
        ("{'api_key': 'abCD'}", "abCD"),
        ('{"api_key": "abCD"}', "abCD"),
        ("wss://wss.slack.example/link/?ticket=abCD&app_id=1", "abCD"),
        ("to https://hooks.slack.com/commands/T1/2/abCD.", "abCD"),
        ("'response_url': 'https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2FabCD'", "abCD"),
        ('{"client": {"open_account_link": "https://acme.example/abCD"}}', "abCD"),
    ],
)
def test_what_is_shaped_like_a_secret_is_hidden(log_to: Log, log_format: str, text: str, secret: str) -> None:
    written = log_to(log_format)
    structlog.get_logger("bot").info("seen", text=text)
    logging.getLogger("theirs").warning(text)
    assert secret not in written()
    assert written().count("***") == 2
    if log_format == "json":
        assert len([json.loads(line) for line in written().splitlines()]) == 2


@pytest.mark.parametrize(
    "text",
    ["tıc\u212aet=abCD", "TIC\u212aET=abCD", "é api_\u212aey=abCD", "http\u017f://hoo\u212a\u017f.slack.com/abCD"],
)
def test_a_secret_is_hidden_behind_letters_that_count_as_the_same(log_to: Log, text: str) -> None:
    written = log_to()
    structlog.get_logger("bot").info("seen", text=text)
    assert "abCD" not in written()


def test_what_is_no_secret_stays(log_to: Log) -> None:
    written = log_to(secrets=())
    structlog.get_logger("bot").info("GET /items.json?page=1 xoxb api_key ticket 12")
    assert "***" not in written()


FORGED = "harmless\n2026-01-01T00:00:00Z INFO     bot: forged\r\x1b[2K\u2028\u202e\x00"


def test_a_value_cannot_forge_a_line(log_to: Log) -> None:
    written = log_to()
    structlog.get_logger("bot").info(FORGED, value=FORGED, inside=[FORGED], **{FORGED: 1})
    logging.getLogger("theirs").info(FORGED)
    assert len(written().splitlines()) == 2
    assert written().replace("\n", "").isprintable()
    assert r"harmless\n2026-01-01" in written()


def test_a_traceback_is_set_apart_and_cannot_forge_a_line(log_to: Log) -> None:
    written = log_to()
    try:
        fail_with(FORGED)
    except ValueError:
        structlog.get_logger("bot").exception("failed")
        logging.getLogger("theirs").exception("failed as well")
    lines = written().split("\n")
    ours = [number for number, line in enumerate(lines) if line and not line.startswith("    | ")]
    assert [lines[number].rpartition(": ")[2] for number in ours] == ["failed", "failed as well"]
    assert "    | Traceback (most recent call last):" in lines
    assert written().replace("\n", "").isprintable()


def test_a_traceback_is_part_of_its_object(log_to: Log) -> None:
    written = log_to("json")
    try:
        fail_with(FORGED)
    except ValueError:
        structlog.get_logger("bot").exception("failed")
    assert "ValueError: harmless" in only_object(written())["exception"]


def test_a_stack_is_set_apart(log_to: Log) -> None:
    written = log_to()
    logging.getLogger("theirs").warning("where", stack_info=True)
    assert "\n    | Stack (most recent call last):\n" in written()


def test_a_line_that_cannot_be_formatted_shows_only_where(log_to: Log, capsys: pytest.CaptureFixture[str]) -> None:
    written = log_to()
    logging.getLogger("theirs").warning("%d items", KEY)
    assert written().startswith("a log line was lost at ")
    assert "test_log.py" in written()
    assert KEY not in written() + "".join(capsys.readouterr())


def test_a_stream_that_is_gone_stops_nobody(log_to: Log) -> None:
    log_to()
    stream = io.StringIO()
    configure_logging("INFO", "text", stream=stream)
    stream.close()
    structlog.get_logger("bot").info("to nobody")
