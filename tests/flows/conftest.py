from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.world import World, living_world


@pytest.fixture(params=["http", "socket"])
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The whole thing, once over signed HTTP requests and once over Socket Mode."""
    async with living_world(tmp_path, mode=request.param) as living:
        yield living
