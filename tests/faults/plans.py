"""What people do and what goes wrong meanwhile, drawn from a seed. Pure: a random source and what may be done in."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")

PEOPLE: Final = ("Ana", "Ben")
FIELDS: Final = ("unit_price", "description", "unit", "tax")
"""What of an item is changed here; its name never is."""


class Deed(StrEnum):
    """What somebody does."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    UNDO = "undo"


class Trouble(StrEnum):
    """What goes wrong with the account when it is written to."""

    NONE = "none"
    LIMITED = "429 once"
    LIMITED_WITH_TIME = "429 with Retry-After, twice"
    LIMITED_FOR_LONG = "429 for long"
    REFUSED = "422"
    FAILS_BEFORE = "500 with HTML, not carried out"
    FAILS_AFTER = "502 with HTML, carried out"
    DOWN = "503 for long"
    CUT_BEFORE = "cut before the write"
    CUT_AFTER = "cut after the write"
    CUT_HALF_WAY = "cut half-way through the answer"
    CUT_AND_UNREADABLE = "cut after the write, and no reads"
    UNREADABLE = "no reads after the write"
    SILENT_BEFORE = "no answer in time, carried out later"
    SILENT_AFTER = "no answer in time, carried out before"
    STORM = "anything, by chance"


class SlackTrouble(StrEnum):
    """What goes wrong with Slack when an outcome is to be told."""

    NONE = "none"
    VIEW_REFUSED = "views.update refused"
    VIEW_LOST = "views.update carried out, answer lost"
    LIMITED = "429 once"
    SILENT = "every call refused"


class Manner(StrEnum):
    """How somebody submits."""

    ONCE = "once"
    TWICE = "twice at the same time"
    ONCE_MORE = "once more afterwards"
    CLOSING = "closing the form"


class Death(StrEnum):
    """When the bot is killed."""

    NEVER = "never"
    READING = "before it has written"
    NOT_WRITTEN = "while it waits for an answer, not carried out"
    WRITTEN = "while it waits for an answer, carried out"
    WRITTEN_LATER = "while it waits for an answer, carried out after it is back"
    TELLING = "before it has told the outcome"


class Meanwhile(StrEnum):
    """What somebody else does in the web interface while a form is open."""

    NOTHING = "nothing"
    OTHER_FIELD = "changes another field"
    SAME_FIELD = "changes the same field"
    REMOVES = "deletes the item"


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation.

    Attributes:
        number: which it is; what it writes is told from all else by it.
        person: who does it.
        deed: what they do.
        target: the item, or for an undo the number of the operation that is undone; 0 for a create.
        fields: the fields of the item that are changed.
        trouble: what goes wrong with the account.
        slack: what goes wrong with Slack.
        manner: how it is submitted.
        death: when the bot is killed.
        meanwhile: what somebody else does while the form is open.
        persists: whether the person tries again where nothing was done.
        looks: whether the bot looks after loose ends afterwards.
        seed: where chance begins, in a storm.
    """

    number: int
    person: str
    deed: Deed
    target: int
    fields: tuple[str, ...]
    trouble: Trouble
    slack: SlackTrouble
    manner: Manner
    death: Death
    meanwhile: Meanwhile
    persists: bool
    looks: bool
    seed: int

    def __str__(self) -> str:
        """Return the operation as a line."""
        parts = [f"{self.number}. {self.person}: {self.deed} {self.target or ''}".rstrip()]
        others = (self.trouble, self.slack, self.manner, self.death, self.meanwhile)
        usual = (Trouble.NONE, SlackTrouble.NONE, Manner.ONCE, Death.NEVER, Meanwhile.NOTHING)
        parts += [f"[{part}]" for part, normal in zip(others, usual, strict=True) if part is not normal]
        return " ".join(parts)


class Planner:
    """Draws operations. The same seed and the same choices give the same operations.

    Args:
        seed: where chance begins.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable operations, no secret

    def draw(self, number: int, items: Sequence[int], undoable: Sequence[int]) -> Plan:
        """Return the next operation.

        Args:
            number: which it is.
            items: the items of which it is known what they are.
            undoable: the operations that can be undone.
        """
        deed = self._deed(items, undoable)
        targets = {Deed.CREATE: (0,), Deed.UNDO: undoable}.get(deed, items)
        death = self._seldom(Death, 0.04) if deed is not Deed.UNDO else Death.NEVER
        if deed is Deed.CREATE and death is Death.READING:
            death = Death.NOT_WRITTEN  # nothing is read before an item is created
        calm = death is not Death.NEVER
        is_seen = deed in (Deed.EDIT, Deed.DELETE) and not calm
        manner = Manner.ONCE if calm or deed is Deed.UNDO else self._seldom(Manner, 0.2)
        trouble = Trouble.NONE if calm or manner is Manner.CLOSING else self._seldom(Trouble, 0.5)
        return Plan(
            number=number,
            person=self._random.choice(PEOPLE),
            deed=deed,
            target=self._random.choice(targets),
            fields=self._fields(),
            trouble=trouble,
            slack=SlackTrouble.NONE if calm else self._seldom(SlackTrouble, 0.12),
            manner=manner,
            death=death,
            meanwhile=self._seldom(Meanwhile, 0.12) if is_seen else Meanwhile.NOTHING,
            persists=self._random.random() < 0.5,
            looks=self._random.random() < 0.3,
            seed=self._random.randrange(2**32),
        )

    def _deed(self, items: Sequence[int], undoable: Sequence[int]) -> Deed:
        odds = {Deed.CREATE: 25, Deed.EDIT: 45, Deed.DELETE: 12, Deed.UNDO: 18 if undoable else 0}
        if len(items) < 4:
            odds = {Deed.CREATE: 1}
        return self._random.choices(list(odds), list(odds.values()))[0]

    def _fields(self) -> tuple[str, ...]:
        chosen = {self._random.choice(("unit_price", "description"))}  # whose values are always new
        chosen.update(self._random.sample(FIELDS, self._random.randint(0, 2)))
        return tuple(field for field in FIELDS if field in chosen)

    def _seldom(self, kinds: Iterable[T], odds: float) -> T:
        """Return the first of some kinds, or with these odds one of the others."""
        first, *others = kinds
        return self._random.choice(others) if self._random.random() < odds else first
