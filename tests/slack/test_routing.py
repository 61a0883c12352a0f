from __future__ import annotations

import pytest

from bot.access import Permission
from bot.slack.payloads import Action, Command, Event, OptionsRequest, Submission, ViewRef
from bot.slack.routing import Route, RouteTable, Trigger, on_action, on_command, once_key, place_of, trigger_of
from bot.slack.turn import Turn


async def nothing(turn: Turn[Command]) -> None:
    """Do nothing."""


def view(metadata: str = "", *, is_home: bool = False) -> ViewRef:
    return ViewRef("V1", "form", metadata, {}, is_home)


COMMAND = Command("U1", "/items", "", "https://x", "1.2", "C1")
CLICK = Action("U1", "items.open:7", "7", "https://x", "1.2", None, "C1", "1.5")


def click_in(where: ViewRef) -> Action:
    return Action("U1", "items.open:7", "7", "", "1.2", where)


@pytest.mark.parametrize(
    ("payload", "trigger"),
    [
        (COMMAND, Trigger("command", "/items")),
        (CLICK, Trigger("action", "items.open")),
        (Submission("U1", view()), Trigger("submission", "form")),
        (OptionsRequest("U1", "items.pick:1", "ca", None), Trigger("options", "items.pick")),
        (Event("U1", "app_home_opened", "home"), Trigger("event", "app_home_opened")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_payload_names(payload: Command, trigger: Trigger) -> None:
    assert trigger_of(payload) == trigger
    table = RouteTable([Route((trigger,), Permission.LOOK_UP, nothing)])
    assert table.find(payload) is not None
    assert RouteTable([]).find(payload) is None


def test_no_two_routes_share_a_trigger() -> None:
    routes = [
        Route(on_command("/items"), Permission.LOOK_UP, nothing),
        Route(on_action("a"), Permission.LOOK_UP, nothing),
        Route(on_command("/items"), Permission.CREATE, nothing),
    ]
    assert RouteTable(routes[:2]).find(COMMAND) is routes[0]
    with pytest.raises(ValueError, match="/items"):
        RouteTable(routes)


def test_where_a_request_is_answered() -> None:
    assert place_of(Submission("U1", view())) == "V1"
    assert place_of(click_in(view())) == "V1"
    assert place_of(click_in(view(is_home=True))) == ""
    assert place_of(CLICK) == ""
    assert place_of(COMMAND) == ""


def test_what_tells_one_request_to_write_from_another() -> None:
    first, second = Submission("U1", view('{"attempt": 0}')), Submission("U1", view('{"attempt": 1}'))
    assert once_key(first) != once_key(second)
    assert once_key(first) == once_key(Submission("U1", view("")))
    assert once_key(first) != once_key(Submission("U2", view(""))), "nobody can use up what is somebody else's"
    assert once_key(CLICK) == "button U1 1.5 items.open:7 7"
    assert once_key(click_in(view())) == "button U1 V1 items.open:7 7"
    assert once_key(Action("U1", "a", "7", "", "1.2", None)) == "button U1  a 7"
    assert once_key(COMMAND) == ""
