"""What the answers of InvoiceXpress mean, without any input or output.

`check` reads the status of every answer; a function for each operation reads the body of a successful one.
"""

from __future__ import annotations

import hashlib
import reprlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.invoicexpress.errors import (
    AccountUnknown,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    UnexpectedAnswer,
)
from bot.invoicexpress.models import Client, Item, Page, Tax
from bot.invoicexpress.reading import client_of, item_of, tax_of
from bot.invoicexpress.refusal import messages_of
from bot.invoicexpress.values import parse
from bot.invoicexpress.wire import Answer, Kind, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ReadT = TypeVar("ReadT")
RecordT = TypeVar("RecordT", Item, Client)

MOST_RECORDS: Final = 1_000
"""Records of one page that are read: the service sends 30."""

ACCOUNT_UNKNOWN: Final = 530
"""What the live service answers for an account name that nobody has; no sign of trouble at the service."""

_BY_STATUS: Final[Mapping[int, type[CredentialsRejected | RateLimited | AccountUnknown]]] = {
    HTTPStatus.UNAUTHORIZED: CredentialsRejected,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
    ACCOUNT_UNKNOWN: AccountUnknown,
}


def is_miss(request: Request, answer: Answer) -> bool:
    """Return whether the answer says that no record matches."""
    return answer.status in request.misses


def is_failure(status: int) -> bool:
    """Return whether the status is a sign of trouble at the service."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != ACCOUNT_UNKNOWN


def check(request: Request, answer: Answer, hide: Callable[[str], str] = str) -> None:
    """Return if the answer is a success; decided by the status alone, since bodies vary.

    A redirect is never followed: the key would travel along. Nothing tells whether it comes from a wrong account name
    or from something in between, so it is an answer that we cannot read. A write that is answered by a redirect or a
    failure may have been carried out first.

    Args:
        request: what was asked.
        answer: what was answered.
        hide: hides secrets in a sentence: what refuses a request may repeat its address, key and all.

    Raises:
        CredentialsRejected: 401.
        AccountUnknown: 530.
        NotFound: 404 where the request names a record.
        Rejected: 422, and any other 4xx whose body gives a reason, with its sentences.
        RateLimited: 429.
        Unavailable: another 5xx to a request that changes nothing.
        OutcomeUnknown: another 5xx, or a 3xx, to a write.
        UnexpectedAnswer: any other status.
    """
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _BY_STATUS:
        raise _BY_STATUS[status]
    if status == HTTPStatus.NOT_FOUND and request.names_record:
        raise NotFound
    # 400 with a reason was seen of the live service; its documentation lists 406, and firewalls answer 403.
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_FOUND:
        messages = messages_of(answer.body, hide)
        if messages or status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Rejected(messages)
    if request.kind is not Kind.READ and (is_failure(status) or status < HTTPStatus.BAD_REQUEST):
        raise OutcomeUnknown
    raise Unavailable if is_failure(status) else UnexpectedAnswer(status)


def check_written(answer: Answer, item_id: int) -> None:
    """Return if a successful answer to an update or a delete is one: nothing, a space, or the record.

    A page of maintenance and an envelope that says `"success": false` come with 200, too.

    Raises:
        OutcomeUnknown: it is something else; the write may or may not have been carried out.
    """
    if not answer.unread and not answer.body.strip():
        return
    try:
        read_item(answer, item_id)
    except UnexpectedAnswer:
        raise OutcomeUnknown from None


def is_end(answer: Answer, page: int) -> bool:
    """Return whether a list is over, by what was answered to a page of it.

    What the service answers past the last page of items is recorded nowhere: no page, nothing, null and an object
    without records all mean that there are no more, once there was a page before.
    """
    if page == 1:
        return False
    if answer.status == HTTPStatus.NOT_FOUND:
        return True
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return False
    try:
        body = _parsed(answer) if answer.body.strip() else None
    except UnexpectedAnswer:
        return False
    return not body or (isinstance(body, dict) and not any(body.get(name) for name in ("items", "clients")))


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Return the seconds that Retry-After asks to wait, from 0 up; None where it is absent or unreadable.

    None has been seen of the live service. The header holds seconds or a date (RFC 9110, section 10.2.3).
    """
    value = answer.headers.get("retry-after", "").strip()
    try:
        if value.isdecimal():
            return float(value)
        moment = parsedate_to_datetime(value)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def read_items(answer: Answer, page: int) -> Page[Item]:
    """Read a page of items. The service sends no pagination with it.

    Raises:
        UnexpectedAnswer: the body is no list of items.
    """
    return _page(answer, page, "items", item_of)


def read_clients(answer: Answer, page: int) -> Page[Client]:
    """Read a page of clients, with what the service says of the whole list.

    Raises:
        UnexpectedAnswer: the body is no list of clients.
    """
    return _page(answer, page, "clients", client_of)


def read_taxes(answer: Answer) -> tuple[Tax, ...]:
    """Read the account's taxes; one that cannot be read has no name.

    Raises:
        UnexpectedAnswer: the body is no list of taxes, or none of them can be read.
    """
    taxes = _page(answer, 1, "taxes", tax_of).records
    if taxes and not any(tax.name for tax in taxes):
        raise UnexpectedAnswer(answer.status)
    return taxes


def read_item(answer: Answer, item_id: int | None = None) -> Item:
    """Read one item.

    Args:
        answer: the answer.
        item_id: the item that was asked for; None where that has no number yet.

    Raises:
        UnexpectedAnswer: the body holds none, or another than the one that was asked for, as a cache or a proxy may
            answer: what is written after it would be another's.
    """
    return _one(answer, "item", item_of, item_id)


def read_created_item(answer: Answer) -> Item:
    """Read the item that a create answers with.

    Raises:
        OutcomeUnknown: the body holds none, although the status says that it was created.
    """
    try:
        return read_item(answer)
    except UnexpectedAnswer:
        raise OutcomeUnknown from None


def read_client(answer: Answer, client_id: int | None = None) -> Client:
    """Read one client, as `read_item` does an item.

    Raises:
        UnexpectedAnswer: the body holds none, or another than the one that was asked for.
    """
    return _one(answer, "client", client_of, client_id)


def _page(answer: Answer, number: int, name: str, read: Callable[[Any], ReadT | None]) -> Page[ReadT]:
    body = _object(answer)
    listed = body.get(name)
    if not isinstance(listed, list):
        raise UnexpectedAnswer(answer.status)
    records, marks = [], [f"{len(listed) - MOST_RECORDS} more"] if len(listed) > MOST_RECORDS else []
    for raw in listed[:MOST_RECORDS]:
        record = read(raw)
        if record is None:
            marks.append(_mark(raw))
        else:
            records.append(record)
    paging = body.get("pagination")
    paging = paging if isinstance(paging, dict) else {}
    return Page(
        number=number,
        records=tuple(records),
        total_entries=_count(paging.get("total_entries")),
        total_pages=_count(paging.get("total_pages")),
        unreadable=len(marks),
        marks=tuple(marks),
    )


def _one(answer: Answer, name: str, read: Callable[[Any], RecordT | None], wanted: int | None) -> RecordT:
    record = read(_object(answer).get(name))
    if record is None or wanted not in {None, record.id}:
        raise UnexpectedAnswer(answer.status)
    return record


def _object(answer: Answer) -> dict[str, Any]:
    body = _parsed(answer)
    if not isinstance(body, dict):
        raise UnexpectedAnswer(answer.status)
    return body


def _parsed(answer: Answer) -> Any:
    try:
        return parse(answer.body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        raise UnexpectedAnswer(answer.status) from None


def _mark(raw: Any) -> str:
    """Return a fingerprint of a record that we cannot read. A bounded one: a hostile record may be deep or long."""
    brief = reprlib.Repr()
    brief.maxdict = brief.maxlist = 50
    brief.maxstring = brief.maxother = brief.maxlong = 500
    return hashlib.sha256(brief.repr(raw).encode(errors="replace")).hexdigest()


def _count(value: Any) -> int | None:
    """Read a number of the pagination, that may be absent, a string or nonsense."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:  # noqa: PLR2004 - more is nonsense
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
