"""A walk of people's operations through a world in which things go wrong, beside the truth that people are told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.history import Outcome
from bot.items.undo import can_be_undone
from tests.faults.ears import Ears
from tests.faults.hands import Hands
from tests.faults.plans import Death, Deed, Manner, Meanwhile, Plan, Planner, SlackTrouble, Trouble
from tests.faults.scene import BEGINNING_ITEMS, Scene, name_of, set_scene
from tests.faults.told import Verdict
from tests.faults.truth import Truth, apart, differences, values_of

_STEP: Final = 61.0
"""Seconds between two operations, so that no two of them are of the same minute."""
_SETTLED: Final = 180.0
"""Seconds after which it can be told of every write how it ended."""
_MOST_OPEN: Final = 3
"""So many operations may be in doubt before the bot looks after them in any case."""
_UNDOABLE: Final = 5
"""So many of the last operations may be undone."""


@dataclass(slots=True)
class Tally:
    """What a walk was like.

    Attributes:
        operations: how many submissions there were.
        counts: how often something was done, went wrong or was told.
        trace: a line for each operation, and for what was told of it.
    """

    operations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)


class Walk:
    """One walk.

    Args:
        scene: where.
        planner: what people do.
    """

    def __init__(self, scene: Scene, planner: Planner) -> None:
        self.tally = Tally()
        self._scene = scene
        self._planner = planner
        self._truth = Truth({item.name: values_of(item) for item in scene.account.items()})
        self._ears = Ears(scene)
        self._hands = Hands(scene, self._truth, self._ears)
        self._numbers = {name_of(-number): -number for number in range(1, BEGINNING_ITEMS + 1)}

    async def go(self, operations: int) -> None:
        """Do so many operations, and then wait until everything is known."""
        for number in range(1, operations + 1):
            self._numbers[name_of(number)] = number
            await self._step(number)
        self._scene.clear_faults()
        for _ in range(2):
            await self._scene.bot.later(_SETTLED)
            await self._ears.look()
        self.tally.operations = len(self._truth.submissions())

    async def _step(self, number: int) -> None:
        plan = self._planner.draw(number, self._known_items(), self._undoable())
        await self._scene.bot.later(_STEP)
        self.tally.trace.append(str(plan))
        self._count(plan)
        for submission in await self._hands.carry_out(plan):
            self.tally.trace.append(f"    {submission.verdict or 'told nothing yet'}")
            self.tally.counts[f"at once: {submission.verdict or 'nothing'}"] += 1
        if plan.looks or len(self._ears.waiting) > _MOST_OPEN:
            await self._look(plan)

    async def _look(self, plan: Plan) -> None:
        """Have the bot look after loose ends, now and then in vain."""
        if plan.seed % 5 == 0:
            self._scene.account.faults.switch(down=True)
        if plan.seed % 5 == 1:
            self._scene.workspace.faults.next("*", error="internal_error", times=1000)
        for submission in await self._ears.look():
            self.tally.trace.append(f"    {submission.number}. afterwards: {submission.verdict}")
            self.tally.counts[f"afterwards: {submission.verdict}"] += 1
        self._scene.clear_faults()

    def _known_items(self) -> list[int]:
        """Return the items of which it is known what they are, by number."""
        in_doubt = self._truth.open_names()
        return sorted(self._numbers[name] for name in self._truth.items() if name not in in_doubt)

    def _undoable(self) -> list[int]:
        """Return the last operations that the bot must offer to undo, by number."""
        in_doubt, numbers = self._truth.open_names(), []
        done = [one for one in self._truth.submissions() if one.verdict is Verdict.DONE and one.name not in in_doubt]
        for submission in done[-_UNDOABLE:]:
            entry = self._scene.entry(submission.reference)
            if submission.deed in (Deed.EDIT, Deed.DELETE) and entry is not None and can_be_undone(entry):
                numbers.append(submission.number)
        return sorted(set(numbers))

    def _count(self, plan: Plan) -> None:
        kinds = (plan.deed, plan.trouble, plan.slack, plan.manner, plan.death, plan.meanwhile)
        for kind in kinds:
            if kind not in (Trouble.NONE, SlackTrouble.NONE, Manner.ONCE, Death.NEVER, Meanwhile.NOTHING):
                self.tally.counts[f"{type(kind).__name__}: {kind}"] += 1

    def check(self) -> None:
        """Hold against each other what people were told, what the account holds, its log, and the history.

        Raises:
            AssertionError: they differ.
        """
        untold = [one for one in self._truth.submissions() if one.is_open]
        assert not untold, f"nobody was told how these ended: {untold}"
        assert not self._scene.promises(), "promises are still open"
        held = {item.name: values_of(item) for item in self._scene.account.items()}
        entries = self._scene.history()
        wrong = apart(held, self._truth.items()) + differences(entries, self._scene.account.writes)
        assert not wrong, "\n".join(wrong)
        verdicts = {one.reference: one.verdict for one in self._truth.submissions() if one.reference}
        for entry in entries:
            really = Verdict.DONE if entry.outcome is Outcome.SUCCEEDED else Verdict.NOT_DONE
            assert verdicts.get(entry.reference) is really, f"{entry} was told as {verdicts.get(entry.reference)}"


async def walk(directory: Path, seed: int, operations: int) -> Tally:
    """Walk, and check what came of it.

    Args:
        directory: an empty one, for the bot.
        seed: the same seed gives the same walk.
        operations: how many.

    Raises:
        AssertionError: something was lost, doubled, not told or told wrongly; it says how to see that again.
    """
    async with set_scene(directory) as scene:
        one = Walk(scene, Planner(seed))
        try:
            await one.go(operations)
            one.check()
        except Exception as error:
            trace = "\n".join(one.tally.trace[-12:])
            again = f"python -m tests.faults --seed {seed} --operations {operations}"
            raise AssertionError(f"{error}\nThe last operations:\n{trace}\nAgain: {again}") from error
        return one.tally
