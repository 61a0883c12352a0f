"""What is told of a write outside a conversation: to whoever asked for it, and to the audit channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.history import Change, Entry, Outcome
from bot.i18n import Language, Words
from bot.invoicexpress.models import Item, ItemTax
from bot.items.outcomes import settled
from bot.items.trail import audit_content
from bot.sandbox.slack.reading import plain_text
from bot.slack.blocks import Content
from bot.slack.replies import message

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TAX = ItemTax(name="IVA23", value=Decimal(23))
BEFORE = Item(id=7, name="Chá <!here>", unit_price=Decimal(12), tax=TAX)
AFTER = BEFORE.model_copy(update={"unit_price": Decimal("12.5"), "unit": "hour"})


def entry(action: Change, outcome: Outcome = Outcome.SUCCEEDED, **values: Any) -> Entry:
    given: dict[str, Any] = {
        "reference": "r",
        "at": NOW - timedelta(days=3),
        "person": "U0MARIA0001",
        "action": action,
        "item_id": 7,
        "name": BEFORE.name,
        "before": BEFORE,
        "sent": AFTER.draft(),
        "after": AFTER,
        "undoes": "",
        "outcome": outcome,
        "ended_at": NOW,
    }
    return Entry(**{**given, **values})


def read(content: Content) -> str:
    """Return what a person reads, on one line."""
    return " ".join(plain_text(message(content)["blocks"]).split())


@pytest.mark.parametrize(
    ("action", "outcome", "english", "portuguese"),
    [
        (Change.CREATE, Outcome.SUCCEEDED, "was created after all", "foi afinal criado"),
        (Change.CREATE, Outcome.FAILED, "was not created", "não foi criado"),
        (Change.EDIT, Outcome.SUCCEEDED, "was made after all", "foi afinal feita"),
        (Change.EDIT, Outcome.FAILED, "was not made", "não foi feita"),
        (Change.DELETE, Outcome.SUCCEEDED, "is gone", "já não existe"),
        (Change.DELETE, Outcome.FAILED, "was not deleted", "não foi eliminado"),
        (
            Change.CREATE,
            Outcome.UNKNOWN,
            "It can't be told whether your new item",
            "Não é possível saber se o seu novo",
        ),
        (
            Change.EDIT,
            Outcome.UNKNOWN,
            "It can't be told whether your change",
            "Não é possível saber se a sua alteração",
        ),
        (Change.DELETE, Outcome.UNKNOWN, "It can't be told any more", "Já não é possível saber"),
    ],
)
def test_an_outcome_that_became_known_has_its_sentence(
    action: Change, outcome: Outcome, english: str, portuguese: str
) -> None:
    for language, words in (("en", english), ("pt", portuguese)):
        told = settled(Words(_known(language)), entry(action), outcome)
        assert words in read(told)
        assert "Chá <!here>" in read(told)
        assert "Chá &lt;!here&gt;" in told.text


def _known(language: str) -> Language:
    return "pt" if language == "pt" else "en"


def test_the_audit_channel_reads_who_what_and_from_what_to_what() -> None:
    told = audit_content(Words("en"), entry(Change.EDIT), NOW)
    assert told.text == "<@U0MARIA0001>: Chá &lt;!here&gt; · Net price: €12.00 → €12.50; Unit: No unit → Hour"
    assert read(told) == (
        "U0MARIA0001 , 3 days ago: Chá <!here> (no. 7) · Net price: €12.00 → €12.50; Unit: No unit → Hour"
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (entry(Change.DELETE, after=None, sent=None), "eliminado (12,00\u00a0€ + IVA23)"),
        (entry(Change.CREATE, before=None, item_id=None), "criado"),
        (entry(Change.EDIT, after=None, outcome=Outcome.UNKNOWN), "editado"),
        (entry(Change.EDIT, after=BEFORE), "editado"),
    ],
)
def test_every_kind_of_write_is_told_in_portuguese(written: Entry, words: str) -> None:
    assert audit_content(Words("pt"), written, NOW).text.endswith(f"· {words}")


def test_a_write_that_did_not_succeed_says_so() -> None:
    assert read(audit_content(Words("en"), entry(Change.EDIT, Outcome.REFUSED), NOW)).endswith(
        "refused by InvoiceXpress"
    )
