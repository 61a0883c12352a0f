"""The one way from a payload to a handler: reference id, person, language, permission, acknowledgement, errors.

Slack wants its answer within three seconds, so the work runs as a task of its own: the listener returns as soon as an
answer is given, or after a short grace. What goes wrong is told where the person is; what we don't know of is told as
a reference id that the log carries with the traceback.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Any, Final

import structlog
from slackblocks import ModalView

from bot.access import AccessDenied, Person, Policy
from bot.errors import BotError, FormExpired
from bot.i18n import Language, Words, language_of, zone_of
from bot.invoicexpress.errors import OutcomeUnknown
from bot.services import Services
from bot.slack.acknowledgement import Acknowledgement
from bot.slack.blocks import Content, paragraph
from bot.slack.directory import Directory, PersonUnknown
from bot.slack.payloads import Action, Command, Event, OptionsRequest, Payload, Submission
from bot.slack.problems import busy, busy_answer, form_again, tell_problem, tell_repeated
from bot.slack.replies import Slack, TriggerExpired
from bot.slack.routing import FieldErrors, Route, RouteTable, once_key, place_of, trigger_of
from bot.slack.state import language_in
from bot.slack.tasks import Tasks
from bot.slack.turn import Turn

_GRACE: Final = 0.25
"""Seconds that a command may take to answer in its acknowledgement before it is answered afterwards."""
_LONG_GRACE: Final = 2.5
"""Seconds for whatever must not be acknowledged without its answer: Slack waits three."""


class Boundary:
    """Dispatches payloads.

    Args:
        routes: what leads where.
        directory: who is asking.
        slack: how to answer.
        services: what handlers use.
        tasks: the running work.
        policy: who may do what.
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
        policy: Policy,
        default_language: Language,
    ) -> None:
        self._routes = routes
        self._directory = directory
        self._slack = slack
        self._services = services
        self._tasks = tasks
        self._policy = policy
        self._default = default_language
        self._log = structlog.get_logger(__name__)

    async def answer(self, payload: Payload) -> dict[str, Any]:
        """Return the body of the acknowledgement of one request, and go on working behind it."""
        known = self._directory.known(payload.user)
        turn, route = self._turn(payload, known), self._routes.find(payload)
        # What writes is acknowledged when it is on the disk that it was asked for: from then on it cannot get lost.
        if isinstance(payload, Action | Event) and not (route and route.writes):
            turn.acknowledge()
        if not self._tasks.start(self._work(route, turn, known=known is not None)):
            self._log.warning("too much work", payload=type(payload).__name__, person=payload.user)
            return self._refused(turn)
        return await turn.acknowledgement.taken(_GRACE if isinstance(payload, Command) else _LONG_GRACE)

    def _turn(self, payload: Payload, known: Person | None) -> Turn[Payload]:
        return Turn(
            reference=secrets.token_hex(4),
            payload=payload,
            person=known or Person(payload.user),
            words=self._words(payload, known),
            services=self._services,
            slack=self._slack,
            acknowledgement=Acknowledgement(self._services.clock),
            policy=self._policy,
            view_id=place_of(payload),
        )

    def _refused(self, turn: Turn[Payload]) -> dict[str, Any]:
        """Return what Slack is answered when no more work is taken; a click is told so afterwards."""
        if isinstance(turn.payload, Action):
            self._tasks.start(turn.tell(busy(turn.words)), spare=True)
        return busy_answer(turn.payload, turn.words)

    async def _work(self, route: Route | None, turn: Turn[Payload], *, known: bool) -> None:
        """Do the work of one request, under a reference id, and log how it ended."""
        trigger = trigger_of(turn.payload)
        started = self._services.clock.monotonic()
        # For good: this is a task of its own, and so is its context.
        structlog.contextvars.bind_contextvars(
            reference=turn.reference, person=turn.payload.user, trigger=f"{trigger.kind} {trigger.id}"
        )
        try:
            outcome = await self._run(route, turn, known=known)
        except asyncio.CancelledError:
            self._log.warning("request cut off")
            raise
        seconds = self._services.clock.monotonic() - started
        self._log.info("request ended", outcome=outcome, seconds=round(seconds, 3))
        turn.acknowledge()

    async def _run(self, route: Route | None, turn: Turn[Payload], *, known: bool) -> str:
        """Take the steps; return succeeded, repeated, refused (a field), expired, blocked, failed or errored."""
        try:
            outcome = await self._tried(route, turn, known=known)
            if turn.promised and not turn.owes:
                await self._services.history.told(turn.reference)
        finally:
            self._services.history.let_go(turn.reference)
        return outcome

    async def _tried(self, route: Route | None, turn: Turn[Payload], *, known: bool) -> str:
        try:
            return await self._steps(route, turn, known=known)
        except AccessDenied as error:
            return await self._failed(route, turn, error, "blocked")
        except BotError as error:
            self._log.info("request failed", error=type(error).__name__)
            return await self._failed(route, turn, error, "failed")
        except Exception:  # noqa: BLE001 - the last net: whatever it is, the person learns a reference id
            self._log.exception("request broke")
            return await self._failed(route, turn, None, "errored")

    async def _steps(self, route: Route | None, turn: Turn[Payload], *, known: bool) -> str:
        if route is None:
            if not known and not isinstance(turn.payload, Submission):  # a submission can still be answered itself
                await self._learn_language(turn)
            raise FormExpired
        if known:
            turn.require(route.needs)
        in_vain = await self._received(route, turn)
        if in_vain:
            return in_vain
        if not await self._opened(route, turn, known=known):
            return "expired"
        if not known:
            await self._identify(turn)
            turn.require(route.needs)
        await route.handle(turn)
        return "succeeded"

    async def _received(self, route: Route, turn: Turn[Payload]) -> str:
        """Take what is submitted, and what writes only once; return why nothing more is to be done, or nothing."""
        answer = _first_answer(route, turn)
        if isinstance(answer, FieldErrors):
            turn.acknowledgement.give({"response_action": "errors", "errors": answer.errors})
            return "refused"
        if route.writes and not await self._claimed(turn):
            await tell_repeated(turn)
            return "repeated"
        if answer is not None:
            turn.acknowledgement.give({"response_action": "update", "view": turn.placed(answer).to_dict()})
        return ""

    async def _claimed(self, turn: Turn[Payload]) -> bool:
        """Promise an outcome before Slack is told that the request has come; False where it came before."""
        key = once_key(turn.payload)
        try:
            turn.promised = await self._services.history.claim(key, turn.reference, turn.payload.user)
        finally:
            if isinstance(turn.payload, Action):
                turn.acknowledge()
        return turn.promised

    async def _failed(self, route: Route | None, turn: Turn[Payload], error: BotError | None, outcome: str) -> str:
        """Tell what went wrong, and keep in mind what is still to be told of a write."""
        if turn.promised and (error is None or isinstance(error, OutcomeUnknown)):
            turn.owes = True
        elif turn.promised and isinstance(turn.payload, Action):
            # Nothing was done: the same button may be pressed again. A form that comes back counts its attempts, and a
            # submission that is delivered once more after it was said to have failed must do nothing.
            await self._services.history.release(turn.reference)
        await self._tell(route, turn, error)
        return outcome

    async def _opened(self, route: Route, turn: Turn[Payload], *, known: bool) -> bool:
        """Open the loading view of a route that opens one; False where Slack no longer lets us."""
        opening = route.opens(turn.payload) if route.opens else None
        if opening is None or not isinstance(turn.payload, Command | Action):
            return True
        if known and opening.needs:
            turn.require(opening.needs)
        turn.acknowledge()
        push = isinstance(turn.payload, Action) and turn.payload.view is not None and not turn.payload.view.is_home
        loading = _loading(turn, neutral=not known)
        try:
            turn.view_id = await self._slack.open_view(turn.payload.trigger, loading, push=push)
        except TriggerExpired:
            if not known:
                await self._learn_language(turn)
            await turn.tell(form_again(turn.words, opening))
            return False
        return True

    async def _learn_language(self, turn: Turn[Payload]) -> None:
        """Learn in which language to say that nothing can be done; where Slack does not tell, the default one."""
        with suppress(PersonUnknown):
            await self._identify(turn)

    async def _identify(self, turn: Turn[Payload]) -> None:
        """Learn who is asking, and in which language."""
        if not isinstance(turn.payload, OptionsRequest):
            turn.acknowledge()
        turn.person = await self._directory.person(turn.payload.user)
        turn.words = self._words(turn.payload, turn.person)

    async def _tell(self, route: Route | None, turn: Turn[Payload], error: BotError | None) -> None:
        """Tell a person what went wrong, where they are; whatever fails now is only logged."""
        try:
            await tell_problem(turn, route, error)
        except Exception:  # noqa: BLE001 - nothing is left to tell the person with
            turn.owes = True
            self._log.exception("the problem could not be told")

    def _words(self, payload: Payload, person: Person | None) -> Words:
        """Return the words for a person: their Slack's language, else the open view's, else the default."""
        if person is not None:
            return Words(language_of(person.locale, self._default), zone_of(person.zone))
        view = None if isinstance(payload, Command | Event) else payload.view
        return Words((language_in(view.metadata) if view else None) or self._default)


def _first_answer(route: Route, turn: Turn[Payload]) -> FieldErrors | ModalView | None:
    """Return what a submission is answered from the form alone; None for anything else."""
    if not isinstance(turn.payload, Submission):
        return None
    if route.receive is None:
        raise FormExpired
    return route.receive(turn.payload, turn.words)


def _loading(turn: Turn[Payload], *, neutral: bool) -> ModalView:
    """Return the view that spends the trigger, in both languages while we don't know whose it is."""
    languages = (Words("pt"), Words("en")) if neutral else (turn.words,)
    sentence = " · ".join(words.text("form.loading") for words in languages)
    return turn.placed(turn.as_modal(Content(turn.words.text("app.name"), sentence, (paragraph(sentence),))))
