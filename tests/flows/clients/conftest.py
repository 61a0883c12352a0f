from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.clients.book import open_book
from tests.flows.world import World


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[World]:
    """A small address book, and the bot over signed HTTP requests."""
    async with open_book(tmp_path) as living:
        yield living
