"""One request from Slack as its handler sees it: who asks, in which language, and how to answer where they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Generic, TypeVar

import structlog
from slackblocks import ModalView

from bot.access import Permission, Person, Policy
from bot.errors import BotError
from bot.i18n import Words
from bot.invoicexpress.errors import FieldMessage
from bot.services import Services
from bot.slack.acknowledgement import Acknowledgement
from bot.slack.blocks import Content, modal
from bot.slack.finder import finder_view
from bot.slack.payloads import Action, Command, Event, Payload, Submission
from bot.slack.replies import ContentRefused, Slack, SlackFailed, message
from bot.slack.state import Origin, Spoken, channel_in, placed

_log: Final = structlog.get_logger(__name__)

P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in the reader's language.

    Attributes:
        text: the sentence.
        messages: what the service itself said, by field where it named one.
        error: what it was; None where nobody knows.
    """

    text: str
    messages: tuple[FieldMessage, ...] = ()
    error: BotError | None = None


@dataclass(slots=True)
class Turn(Generic[P_co]):
    """A request and the means to answer it.

    Attributes:
        reference: the id under which the log knows this request.
        payload: what Slack sent.
        person: who asks.
        words: in their language.
        services: the parts of the bot.
        slack: the Web API.
        acknowledgement: the answer to Slack's own request, while it is still open.
        policy: who may do what.
        view_id: the modal in which the answer goes; empty for a message.
        promised: whether it is on the disk that this person will be told how what they asked for ended.
        owes: whether that is still to be told when the request has ended.
    """

    reference: str
    payload: P_co
    person: Person
    words: Words
    services: Services
    slack: Slack
    acknowledgement: Acknowledgement
    policy: Policy
    view_id: str = field(default="")
    promised: bool = field(default=False, init=False)
    owes: bool = field(default=False, init=False)

    @property
    def channel(self) -> str:
        """Where this was asked: the channel of the command or the message, or where the view was opened from."""
        if isinstance(self.payload, Command):
            return self.payload.channel
        if isinstance(self.payload, Event):
            return ""
        here = self.payload.channel if isinstance(self.payload, Action) else ""
        return here or (channel_in(self.payload.view.metadata) if self.payload.view else "")

    @property
    def granted(self) -> frozenset[Permission]:
        """The permissions of this person, here and now."""
        return self.policy.permissions(self.person, self.channel)

    def require(self, permission: Permission) -> None:
        """Go on only with a permission.

        Raises:
            AccessDenied: where this person does not have it.
        """
        if permission not in self.granted:
            raise self.policy.denial

    def acknowledge(self) -> None:
        """Let Slack's request go, because the network comes next."""
        self.acknowledgement.give({})

    async def show(self, content: Content) -> None:
        """Show content where the person is: in the modal, in the acknowledgement, or as an ephemeral message."""
        if self.view_id:
            await self.form(self.as_modal(content))
        elif not self._ride(content):
            await self._post(content)

    async def replace(self, content: Content) -> None:
        """Show content in place of the message that holds the button that was clicked."""
        if self.view_id:
            await self.show(content)
        else:
            await self._post(content, replace=True)

    async def form(self, view: ModalView) -> bool:
        """Show a form in the modal that stands open; False where it was closed meanwhile."""
        if isinstance(self.payload, Submission):
            await self.acknowledgement.settled()
        return await self.slack.update_view(self.view_id, self.placed(view))

    def placed(self, view: ModalView) -> ModalView:
        """Return the view with the channel of this request in its metadata, for the decisions that follow in it."""
        view.private_metadata = placed(view.private_metadata, self.channel)
        return view

    async def conclude(self, content: Content, origin: Origin, record: Content | None) -> None:
        """Tell how a submission ended, and bring the place it came from up to date.

        Args:
            content: the outcome. Whoever closed the form meanwhile reads it in a message.
            origin: where the form was opened from.
            record: what now stands where the record was shown; None leaves that place as it is.
        """
        await self.tell(content, url=origin.response_url)
        if record is not None:
            await self._refresh(origin, record)

    async def tell(self, content: Content, *, view: ModalView | None = None, url: str = "") -> None:
        """Tell what must not get lost, by the first way that works; what no way takes stands in the log.

        Args:
            content: what is told.
            view: how it is told in the modal, where that is not the content alone.
            url: a response URL beside that of the payload.
        """
        if not self.view_id and self._ride(content):
            return
        for way in self._ways(content, view, url or self._response_url()):
            try:
                if await way():
                    return
            except SlackFailed as error:
                _log.warning("a way to tell failed", reason=str(error))
            except Exception:  # noqa: BLE001 - whatever keeps one way from telling, the next may get there
                _log.exception("a way to tell broke")
        self.owes = True
        _log.error("could not be told", text=content.text)

    def _ways(self, content: Content, view: ModalView | None, url: str) -> list[Callable[[], Awaitable[bool]]]:
        """Return the ways to tell something, the best first; each says whether it got there."""
        ways: list[Callable[[], Awaitable[bool]]] = []
        if self.view_id:
            ways.append(partial(self._in_view, content, view))
        if url:
            ways.append(partial(self.slack.respond, url, content))
        # Last, without blocks: where Slack refuses these, the answer in one line still gets there.
        bare = dataclasses.replace(content, blocks=())
        return [*ways, partial(self._message, content), partial(self._message, bare)]

    async def _in_view(self, content: Content, view: ModalView | None) -> bool:
        if view is not None:
            try:
                return await self.form(view)
            except SlackFailed as error:
                _log.warning("a form could not be shown again", reason=str(error))
        return await self.form(self.as_modal(content))

    async def _message(self, content: Content) -> bool:
        await self.slack.direct_message(self.person.id, content)
        return True

    async def _refresh(self, origin: Origin, record: Content) -> None:
        """Show a record anew where it was shown; where that fails the place is out of date, and nothing is lost."""
        try:
            if origin.view:
                finder = finder_view(self.words, origin.finder, blocks=record.blocks) if origin.finder else None
                await self.slack.update_view(origin.view, self.placed(finder or self.as_modal(record)))
            if origin.replace:
                await self.slack.respond(origin.response_url, record, replace=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the outcome has been told
            expected = isinstance(error, SlackFailed)
            _log.warning("a record is shown as it was", reason=str(error), exc_info=not expected)

    async def share(self, content: Content) -> bool:
        """Post content for everybody in the channel of the message that was clicked.

        Returns:
            Whether it stands in the channel; from a modal there is no channel, and it goes into a direct message.
        """
        url = self._response_url()
        if url and await self.slack.respond(url, content, in_channel=True):
            return True
        await self.slack.direct_message(self.person.id, content)
        return False

    def as_modal(self, content: Content) -> ModalView:
        """Return content as a modal that only shows."""
        return reading_modal(self.words, content)

    def origin(self, *, shows_record: bool) -> Origin:
        """Return where this click came from, for the form that it opens.

        Args:
            shows_record: whether the clicked element stands beside the record itself, so that its message or modal
                is brought up to date when the form has been submitted.
        """
        if isinstance(self.payload, Action) and self.payload.view and not self.payload.view.is_home:
            below = self.payload.view
            return Origin(view=below.id, finder=below.callback_id) if shows_record else Origin()
        url = self._response_url()
        return Origin(response_url=url, replace=shows_record and isinstance(self.payload, Action) and bool(url))

    def _ride(self, content: Content) -> bool:
        """Let content leave with the acknowledgement of a command; False where that has left already."""
        if not isinstance(self.payload, Command):
            return False
        return self.acknowledgement.give({**message(content), "response_type": "ephemeral"})

    def _response_url(self) -> str:
        return self.payload.response_url if isinstance(self.payload, Command | Action) else ""

    async def _post(self, content: Content, *, replace: bool = False) -> None:
        url = self._response_url()
        if not url or not await self._responded(url, content, replace=replace):
            await self.slack.direct_message(self.person.id, content)

    async def _responded(self, url: str, content: Content, *, replace: bool) -> bool:
        try:
            return await self.slack.respond(url, content, replace=replace)
        except ContentRefused:
            raise
        except SlackFailed as error:
            _log.warning("a response url failed", reason=str(error))
            return False


def reading_modal(words: Words, content: Content) -> ModalView:
    """Return content as a modal that only shows."""
    metadata = Spoken(language=words.language).dump()
    return modal(content, close=words.text("action.close"), metadata=metadata)
