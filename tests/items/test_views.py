"""Items as people see them beside others."""

from __future__ import annotations

from decimal import Decimal

from bot.invoicexpress.models import Item, ItemTax
from bot.items.views import option, row

TAX = ItemTax(name="IVA23", value=Decimal(23))
BEFORE = Item(id=7, name="Chá", unit_price=Decimal("1.20"), tax=TAX)


def test_what_a_list_and_the_finder_show_is_kept_until_the_record_changes() -> None:
    after = BEFORE.model_copy(update={"unit_price": Decimal("1.21")})
    for view in (row, option):
        assert view(BEFORE, "en") is view(BEFORE.model_copy(), "en")
        assert "1.20 + IVA23" in str(view(BEFORE, "en"))
        assert "1.21 + IVA23" in str(view(after, "en"))
        assert "1,20" in str(view(BEFORE, "pt"))
