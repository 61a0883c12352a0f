from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invoicexpress import answers, wire
from bot.invoicexpress.errors import (
    AccountError,
    AccountUnknown,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    UnexpectedAnswer,
)
from bot.invoicexpress.models import ItemDraft
from bot.invoicexpress.wire import Answer, Request

DRAFT = ItemDraft(name="Café", unit_price=Decimal("1.2"))
LIST, GET, PUT = wire.list_items(1), wire.get_item(1), wire.update_item(1, DRAFT)
POST, DELETE = wire.create_item(DRAFT), wire.delete_item(1)
HTML = b"<!DOCTYPE html><html><body>Oops</body></html>"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ok(body: Any) -> Answer:
    return Answer(200, {}, json.dumps(body).encode())


@pytest.mark.parametrize("body", [b"", b" ", HTML, b'{"errors":[{"error":"Invalid API key"}]}', b"\xff\xfe", b"{"])
@pytest.mark.parametrize(
    ("request_", "status", "error"),
    [
        (GET, 401, CredentialsRejected),
        (LIST, 401, CredentialsRejected),
        (POST, 401, CredentialsRejected),
        (GET, 404, NotFound),
        (PUT, 404, NotFound),
        (DELETE, 404, NotFound),
        (wire.get_client(1), 404, NotFound),
        (LIST, 404, UnexpectedAnswer),
        (POST, 404, UnexpectedAnswer),
        (PUT, 422, Rejected),
        (POST, 422, Rejected),
        (DELETE, 422, Rejected),
        (GET, 429, RateLimited),
        (POST, 429, RateLimited),
        (GET, 530, AccountUnknown),
        (PUT, 530, AccountUnknown),
        (GET, 500, Unavailable),
        (LIST, 502, Unavailable),
        (GET, 599, Unavailable),
        (POST, 500, OutcomeUnknown),
        (PUT, 503, OutcomeUnknown),
        (DELETE, 504, OutcomeUnknown),
        (GET, 302, UnexpectedAnswer),
        (LIST, 301, UnexpectedAnswer),
        (POST, 302, OutcomeUnknown),
        (PUT, 307, OutcomeUnknown),
    ],
)
def test_an_error_is_read_by_its_status_whatever_the_body(
    request_: Request, status: int, error: type[AccountError], body: bytes
) -> None:
    with pytest.raises(AccountError) as caught:
        answers.check(request_, Answer(status, {}, body))
    assert type(caught.value) is error
    if isinstance(caught.value, UnexpectedAnswer):
        assert caught.value.status == status


@pytest.mark.parametrize("status", [400, 402, 403, 406, 409, 413, 418, 451, 499])
def test_a_refusal_is_any_4xx_that_gives_a_reason(status: int) -> None:
    with pytest.raises(Rejected) as caught:
        answers.check(POST, Answer(status, {}, b'{"errors":[{"error":"Escolha uma op\xc3\xa7\xc3\xa3o"}]}'))
    assert [(message.field, message.text) for message in caught.value.messages] == [(None, "Escolha uma opção")]
    for body in (b"", b" ", b"<html><body>Forbidden</body></html>", b"{}", b'{"errors":[]}'):
        with pytest.raises(UnexpectedAnswer):
            answers.check(POST, Answer(status, {}, body))


@pytest.mark.parametrize("body", [b"", b" ", b"\n", b'{"item":{"id":7,"name":"A","unit_price":"1"}}'])
def test_a_write_succeeded_with_nothing_or_the_record(body: bytes) -> None:
    answers.check_written(Answer(200, {}, body), 7)


@pytest.mark.parametrize(
    "body",
    [b"<html>Maintenance</html>", b'{"success":false}', b"null", b"{}", b"[]", b"OK", b'{"item":{"id":8,"name":"B"}}'],
)
def test_a_write_that_answers_anything_else_is_not_known(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        answers.check_written(Answer(200, {}, body), 7)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((404, body) for body in (b"", b"<html>")),
        *((200, body) for body in (b"", b" ", b"null", b"{}", b"[]", b'{"items":null}', b'{"items":[]}')),
        (200, b'{"clients":[],"pagination":{}}'),
    ],
)
def test_past_a_page_that_was_read_nothing_is_the_end(status: int, body: bytes) -> None:
    assert answers.is_end(Answer(status, {}, body), 2)
    assert not answers.is_end(Answer(status, {}, body), 1)


@pytest.mark.parametrize(("status", "body"), [(500, b""), (400, b""), (200, b"<html>"), (200, b'{"items":[{"id":1}]}')])
def test_trouble_is_no_end(status: int, body: bytes) -> None:
    assert not answers.is_end(Answer(status, {}, body), 2)


def test_another_record_than_was_asked_for_is_none() -> None:
    answer = Answer(200, {}, b'{"item":{"id":999,"name":"A","unit_price":"1"},"client":{"id":999,"name":"A"}}')
    for read in (answers.read_item, answers.read_client):
        assert read(answer, 999).id == 999
        with pytest.raises(UnexpectedAnswer):
            read(answer, 5)


def test_a_page_is_read_up_to_a_thousand_records() -> None:
    page = answers.read_items(Answer(200, {}, b'{"items":[' + b'{"id":1},' * 1000 + b'{"id":2}]}'), 1)
    assert (len(page.records), page.unreadable) == (1000, 1)


def test_a_refusal_brings_its_sentences() -> None:
    with pytest.raises(Rejected) as caught:
        answers.check(POST, Answer(422, {}, b'{"errors":{"name":["has already been taken"]}}'))
    assert [(message.field, message.text) for message in caught.value.messages] == [("name", "has already been taken")]


@pytest.mark.parametrize("request_", [PUT, DELETE])
@pytest.mark.parametrize("body", [b"", b" ", HTML, b"\x00"])
@pytest.mark.parametrize("status", [200, 201, 204])
def test_the_body_of_a_successful_write_is_never_parsed(request_: Request, status: int, body: bytes) -> None:
    answers.check(request_, Answer(status, {"content-type": "application/json"}, body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        HTML,
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b'{"items": null}',
        b'{"items": {}}',
        b'{"items": [',
        b"[" * 100_000,
        b'{"items": "\xff"}',
        b'{"items": 1E',
    ],
)
def test_a_list_that_is_none_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        answers.read_items(Answer(200, {}, body), 1)


@pytest.mark.parametrize(
    "body", [b"", b" ", HTML, b"{}", b'{"item": null}', b'{"item": {"name": "no id"}}', b'{"item":']
)
def test_a_record_that_is_none_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        answers.read_item(Answer(200, {}, body))
    with pytest.raises(UnexpectedAnswer):
        answers.read_client(Answer(200, {}, body))
    with pytest.raises(OutcomeUnknown):
        answers.read_created_item(Answer(201, {}, body))


def test_a_created_item_is_read() -> None:
    body = b'{"item": {"id": 402321, "name": "Medium", "unit_price": 16.2602, "unit": "service", "tax": null}}'
    assert answers.read_created_item(Answer(201, {}, body)).unit_price == Decimal("16.2602")


def test_the_documented_list_of_items() -> None:
    body = b"""{"items": [{"id": 402322, "name": "Large", "description": "foo", "unit_price": 24.3902,
        "unit": "service", "tax": {"name": "IVA23", "value": 23, "comment": "tax value:23.0%"}}]}"""
    page = answers.read_items(Answer(200, {}, body), 7)
    (item,) = page.records
    assert (page.number, page.total_entries, page.total_pages, page.unreadable) == (7, None, None, 0)
    assert item.tax is not None
    assert (item.id, item.name, item.unit_price, item.tax.value) == (402322, "Large", Decimal("24.3902"), Decimal(23))


def test_the_live_list_of_clients() -> None:
    client: dict[str, object] = {
        "id": "1",
        "name": "Client\nName",
        "fiscal_id": "796 1350 07",
        "preferred_contact": {},
        "email": None,
    }
    paging = {"total_entries": 6, "current_page": 1, "total_pages": "1", "per_page": 10}
    page = answers.read_clients(ok({"clients": [client], "pagination": paging}), 1)
    assert (page.total_entries, page.total_pages, page.records[0].name) == (6, 1, "Client\nName")


@pytest.mark.parametrize("paging", [None, [], "x", {}, {"total_pages": None}, {"total_pages": True}])
@pytest.mark.parametrize("nonsense", [-1, "-1", "many", 1.5, "9" * 10, [], {}])
def test_pagination_may_be_nonsense(paging: object, nonsense: object) -> None:
    assert answers.read_clients(ok({"clients": [], "pagination": paging}), 1).total_pages is None
    assert answers.read_clients(ok({"clients": [], "pagination": {"total_pages": nonsense}}), 1).total_pages is None


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "x",
        7,
        {},
        {"id": None, "unit_price": 1},
        {"id": True, "unit_price": 1},
        {"id": "two", "unit_price": 1},
        {"id": 2**63, "unit_price": 1},
    ],
)
def test_one_unreadable_record_does_not_spoil_the_others(bad: object) -> None:
    page = answers.read_items(ok({"items": [{"id": 1, "unit_price": 1}, bad, {"id": 3, "unit_price": "2.50"}]}), 1)
    assert [item.id for item in page.records] == [1, 3]
    assert (page.unreadable, len(page.marks)) == (1, 1)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1E+999999999", "1E9999999999999999999999"])
def test_a_number_that_is_none_spoils_only_its_field(number: str) -> None:
    body = f'{{"items": [{{"id": 1, "unit_price": {number}}}, {{"id": 2, "unit_price": 1.10}}]}}'
    page = answers.read_items(Answer(200, {}, body.encode()), 1)
    assert [str(item.unit_price) for item in page.records] == ["None", "1.10"]
    assert page.unreadable == 0


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1E" + "9" * 30, "1." + "9" * 5000])
def test_a_number_of_thousands_of_digits_spoils_only_its_field_or_record(number: str) -> None:
    body = f'{{"items": [{{"id": 1, "unit_price": {number}}}, {{"id": {number}}}, {{"id": 2, "unit_price": 1.10}}]}}'
    page = answers.read_items(Answer(200, {}, body.encode()), 1)
    assert [str(item.unit_price) for item in page.records] == ["None", "1.10"]
    assert page.unreadable == 1


def test_the_mark_of_an_unreadable_record_tells_it_from_others() -> None:
    def mark(record: object) -> str:
        return answers.read_items(ok({"items": [record]}), 1).marks[0]

    assert mark({"id": "x"}) == mark({"id": "x"})
    assert mark({"id": "x"}) != mark({"id": "y"})
    assert mark({"tax": {"name": "a" * 200}}) != mark({"tax": {"name": "a" * 199 + "b"}})
    deep = json.loads("[" * 500 + "]" * 500)
    assert mark(deep) == mark(deep)


def test_taxes_as_they_come() -> None:
    taxes = answers.read_taxes(
        ok(
            {
                "taxes": [
                    {"id": 1, "name": "IVA23", "value": 23, "region": "PT", "code": "NOR", "default_tax": 1},
                    {"id": "2", "name": "IVA6", "value": "6.0", "region": None, "code": None, "default_tax": 0},
                    {"id": 3, "name": None, "value": "6.0"},
                ]
            }
        )
    )
    assert [(tax.id, tax.name, tax.value, tax.default_tax) for tax in taxes] == [
        (1, "IVA23", Decimal(23), True),
        (2, "IVA6", Decimal(6), False),
        (3, "", Decimal(6), False),
    ]


def test_taxes_of_which_none_can_be_read_are_not_no_taxes() -> None:
    assert answers.read_taxes(ok({"taxes": []})) == ()
    with pytest.raises(UnexpectedAnswer):
        answers.read_taxes(ok({"taxes": [{"id": 1}]}))


@pytest.mark.parametrize("request_", [wire.find_client_by_name("x"), wire.find_client_by_code("x")])
def test_a_client_that_is_not_found_is_no_error(request_: Request) -> None:
    assert answers.is_miss(request_, Answer(404))
    assert not answers.is_miss(request_, Answer(200))


def test_a_search_by_name_may_fail_instead_of_finding_nothing() -> None:
    assert answers.is_miss(wire.find_client_by_name("x"), Answer(500))
    assert not answers.is_miss(wire.find_client_by_code("x"), Answer(500))
    assert not answers.is_miss(wire.find_client_by_name("x"), Answer(502))


@pytest.mark.parametrize(("status", "expected"), [(500, True), (502, True), (599, True), (530, False), (429, False)])
def test_what_is_a_sign_of_trouble(status: int, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert answers.is_failure(status) is expected


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Mon, 02 Mar 2026 09:00:09 GMT", 9.0),
        ("Mon, 02 Mar 2026 09:00:09 -0000", 9.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Mon, 02 Mar 99999 09:00:09 GMT", None),
        ("Mon, 02 Mar 2026 09:00:09 +99999999999999999", None),
    ],
)
def test_how_long_we_are_asked_to_wait(header: str, seconds: float | None) -> None:
    assert answers.retry_after(Answer(429, {"retry-after": header}), NOW) == seconds


def test_nobody_asked_us_to_wait() -> None:
    assert answers.retry_after(Answer(429), NOW) is None


@given(st.text(max_size=40))
def test_no_wait_is_too_odd(header: str) -> None:
    seconds = answers.retry_after(Answer(429, {"retry-after": header}), NOW)
    assert seconds is None or seconds >= 0


def test_a_long_wait_is_read_as_long() -> None:
    later = NOW + timedelta(days=1)
    header = later.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert answers.retry_after(Answer(503, {"retry-after": header}), NOW) == timedelta(days=1).total_seconds()


def test_a_body_is_not_in_the_repr_of_an_answer() -> None:
    assert "Silva" not in repr(Answer(200, {"x": "Silva"}, b"Silva"))
