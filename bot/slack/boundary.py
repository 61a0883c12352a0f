"""The one way from a payload to a handler: reference id, person, language, permission, acknowledgement, errors.

Slack wants its answer within three seconds, so the work runs as a task of its own: the listener returns as soon as an
answer is given, or after a short grace. What goes wrong is told where the person is; what we don't know of is told as
a reference id that the log carries with the traceback.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from slackblocks import ModalView

from bot.access import AccessDenied, Person, allowed
from bot.errors import BotError, FormExpired
from bot.i18n import Language, Words, language_of
from bot.invoicexpress.errors import Rejected
from bot.services import Services
from bot.slack.blocks import Content, actions, button, paragraph
from bot.slack.directory import Directory
from bot.slack.payloads import (
    Action,
    Command,
    Event,
    OptionsRequest,
    Payload,
    Submission,
    read_payload,
)
from bot.slack.replies import Slack, TriggerExpired
from bot.slack.routing import FieldErrors, Opening, Route, RouteTable, trigger_of
from bot.slack.state import language_in
from bot.slack.tasks import Tasks
from bot.slack.text import escape
from bot.slack.turn import Acknowledgement, Problem, Turn

_GRACE: Final = 0.25
"""Seconds that a command may take to answer in its acknowledgement before it is answered afterwards."""
_OPTIONS_GRACE: Final = 2.5
"""Seconds for an options request, which has no afterwards: Slack waits three."""


class Boundary:
    """Dispatches payloads.

    Args:
        routes: what leads where.
        directory: who is asking.
        slack: how to answer.
        services: what handlers use.
        tasks: the running work.
        default_language: for whoever's Slack speaks neither of our languages.
    """

    def __init__(
        self,
        *,
        routes: RouteTable,
        directory: Directory,
        slack: Slack,
        services: Services,
        tasks: Tasks,
        default_language: Language,
    ) -> None:
        self._routes = routes
        self._directory = directory
        self._slack = slack
        self._services = services
        self._tasks = tasks
        self._default = default_language
        self._log = structlog.get_logger(__name__)

    async def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of the acknowledgement of one request, and go on working behind it.

        Raises:
            MalformedPayload: where Slack would never have sent this.
        """
        payload = read_payload(body)
        acknowledgement = Acknowledgement()
        if isinstance(payload, Action | Event):
            acknowledgement.give({})
        if not self._tasks.start(self._work(payload, acknowledgement)):
            self._log.warning("too much work", payload=type(payload).__name__)
            return self._refused(payload)
        grace = _OPTIONS_GRACE if isinstance(payload, OptionsRequest) else _GRACE
        return await acknowledgement.taken(grace)

    async def _work(self, payload: Payload, acknowledgement: Acknowledgement) -> None:
        """Do the work of one request, under a reference id, and log how it ended."""
        known = self._directory.known(payload.user)
        turn: Turn[Payload] = Turn(
            reference=secrets.token_hex(4),
            payload=payload,
            person=known or Person(payload.user),
            words=self._words(payload, known),
            services=self._services,
            slack=self._slack,
            acknowledgement=acknowledgement,
            view_id=_place(payload),
        )
        trigger = trigger_of(payload)
        started = self._services.clock.monotonic()
        with structlog.contextvars.bound_contextvars(
            reference=turn.reference, person=payload.user, trigger=f"{trigger.kind} {trigger.id}"
        ):
            outcome = await self._run(self._routes.find(payload), turn, known)
            seconds = self._services.clock.monotonic() - started
            self._log.info("request ended", outcome=outcome, seconds=round(seconds, 3))
        acknowledgement.give({})

    async def _run(self, route: Route | None, turn: Turn[Payload], known: Person | None) -> str:
        """Take the steps in their order; return succeeded, refused (a field), blocked, failed or errored."""
        try:
            if route is None:
                raise FormExpired  # noqa: TRY301 - one place tells every error
            if not _received(route, turn):
                return "refused"
            if not await self._opened(route, turn, neutral=known is None):
                return "expired"
            await self._admit(route, turn, known)
            await route.handle(turn)
        except AccessDenied as error:
            return await self._told(route, turn, error, "blocked")
        except BotError as error:
            self._log.info("request failed", error=type(error).__name__)
            return await self._told(route, turn, error, "failed")
        except Exception:  # noqa: BLE001 - the last net: whatever it is, the person learns a reference id
            self._log.exception("request broke")
            return await self._told(route, turn, None, "errored")
        return "succeeded"

    async def _opened(self, route: Route, turn: Turn[Payload], *, neutral: bool) -> bool:
        """Open the loading view of a route that opens one; False where Slack no longer lets us."""
        opening = route.opens(turn.payload) if route.opens else None
        if opening is None or not isinstance(turn.payload, Command | Action):
            return True
        turn.acknowledge()
        push = isinstance(turn.payload, Action) and turn.payload.view is not None and not turn.payload.view.is_home
        try:
            turn.view_id = await self._slack.open_view(turn.payload.trigger, _loading(turn, neutral=neutral), push=push)
        except TriggerExpired:
            turn.view_id = ""
            await turn.show(_try_again(turn.words, opening))
            return False
        return True

    async def _admit(self, route: Route, turn: Turn[Payload], known: Person | None) -> None:
        """Learn who is asking, and raise `AccessDenied` where they may not."""
        if known is None:
            if not isinstance(turn.payload, OptionsRequest):
                turn.acknowledge()
            turn.person = await self._directory.person(turn.payload.user)
            turn.words = self._words(turn.payload, turn.person)
        if not allowed(turn.person, route.needs):
            raise AccessDenied

    async def _told(self, route: Route | None, turn: Turn[Payload], error: BotError | None, outcome: str) -> str:
        """Tell a person what went wrong, where they are; whatever fails now is only logged."""
        try:
            problem = _problem(turn, error)
            await _tell(turn, problem, await _restored(route, turn, problem))
        except Exception:  # noqa: BLE001 - nothing is left to tell the person with
            self._log.exception("the problem could not be told")
        return outcome

    def _refused(self, payload: Payload) -> dict[str, Any]:
        """Return what Slack is answered when no more work is taken."""
        sentence = self._words(payload, self._directory.known(payload.user)).text("error.busy")
        match payload:
            case Command():
                return {"response_type": "ephemeral", "text": sentence}
            case Submission() if payload.view.values:
                return {"response_action": "errors", "errors": {next(iter(payload.view.values)): sentence}}
            case OptionsRequest():
                return {"options": []}
            case _:
                return {}

    def _words(self, payload: Payload, person: Person | None) -> Words:
        """Return the words for a person: their Slack's language, else the open view's, else the default."""
        if person is not None:
            return Words(language_of(person.locale, self._default), _zone(person.zone))
        view = None if isinstance(payload, Command | Event) else payload.view
        return Words((language_in(view.metadata) if view else None) or self._default)


def _place(payload: Payload) -> str:
    """Return the modal in which a request is answered; empty where that is a message."""
    if isinstance(payload, Submission):
        return payload.view.id
    if isinstance(payload, Action) and payload.view and not payload.view.is_home:
        return payload.view.id
    return ""


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _received(route: Route, turn: Turn[Payload]) -> bool:
    """Answer a submission from the form alone; False where a field is wrong and nothing more is to be done."""
    if not isinstance(turn.payload, Submission):
        return True
    if route.receive is None:
        raise FormExpired
    answer = route.receive(turn.payload, turn.words)
    if isinstance(answer, FieldErrors):
        turn.acknowledgement.give({"response_action": "errors", "errors": answer.errors})
        return False
    turn.acknowledgement.give({"response_action": "update", "view": answer.to_dict()})
    return True


def _loading(turn: Turn[Payload], *, neutral: bool) -> ModalView:
    """Return the view that spends the trigger, in both languages while we don't know whose it is."""
    languages = (Words("pt"), Words("en")) if neutral else (turn.words,)
    sentence = " · ".join(words.text("form.loading") for words in languages)
    return turn.as_modal(Content(turn.words.text("app.name"), sentence, (paragraph(sentence),)))


def _try_again(words: Words, opening: Opening) -> Content:
    sentence = words.text("error.trigger-expired")
    again = button(words.text("action.open-form"), opening.action_id, opening.value, style="primary")
    return Content(words.text("app.name"), sentence, (paragraph(sentence), *actions(again)))


def _problem(turn: Turn[Payload], error: BotError | None) -> Problem:
    if error is None:
        return Problem(turn.words.text("error.unknown", reference=turn.reference))
    messages = error.messages if isinstance(error, Rejected) else ()
    return Problem(turn.words.text(error.key, **error.values), messages)


async def _restored(route: Route | None, turn: Turn[Payload], problem: Problem) -> ModalView | None:
    """Return the view again with what was in it; None where there is none, or where its state is not understood."""
    if route is None or route.restore is None or not turn.view_id:
        return None
    try:
        return await route.restore(turn, problem)
    except BotError:
        return None


async def _tell(turn: Turn[Payload], problem: Problem, view: ModalView | None) -> None:
    content = Content(turn.words.text("app.name"), escape(problem.text), (paragraph(problem.text),))
    if isinstance(turn.payload, OptionsRequest):
        turn.acknowledgement.give({"options": []})
    elif turn.view_id:
        await _tell_in_view(turn, content, view or turn.as_modal(content))
    elif not isinstance(turn.payload, Event):
        await turn.show(content)


async def _tell_in_view(turn: Turn[Payload], content: Content, view: ModalView) -> None:
    """Tell a problem in the modal; a submission whose modal was closed meanwhile is told in a message."""
    submitted = isinstance(turn.payload, Submission)
    if submitted and turn.acknowledgement.give({"response_action": "update", "view": view.to_dict()}):
        return
    told = await turn.slack.update_view(turn.view_id, view)
    if submitted and not told:
        await turn.slack.direct_message(turn.person.id, content)
