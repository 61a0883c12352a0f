"""That the checks at the end of a walk see what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.history import Change, Entry, Outcome
from bot.i18n import Words
from bot.invoicexpress.models import Item, ItemDraft
from bot.sandbox.account import ItemRecord, Write
from tests.faults.plans import Deed
from tests.faults.told import Verdict, phrases, verdict_of
from tests.faults.truth import ByHand, Submission, Truth, apart, differences, values_of

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SENT = ItemDraft(name="Chá", unit_price=Decimal("1.3"))
HELD = Item(id=7, name="Chá", unit_price=Decimal("1.3"))


def entry(outcome: Outcome | None = Outcome.SUCCEEDED, item_id: int | None = 7) -> Entry:
    return Entry("ab", NOW, "U0BEN", Change.CREATE, item_id, "Chá", None, SENT, HELD, "", outcome, NOW)


def logged(number: int = 1, request: int | None = 5, price: str = "1.3") -> Write:
    held = ItemRecord(id=7, name="Chá", unit_price=Decimal(price))
    return Write(number=number, what="create", id=7, before=None, after=held, request=request)


def test_a_history_that_is_the_log() -> None:
    assert differences([entry(), entry(Outcome.FAILED, None)], [logged(), logged(2, None)]) == []


@pytest.mark.parametrize(
    ("entries", "writes"),
    [
        pytest.param([entry()], [], id="lost"),
        pytest.param([entry()], [logged(), logged(2)], id="doubled"),
        pytest.param([entry(Outcome.FAILED)], [logged()], id="done after all"),
        pytest.param([entry()], [logged(price="1.4")], id="another price"),
        pytest.param([entry(Outcome.UNKNOWN)], [], id="unknown"),
        pytest.param([entry(None)], [], id="never ended"),
    ],
)
def test_a_history_that_is_not_the_log(entries: list[Entry], writes: list[Write]) -> None:
    assert len(differences(entries, writes)) == 1


def test_what_people_believe() -> None:
    began: dict[str, Any] = {"unit_price": Decimal(1), "description": "", "unit": "", "tax": ""}
    truth = Truth({"Chá": began, "Bolo": began})
    edit = Submission(1, "Ben", Deed.EDIT, "Chá", {"unit_price": Decimal(2)}, verdict=Verdict.DONE)
    in_vain = Submission(2, "Ben", Deed.EDIT, "Chá", {"unit_price": Decimal(3)}, verdict=Verdict.NOT_DONE)
    delete = Submission(3, "Ana", Deed.DELETE, "Bolo", verdict=Verdict.DONE)
    truth.add(edit)
    truth.add(in_vain)
    truth.add(ByHand("Chá", {**began, "unit_price": Decimal(2), "unit": "day"}))
    truth.add(delete)
    assert truth.items() == {"Chá": {**began, "unit_price": Decimal(2), "unit": "day"}}
    truth.add(Submission(4, "Ana", Deed.UNDO, "Bolo", undoes=delete, verdict=Verdict.DONE))
    truth.add(Submission(5, "Ana", Deed.UNDO, "Chá", undoes=edit, verdict=Verdict.DONE))
    assert truth.items() == {"Chá": {**began, "unit": "day"}, "Bolo": began}
    truth.add(Submission(6, "Ana", Deed.DELETE, "Bolo"))
    assert truth.open_names() == {"Bolo"}
    assert apart({"Chá": began}, truth.items()) == [
        f"Bolo: held None, believed {began}",
        f"Chá: held {began}, believed {dict(began, unit='day')}",
    ]
    truth.add(ByHand("Chá", None))
    assert list(truth.items()) == ["Bolo"]


def test_values_are_the_same_however_an_item_is_held() -> None:
    assert values_of(SENT) == values_of(ItemRecord(id=1, name="Chá", unit_price=Decimal("1.30")))


def test_sentences_are_understood() -> None:
    english, portuguese = phrases(Words("en")), phrases(Words("pt"))
    assert verdict_of(["Loading…"], english) is None
    assert verdict_of(["Café was saved."], english) is Verdict.DONE
    told = Words("pt").text("settled.edit-not-done", name="Café", when="hoje")
    assert verdict_of([told], portuguese) is Verdict.NOT_DONE
    with pytest.raises(AssertionError, match="contradictory"):
        verdict_of(["Café was saved.", Words("en").text("error.unavailable")], english)
