"""When requests should be sent here, and what is told of the process."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.health import Connections, Service
from tests.healthy import NOW, STATE, health


@pytest.mark.parametrize("name", ["slack", "invoicexpress"])
def test_a_service_that_is_down_is_no_reason_because_look_ups_are_answered_from_the_copy(name: str) -> None:
    down = Service(last_answer=None, down_since=NOW - timedelta(hours=1))
    told = health(replace(STATE, services={**STATE.services, name: down}))
    assert told.readiness == {"ready": True, "reasons": []}
    assert told.status["services"][name] == {"last_answer": None, "down_since": "2026-01-01T11:00:00+00:00"}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, []),
        ({"connections": Connections(1, greeted=True)}, []),
        ({"connections": Connections(2, greeted=True)}, []),
        ({"connections": Connections(0, greeted=False)}, ["no connection to Slack"]),
        ({"stopping": True}, ["stopping"]),
        ({"stopping": True, "listening": False}, ["stopping", "not listening"]),
        ({"listening": False}, ["not listening"]),
        ({"bot": replace(STATE, records="database or disk is full")}, ["records: database or disk is full"]),
        ({"bot": replace(STATE, started=False), "listening": False}, ["starting", "not listening"]),
        (
            {"bot": replace(STATE, started=False, records="disk I/O error"), "listening": False},
            ["starting", "not listening"],
        ),
    ],
)
def test_what_else_is_wrong_is_one(changes: dict[str, Any], reasons: list[str]) -> None:
    assert health(**changes).readiness == {"ready": not reasons, "reasons": reasons}


def test_the_whole_status() -> None:
    told = health(mode="socket", connections=Connections(2, greeted=True)).status
    assert json.loads(json.dumps(told)) == {
        "ready": True,
        "reasons": [],
        "version": "0.1.0",
        "mode": "socket",
        "started_at": "2026-01-01T11:00:00+00:00",
        "services": {
            "slack": {"last_answer": "2026-01-01T12:00:00+00:00", "down_since": None},
            "invoicexpress": {"last_answer": "2026-01-01T12:00:00+00:00", "down_since": None},
        },
        "catalog": {
            "items": {
                "records": 856,
                "unreadable": 2,
                "synced_at": "2026-01-01T11:55:00+00:00",
                "age_seconds": 300,
                "crawl": None,
                "failure": "",
            },
            "clients": {
                "records": 40,
                "unreadable": 0,
                "synced_at": None,
                "age_seconds": None,
                "crawl": {"done": 40, "share": 0.4},
                "failure": "Unavailable",
            },
            "taxes": {"read_at": "2026-01-01T12:00:00+00:00", "failure": ""},
            "on_disk": True,
        },
        "records": {"usable": True, "reason": ""},
        "connections": {"number": 2, "greeted": True},
        "requests": {"arriving": 1, "under_way": 3},
    }
