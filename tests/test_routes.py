"""Every id that a view emits leads somewhere, every route is led to, and every route says what it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.access import Permission
from bot.app import ROUTES
from bot.i18n import Words
from bot.items.command import opening_of
from bot.sandbox.slack import Exchange
from bot.slack.blocks import Content
from bot.slack.payloads import Command
from bot.slack.replies import message
from bot.slack.routing import Kind, Route, RouteTable, Trigger
from tests.flows.world import living_world
from tests.test_limits import CASES, Shown


@dataclass
class Emitted:
    """What stands in views and messages: the ids that Slack would send back."""

    action: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    submission: set[str] = field(default_factory=set)

    def look_through(self, value: Any) -> None:
        """Take note of every id in a piece of JSON, also where JSON stands in it as a text."""
        if isinstance(value, str) and value[:1] in {"{", "["}:
            value = _parsed(value)
        if isinstance(value, list):
            for part in value:
                self.look_through(part)
        # A field of a form is sent with the form, not by itself.
        elif isinstance(value, dict) and value.get("type") != "input":
            self._note(value)
            for part in value.values():
                self.look_through(part)

    def _note(self, value: dict[str, Any]) -> None:
        if value.get("type") == "modal" and value.get("submit"):
            self.submission.add(value["callback_id"])
        if isinstance(value.get("action_id"), str):
            self.action.add(value["action_id"].partition(":")[0])
            if value.get("type") == "external_select":
                self.options.add(value["action_id"])


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def routed(kind: Kind) -> set[str]:
    return {trigger.id for route in ROUTES for trigger in route.triggers if trigger.kind == kind}


def as_json(shown: Shown) -> dict[str, Any]:
    return message(shown) if isinstance(shown, Content) else shown.to_dict()


def built() -> Iterable[dict[str, Any]]:
    """Yield the views of the slices; those that any slice may use are given their ids by it."""
    for name, case in CASES.items():
        if not name.startswith("slack."):
            for shown in case(Words("en"), "Café"):
                yield as_json(shown)


async def sent(data_dir: Path) -> list[Exchange]:
    """Return what went between Slack and the bot while somebody who may do everything looked around."""
    async with living_world(data_dir) as world:
        for line in ("/items", "/items chá preto", "/clients", "/items history"):
            await world.ana.command(line)
            await world.ana.sees()
        for line in ("/items find", "/clients find", "/items edit café", "/items delete café", "/items new"):
            await world.ana.command(line)
            await world.ana.modal(
                callback_id="items.new-form" if line == "/items new" else f"{line[1:].split()[0]}.pick"
            )
        await world.ana.open_home()
        await world.ana.home()
        return list(world.workspace.calls)


async def test_ids_and_routes_are_the_same(tmp_path: Path) -> None:
    emitted = Emitted()
    for view in built():
        emitted.look_through(view)
    for exchange in await sent(tmp_path):
        emitted.look_through(exchange.request if exchange.direction == "from_bot" else exchange.response)
    assert emitted.action == routed("action")
    assert emitted.options == routed("options")
    assert emitted.submission == routed("submission")


def test_no_trigger_leads_to_two_routes() -> None:
    RouteTable(ROUTES)
    with pytest.raises(ValueError, match="two routes"):
        RouteTable((*ROUTES, ROUTES[0]))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.triggers[0].id)
def test_a_route_says_what_it_needs(route: Route) -> None:
    assert not route.writes or route.needs is not Permission.LOOK_UP
    is_submission = any(trigger.kind == "submission" for trigger in route.triggers)
    assert is_submission == (route.receive is not None)
    assert route.restore is not None or not is_submission


@pytest.mark.parametrize("text", ["new Chá", "edit 5", "edit café", "delete 5", "find", "eliminar", "editar ''"])
def test_a_form_that_could_not_be_opened_is_asked_for_again_by_a_button_that_opens_one(text: str) -> None:
    opening = opening_of(Command("U", "/items", text, "https://hooks.slack.com/", "trigger", "C"))
    assert opening is not None
    [route] = [route for route in ROUTES if Trigger("action", opening.action_id) in route.triggers]
    assert route.opens is not None
