"""What an item's form holds: what it showed, what was typed, and what a submission of it means. Pure.

A form can't show everything that a field holds: a price is written without its trailing noughts, a name without its
newlines, a description up to Slack's 3,000 characters. So the form remembers a digest of what it showed; a field that
comes back as it was shown was not touched, and keeps the account's own value, digit for digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

import pydantic

from bot.i18n import Words
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.fields import Field, held_text, same_amount
from bot.items.price import PriceProblem, PriceRefused, read_price
from bot.slack.blocks import OPTION_VALUE
from bot.slack.payloads import Values
from bot.slack.state import Origin, Spoken, known
from bot.slack.text import clip, visible

NAME_LENGTH: Final = 3000
DESCRIPTION_LENGTH: Final = 3000

NONE: Final = "none"
_SHOWN: Final = 60
"""Characters of a value that can't be read, as the form shows what came."""
AS_IT_IS: Final = "\0as-it-is"
"""Stands for a unit or a tax that can't be an option: unknown, without a name, or longer than Slack takes."""
_PREFIX: Final = "is:"
"""Before a unit or a tax in an option's value, so that one called "none" is still told from none."""
_KEPT: Final = "as-it-is"


class FormState(Spoken):
    """What a form remembers, in its view's metadata.

    Attributes:
        item: the id of the item that is edited; None for a new one.
        shown: a digest of each field as the form showed it.
        held: a digest of each field as the account held it then.
        rate: the rate of the item's tax, in per cent, as it was then; None where it has none, or it is unknown.
        unread: the fields whose values can't be read, each with what it came as.
        hidden: how many characters of the description are beyond what a form can show.
        clash: of each field that somebody else changed as well, what was typed and what they stored, for the choice.
        attempt: how often the form has been shown; it stands in every block_id, because Slack keeps what was typed
            where a block_id stays the same.
        origin: where the form was opened from.
    """

    item: int | None = None
    shown: Annotated[dict[Field, str], known(tuple(Field))] = pydantic.Field(default_factory=dict)
    held: Annotated[dict[Field, str], known(tuple(Field))] = pydantic.Field(default_factory=dict)
    rate: Decimal | None = None
    unread: Annotated[dict[Field, str], known(tuple(Field))] = pydantic.Field(default_factory=dict)
    hidden: int = 0
    clash: Annotated[dict[Field, tuple[str, str]], known(tuple(Field))] = pydantic.Field(default_factory=dict)
    origin: Origin = Origin()


class Side(StrEnum):
    """Whose value of a field is to stay where two people changed it."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of each field as it stands in a form; unit and tax are empty for none.

    Attributes:
        choices: whose value is to stay, of the fields for which that was asked and chosen.
    """

    name: str = ""
    description: str = ""
    unit_price: str = ""
    unit: str = ""
    tax: str = ""
    choices: Mapping[Field, Side] = field(default_factory=dict)


def digest(value: str) -> str:
    """Return a short digest of a field, blind to what a form does to line ends and to spaces at the ends."""
    normal = "\n".join(line.rstrip() for line in value.strip().splitlines())
    return hashlib.blake2b(normal.encode(), digest_size=6).hexdigest()


def exact_digest(value: str) -> str:
    """Return a short digest of what the account holds, to the last character."""
    return hashlib.blake2b(value.encode(), digest_size=6).hexdigest()


def item_digest(item: Item) -> str:
    """Return a short digest of a whole item as the account holds it."""
    rate = same_amount(item.tax.value) if item.tax and item.tax.value is not None else ""
    return exact_digest("\0".join((*_texts(item.draft()).values(), rate)))


def shown_entry(item: Item, words: Words) -> Entry:
    """Return how a form shows an item."""
    draft = item.draft()
    return Entry(
        name=as_typed(item.name),
        description=item.description[:DESCRIPTION_LENGTH],
        unit_price="" if item.unit_price is None else words.plain_price(item.unit_price),
        unit=draft.unit if "unit" not in draft.unknown and fits(draft.unit) else AS_IT_IS,
        tax=draft.tax if draft.tax is not None and fits(draft.tax) else AS_IT_IS,
    )


def as_typed(name: str) -> str:
    """Return a name as it can stand in a field of one line, as long as Slack allows."""
    return clip(" ".join(name.split()), NAME_LENGTH)


def option_value(chosen: str) -> str:
    """Return the value of the option for a unit or a tax; empty for none."""
    if chosen == AS_IT_IS:
        return _KEPT
    return _PREFIX + chosen if chosen else NONE


def fits(chosen: str) -> bool:
    """Say whether a unit or a tax can be an option: a name that was clipped would be sent back as another."""
    return len(option_value(chosen)) <= OPTION_VALUE


def state_for(item: Item, words: Words, origin: Origin) -> FormState:
    """Return what the form for an existing item remembers."""
    shown, held = shown_entry(item, words), _texts(item.draft())
    return FormState(
        language=words.language,
        item=item.id,
        shown={name: digest(getattr(shown, name)) for name in Field},
        held={name: exact_digest(held[name]) for name in Field},
        rate=item.tax.value if item.tax else None,
        unread={name: clip(dict(item.unread).get(name, ""), _SHOWN) for name in Field if name in item.unknown},
        hidden=max(len(item.description) - DESCRIPTION_LENGTH, 0),
        origin=origin,
    )


def _texts(draft: ItemDraft) -> dict[Field, str]:
    return {name: held_text(draft, name) for name in Field}


def read_entry(values: Values) -> Entry:
    """Read a submitted form; blocks are found by their field, whatever the attempt."""
    found = {block_id.partition(":")[0]: elements for block_id, elements in values.items()}

    def text(name: Field) -> str:
        state = found.get(name, {}).get(name, {})
        chosen = state.get("selected_option")
        value = str((chosen or {}).get("value") or "") if "selected_option" in state else state.get("value") or ""
        return {NONE: "", _KEPT: AS_IT_IS}.get(value, value.removeprefix(_PREFIX)) if chosen else value

    def chosen(name: Field) -> Side | None:
        option = found.get(choice_of(name), {}).get(choice_of(name), {}).get("selected_option") or {}
        return next((side for side in Side if side == option.get("value")), None)

    choices = {name: side for name in Field if (side := chosen(name))}
    return Entry(**{name.value: text(name) for name in Field}, choices=choices)


def block_id(name: str, attempt: int) -> str:
    """Return the block_id of a field, or of a choice."""
    return f"{name}:{attempt}"


def choice_of(name: Field) -> str:
    """Return the name of the element by which one chooses whose value of a field is to stay."""
    return f"choice-{name}"


def check_entry(entry: Entry, state: FormState, words: Words) -> dict[str, str]:
    """Return what is wrong with an entry that can be told without the network, by field or choice.

    A name or a price that the account holds already is not ours to judge, even a negative one. What somebody else's
    value is to replace is not looked at.
    """
    problems: dict[str, str] = {
        choice_of(name): words.text("form.choice-missing") for name in state.clash if name not in entry.choices
    }
    typed = touched(entry, state)
    if Field.NAME in typed and not visible(entry.name).strip():
        problems[Field.NAME] = words.text("form.name-empty")
    if Field.PRICE in typed:
        try:
            read_price(entry.unit_price)
        except PriceRefused as refusal:
            problems[Field.PRICE] = price_sentence(refusal, words, entry.unit_price)
    return problems


def price_sentence(refusal: PriceRefused, words: Words, typed: str) -> str:
    """Return why a price is refused, with an example of how to write it."""
    if refusal.problem is PriceProblem.AMBIGUOUS:
        large, small = (words.plain_price(reading) for reading in refusal.readings)
        return words.text("form.price-ambiguous", typed=typed.strip(), large=large, small=small)
    return words.text(f"form.price-{refusal.problem}", example=words.plain_price(Decimal("12.5")))


def touched(entry: Entry, state: FormState) -> frozenset[Field]:
    """Return the fields that a person changed and means to keep so; all of them in a form for a new item."""
    values = {name: getattr(entry, name) for name in Field}
    changed = {name for name, value in values.items() if value != AS_IT_IS and digest(value) != state.shown.get(name)}
    return frozenset(name for name in changed if entry.choices.get(name) is not Side.THEIRS)


def merge(entry: Entry, state: FormState, current: Item | None) -> ItemDraft:
    """Return what is to be stored: what was touched from the form, everything else as the account holds it."""
    typed = touched(entry, state)
    values: dict[str, Any] = current.draft().model_dump() if current else {}
    for name in typed:
        values[name] = getattr(entry, name)
    if Field.PRICE in typed:
        values[Field.PRICE] = read_price(entry.unit_price)
    if Field.NAME in typed:
        values[Field.NAME] = entry.name.strip()
    if Field.DESCRIPTION in typed and current is not None:
        # The tail that a form is too short to show stays behind what was typed.
        values[Field.DESCRIPTION] = entry.description + current.description[DESCRIPTION_LENGTH:]
    return ItemDraft(**{str(name): value for name, value in values.items()})


def rebase(entry: Entry, state: FormState, current: Item, words: Words) -> Entry:
    """Return what a form for the item as it is now shows: what was touched as it was typed, the rest as it is now."""
    shown, typed = shown_entry(current, words), touched(entry, state)
    return replace(shown, **{name.value: getattr(entry, name) for name in typed})


def conflicts(entry: Entry, state: FormState, current: Item) -> tuple[Field, ...]:
    """Return the fields that both this person and somebody else changed, to different values."""
    held, merged = _texts(current.draft()), _texts(merge(entry, state, current))
    return tuple(
        name
        for name in sorted(touched(entry, state))
        if exact_digest(held[name]) != state.held.get(name) and merged[name] != held[name]
    )
