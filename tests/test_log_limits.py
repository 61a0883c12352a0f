"""Lines whose length or number somebody else chooses stay few and short."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.log_limits import LINE, VALUE, Ration, bounded, clip
from tests.logs import Log, caught_log

LONG = 1_000_000
SLACK = 600
"""What names, punctuation, the time and the notes of what was left out add to a line."""


@pytest.fixture
def log() -> Iterator[Log]:
    with caught_log("DEBUG", ["xoxb-1-secret-of-some-length"]) as caught:
        yield caught


def fail_with(text: str, depth: int = 0) -> None:
    if depth:
        fail_with(text, depth - 1)
    raise ValueError(text)


def plain(text: str) -> str:
    return text


def test_what_is_short_stays_as_it_is() -> None:
    assert clip("x" * VALUE, VALUE, plain) == "x" * VALUE


def test_what_is_too_long_loses_its_middle_and_says_so() -> None:
    text = clip("a" * 300 + "b" * 300, 200, plain)
    assert len(text) <= 200
    assert text.startswith("aaa")
    assert text.endswith("bbb")
    assert " 400 characters left out " in text


def test_what_fits_once_its_secrets_are_hidden_is_not_cut() -> None:
    assert clip("key=" + "x" * 300, 200, lambda text: text.replace("x" * 300, "***")) == "key=***"


@pytest.mark.parametrize("most", range(0, 60, 7))
def test_a_limit_that_leaves_no_room_for_a_note_is_near_enough(most: int) -> None:
    assert len(clip("x" * 1000, most, plain)) < 60


def test_secrets_are_hidden_before_the_cut(log: Log) -> None:
    for shift in range(40):
        structlog.get_logger("bot").info("x" * (450 + shift) + "xoxb-1-secret-of-some-length" + "y" * 2000, value="z")
        logging.getLogger("theirs").error(
            "seen", exc_info=ValueError("x" * shift * 10 + "xoxb-1-secret-of-some-length")
        )
    assert "secret" not in log.text
    assert "xoxb" not in log.text


@pytest.mark.parametrize("text", ["x" * LONG, "two words " * 100_000, "line\n" * 200_000, "é" * LONG], ids=len)
@pytest.mark.parametrize("name", ["bot.web", "slack_bolt.AsyncApp"])
def test_a_line_is_bounded_wherever_the_length_comes_from(log: Log, name: str, text: str) -> None:
    logger = logging.getLogger(name)
    logger.warning(text)
    logger.warning("body: %s", text)
    logger.warning("failed", exc_info=ValueError(text))
    logger.warning("where", stack_info=True)
    structlog.get_logger("bot").warning("seen", first=text, second=[text, {"deep": text}], third=text.encode())
    events = log.events()
    assert len(events) == 5
    for event in events:
        assert len("".join(map(str, event.values()))) <= LINE + SLACK
    assert sum("characters left out" in str(event) for event in events) == 4


def test_a_deep_and_chained_traceback_keeps_its_two_ends(log: Log) -> None:
    try:
        try:
            fail_with("the first cause", depth=500)
        except ValueError as error:
            raise RuntimeError("x" * LONG) from error
    except RuntimeError:
        structlog.get_logger("bot").exception("broke")
    (event,) = log.events()
    assert len(event["exception"]) <= LINE
    assert event["exception"].startswith("Traceback (most recent call last):")
    assert "RuntimeError: xxx" in event["exception"]
    assert "characters left out" in event["exception"]


def test_a_number_that_cannot_be_written_loses_no_line() -> None:
    event: dict[str, Any] = {"event": "seen", "number": 10**5000, "flag": True, "nothing": None}
    bounded(event, plain)
    assert event == {"event": "seen", "number": "<a number that is too long>", "flag": True, "nothing": None}


def storm(times: int, text: str = "socket.accept() out of system resource", **more: Any) -> None:
    logger = logging.getLogger("asyncio")
    for number in range(times):
        logger.error(text.format(number=number), **more)


def test_a_storm_of_equal_warnings_is_counted(log: Log) -> None:
    storm(10_000)
    said = [event["event"] for event in log.events()]
    assert len(said) == 5 + 4
    assert said[0] == "socket.accept() out of system resource"
    assert said[-1].endswith("(seen 10000 times)")


def test_a_storm_whose_lines_differ_only_in_what_a_stranger_sent_is_one(log: Log) -> None:
    storm(10_000, "Error handling request from somewhere {number}")
    assert len(log.events()) == 9


def test_a_storm_with_tracebacks_is_bounded(log: Log) -> None:
    storm(1_000, exc_info=ValueError("x" * 1000))
    assert len(log.text) < 16_000


def test_another_warning_is_heard_amid_a_storm(log: Log) -> None:
    storm(100)
    logging.getLogger("aiohttp.server").error("something else")
    assert log.the("something else")


def test_our_own_lines_are_all_written(log: Log) -> None:
    for _ in range(100):
        structlog.get_logger("bot.web").error("request broke")
    assert len(log.events("request broke")) == 100


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_storm_that_lasts_is_heard_of_once_a_minute() -> None:
    time = Time()
    ration = Ration(time)
    written = []
    for _ in range(3600):
        time.seconds += 1
        written.append(ration.admits("kind"))
    assert 60 <= sum(times > 0 for times in written) <= 70
    assert max(written) > 3500, "the count goes on"


def test_after_a_quiet_minute_the_count_begins_anew() -> None:
    time = Time()
    ration = Ration(time)
    for _ in range(50):
        ration.admits("kind")
    time.seconds = 60.5
    assert ration.admits("kind") == 1


def test_kinds_that_a_stranger_invents_take_no_more_room_than_some() -> None:
    time = Time()
    ration = Ration(time)
    for number in range(100_000):
        ration.admits(number)
    assert ration.admits("another") == 1
    time.seconds = 100
    for number in range(1000):
        ration.admits(number)
    assert ration.admits(999) == 2
