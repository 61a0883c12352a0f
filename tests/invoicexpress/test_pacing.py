from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.invoicexpress.pacing import Breaker, Budget

budgets = st.integers(min_value=2, max_value=60) | st.just(780)
steps = st.lists(st.floats(min_value=0, max_value=90), min_size=1, max_size=20)


def spend(budget: Budget, now: float) -> list[float]:
    """Spend whatever may go now; return when."""
    times = []
    while budget.delay(now) == 0:
        budget.take(now)
        times.append(now)
    return times


@settings(deadline=None)
@given(budgets, steps)
def test_no_window_of_a_minute_holds_more_than_the_budget(per_minute: int, waits: list[float]) -> None:
    budget, now, times = Budget(per_minute, 0.0), 0.0, list[float]()
    for wait in waits:
        now += wait
        times += spend(budget, now)
    for one, next_after_the_budget in zip(times, times[per_minute:], strict=False):
        assert next_after_the_budget - one >= 60 - 1e-6


@settings(deadline=None)
@given(budgets | st.just(1), steps)
def test_after_the_delay_a_request_may_go(per_minute: int, waits: list[float]) -> None:
    budget, now = Budget(per_minute, 5.0), 5.0
    for wait in waits:
        now += wait
        spend(budget, now)
        delay = budget.delay(now)
        assert 0 < delay <= 60 + 1e-6
        now += delay
        assert budget.delay(now) == 0


def test_half_goes_at_once_and_the_other_half_flows_in() -> None:
    budget = Budget(780, 0.0)
    assert len(spend(budget, 0.0)) == 390
    assert budget.delay(0.0) == pytest.approx(60 / 390)
    assert len(spend(budget, 10.0)) == 65
    assert len(spend(budget, 1000.0)) == 390


def test_one_a_minute() -> None:
    budget = Budget(1, 0.0)
    assert spend(budget, 0.0) == [0.0]
    assert budget.delay(0.0) == 60
    assert spend(budget, 60.0) == [60.0]


def test_an_emptied_budget_flows_in_again() -> None:
    budget = Budget(120, 0.0)
    budget.empty(0.0)
    assert budget.delay(0.0) == 1
    budget.empty(0.5)
    assert budget.delay(0.5) == 1
    assert len(spend(budget, 10.5)) == 10


def test_no_budget_is_no_budget() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Budget(0, 0.0)


def test_a_breaker_opens_after_failures_in_a_row() -> None:
    breaker = Breaker(3, 10)
    for _ in range(2):
        assert breaker.permits(0)
        breaker.failed(0)
    breaker.answered()
    for _ in range(3):
        assert breaker.permits(0)
        breaker.failed(0)
    assert breaker.is_open(9.9)
    assert not breaker.permits(9.9)


def opened() -> Breaker:
    breaker = Breaker(1, 10)
    breaker.failed(0)
    return breaker


def test_one_request_tries_an_open_breaker() -> None:
    breaker = opened()
    assert not breaker.is_open(10)
    assert breaker.permits(10)
    assert not breaker.permits(10)
    breaker.answered()
    assert breaker.permits(10)
    assert breaker.permits(10)


def test_a_failed_try_opens_it_for_another_rest() -> None:
    breaker = opened()
    assert breaker.permits(10)
    breaker.failed(12)
    assert not breaker.permits(21.9)
    assert breaker.permits(22)


def test_an_abandoned_try_leaves_it_to_the_next_one() -> None:
    breaker = opened()
    assert breaker.permits(10)
    breaker.abandoned()
    assert breaker.permits(10)
