"""Who may take which route, and type which verb: every one of them, by every role, over signed HTTP."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from pathlib import Path
from typing import Any

from slackblocks import ModalView

from bot.access import Permission, Role
from bot.app import ROUTES, USAGES
from bot.i18n import Words
from bot.sandbox.slack import Actor
from bot.sandbox.slack.people import Person
from bot.slack.blocks import waiting
from bot.slack.payloads import Submission
from bot.slack.routing import Route, Trigger
from bot.slack.state import Spoken
from bot.slack.turn import Turn
from tests.flows.items.shop import open_shop
from tests.flows.world import World, living_world
from tests.logs import Log, caught_log

NEEDS = {
    "command /items": Permission.LOOK_UP,
    "command /artigos": Permission.LOOK_UP,
    "action items.open": Permission.LOOK_UP,
    "action items.page": Permission.LOOK_UP,
    "action items.find": Permission.LOOK_UP,
    "action items.pick": Permission.LOOK_UP,
    "options items.pick": Permission.LOOK_UP,
    "action items.share": Permission.LOOK_UP,
    "action items.new": Permission.CREATE,
    "submission items.new-form": Permission.CREATE,
    "action items.check": Permission.CREATE,
    "action items.edit": Permission.EDIT,
    "submission items.form": Permission.EDIT,
    "action items.undo": Permission.UNDO,
    "action items.history-page": Permission.HISTORY,
    "action items.delete": Permission.DELETE,
    "submission items.delete-form": Permission.DELETE,
    "command /clients": Permission.LOOK_UP,
    "command /clientes": Permission.LOOK_UP,
    "action clients.open": Permission.LOOK_UP,
    "action clients.page": Permission.LOOK_UP,
    "action clients.find": Permission.LOOK_UP,
    "action clients.pick": Permission.LOOK_UP,
    "options clients.pick": Permission.LOOK_UP,
    "action clients.share": Permission.LOOK_UP,
    "event app_home_opened": Permission.LOOK_UP,
}

LINES = {
    "/items": Permission.LOOK_UP,
    "/items café": Permission.LOOK_UP,
    "/items find": Permission.LOOK_UP,
    "/items help": Permission.LOOK_UP,
    "/items new Chá": Permission.CREATE,
    "/items edit 402321": Permission.EDIT,
    "/items delete 402321": Permission.DELETE,
    "/items history": Permission.HISTORY,
    "/items refresh": Permission.REFRESH,
    "/clients": Permission.LOOK_UP,
    "/clients find": Permission.LOOK_UP,
    "/clients help": Permission.LOOK_UP,
    "/artigos novo": Permission.CREATE,
    "/artigos eliminar large": Permission.DELETE,
    "/artigos histórico": Permission.HISTORY,
    "/artigos atualizar": Permission.REFRESH,
}

VIEWER = {Permission.LOOK_UP}
EDITOR = VIEWER | {Permission.CREATE, Permission.EDIT, Permission.UNDO, Permission.HISTORY}
MANAGER = EDITOR | {Permission.DELETE, Permission.UNDO_OTHERS, Permission.HISTORY_ALL, Permission.REFRESH}
MAY: dict[Role, set[Permission]] = {
    Role.NOBODY: set(),
    Role.VIEWER: VIEWER,
    Role.EDITOR: EDITOR,
    Role.MANAGER: MANAGER,
}

IVO = Person(id="U0IVO00001", name="Ivo", real_name="Ivo Pinto")
RUI = Person(id="U0RUI00001", name="Rui", real_name="Rui Melo")
ROLES: dict[str, Any] = {"viewers": "U0IVO00001", "editors": "U0BEN00001", "managers": "U0ANA00001"}


def staff(world: World) -> dict[Role, Actor]:
    """Let two more join, and return somebody of each role."""
    workspace = world.workspace
    rui, ivo = (workspace.add_person(one) for one in (RUI, IVO))
    return {Role.NOBODY: rui, Role.VIEWER: ivo, Role.EDITOR: world.ben, Role.MANAGER: world.ana}


def allowed(table: dict[str, Permission]) -> dict[tuple[str, Role], bool]:
    return {(what, role): needed in MAY[role] for what, needed in table.items() for role in Role}


async def was_let_in(log: Log, before: int) -> bool:
    """Return whether the request after so many was let in, once it has ended."""
    async with asyncio.timeout(5):
        while len(log.events("request ended")) <= before:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.001)
    return bool(log.events("request ended")[before]["outcome"] != "blocked")


def test_every_route_and_no_other_has_its_line() -> None:
    needed = {f"{trigger.kind} {trigger.id}": route.needs for route in ROUTES for trigger in route.triggers}
    assert needed == NEEDS


def test_every_verb_is_tried() -> None:
    for usage in USAGES:
        for verb in usage.verbs:
            tried = {
                LINES[line]
                for line in LINES
                if set(line.split()[1:2]) & set(itertools.chain.from_iterable(verb.names.values()))
            }
            assert not verb.names or tried == {verb.needs} or verb.id == "edit", verb.id


async def test_every_route_lets_in_whom_it_should_and_nobody_else(tmp_path: Path) -> None:
    with caught_log() as log:
        async with living_world(tmp_path, samples=False, routes=[stub(route) for route in ROUTES], **ROLES) as world:
            people, seen = staff(world), dict[tuple[str, Role], bool]()
            numbers = itertools.count()
            for route, (role, person) in itertools.product(ROUTES, people.items()):
                for trigger in route.triggers:
                    before = len(log.events("request ended"))
                    await send(world, person, trigger, f"V{next(numbers)}")
                    seen[f"{trigger.kind} {trigger.id}", role] = await was_let_in(log, before)
    assert seen == allowed(NEEDS)


def stub(route: Route) -> Route:
    """Return the route without what lies behind its door."""

    async def handle(turn: Turn[Any]) -> None:
        turn.acknowledge()

    receive = received if route.receive else None
    return dataclasses.replace(route, handle=handle, opens=None, receive=receive, restore=None)


def received(submission: Submission, words: Words) -> ModalView:
    return waiting("Form", "Working", close="Close", metadata=submission.view.metadata)


async def send(world: World, person: Actor, trigger: Trigger, view_id: str) -> None:
    """Send what Slack would send for a route."""
    if trigger.kind == "command":
        await person.command(trigger.id)
        return
    if trigger.kind == "event":
        await person.open_home()
        return
    view = {
        "id": view_id,
        "type": "modal",
        "callback_id": trigger.id,
        "private_metadata": Spoken().dump(),
        "state": {"values": {}},
    }
    common: dict[str, Any] = {"user": {"id": person.id}, "team": {"id": "T0SANDBOX01"}, "view": view}
    kinds: dict[str, dict[str, Any]] = {
        "action": {
            "type": "block_actions",
            "trigger_id": "1.1",
            "actions": [{"action_id": trigger.id, "block_id": "b", "type": "button", "value": "1"}],
        },
        "options": {"type": "block_suggestion", "action_id": trigger.id, "block_id": "b", "value": "x"},
        "submission": {"type": "view_submission", "trigger_id": "1.1"},
    }
    payload = common | kinds[trigger.kind]
    await world.workspace.delivery.send(payload["type"], trigger.id, payload)


async def test_every_verb_lets_in_whom_it_should_and_nobody_else(tmp_path: Path) -> None:
    with caught_log() as log:
        async with open_shop(tmp_path, **ROLES) as shop:
            people, seen = staff(shop), dict[tuple[str, Role], bool]()
            for line, (role, person) in itertools.product(LINES, people.items()):
                before = len(log.events("request ended"))
                await person.command(line)
                seen[line, role] = await was_let_in(log, before)
                while shop.workspace.state.views.top(person.id) is not None:
                    await person.close()
            assert shop.account.writes == ()
    assert seen == allowed(LINES)
