from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.items.shop import open_shop
from tests.flows.world import World


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[World]:
    """A small account, and the bot over signed HTTP requests."""
    async with open_shop(tmp_path) as living:
        yield living
