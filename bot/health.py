"""How the bot is: what `/readyz` decides by and `/statusz` tells. Pure: facts in, an answer out.

No fact holds a secret, or anything about a person.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog import CatalogStatus, KindStatus


@dataclass(frozen=True, slots=True)
class Service:
    """One of the services that the bot stands between.

    Attributes:
        last_answer: when it last answered; None before the first time.
        down_since: since when it does not; None while it does.
    """

    last_answer: datetime | None = None
    down_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connections:
    """Socket Mode's connections.

    Attributes:
        number: how many Slack counted for this app when it last greeted us; more than one outside a hand-over is
            another process with the same token.
        greeted: whether Slack has said hello on ours, and is not silent.
    """

    number: int
    greeted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BotState:
    """What the bot knows of itself.

    Attributes:
        started: whether everything is open.
        records: why the records can't be used; empty where they can.
        services: by name.
        catalog: the state of the local copy.
        requests: how many pieces of work are under way.
    """

    started: bool
    records: str
    services: Mapping[str, Service]
    catalog: CatalogStatus
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is known of the process.

    Attributes:
        bot: of the bot.
        connections: of Socket Mode; None in HTTP mode.
        arriving: how many requests are between their arrival and their answer.
        listening: whether requests are taken in.
        stopping: whether the process is about to end.
        mode: how requests come in.
        version: of the program.
        started_at: when the process began.
        now: the time.
    """

    bot: BotState
    connections: Connections | None
    arriving: int
    listening: bool
    stopping: bool
    mode: str
    version: str
    started_at: datetime
    now: datetime

    @property
    def hindrances(self) -> list[str]:
        """Why no requests should be sent here. InvoiceXpress or Slack's Web API being down is no reason."""
        reasons = {
            "stopping": self.stopping,
            "starting": not self.bot.started,
            "not listening": not self.listening,
            "no connection to Slack": self.connections is not None and not self.connections.greeted,
            f"records: {self.bot.records}": bool(self.bot.started and self.bot.records),
        }
        return [reason for reason, holds in reasons.items() if holds]

    @property
    def readiness(self) -> dict[str, Any]:
        """What `/readyz` answers."""
        return {"ready": not self.hindrances, "reasons": self.hindrances}

    @property
    def status(self) -> dict[str, Any]:
        """What `/statusz` answers."""
        return {
            **self.readiness,
            "version": self.version,
            "mode": self.mode,
            "started_at": _moment(self.started_at),
            "services": {name: _service(service) for name, service in self.bot.services.items()},
            "catalog": _catalog(self.bot.catalog, self.now),
            "records": {"usable": not self.bot.records, "reason": self.bot.records},
            "connections": None if self.connections is None else asdict(self.connections),
            "requests": {"arriving": self.arriving, "under_way": self.bot.requests},
        }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _service(service: Service) -> dict[str, Any]:
    return {"last_answer": _moment(service.last_answer), "down_since": _moment(service.down_since)}


def _catalog(status: CatalogStatus, now: datetime) -> dict[str, Any]:
    kinds = {str(name): _kind(kind, now) for name, kind in status.kinds.items()}
    taxes = {"read_at": _moment(status.taxes_at), "failure": status.taxes_failure}
    return {**kinds, "taxes": taxes, "on_disk": status.on_disk}


def _kind(kind: KindStatus, now: datetime) -> dict[str, Any]:
    synced_at, running = kind.synced_at, kind.running
    return {
        "records": kind.records,
        "unreadable": kind.unreadable,
        "synced_at": _moment(synced_at),
        "age_seconds": None if synced_at is None else round((now - synced_at).total_seconds()),
        "crawl": None if running is None else {"done": running.done, "share": running.share},
        "failure": kind.failure,
    }
