"""Routes: what triggers a handler, the permission it needs, and whether it writes.

Data, one line each, at the foot of every slice; what Bolt lets through is dispatched on them by a dictionary.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from slackblocks import ModalView

from bot.access import Permission
from bot.i18n import Words
from bot.slack.payloads import Action, Command, OptionsRequest, Payload, Submission
from bot.slack.state import attempt_in
from bot.slack.turn import Problem, Turn

Kind = Literal["command", "action", "submission", "options", "event"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What Slack names in a payload: a command, an action_id, a callback_id, an event type."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A form that opens: the button that asks for it again where it could not be opened in time.

    Attributes:
        action_id: the button's route.
        value: what that is told.
        needs: a permission beyond the route's own, so that no form opens only to say that it may not be used.
    """

    action_id: str
    value: str
    needs: Permission | None = None


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """What is wrong in a form, by block_id."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a route table.

    Attributes:
        triggers: what leads here.
        needs: the permission.
        handle: what is done; for an options request, what it gives is the answer.
        writes: whether it changes the account.
        opens: whether, for this payload, a form opens; then the loading view is shown first of all.
        receive: for a submission, what can be said without any network: field errors, or the working view.
        restore: where the handler works in a view, the view again after a failure, with all that was typed or
            chosen and the sentence; without it the sentence stands alone.
    """

    triggers: tuple[Trigger, ...]
    needs: Permission
    handle: Callable[[Turn[Any]], Awaitable[None]]
    writes: bool = False
    opens: Callable[[Any], Opening | None] | None = None
    receive: Callable[[Submission, Words], FieldErrors | ModalView] | None = None
    restore: Callable[[Turn[Any], Problem], Awaitable[ModalView]] | None = None


def on_command(*names: str) -> tuple[Trigger, ...]:
    """Trigger on slash commands, with their slash."""
    return tuple(Trigger("command", name) for name in names)


def on_action(*ids: str) -> tuple[Trigger, ...]:
    """Trigger on the action_id of a button or a select."""
    return tuple(Trigger("action", id_) for id_ in ids)


def on_submission(callback_id: str) -> tuple[Trigger, ...]:
    """Trigger on the submission of a form."""
    return (Trigger("submission", callback_id),)


def on_options(*ids: str) -> tuple[Trigger, ...]:
    """Trigger on keystrokes in an `external_select`."""
    return tuple(Trigger("options", id_) for id_ in ids)


def on_event(kind: str) -> tuple[Trigger, ...]:
    """Trigger on an event."""
    return (Trigger("event", kind),)


def the_same_again(action: Action) -> Opening:
    """Ask again by the button that was clicked; for `Route.opens`."""
    return Opening(action.id, action.value)


def trigger_of(payload: Payload) -> Trigger:
    """Return what a payload names."""
    match payload:
        case Command():
            return Trigger("command", payload.name)
        case Action():
            # What follows a colon tells apart elements of one message, whose action_ids must differ in a block.
            return Trigger("action", payload.id.partition(":")[0])
        case Submission():
            return Trigger("submission", payload.view.callback_id)
        case OptionsRequest():
            return Trigger("options", payload.id.partition(":")[0])
    return Trigger("event", payload.type)


def once_key(payload: Payload) -> str:
    """Return what tells one request to write from another: who asks; a form's view and attempt, or a button's place."""
    if isinstance(payload, Submission):
        return f"form {payload.user} {payload.view.id} {attempt_in(payload.view.metadata)}"
    if isinstance(payload, Action):
        place = payload.message or (payload.view.id if payload.view else "")
        return f"button {payload.user} {place} {payload.id} {payload.value}"
    return ""


def place_of(payload: Payload) -> str:
    """Return the modal in which a request is answered; empty where that is a message."""
    if isinstance(payload, Submission):
        return payload.view.id
    if isinstance(payload, Action) and payload.view and not payload.view.is_home:
        return payload.view.id
    return ""


class RouteTable:
    """All routes, by trigger.

    Raises:
        ValueError: where two routes share a trigger.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[Trigger, Route] = {}
        for route in routes:
            for trigger in route.triggers:
                if trigger in self._routes:
                    raise ValueError(f"two routes for {trigger}")
                self._routes[trigger] = route

    @property
    def events(self) -> frozenset[str]:
        """The events that lead somewhere."""
        return frozenset(trigger.id for trigger in self._routes if trigger.kind == "event")

    def find(self, payload: Payload) -> Route | None:
        """Return the route of a payload; None where none is left for it."""
        return self._routes.get(trigger_of(payload))


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A button for the Home tab.

    Attributes:
        action_id: the route.
        key: the catalogue's key of what stands on it.
        needs: the permission.
    """

    action_id: str
    key: str
    needs: Permission
