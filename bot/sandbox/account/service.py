"""The account's operations: an answer for every request, without a network (documentation: "Items", "Clients")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from .answers import Answer, html, not_found, past_the_end, refused, succeeded, unauthorised, written
from .item_rules import read_item
from .paging import asked
from .records import ItemRecord
from .state import Call, State
from .wire import client_json, item_json, single_client_json, tax_json


def respond(state: State, call: Call) -> Answer:
    """Carry out a request and return its answer. The key travels in the query and nowhere else."""
    if call.query.get("api_key") != state.api_key:
        return unauthorised(state.quirks)
    if not call.readable:
        return html(400, "Bad Request", "The body is not JSON.")
    for method, pattern, operation in _OPERATIONS:
        if method == call.method and (found := pattern.fullmatch(call.path)):
            return operation(state, call, *map(int, found.groups()))
    return not_found(state.quirks)


def _list_items(state: State, call: Call) -> Answer:
    """Answer a page of items. It says nothing about how many there are."""
    hidden = state.lag.hidden()
    part = asked(call.query, state.quirks, lambda: state.database.count_items(hidden))
    items = state.database.items(offset=part.offset, limit=part.per_page, hidden=hidden)
    if not items and part.page > 1:
        return past_the_end({"items": []}, state.quirks)
    return succeeded({"items": [item_json(item, state.quirks) for item in items]})


def _get_item(state: State, call: Call, item_id: int) -> Answer:
    item = state.database.item(item_id)
    if item is None:
        return not_found(state.quirks)
    return succeeded({"item": item_json(item, state.quirks)})


def _create_item(state: State, call: Call) -> Answer:
    read = read_item(_sent(call), None, state.database, state.quirks)
    if not isinstance(read, ItemRecord):
        return refused(read, state.quirks, state.language)
    created = state.database.create(state.storing(read), call.sequence)
    state.lag.wrote(created.id, state.quirks.list_lag)
    return succeeded({"item": item_json(created, state.quirks)}, 201)


def _update_item(state: State, call: Call, item_id: int) -> Answer:
    stored = state.database.item(item_id)
    if stored is None:
        return not_found(state.quirks)
    read = read_item(_sent(call), stored, state.database, state.quirks)
    if not isinstance(read, ItemRecord):
        return refused(read, state.quirks, state.language)
    state.database.update(stored, state.storing(read), call.sequence)
    state.lag.wrote(item_id, state.quirks.list_lag)
    return written(state.quirks)


def _delete_item(state: State, call: Call, item_id: int) -> Answer:
    item = state.database.item(item_id)
    if item is None:
        return not_found(state.quirks)
    state.database.delete(item, call.sequence)
    return written(state.quirks)


def _list_clients(state: State, call: Call) -> Answer:
    entries = state.database.count_clients()
    part = asked(call.query, state.quirks, lambda: entries)
    clients = state.database.clients(offset=part.offset, limit=part.per_page)
    listed = {
        "clients": [client_json(client, state.quirks) for client in clients],
        "pagination": part.pagination(entries),
    }
    return succeeded(listed) if clients or part.page == 1 else past_the_end(listed, state.quirks)


def _get_client(state: State, call: Call, client_id: int) -> Answer:
    return _one_client(state, "id", client_id, not_found(state.quirks))


def _find_by_name(state: State, call: Call) -> Answer:
    """Answer the first client with exactly this name. Without a match the live service was seen to fail."""
    missing = not_found(state.quirks)
    if state.quirks.name_not_found != missing.status:
        missing = html(500, "We're sorry, but something went wrong (500)")
    return _one_client(state, "name", call.query.get("client_name", ""), missing)


def _find_by_code(state: State, call: Call) -> Answer:
    return _one_client(state, "code", call.query.get("client_code", ""), not_found(state.quirks))


def _one_client(state: State, by: Literal["id", "name", "code"], value: int | str, missing: Answer) -> Answer:
    client = state.database.client(by, value)
    return missing if client is None else succeeded({"client": single_client_json(client, state.quirks)})


def _list_taxes(state: State, call: Call) -> Answer:
    """Answer all taxes at once; this list has no pages."""
    return succeeded({"taxes": [tax_json(tax, state.quirks) for tax in state.database.taxes()]})


def _sent(call: Call) -> Mapping[str, object]:
    """Return what the request says of the item; a body of another form says nothing."""
    item = call.json.get("item") if isinstance(call.json, Mapping) else None
    return item if isinstance(item, Mapping) else {}


# An id has at most 18 digits: more would not fit the database.
_OPERATIONS: Final[tuple[tuple[str, re.Pattern[str], Callable[..., Answer]], ...]] = (
    ("GET", re.compile(r"/items\.json"), _list_items),
    ("POST", re.compile(r"/items\.json"), _create_item),
    ("GET", re.compile(r"/items/([0-9]{1,18})\.json"), _get_item),
    ("PUT", re.compile(r"/items/([0-9]{1,18})\.json"), _update_item),
    ("DELETE", re.compile(r"/items/([0-9]{1,18})\.json"), _delete_item),
    ("GET", re.compile(r"/clients\.json"), _list_clients),
    ("GET", re.compile(r"/clients/([0-9]{1,18})\.json"), _get_client),
    ("GET", re.compile(r"/clients/find-by-name\.json"), _find_by_name),
    ("GET", re.compile(r"/clients/find-by-code\.json"), _find_by_code),
    ("GET", re.compile(r"/taxes\.json"), _list_taxes),
)
