from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.flows.world import World, living_world
from tests.logs import caught_log


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """Log as the running bot does; where a test fails, the lines stand in its report."""
    with caught_log() as log:
        yield
    print(log.text)  # noqa: T201 - pytest keeps it for the report


@pytest.fixture(params=["http", "socket"])
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The whole thing, once over signed HTTP requests and once over Socket Mode."""
    async with living_world(tmp_path, mode=request.param) as living:
        yield living
