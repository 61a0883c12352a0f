"""The form's memory: what nobody touched stays, what somebody touched is stored, what both touched is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, Language, Words
from bot.invoicexpress.models import Item, ItemTax
from bot.items.entry import (
    AS_IT_IS,
    DESCRIPTION_LENGTH,
    Entry,
    FormState,
    Side,
    block_id,
    check_entry,
    conflicts,
    fits,
    item_digest,
    merge,
    option_value,
    read_entry,
    rebase,
    shown_entry,
    state_for,
    touched,
)
from bot.items.fields import Field
from bot.items.price import read_price
from bot.slack.state import Origin

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PRICES = st.decimals(min_value=0, max_value=10**15, places=6) | st.decimals(min_value=0, max_value=100, places=2)
TAXES = st.builds(ItemTax, name=TEXTS.filter(bool), value=st.decimals(min_value=0, max_value=100, places=2))
ITEMS = st.builds(
    Item,
    id=st.integers(1, 10**9),
    name=TEXTS,
    description=TEXTS | TEXTS.map(lambda text: text * 200),
    unit_price=PRICES,
    unit=st.sampled_from(["", "hour", "unit", "kg", "none"]) | TEXTS,
    tax=st.none() | TAXES,
)
EN = Words("en")


def form_of(item: Item, language: Language = "en") -> tuple[Entry, FormState]:
    words = Words(language)
    return shown_entry(item, words), state_for(item, words, Origin())


def item(**values: Any) -> Item:
    return Item(**{"id": 1, "name": "Café", "unit_price": Decimal("24.3902"), **values})


@given(ITEMS, st.sampled_from(LANGUAGES))
def test_a_form_that_nobody_touched_stores_the_item_as_it_is(held: Item, language: Language) -> None:
    entry, state = form_of(held, language)
    assert touched(entry, state) == frozenset()
    assert merge(entry, state, held) == held.draft()
    assert conflicts(entry, state, held) == ()


@given(ITEMS, ITEMS)
def test_a_form_that_nobody_touched_takes_over_whatever_others_changed(held: Item, now: Item) -> None:
    entry, state = form_of(held)
    assert merge(entry, state, now) == now.draft()
    assert conflicts(entry, state, now) == ()


@given(ITEMS, st.sampled_from(LANGUAGES), st.data())
def test_what_comes_back_from_slack_is_what_was_shown(held: Item, language: Language, data: st.DataObject) -> None:
    """Line ends and the spaces at the ends are not told apart: forms change them."""
    entry, state = form_of(held, language)
    end = data.draw(st.sampled_from(["", " ", "\n", " \n"]))
    description = "\r\n".join(entry.description.splitlines()) + end
    assert Field.DESCRIPTION not in touched(replace(entry, description=description), state)


@given(ITEMS, ITEMS)
def test_what_was_typed_is_stored_and_nothing_else(held: Item, typed: Item) -> None:
    shown, state = form_of(held)
    entry = replace(shown, unit_price=EN.plain_price(typed.unit_price or Decimal(0)))
    stored = merge(entry, state, held)
    assert stored == held.draft().model_copy(update={"unit_price": typed.unit_price})


@given(ITEMS, ITEMS, ITEMS)
def test_after_a_conflict_only_what_was_typed_is_stored(held: Item, now: Item, typed: Item) -> None:
    shown, state = form_of(held)
    entry = replace(shown, unit_price=EN.plain_price(typed.unit_price or Decimal(0)))
    again, following = rebase(entry, state, now, EN), state_for(now, EN, Origin())
    assert merge(again, following, now) == merge(entry, state, now)
    assert conflicts(again, following, now) == ()


@pytest.mark.parametrize("noughts", ["24.3902", "24.39020", "24.390200"])
def test_the_noughts_of_a_price_are_no_change(noughts: str) -> None:
    held, now = item(), item(unit_price=Decimal(noughts))
    shown, state = form_of(held)
    assert conflicts(replace(shown, unit_price="25"), state, now) == ()
    assert item_digest(held) == item_digest(now)


def test_the_digits_before_the_mark_are() -> None:
    assert item_digest(item(unit_price=Decimal(100))) != item_digest(item(unit_price=Decimal(10)))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Chá"},
        {"description": "x"},
        {"unit_price": Decimal("24.39")},
        {"unit": "unit"},
        {"tax": ItemTax(name="IVA23", value=Decimal(23))},
    ],
)
def test_any_difference_shows_in_the_digest(changed: dict[str, Any]) -> None:
    assert item_digest(item()) != item_digest(item(**changed))


def test_the_rate_of_a_tax_shows_in_the_digest() -> None:
    low, high = (item(tax=ItemTax(name="IVA", value=Decimal(rate))) for rate in (21, 23))
    assert item_digest(low) != item_digest(high)


def test_a_conflict_needs_two_different_changes() -> None:
    shown, state = form_of(item())
    now = item(name="Chá", description="Deles")
    typed = replace(shown, name="Galão", description="Deles", unit="hour")
    assert conflicts(typed, state, now) == (Field.NAME,)


def test_a_choice_for_their_value_keeps_theirs_and_sends_what_else_was_typed() -> None:
    shown, state = form_of(item())
    now = item(name="Chá", unit_price=Decimal(7))
    typed = replace(shown, name="Galão", unit_price="8")
    for side, name in ((Side.MINE, "Galão"), (Side.THEIRS, "Chá")):
        chosen = replace(typed, choices={Field.NAME: side})
        assert merge(chosen, state, now) == now.draft().model_copy(update={"name": name, "unit_price": Decimal(8)})
        assert (Field.NAME in conflicts(chosen, state, now)) == (side is Side.MINE)


def test_the_end_of_a_long_description_stays() -> None:
    held = item(description="a" * DESCRIPTION_LENGTH + "end")
    shown, state = form_of(held)
    assert (len(shown.description), state.hidden) == (DESCRIPTION_LENGTH, 3)
    assert merge(replace(shown, description="new "), state, held).description == "new end"


def test_a_unit_or_a_tax_too_long_for_an_option_is_kept_and_not_clipped() -> None:
    held = item(unit="u" * 200, tax=ItemTax(name="t" * 200, value=Decimal(1)))
    shown, state = form_of(held)
    assert (shown.unit, shown.tax, fits(held.unit)) == (AS_IT_IS, AS_IT_IS, False)
    assert merge(replace(shown, unit_price="1"), state, held).unit == "u" * 200


def submitted(**values: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    return {block_id(Field(name), 3): {name: state} for name, state in values.items()}


def test_a_submission_is_read_whatever_the_attempt() -> None:
    values = submitted(
        name={"type": "plain_text_input", "value": "Café"},
        description={"type": "plain_text_input", "value": None},
        unit_price={"type": "plain_text_input", "value": "1,30"},
        unit={"type": "static_select", "selected_option": {"value": option_value("unit")}},
        tax={"type": "static_select", "selected_option": {"value": option_value("")}},
    )
    assert read_entry(values) == Entry(name="Café", unit_price="1,30", unit="unit")


def test_a_submission_that_lacks_fields_is_empty_there() -> None:
    values = submitted(unit={"type": "static_select", "selected_option": None})
    assert read_entry(values) == Entry()


@pytest.mark.parametrize("name", ["none", "is:", "is:none"])
def test_a_tax_may_be_called_anything(name: str) -> None:
    values = submitted(tax={"type": "static_select", "selected_option": {"value": option_value(name)}})
    assert read_entry(values).tax == name


@given(ITEMS, st.sampled_from(LANGUAGES))
def test_nothing_is_wrong_with_a_form_that_nobody_touched(held: Item, language: Language) -> None:
    entry, state = form_of(held, language)
    assert check_entry(entry, state, Words(language)) == {}
    assert read_price(entry.unit_price) == held.unit_price


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("price", ["-10", "-0.0"])
def test_a_price_below_nought_that_the_account_holds_stands_in_nobody_s_way(price: str, language: Language) -> None:
    """A discount that was made elsewhere can still be described anew; only what is typed may not be negative."""
    held, words = item(unit_price=Decimal(price)), Words(language)
    shown, state = form_of(held, language)
    entry = replace(shown, description="Desconto")
    assert check_entry(entry, state, words) == {}
    assert merge(entry, state, held) == held.draft().model_copy(update={"description": "Desconto"})
    assert set(check_entry(replace(entry, unit_price="-11"), state, words)) == {Field.PRICE}
