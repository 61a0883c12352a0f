from __future__ import annotations

from decimal import Decimal

from tests.flows.world import World


async def test_a_price_is_changed_and_nothing_else_moves(world: World) -> None:
    before = world.account.items()
    await world.ben.command("/items Medium")
    card = await world.ben.sees("Medium")
    await world.ben.click(card, "Edit")
    await world.ben.modal("Unit price")
    await world.ben.fill({"Unit price": "17,50"})
    await world.ben.submit()
    await world.ben.modal("was saved", "→")
    after = {item.id: item for item in world.account.items()}
    changed = [item.id for item in before if after[item.id] != item]
    assert changed == [402321]
    assert Decimal(after[402321].unit_price) == Decimal("17.50")
