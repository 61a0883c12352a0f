"""Socket Mode's connection is cut at every stage of a conversation: it comes back, and what was begun goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from bot.sandbox.slack import Answer
from tests.clocks import BriefPauses
from tests.flows.items.shop import LARGE, held, open_shop
from tests.flows.world import World

STAGES: Final = (
    "before the command",
    "while the form loads",
    "while it is filled in",
    "as it is submitted",
    "while the item is read",
    "while it is saved",
    "before it is undone",
    "while it is undone",
)


class Line:
    """The connection of a conversation, which breaks at one stage of it."""

    def __init__(self, world: World, stage: str, *, back: bool) -> None:
        self._world = world
        self._stage = stage
        self._back = back
        self.cuts = 0

    async def reach(self, stage: str) -> None:
        """Break where the conversation has come to the stage; go on when it is back, or at once."""
        if stage == self._stage:
            opened = self._world.workspace.sockets.opened
            self.cuts = self._world.workspace.sockets.cut()
            if self._back:
                await self._opened(opened)

    async def insist(self, act: Callable[[], Awaitable[Answer]]) -> None:
        """Do something, and again when the connection is back where Slack says that it did not get there."""
        opened = self._world.workspace.sockets.opened
        answer = await act()
        if not answer.ok:
            await self._opened(opened)
            answer = await act()
        assert answer.error is None

    async def _opened(self, before: int) -> None:
        sockets = self._world.workspace.sockets
        await self._world.workspace.feed.until(
            lambda: sockets.opened > before or None, seconds=5, otherwise=lambda: "the connection did not come back"
        )


@asynccontextmanager
async def conversation(tmp_path: Path) -> AsyncIterator[World]:
    async with open_shop(tmp_path, mode="socket", clock=BriefPauses(), watched=True) as shop:
        yield shop


@pytest.mark.parametrize("back", [True, False], ids=["back at once", "back when it is needed"])
@pytest.mark.parametrize("stage", STAGES)
async def test_a_conversation_goes_on_and_nothing_is_done_twice(
    tmp_path: Path,
    stage: str,
    back: bool,  # noqa: FBT001 - a column
) -> None:
    async with conversation(tmp_path) as shop:
        ben, faults, line = shop.ben, shop.account.faults, Line(shop, stage, back=back)
        await line.reach("before the command")
        async with faults.holding("GET", "/items/*") as hold:
            await line.insist(lambda: ben.command(f"/items edit {LARGE}"))
            await hold.arrived()
            await line.reach("while the form loads")
        await ben.modal(callback_id="items.form")
        await line.reach("while it is filled in")
        await ben.fill({"Unit price": "101"})
        await line.reach("as it is submitted")
        async with faults.holding("GET", "/items/*", times=1) as reading, faults.holding("PUT") as saving:
            await line.insist(ben.submit)
            await reading.arrived()
            await line.reach("while the item is read")
            reading.release()
            await saving.arrived()
            await line.reach("while it is saved")
        await ben.modal("Large was saved.", "€100.00 → €101.00")
        await line.reach("before it is undone")
        async with faults.holding("PUT") as undoing:
            await line.insist(lambda: ben.click(None, "Undo"))
            await undoing.arrived()
            await line.reach("while it is undone")
        await ben.modal("Large was saved.", "€101.00 → €100.00")
        assert line.cuts == 1
        assert [write.what for write in shop.account.writes] == ["update", "update"]
        assert held(shop, LARGE).unit_price == 100
        await line.insist(lambda: ben.command("/items history"))
        await ben.sees("€100.00 → €101.00", "€101.00 → €100.00", ever=True)
