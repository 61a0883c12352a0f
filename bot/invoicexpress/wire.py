"""What goes to InvoiceXpress, without any input or output.

For each operation of the documentation there is a function here that builds its request, and one in
`bot.invoicexpress.answers` that reads its answer. Whoever carries requests (`bot.invoicexpress.transport`) adds the
address of the account and the key.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from bot.invoicexpress.values import parse, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.invoicexpress.models import ItemDraft

PER_PAGE: Final = 30
"""The most records that the documentation lets one page hold. Left out, a setting of the account would decide."""


LONGEST_LIST: Final = 1_000_000
"""Bytes of a page: 30 records stay far below."""


class Kind(enum.Enum):
    """What may be done when the answer to a request is lost."""

    READ = "read"
    """Ask again: nothing changes."""
    REPLACE = "replace"
    """Ask again: twice comes to the same as once."""
    CREATE = "create"
    """Never ask again: it could be done twice."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, without the account's address and without its key.

    Attributes:
        method: GET, POST, PUT or DELETE.
        path: below the account's address.
        kind: what may be done when the answer is lost.
        query: names and values, not yet encoded.
        body: JSON, or None.
        names_record: whether a 404 means that the record asked for does not exist.
        misses: the statuses that mean "no record matches", where that is no error.
        most: the longest body of an answer that is read, in bytes.
    """

    method: str
    path: str
    kind: Kind = Kind.READ
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    names_record: bool = False
    misses: frozenset[int] = frozenset()
    most: int = 250_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: the HTTP status.
        headers: by their names in lower case.
        body: what came; empty where that could not be read.
        unread: whether there was a body that was cut off, too long or garbled.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    unread: bool = False


class NoAnswer(Exception):
    """No answer came.

    Attributes:
        reached: whether the request may have reached the service.
        waiting: whether it was we who gave up, so that the service may still be at it.
        reason: what happened, in a word for the log.
    """

    def __init__(self, reason: str, *, reached: bool, waiting: bool = False) -> None:
        super().__init__(reason)
        self.reached = reached
        self.waiting = waiting
        self.reason = reason


# Documentation: Items; Clients; Taxes, "List all"; Clients, "Get", "Find by name", "Find by code".


def list_items(page: int, per_page: int = PER_PAGE) -> Request:
    """GET /items.json. Read with `read_items`."""
    return Request("GET", "/items.json", query=_paging(page, per_page), most=LONGEST_LIST)


def list_clients(page: int, per_page: int = PER_PAGE) -> Request:
    """GET /clients.json. Read with `read_clients`."""
    return Request("GET", "/clients.json", query=_paging(page, per_page), most=LONGEST_LIST)


def list_taxes() -> Request:
    """GET /taxes.json, which has no pages. Read with `read_taxes`."""
    return Request("GET", "/taxes.json", most=LONGEST_LIST)


def get_item(item_id: int) -> Request:
    """GET /items/:item-id.json. Read with `read_item`."""
    return Request("GET", f"/items/{item_id:d}.json", names_record=True)


def create_item(draft: ItemDraft) -> Request:
    """POST /items.json. Read with `read_created_item`."""
    return Request("POST", "/items.json", Kind.CREATE, body=as_json(draft).encode())


def update_item(item_id: int, draft: ItemDraft) -> Request:
    """PUT /items/:item-id.json. Success has no body worth reading: empty, or one space called JSON."""
    return Request("PUT", f"/items/{item_id:d}.json", Kind.REPLACE, body=as_json(draft).encode(), names_record=True)


def delete_item(item_id: int) -> Request:
    """DELETE /items/:item-id.json. Success has no body worth reading, as for `update_item`."""
    return Request("DELETE", f"/items/{item_id:d}.json", Kind.REPLACE, names_record=True)


def get_client(client_id: int) -> Request:
    """GET /clients/:client-id.json. Read with `read_client`."""
    return Request("GET", f"/clients/{client_id:d}.json", names_record=True)


def find_client_by_name(name: str) -> Request:
    """GET /clients/find-by-name.json. Read with `read_client`, unless `answers.is_miss`.

    The live service was seen to answer 500 instead of 404 where no client has the name.
    """
    misses = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR})
    return Request("GET", "/clients/find-by-name.json", query=(("client_name", name),), misses=misses)


def find_client_by_code(code: str) -> Request:
    """GET /clients/find-by-code.json. Read with `read_client`, unless `answers.is_miss`."""
    misses = frozenset({HTTPStatus.NOT_FOUND})
    return Request("GET", "/clients/find-by-code.json", query=(("client_code", code),), misses=misses)


def _paging(page: int, per_page: int) -> tuple[tuple[str, str], ...]:
    return (("page", str(page)), ("per_page", str(per_page)))


def as_json(draft: ItemDraft) -> str:
    """Return the body of a create or an update (documentation: Items, "Example Body").

    The price travels as a plain decimal string, every digit kept, never in exponent notation. The update is sent
    whole because sources disagree whether what is left out is kept or cleared: no unit travels as null, no tax as
    an empty name ("If not found no tax is applied"). What is unknown travels as it came.

    Raises:
        ValueError: the draft has fields that are `unsendable`; ask for them first.
    """
    if draft.unsendable:
        raise ValueError(f"unknown, and not to be sent: {', '.join(sorted(draft.unsendable))}")
    as_it_came = {name: text for name, text in draft.unread if text and _is_untouched(draft, name, text)}
    price = None if draft.unit_price is None else format(draft.unit_price, "f")
    known = {
        "name": draft.name,
        "description": draft.description,
        "unit_price": price,
        "unit": draft.unit or None,
        "tax": {"name": draft.tax},
    }
    fields = dict(draft.others) | {name: json.dumps(value) for name, value in known.items()} | as_it_came
    return f'{{"item": {{{", ".join(f"{json.dumps(name)}: {text}" for name, text in fields.items())}}}}}'


def _is_untouched(draft: ItemDraft, name: str, text: str) -> bool:
    value = getattr(draft, name)
    return value is None or (name not in {"unit_price", "tax"} and value == (text_of(parse(text)) or ""))
