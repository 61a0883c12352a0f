"""What people are told: on their screens as they act, and in direct messages afterwards."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

from bot.history import Outcome, Promise
from bot.items.outcomes import interrupted, settled
from bot.sandbox.slack import Actor, Message
from tests.faults.plans import PEOPLE
from tests.faults.scene import Scene
from tests.faults.told import Verdict, phrases, verdict_of
from tests.faults.truth import Submission

_BOT: Final = "dm"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission whose person is still to be told how it ended, perhaps once more."""

    submission: Submission
    promise: Promise


class Ears:
    """Listens to what the bot says.

    Args:
        scene: where.

    Attributes:
        waiting: what is still promised, by reference.
    """

    def __init__(self, scene: Scene) -> None:
        self.waiting: dict[str, Waiting] = {}
        self._scene = scene
        self._phrases = {name: phrases(scene.words(name)) for name in PEOPLE}

    def hear(self, actor: Actor, submission: Submission) -> None:
        """Read from somebody's screen what became of a submission, when the bot has dealt with it or is dead.

        Raises:
            AssertionError: they are told nothing certain, and nothing is promised.
        """
        top = self._scene.workspace.state.views.top(actor.id)
        texts = [top.plain] if top else []
        texts += [message.plain for message in actor.messages(ever=False)]
        submission.verdict = verdict_of(texts, self._phrases[submission.person]) or submission.verdict
        promises = self._scene.promises()
        new = [reference for reference in promises if reference not in self.waiting]
        assert len(new) <= 1, f"more than one promise for {submission}"
        for reference in new:
            submission.reference = reference
            self.waiting[reference] = Waiting(submission, promises[reference])
        for reference in self.waiting.keys() - promises.keys():
            kept = self.waiting.pop(reference).submission
            assert not kept.is_open, f"{kept} is noted as told, and was not"
        assert not submission.is_open or submission.reference in self.waiting, (
            f"{submission} was not told how it ended, and nothing is promised. {actor.screen()}"
        )

    async def look(self) -> list[Submission]:
        """Have the bot look after loose ends; return the submissions of which people were told."""
        return await self._listen(self._scene.bot.look())

    async def restart(self) -> list[Submission]:
        """Start another bot, which looks after loose ends first; return the submissions of which people were told."""
        return await self._listen(self._scene.start_bot())

    async def _listen(self, work: Awaitable[None]) -> list[Submission]:
        """Return the submissions of which people are told in direct messages meanwhile.

        Raises:
            AssertionError: somebody is told something else than what the history says, or nothing where it is noted
                that they were.
        """
        mark = self._scene.workspace.feed.number
        await work
        news = {name: self._messages_since(name, mark) for name in PEOPLE}
        promises = self._scene.promises()
        told = [self.waiting.pop(reference) for reference in list(self.waiting) if reference not in promises]
        for waiting in told:
            self._hear_afterwards(waiting, news[waiting.submission.person])
        left = {name: [message.plain for message in messages] for name, messages in news.items() if messages}
        assert not left, f"told what nobody waits for: {left}"
        return [waiting.submission for waiting in told]

    def _messages_since(self, name: str, mark: int) -> list[Message]:
        messages = self._scene.person(name).messages(channel=_BOT)
        return [message for message in messages if message.revision > mark]

    def _hear_afterwards(self, waiting: Waiting, news: list[Message]) -> None:
        submission, promise = waiting.submission, waiting.promise
        words, entry = self._scene.words(submission.person), self._scene.entry(promise.reference)
        expected = (
            settled(words, entry, entry.outcome or Outcome.UNKNOWN) if entry else interrupted(words, promise.at)
        ).text
        said = next((message for message in news if message.text == expected), None)
        assert said is not None, f"{submission.person} was not told {expected!r}, but {[one.text for one in news]}"
        news.remove(said)
        verdict = verdict_of([said.plain], self._phrases[submission.person])
        assert submission.is_open or submission.verdict is verdict, f"{submission}, and afterwards {verdict}"
        assert verdict is not Verdict.UNKNOWN or not submission.is_open, f"{submission} will never be known"
        submission.verdict = verdict
