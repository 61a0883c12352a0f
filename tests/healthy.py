"""Facts about a bot that is well, for tests of what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.catalog import CatalogStatus, KindStatus, Progress
from bot.health import BotState, Health, Service

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
STATE = BotState(
    started=True,
    records="",
    services={"slack": Service(NOW), "invoicexpress": Service(NOW)},
    catalog=CatalogStatus(
        kinds={
            "items": KindStatus(856, 2, NOW - timedelta(minutes=5), None, ""),
            "clients": KindStatus(40, 0, None, Progress("clients", 40, 100), "Unavailable"),
        },
        taxes_at=NOW,
        taxes_failure="",
        on_disk=True,
    ),
    requests=3,
)


def health(state: BotState = STATE, **changes: Any) -> Health:
    """Return the facts about a process that is ready, in HTTP mode, with changes."""
    facts = Health(
        bot=state,
        connections=None,
        arriving=1,
        listening=True,
        stopping=False,
        mode="http",
        version="0.1.0",
        started_at=NOW - timedelta(hours=1),
        now=NOW,
    )
    return replace(facts, **changes)
