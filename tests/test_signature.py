"""Which requests are Slack's."""

import hashlib
import hmac

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.signature import NotSlacks, check_signature

SECRET = b"0123456789abcdef0123456789abcdef"
NOW = 1_800_000_000


def signature_of(body: bytes, timestamp: str, secret: bytes = SECRET) -> str:
    return "v0=" + hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def check(body: bytes = b"text=caf%C3%A9", *, timestamp: str = str(NOW), signature: str | None = None) -> None:
    if signature is None:
        signature = signature_of(body, timestamp)
    check_signature(SECRET, timestamp=timestamp, signature=signature, body=body, now=NOW)


def kind_of(**how: str) -> str:
    with pytest.raises(NotSlacks) as caught:
        check(**how)  # type: ignore[arg-type]  # never a body
    return caught.value.kind


class Fixed(Clock):
    def now(self) -> float:
        return NOW


@pytest.mark.parametrize("body", [b"", b"text=caf%C3%A9", "text=café".encode()])
def test_what_slack_s_own_library_signs_is_slack_s(body: bytes) -> None:
    theirs = SignatureVerifier(SECRET.decode(), Fixed()).generate_signature(timestamp=str(NOW), body=body)
    check(body, signature=theirs)


def test_bytes_that_are_no_text_can_be_signed() -> None:
    check(b"\xff\xfe\x00")


@pytest.mark.parametrize("age", [0, 300, -300])
def test_a_request_of_these_minutes_is_taken(age: int) -> None:
    check(timestamp=str(NOW - age))


@pytest.mark.parametrize(("age", "kind"), [(301, "old"), (86_400, "old"), (-301, "ahead"), (-86_400, "ahead")])
def test_another_time_is_told_with_the_seconds(age: int, kind: str) -> None:
    with pytest.raises(NotSlacks, match=f"it is {abs(age)} s .*clock") as caught:
        check(timestamp=str(NOW - age))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "signature",
    [
        signature_of(b"text=caf%C3%A9", str(NOW), b"another"),
        signature_of(b"text=caf%C3%A9 and more", str(NOW)),
        signature_of(b"text=caf%C3%A9", str(NOW - 1)),
        signature_of(b"text=caf%C3%A9", str(NOW)).upper(),
        signature_of(b"text=caf%C3%A9", str(NOW)).replace("v0", "v1"),
        signature_of(b"text=caf%C3%A9", str(NOW))[3:],
        signature_of(b"text=caf%C3%A9", str(NOW)) + " ",
        "v0=é",
        "v0=\udcff",
        "x" * 8000,
    ],
)
def test_another_signature_is_told_as_one(signature: str) -> None:
    assert kind_of(signature=signature) == "foreign"


def test_an_old_request_with_another_secret_is_told_for_the_secret() -> None:
    assert kind_of(timestamp=str(NOW - 900), signature="v0=" + "0" * 64) == "foreign"


@pytest.mark.parametrize("timestamp", ["", "yesterday", "²", "9" * 5000, "9" * 13, "-1", "1.5", " 1", "1_000", "٣"])
def test_a_time_that_is_none_is_no_signature(timestamp: str) -> None:
    assert kind_of(timestamp=timestamp) == "unsigned"


def test_no_signature_is_told_as_none() -> None:
    assert kind_of(signature="") == "unsigned"


def test_what_is_told_holds_nothing_that_came() -> None:
    with pytest.raises(NotSlacks) as caught:
        check(b"client=Maria", signature="v0=Maria")
    assert "Maria" not in str(caught.value)
