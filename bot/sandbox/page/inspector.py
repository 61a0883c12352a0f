"""Every exchange between Slack, the bot and InvoiceXpress, in one list, secrets masked."""

from __future__ import annotations

import json
import re
from collections import deque
from typing import Any, Final
from urllib.parse import urlencode

from bot.sandbox.account import Account
from bot.sandbox.account import Exchange as Asked
from bot.sandbox.slack import Exchange, Workspace
from bot.sandbox.slack.journal import MASK

Json = dict[str, Any]

CHANGE: Final = "asked"
"""The kind of change under which the workspace's feed announces an exchange with InvoiceXpress."""
_KEPT: Final = 500
_SECRET_KEYS: Final = frozenset({"token", "ticket"})
# What stands behind these is as good as a password: who has the address may answer in the person's name.
_BEARER: Final = re.compile(r"(/(?:commands|actions|app)/[0-9]+/|[?&]ticket=)[\w-]+")


class Inspector:
    """Watches a workspace and an account from now on.

    Exchanges with Slack are known by `s` and their number, those with InvoiceXpress by `a` and theirs.
    """

    def __init__(self, workspace: Workspace, account: Account) -> None:
        self._workspace = workspace
        self._asked: deque[Asked] = deque(maxlen=_KEPT)
        self._cleared = 0
        account.on_exchange = self._take

    def _take(self, exchange: Asked) -> None:
        self._asked.append(exchange)
        self._workspace.feed.publish(CHANGE, _asked_id(exchange))

    def summaries(self) -> list[Json]:
        """Return the latest exchanges in the order of their beginning, without what was in them."""
        told = self._workspace.calls[self._cleared :][-_KEPT:]
        found = [self._told(one) for one in told] + [_asked(one) for one in self._asked]
        return sorted(found, key=lambda one: str(one["at"]))

    def summary(self, id_: str) -> Json | None:
        """Return one exchange without what was in it; None where it is no longer kept."""
        found = self._find(id_)
        if found is None:
            return None
        return self._told(found) if isinstance(found, Exchange) else _asked(found)

    def detail(self, id_: str) -> Json | None:
        """Return what was in an exchange, each side as the text of its JSON, or as it came where it is none."""
        found = self._find(id_)
        if found is None:
            return None
        if isinstance(found, Exchange):
            return {"request": _text(found.request), "response": _text(found.response)}
        return {"address": found.address, "request": found.sent, "response": found.answer}

    def clear(self) -> None:
        """Forget everything up to now."""
        self._cleared = len(self._workspace.calls)
        self._asked.clear()

    def _find(self, id_: str) -> Exchange | Asked | None:
        if id_.startswith("a"):
            return next((one for one in self._asked if _asked_id(one) == id_), None)
        number = int(id_[1:]) if re.fullmatch(r"s[0-9]{1,9}", id_) else 0
        return self._workspace.calls[number - 1] if self._cleared < number <= len(self._workspace.calls) else None

    def _told(self, exchange: Exchange) -> Json:
        return {
            "id": f"s{exchange.number}",
            "from": "bot" if exchange.direction == "from_bot" else "slack",
            "to": "slack" if exchange.direction == "from_bot" else "bot",
            "at": exchange.at.isoformat(timespec="microseconds"),
            "ms": exchange.ms,
            "kind": exchange.kind,
            "name": _name(exchange),
            "status": exchange.status,
            "error": exchange.error,
        }


def _name(exchange: Exchange) -> str:
    if exchange.kind == "command":
        return f"{exchange.name} {exchange.request['text']}".rstrip()
    return exchange.name


def _asked_id(exchange: Asked) -> str:
    return f"a{exchange.request.sequence}"


def _asked(exchange: Asked) -> Json:
    status, query = exchange.request.status, urlencode(exchange.request.query)
    return {
        "id": _asked_id(exchange),
        "from": "bot",
        "to": "invoicexpress",
        "at": exchange.started.isoformat(timespec="microseconds"),
        "ms": round(exchange.seconds * 1000, 2),
        "kind": exchange.request.method,
        "name": f"{exchange.request.path}?{query}" if query else exchange.request.path,
        "status": status,
        "error": "connection_cut" if status is None else None,
    }


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    return _BEARER.sub(rf"\1{MASK}", json.dumps(_masked(value), ensure_ascii=False))


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: MASK if key in _SECRET_KEYS and inner else _masked(inner) for key, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list) else value
