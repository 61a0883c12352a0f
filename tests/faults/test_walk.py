"""Walks through faults, short enough for every change; `python -m tests.faults` makes long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.plans import Death, Manner, Meanwhile, Planner, SlackTrouble, Trouble
from tests.faults.walk import walk


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nothing_is_lost_or_doubled_and_everything_is_told(tmp_path: Path, seed: int) -> None:
    tally = await walk(tmp_path, seed, 70)
    assert tally.operations >= 70


async def test_the_same_seed_gives_the_same_walk(tmp_path: Path) -> None:
    traces = []
    for directory in (tmp_path / "one", tmp_path / "other"):
        directory.mkdir()
        traces.append((await walk(directory, 11, 25)).trace)
    assert traces[0] == traces[1]


def test_everything_that_can_go_wrong_is_drawn() -> None:
    planner = Planner(1)
    plans = [planner.draw(number, range(1, 9), [7]) for number in range(1, 3001)]
    assert {plan.trouble for plan in plans} == set(Trouble)
    assert {plan.slack for plan in plans} == set(SlackTrouble)
    assert {plan.manner for plan in plans} == set(Manner)
    assert {plan.death for plan in plans} == set(Death)
    assert {plan.meanwhile for plan in plans} == set(Meanwhile)
