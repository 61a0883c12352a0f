"""The form for an item as Slack shows it. Pure: what it holds in, a view out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
)

from bot.i18n import Words
from bot.invoicexpress.models import UNITS, Tax
from bot.items import ids
from bot.items.entry import (
    AS_IT_IS,
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    NONE,
    Entry,
    FormState,
    Side,
    block_id,
    choice_of,
    fits,
    option_value,
)
from bot.items.fields import Field, rates_of
from bot.items.price import LONGEST
from bot.items.views import field_label, rated, unit_label
from bot.slack.blocks import alert, note, option

_OPTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an entry, in the reader's language.

    Attributes:
        text: the sentence above the form; empty where every sentence has its field.
        fields: the sentence under a field.
    """

    text: str = ""
    fields: Mapping[Field, str] = field(default_factory=dict)


def form_view(
    words: Words,
    state: FormState,
    entry: Entry,
    taxes: Sequence[Tax] | None,
    trouble: Trouble | None = None,
) -> ModalView:
    """Return the form.

    Args:
        words: the reader's language.
        state: what the form remembers.
        entry: what stands in its fields.
        taxes: the account's own taxes; None where they can't be read now.
        trouble: what was wrong with the attempt before.
    """
    trouble = trouble or Trouble()
    blocks: list[Block] = []
    if trouble.text:
        blocks.append(alert(trouble.text))
    for name, block in _inputs(words, state, entry, taxes).items():
        blocks.append(block)
        if name in trouble.fields:
            blocks.append(note(f"⚠️ {trouble.fields[name]}"))
        if name in state.clash:
            blocks.append(_choice(words, state, entry, name))
    title = words.text("form.title-new" if state.item is None else "form.title-edit")
    return ModalView(
        PlainText(title),
        blocks,
        close=PlainText(words.text("action.cancel")),
        submit=PlainText(words.text("action.create" if state.item is None else "action.save")),
        callback_id=ids.NEW_FORM if state.item is None else ids.FORM,
        private_metadata=state.dump(),
    )


def _choice(words: Words, state: FormState, entry: Entry, name: Field) -> InputBlock:
    """Return the choice between what was typed in a field and what somebody else stored. Nobody chooses by default."""
    values = dict(zip(Side, state.clash[name], strict=True))
    options = [option(words.text(f"form.choice-{side}", value=value), side) for side, value in values.items()]
    chosen = next((one for one in options if one.value == entry.choices.get(name)), None)
    label = words.text("form.choice", field=field_label(words, name))
    buttons = RadioButtonGroup(choice_of(name), options, initial_option=chosen)
    return InputBlock(PlainText(label), buttons, block_id=block_id(choice_of(name), state.attempt))


def _inputs(words: Words, state: FormState, entry: Entry, taxes: Sequence[Tax] | None) -> dict[Field, InputBlock]:
    def block(
        name: Field, element: PlainTextInput | StaticSelectMenu, *, hint: str = "", optional: bool = True
    ) -> None:
        label, id_ = field_label(words, name), block_id(name, state.attempt)
        blocks[name] = InputBlock(
            PlainText(label), element, block_id=id_, hint=PlainText(hint) if hint else None, optional=optional
        )

    def is_unread(name: Field) -> bool:
        return name in state.unread

    def unread(name: Field) -> str:
        """Say that left alone, a value that can't be read stays as it is."""
        came = state.unread.get(name)
        return words.text("form.unread", came=came) if came else words.text("form.unread-unseen") if came == "" else ""

    blocks: dict[Field, InputBlock] = {}
    block(
        Field.NAME,
        _text_input(Field.NAME, entry.name, NAME_LENGTH),
        hint=unread(Field.NAME),
        optional=is_unread(Field.NAME),
    )
    tail = words.text(
        "form.description-hidden", shown=words.number(DESCRIPTION_LENGTH), hidden=words.number(state.hidden)
    )
    block(
        Field.DESCRIPTION,
        _text_input(Field.DESCRIPTION, entry.description, DESCRIPTION_LENGTH, multiline=True),
        hint=tail if state.hidden else unread(Field.DESCRIPTION),
    )
    example = words.text("form.price-hint", example=words.plain_price(Decimal("1234.5")))
    hint = " ".join(part for part in (example, unread(Field.PRICE)) if part)
    block(Field.PRICE, _text_input(Field.PRICE, entry.unit_price, LONGEST), hint=hint, optional=is_unread(Field.PRICE))
    taxed = _select(Field.TAX, tax_options(words, taxes, entry.tax, state.rate), entry.tax)
    block(Field.TAX, taxed, hint=unread(Field.TAX))
    block(Field.UNIT, _select(Field.UNIT, unit_options(words, entry.unit), entry.unit), hint=unread(Field.UNIT))
    return blocks


def _text_input(name: Field, value: str, limit: int, *, multiline: bool = False) -> PlainTextInput:
    return PlainTextInput(name, initial_value=value or None, multiline=multiline, max_length=limit)


def _select(name: Field, options: list[Option], chosen: str) -> StaticSelectMenu:
    value = option_value(chosen)
    initial = next((choice for choice in options if choice.value == value), options[0])
    return StaticSelectMenu(name, options, initial_option=initial)


def unit_options(words: Words, present: str) -> list[Option]:
    """Return the units that the service accepts, none, and the item's own where it is another."""
    others = [present] if present and present not in UNITS and present != AS_IT_IS else []
    named = [option(unit_label(words, unit), option_value(unit)) for unit in (*UNITS, *others)]
    return [*_as_it_is(words, present), option(words.text("unit.none"), NONE), *named]


def tax_options(words: Words, taxes: Sequence[Tax] | None, present: str, rate: Decimal | None = None) -> list[Option]:
    """Return the account's taxes, none, and the item's own where it is another.

    Args:
        words: the reader's language.
        taxes: the account's own list; None where it can't be read now.
        present: the tax that is chosen.
        rate: the rate of the item's own tax, which tells it from another of its name.
    """
    # By name, because it is a name that is sent: two of the same could not be told apart.
    names = list(dict.fromkeys(tax.name for tax in taxes or () if tax.name and fits(tax.name)))[: _OPTIONS - 3]
    labels = {name: _rates_label(words, name, rates_of(name, taxes or ())) for name in names}
    if present and present != AS_IT_IS:
        is_shared = len(rates_of(present, taxes or ())) > 1
        if present not in labels:
            is_whole = taxes is not None and all(tax.name for tax in taxes)
            labels = {present: words.text("tax.unlisted", name=present) if is_whole else present} | labels
        elif is_shared and rate is not None:
            labels[present] = rated(words, present, rate)
    listed = [option(label, option_value(name)) for name, label in labels.items()]
    return [*_as_it_is(words, present), option(words.text("tax.none"), NONE), *listed]


def _rates_label(words: Words, name: str, rates: Iterable[Decimal]) -> str:
    """Return the name of a tax with its rate, or with those of all that are called so."""
    known = sorted(rates)
    if len(known) <= 1:
        return rated(words, name, next(iter(known), None))
    return words.text("tax.shared", name=name, rates=words.listing(words.percent(rate) for rate in known))


def _as_it_is(words: Words, present: str) -> list[Option]:
    """Return the option that leaves a value as it is, where no other can say what it is."""
    return [option(words.text("form.as-it-is"), option_value(present))] if present == AS_IT_IS else []
